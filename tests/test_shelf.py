"""Every format from end to end: made, built, asked, and its citation compared with the text character by character."""

import bz2
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from qabot import shelf, store
from qabot.build import build
from qabot.chunking import Chunking, SentenceSplitter
from qabot.confidence import UNCALIBRATED
from qabot.errors import ArticleError
from qabot.pipeline import Pipeline
from qabot.records import Hit, Span
from qabot.reply import place, to_json
from qabot.retriever import HybridRetriever
from tests.conftest import LetterEncoder
from tests.documents import BUILT, BURNT, MAKERS, archive, html, wiki, written, zipped

URLS = {"mill.html", "mill.md", "mill.jsonl", "mill.zip"}


class YearReader:
    """Answers with every four digits, where most of the question's words stand first."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """The margin is the number of the question's words in the passage."""
        asked = re.findall(r"\w+", question.lower())
        return sorted(
            (
                Span(hit, year.start(), year.end(), float(sum(word in hit.passage.text.lower() for word in asked)), 0.0)
                for hit in hits
                for year in re.finditer(r"\d{4}", hit.passage.text)
            ),
            key=lambda span: -span.margin,
        )


@pytest.mark.parametrize("name", MAKERS)
def test_a_citation_opens_at_its_place(tmp_path: Path, name: str) -> None:
    """Title, section, page, address and every character; nothing of menus, running heads, templates or other pages answers."""
    path = written(tmp_path, name)
    articles = shelf.load([path])
    build(articles, tmp_path / "index", SentenceSplitter(lambda text: len(text.split())), LetterEncoder(), Chunking())
    index = store.load(tmp_path / "index")
    pipeline = Pipeline(HybridRetriever(LetterEncoder(), index.vectors, index.words, index.passages), YearReader(), UNCALIBRATED)
    reply = pipeline.ask("When did the mill burn down?")
    line = to_json(reply)
    source = line["sources"][0]
    assert line["answer"] == "1906"
    assert (source["title"], source["section"]) == ("The mill", "" if name == "mill.jsonl" else "Fire")
    (text,) = (article.text for article in articles if article.path == source["path"])
    assert text[source["start"] : source["end"]] == source["excerpt"]
    assert source["excerpt"][source["answer_start"] : source["answer_end"]] == "1906"
    assert "nobody was hurt." in source["excerpt"]
    address = "https://x.org/wiki/The_mill" if name == "mill.xml" else "https://x.org/mill" if name in URLS else None
    assert source["url"] == address
    assert source["page"] == (2 if name == "mill.pdf" else None)
    dated = None if name in ("mill.txt", "mill.xml") else "2001-02-03"
    assert reply.hits[0].passage.date == dated
    said = " ".join(passage.text for passage in index.passages)
    assert set(re.findall(r"\d{4}", said)) == {"1906"}
    assert " ".join(BUILT.split()) in said
    if name == "mill.pdf":
        assert place(reply.hits[0], source["answer_start"]) == "The mill, Fire, p. 2, 2001-02-03"
        assert reply.hits[0].passage.page() == 1  # it begins there
        assert "every winter the ice" in said
        assert "well-known river" in said


def test_pages_of_a_passage_survive_the_disk(tmp_path: Path) -> None:
    """What was cut is what is loaded."""
    articles = shelf.load([written(tmp_path, "mill.pdf")])
    splitter = SentenceSplitter(lambda text: len(text.split()))
    build(articles, tmp_path / "index", splitter, LetterEncoder(), Chunking())
    loaded = store.load(tmp_path / "index").passages
    assert [p.pages for p in loaded] == [p.pages for p in splitter.split(articles[0])]
    assert loaded[-1].pages[-1][1] == 2


def test_folders_globs_and_files_each_once(tmp_path: Path) -> None:
    """A folder is searched, hidden files and kinds that may be anything are passed over; a glob may name them; nothing twice."""
    for name in ("sub", ".hidden", "empty"):
        (tmp_path / name).mkdir()
    for name in ("b.md", "sub/a.txt", ".hidden/c.md", "d.png", "e.jsonl"):
        (tmp_path / name).write_text('{"text": "Text."}')
    found = shelf.load([tmp_path, tmp_path / "b.md"])
    assert [Path(article.path).name for article in found] == ["b.md", "a.txt"]
    found = shelf.load([tmp_path / "**" / "*.*[dtl]"])
    assert [Path(article.path).name for article in found] == ["b.md", "e.jsonl#1", "a.txt"]
    with pytest.raises(ArticleError, match=r"no article that matches .*quotes"):
        shelf.load([tmp_path / "*.docx"])
    with pytest.raises(ArticleError, match="there is no article in"):
        shelf.load([tmp_path / "empty"])
    with pytest.raises(ArticleError, match="there is no file"):
        shelf.load([tmp_path / "none.md"])


def test_articles_of_one_file_have_names_of_their_own(tmp_path: Path) -> None:
    """Members carry file, name and hash: what changed is told for each, and the file's change is noticed once."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "A", "text": "One is here."}\n{"title": "B", "text": "Two is here."}\n')
    one, two = shelf.load([path])
    assert (one.member, two.member, one.file) == ("1", "2", path.as_posix())
    assert one.path == f"{path.as_posix()}#1"
    splitter, index = SentenceSplitter(lambda text: len(text.split())), tmp_path / "index"
    built = build([one, two], index, splitter, LetterEncoder(), Chunking())
    assert built.manifest is not None
    assert store.changed_articles(index, built.manifest) == []
    path.write_text('{"title": "A", "text": "One is here."}\n{"title": "B", "text": "Three is here."}\n')
    assert store.changed_articles(index, built.manifest) == [f"{path.as_posix()} has changed since the index was built"]
    changes = build(shelf.load([path]), index, splitter, LetterEncoder(), Chunking()).changes
    assert (changes.changed, changes.unchanged, changes.encoded) == ((two.path,), (one.path,), 1)


def test_a_compressed_dump(tmp_path: Path) -> None:
    """.xml.bz2 is read as it unpacks."""
    (tmp_path / "w.xml.bz2").write_bytes(bz2.compress(wiki()))
    assert [article.title for article in shelf.load([tmp_path / "w.xml.bz2"])] == ["The mill"]


def test_an_archive_writes_nothing_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names with dots are names only; two members of one name are told apart; nothing of it stays on the disk."""
    (tmp_path / "deep" / "in").mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    path = tmp_path / "deep" / "in" / "a.zip"
    path.write_bytes(archive())
    assert [article.member for article in shelf.load([path])] == ["../../notes/mill.html", "read/note.txt"]
    assert sorted(found.name for found in tmp_path.rglob("*")) == ["a.zip", "deep", "in"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.pdf", b"%PDF-1.4 nothing", "a.pdf is no PDF that can be read"),
        ("a.pdf", html(), "a.pdf is no PDF that can be read"),
        ("a.docx", b"PK\x03\x04 broken", "a.docx is damaged"),
        ("a.docx", zipped({"a": b"b"}), "a.docx is damaged"),
        ("a.epub", zipped({"a": b"b"}), "a.epub is damaged"),
        ("a.epub", zipped({"META-INF/rights.xml": b""}), "a.epub is protected"),
        ("a.zip", b"no zip", "a.zip is damaged"),
        ("a.zip", zipped({"x.md": b"a\x00"}), "binary"),
        ("a.html", b"\x00\x01\x02", "a.html"),
        ("a.html", b"", "a.html"),
        ("a.html", b"%PDF-1.4", "a.html is no HTML"),
        ("a.html", b"<html><body></body></html>", "a.html has no text"),
        ("a.xml", b"<rss></rss>", "a.xml is XML, but no MediaWiki dump"),
        ("a.xml", b"<mediawiki><page>", "a.xml is damaged"),
        ("a.xml", b'<!DOCTYPE m [<!ENTITY a "b">]><mediawiki>&a;</mediawiki>', "a.xml is damaged"),
        ("a.xml", b"<mediawiki></mediawiki>", "a.xml has no article in it"),
        ("a.jsonl", b"nonsense", "a.jsonl, line 1 is no JSON"),
        ("a.jsonl", b'{"text": "x"}\n{"title": "A"}', "a.jsonl, line 2 has no text"),
        ("a.jsonl", b"[" * 100_000, "a.jsonl, line 1 is no JSON"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    """One line with the file, the reason, and no word of a library's."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ArticleError) as caught:
        shelf.load([tmp_path / name])
    assert message in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_names_in_an_archive_are_shown_on_one_line(tmp_path: Path) -> None:
    """A member's name may hold anything, or nothing."""
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a\nb\x1b.md": b"One is here.", "QQ": b"x"}).replace(b"QQ", b"\x00Q"))  # a name ends at a NUL
    assert [article.member for article in shelf.load([path])] == ["a?b?.md"]
    path.write_bytes(zipped({"a\nb.md": b"\x00"}))
    with pytest.raises(ArticleError, match=r"a\.zip#a\?b\.md is a binary file"):
        shelf.load([path])


def test_archives_that_unpack_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes are looked at before anything is unpacked."""
    from qabot.loaders import archive as archives
    from qabot.loaders import packed

    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({f"{n}.txt": b"0" * 100_000 for n in range(5)}))
    monkeypatch.setattr(packed, "MAX_UNPACKED_BYTES", 400_000)
    with pytest.raises(ArticleError, match="unpacks to 500,000 bytes in 5 files"):
        shelf.load([path])
    monkeypatch.setattr(packed, "MAX_UNPACKED_BYTES", 600_000)
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 90_000)
    with pytest.raises(ArticleError, match=r"bomb.zip#0.txt has 100,000 bytes"):
        shelf.load([path])


def test_the_text_says_the_same_in_every_format(tmp_path: Path) -> None:
    """What was said about the fire reaches the article whole."""
    for name in MAKERS:
        (article, *_) = (a for a in shelf.load([written(tmp_path, name)]) if a.title == "The mill")
        assert BURNT in article.text
