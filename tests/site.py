"""A web server on the loopback with what a fetch can meet; every path has its answer, and what was asked for is written down."""

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests import documents

Answer = tuple[int, dict[str, str], bytes]


class Site:
    """`pages` maps a path to (status, headers, body); `asked` is every path that came with its user agent, in order."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.asked: list[tuple[str, str]] = []
        self.pages: dict[str, Answer] = {
            "/mill": (200, {"Content-Type": "text/html; charset=utf-8"}, documents.html().replace(b"https://x.org", self.base.encode())),
            "/mill.md": (200, {"Content-Type": "text/plain"}, documents.markdown()),
            "/mill.pdf": (200, {"Content-Type": "application/pdf"}, documents.pdf()),
            "/mill.jsonl": (200, {"Content-Type": "application/octet-stream"}, documents.jsonl()),
            "/packed": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(documents.html())),
            "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
            "/odd": (200, {"Content-Type": "text/html", "Content-Encoding": "br"}, b"x"),
            "/broken": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(documents.html())[:-20]),
            "/bomb": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(b"0" * 30_000_000)),
            "/empty": (200, {"Content-Type": "text/html"}, b"<html></html>"),
            "/long": (200, {"Content-Type": "text/plain", "Content-Length": "100000000"}, b"x"),
            "/moved": (301, {"Location": "/mill"}, b""),
            "/inward": (302, {"Location": "http://127.0.0.2:9/mill"}, b""),
            "/cloud": (302, {"Location": "http://169.254.169.254/latest"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/round": (302, {"Location": "/round"}, b""),
        }

    def sitemap(self, *paths: str, kind: str = "url") -> bytes:
        """A sitemap of these pages, or with `kind` "sitemap" an index of these sitemaps."""
        root = "urlset" if kind == "url" else "sitemapindex"
        inner = "".join(f"<{kind}><loc>{path if '//' in path else self.base + path}</loc></{kind}>" for path in paths)
        return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'.encode()


@contextmanager
def serving() -> Iterator[Site]:
    """The site, until the context ends. "/drip" sends a byte now and then, "/endless" never ends."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers["User-Agent"]))
            status, headers, body = site.pages.get(self.path, (404, {}, b""))
            slow = self.path in ("/drip", "/endless")
            self.send_response(200 if slow else status)
            for name, value in headers.items() or {"Content-Type": "text/html"}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # who asked has gone
                self.wfile.write(body)
                while slow and not ended.is_set():
                    self.wfile.write(b"x" if self.path == "/drip" else b"x" * 100_000)
                    time.sleep(0.05 if self.path == "/drip" else 0)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
