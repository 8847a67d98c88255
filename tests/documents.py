"""Small real documents of every format, made on the spot: each says that the mill burnt down in 1906, in its section "Fire"."""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

BUILT = "The mill was built by a brewer named Anna Koch, who came from the hills."
BURNT = "The mill burnt down in 1906, and nobody was hurt."


def html() -> bytes:
    """A page with a menu, an aside and a foot around its article."""
    return f"""<!DOCTYPE html><html lang="en"><head><title>The mill - Site</title><meta property="og:title" content="The mill">
<link rel="canonical" href="https://x.org/mill"><meta property="article:published_time" content="2001-02-03T04:05:06Z">
<style>p {{ color: red }}</style></head><body>
<nav><ul><li><a href="/">Home of 1111</a></li><li><a href="/a">About 2222</a></li></ul></nav>
<main><article><h1>The mill</h1><p>{BUILT.replace("Anna", "<b>Anna</b>")}</p>
<h2>Fire</h2><p>{BURNT.replace(" 1906", "&#32;1906")}</p></article></main>
<footer>Copyright 3333 Site. All rights reserved.</footer><script>var year = 4444</script></body></html>""".encode()


def docx() -> bytes:
    """A report with heading styles and a table."""
    import docx as library

    file = library.Document()
    file.core_properties.title = "The mill"
    file.core_properties.created = datetime(2001, 2, 3, tzinfo=UTC)
    file.add_heading("The mill", 0)
    file.add_paragraph(BUILT)
    file.add_heading("Fire", 1)
    file.add_paragraph(BURNT)
    table = file.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Owner", "Anna Koch"
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def epub() -> bytes:
    """A book of two chapters that the spine turns round."""
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile '
        'full-path="OPS/p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    item = '<item id="{0}" href="{0}.xhtml" media-type="application/xhtml+xml"{1}/>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>The mill</dc:title><dc:date>2001-02-03</dc:date></metadata>"
        f"<manifest>{item.format('fire', '')}{item.format('start', '')}"
        f"{item.format('toc', ' properties=%snav%s' % (chr(34), chr(34)))}</manifest>"  # noqa: UP031
        '<spine><itemref idref="toc"/><itemref idref="start"/><itemref idref="fire"/></spine></package>'
    )
    page = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>5555</title></head><body>{}</body></html>'
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "OPS/p.opf": package,
        "OPS/start.xhtml": page.format(f"<p>{BUILT}</p>"),
        "OPS/fire.xhtml": page.format(f"<h1>Fire</h1><p>{BURNT}</p>"),
        "OPS/toc.xhtml": page.format("<nav>6666</nav>"),
    }
    return zipped({name: content.encode() for name, content in files.items()})


def jsonl() -> bytes:
    """Two lines, of which the second is the mill."""
    rows = [
        {"title": "Other", "text": "Nothing is said here."},
        {"title": "The mill", "text": f"{BUILT}\n\n{BURNT}", "url": "https://x.org/mill", "date": "2001-02-03"},
    ]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def wiki() -> bytes:
    """A dump with an article, a talk page and a redirect."""
    text = (
        "{{Infobox mill|built=7777}}\n[[File:mill.jpg|thumb|The mill in 8888]]\n"
        f"{BUILT.replace('Anna Koch', '[[Anna (brewer)|Anna Koch]]')}&lt;ref&gt;Page 9999&lt;/ref&gt;\n\n== Fire ==\n{BURNT}\n\n"
        "== References ==\n{{reflist}} 9998\n[[Category:Mills of 9997]]"
    )
    return f"""<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11"><siteinfo><sitename>W</sitename>
<base>https://x.org/wiki/Main_Page</base></siteinfo>
<page><title>Talk:The mill</title><ns>1</ns><revision><text>In 1234?</text></revision></page>
<page><title>Mill</title><ns>0</ns><redirect title="The mill"/><revision><text>#REDIRECT [[The mill]] 1235</text></revision></page>
<page><title>The mill</title><ns>0</ns><revision><text xml:space="preserve">{text}</text></revision></page></mediawiki>""".encode()


def pdf() -> bytes:
    """Two pages with running heads and feet; a paragraph that goes over the page's end, with a broken word in it."""
    from fpdf import FPDF

    class Gazette(FPDF):
        def header(self) -> None:
            self.set_font("helvetica", size=9)
            self.cell(0, 8, "The Mill Gazette of 1777")
            self.ln(12)

        def footer(self) -> None:
            self.set_y(-15)
            self.cell(0, 8, f"Page {self.page_no()} of 1888")

    file = Gazette()
    file.set_title("The mill")
    file.set_creation_date(datetime(2001, 2, 3, tzinfo=UTC))
    file.set_auto_page_break(False)
    file.add_page()
    file.set_font("helvetica", size=11)
    file.multi_cell(0, 6, BUILT)
    file.ln(6)
    file.set_font("helvetica", "B", 16)
    file.cell(0, 8, "Fire")
    file.ln(12)
    file.set_font("helvetica", size=11)
    _line(file, "It stood by the well-known river and ground corn for all of the people of the valley, and every win-")
    file.add_page()
    file.set_font("helvetica", size=11)
    _line(file, "ter the ice came down to it from the hills, where the woods are. The mill burnt down in 1906, and")
    _line(file, "nobody was hurt.")
    return bytes(file.output())


def _line(file: object, words: str) -> None:
    file.cell(0, 6, words)  # type: ignore[attr-defined]
    file.ln(6)  # type: ignore[attr-defined]


def markdown() -> bytes:
    """An article as it always was."""
    return f"---\ntitle: The mill\nurl: https://x.org/mill\ndate: 2001-02-03\n---\n\n{BUILT}\n\n## Fire\n\n{BURNT}\n".encode()


def text() -> bytes:
    """Bare headings, each alone on its line before a paragraph."""
    return f"The mill\n\n{BUILT}\n\nFire\n\n{BURNT} It was seen from all of the valley.\n".encode()


def archive() -> bytes:
    """A ZIP of a page and a note, with a name that would leave the folder, and a file of another kind."""
    said = b"Nothing is said in this note."
    return zipped({"../../notes/mill.html": html(), "read/note.txt": said, "x.png": b"\x89PNG", ".h/a.md": b"1"})


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return out.getvalue()


MAKERS = {
    "mill.md": markdown, "mill.txt": text,
    "mill.html": html, "mill.docx": docx, "mill.epub": epub, "mill.jsonl": jsonl, "mill.xml": wiki, "mill.pdf": pdf,
    "mill.zip": archive,
}  # fmt: skip


def written(folder: Path, name: str) -> Path:
    """The document of this name in a folder."""
    path = folder / name
    path.write_bytes(MAKERS[name]())
    return path
