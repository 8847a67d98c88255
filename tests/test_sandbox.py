"""The process that parses: its limits hold, and one bad file costs only itself."""

import sys
from pathlib import Path

import pytest

from qabot.articles import headings
from qabot.errors import ArticleError
from qabot.loaders.sandbox import Sandbox
from tests.documents import written

_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")


def _sandbox(body: str, seconds: float = 20.0) -> Sandbox:
    """A worker whose HTML parser does `body` with a file whose name begins with "bad"."""
    code = f"""
import os, time
from pathlib import Path
from qabot.loaders import html, worker
good = html.parse
def parse(path):
    if path.name.startswith("bad"):
        {body}
    yield from good(path)
html.parse = parse
worker.main()
"""
    return Sandbox(seconds, [sys.executable, "-c", code])


def _titles(sandbox: Sandbox, path: Path) -> list[str]:
    return [document.title for document in sandbox.documents(path, "html", path.name)]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("os._exit(3)", "made its parser fail"),
        ("os.kill(os.getpid(), 9)", "made its parser fail"),
        ("raise RuntimeError('/secret/path: a library speaks')", "is damaged, or of another kind than its name says"),
        ("raise RecursionError", "is damaged"),
        ("import nothing_of_this_name", r"needs nothing_of_this_name: pip install 'qabot\[html\]'"),
        pytest.param("bytearray(3_000_000_000)", "needs more than 2,000,000,000 bytes of memory", marks=_LINUX),
        pytest.param("Path(str(path) + '.x').write_bytes(b'x')", "cannot be read", marks=_LINUX),
        ("print('a library prints'); raise ValueError", "is damaged"),
    ],
)
def test_a_bad_file_costs_only_itself(tmp_path: Path, body: str, message: str) -> None:
    """One line for it, without a word of a library's; the next file is read."""
    page = written(tmp_path, "mill.html")
    bad = page.rename(tmp_path / "bad.html")
    page = written(tmp_path, "mill.html")
    with _sandbox(body) as sandbox:
        assert _titles(sandbox, page) == ["The mill"]
        with pytest.raises(ArticleError, match=message) as caught:
            _titles(sandbox, bad)
        assert str(caught.value).startswith("bad.html ")
        assert len(str(caught.value).splitlines()) == 1
        assert "secret" not in str(caught.value)
        assert _titles(sandbox, page) == ["The mill"]


def test_a_parser_that_hangs_is_ended(tmp_path: Path) -> None:
    """After its time, with one line; the next file is read by a new process."""
    bad, page = tmp_path / "bad.html", written(tmp_path, "mill.html")
    bad.write_bytes(b"<p>x")
    with _sandbox("time.sleep(600)", seconds=20) as sandbox:
        assert _titles(sandbox, page) == ["The mill"]
        sandbox._seconds = 1.0
        with pytest.raises(ArticleError, match=r"bad\.html took longer than 1 s"):
            _titles(sandbox, bad)
        sandbox._seconds = 20.0
        assert _titles(sandbox, page) == ["The mill"]


def test_an_answer_that_nobody_takes_does_not_reach_the_next(tmp_path: Path) -> None:
    """Who stops after the first of a dump's articles, and asks for another file, gets that file."""
    dump, page = tmp_path / "w.xml", written(tmp_path, "mill.html")
    pages = "".join(f"<page><title>T{n}</title><ns>0</ns><revision><text>Text.</text></revision></page>" for n in range(50))
    dump.write_text(f"<mediawiki>{pages}</mediawiki>")
    with Sandbox() as sandbox:
        taken = sandbox.documents(dump, "mediawiki", "w.xml")
        assert next(taken).title == "T0"
        taken.close()
        assert _titles(sandbox, page) == ["The mill"]


def test_files_that_are_not_there_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named before a process is started."""
    from qabot.loaders import sandbox as module

    monkeypatch.setattr(module, "MAX_FILE_BYTES", 10)
    with Sandbox() as sandbox:
        with pytest.raises(ArticleError, match=r"cannot read x\.html"):
            _titles(sandbox, tmp_path / "x.html")
        with pytest.raises(ArticleError, match=r"mill\.html has .* bytes, the limit is 10"):
            _titles(sandbox, written(tmp_path, "mill.html"))
        assert sandbox._process is None


def test_headings_of_markdown(tmp_path: Path) -> None:
    """The same as without the process; what is too slow is ended."""
    path = tmp_path / "a.md"
    path.write_text("# One\n\ntext\n\n## *Two* `x`\n\ntext\n")
    with Sandbox() as sandbox:
        assert sandbox.headings(path, "a.md") == list(headings(path))
        path.write_text("# a\n\n" + "- a\n" * 300_000)
        sandbox._seconds = 0.2
        with pytest.raises(ArticleError, match=r"a\.md took longer than 0 s"):
            sandbox.headings(path, "a.md")
