"""A file -> Article: titles, sections, what is left out, and what is refused."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qabot import articles
from qabot.errors import ArticleError
from qabot.records import Article

PROSE = "He lived in the town for many years, and wrote there the books that made his name known."


def read(folder: Path, text: str | bytes, name: str = "the-town.md") -> Article:
    """The article that a file of this content is."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return articles.read(path)


def sections(article: Article) -> list[tuple[tuple[str, ...], str]]:
    """Heading path and prose of each section."""
    return [(s.path, article.text[s.start : s.end]) for s in article.sections]


def test_front_matter_and_headings(tmp_path: Path) -> None:
    """Title, address and licence; the heading path is nested, the title is not repeated in it."""
    matter = "---\ntitle: The Town\nurl: https://x.org/t\nlicence: CC0\n---\n\n"
    found = read(tmp_path, matter + "# The Town\n\nLead.\n\n## A\n\nOne.\n\n### B\n\nTwo.\n\n## C\n\nThree.\n")
    assert (found.title, found.url, found.licence) == ("The Town", "https://x.org/t", "CC0")
    assert sections(found) == [((), "Lead."), (("A",), "One."), (("A", "B"), "Two."), (("C",), "Three.")]


@pytest.mark.parametrize(
    ("tags", "expected"), [("[Water, mills  of old, water]", ("water", "mills of old")), ("a, B", ("a", "b")), ("", ())]
)
def test_tags(tmp_path: Path, tags: str, expected: tuple[str, ...]) -> None:
    """A list, or words apart by commas; in small letters, each once."""
    assert read(tmp_path, f"---\ntags: {tags}\n---\n\nText.").tags == expected


def test_a_heading_within_code_is_none(tmp_path: Path) -> None:
    """CommonMark decides what a heading is."""
    assert sections(read(tmp_path, "# T\n\n```\n# not a heading\n```\n")) == [((), "```\n# not a heading\n```")]


@pytest.mark.parametrize(("text", "title"), [("# Only\n\nText.", "Only"), ("Text.", "the town"), ("# A\n\nx\n\n# B\n\ny", "the town")])
def test_titles(tmp_path: Path, text: str, title: str) -> None:
    """The single outermost heading, else the file's name."""
    assert read(tmp_path, text).title == title


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf# T\r\n\r\nOne.\r\nTwo.", b"# T\r\rOne.\rTwo.", b"# T\n\nOne.\nTwo."])
def test_byte_order_mark_and_line_ends(tmp_path: Path, data: bytes) -> None:
    """All of them read as one and the same text."""
    found = read(tmp_path, data)
    assert found.text == "# T\n\nOne.\nTwo."
    assert sections(found) == [((), "One.\nTwo.")]


def test_plain_text_with_bare_headings(tmp_path: Path) -> None:
    """Short lines between blank lines are headings; what stands under "See also" and after is left out."""
    end = "See also\nA list\n\nReferences\n\nExternal links\n\nA page of hers\n\n1900 births\n"
    text = f"Anna Berg (1900 - 1980) was a writer.\n\nEarly life\n{PROSE}\n\nDeath \n{PROSE}\n\n{end}"
    found = read(tmp_path, text, "berg.txt")
    assert found.title == "Anna Berg"
    assert sections(found) == [((), "Anna Berg (1900 - 1980) was a writer."), (("Early life",), PROSE), (("Death",), PROSE)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n\xef\xbb\xbf", "is empty"),
        (b"a\x00b", "is a binary file"),
        (b"caf\xe9", "is not UTF-8 text (byte 3)"),
        (b"---\ntitle: x\n", "is not closed"),
        (b"---\n[\n---\n", "is not YAML"),
        (b"---\n- a\n---\n", "is not a mapping"),
        (b"x" * (articles.MAX_BYTES + 1), "20,000,001 bytes, the limit is 20,000,000"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    """One message that holds the path, the reason and a way out."""
    if data.strip() == b"\xef\xbb\xbf":
        data = b"\xef\xbb\xbf \n"
    with pytest.raises(ArticleError) as caught:
        read(tmp_path, data)
    assert message in str(caught.value)
    assert "the-town.md" in str(caught.value)


@pytest.mark.parametrize("text", ["- a\n" * 30_000, "> # a\n" * 30_000, "    # a\n" * 30_000])
def test_what_can_hold_no_heading_is_not_parsed(tmp_path: Path, text: str) -> None:
    """However long it is; `parse` would fail."""
    path = tmp_path / "a.md"
    path.write_text(text)
    assert articles.read(path, None, parse=None).sections == articles.read(path, None, _never).sections != ()


def _never(file: Path, name: str) -> list[articles.Heading]:
    raise AssertionError(name)


def test_headings_of_a_long_file_come_from_who_is_asked(tmp_path: Path) -> None:
    """And of no other; they are the same as here."""
    long = "---\ntitle: T\n---\n\n" + "# a *b*\n\ntext\n\n" * 6_000
    (tmp_path / "a.md").write_text(long)
    asked: list[str] = []

    def parse(file: Path, name: str) -> list[articles.Heading]:
        asked.append(name)
        return list(articles.headings(file))

    assert articles.read(tmp_path / "a.md", "x", parse).sections == articles.read(tmp_path / "a.md").sections
    assert read(tmp_path, "# a\n\ntext").sections
    assert asked == ["x"]


@pytest.mark.parametrize("heading", ["=", "a\n=", "# a", "#", "   ## a", "a\n---\t", "***a***\n==="])
def test_every_heading_may_be_one(heading: str) -> None:
    """What CommonMark takes for a heading is not passed over before it is parsed."""
    tokens = MarkdownIt("commonmark").parse(f"{heading}\n\ntext")
    found = list(articles.markdown_headings(f"{heading}\n\ntext", 0))
    assert len(found) == sum(token.type == "heading_open" for token in tokens)


_PIECES = ["#", "##", " ", "a", "\n", "=", "-", "\t", "> ", "- ", "`" * 3, "*", "<p>"]


@settings(max_examples=300, deadline=None)
@given(
    text=st.lists(st.sampled_from(["#", "##", " ", "a", "\n", "=", "-", "\t", "> ", "- ", "`" * 3, "*", "<p>"]), max_size=30).map("".join)
)
def test_no_heading_is_passed_over(text: str) -> None:
    """Against CommonMark's whole parser."""
    outer = [token for token in MarkdownIt("commonmark").parse(text) if token.type == "heading_open" and token.level == 0]
    assert [heading.depth for heading in articles.markdown_headings(text, 0)] == [int(token.tag[1]) for token in outer]


def test_front_matter_that_would_grow(tmp_path: Path) -> None:
    """Aliases that name each other nine times over are no words, and no memory; what is too long or too deep is refused."""
    bomb = "b0: &b0 [x]\n" + "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in range(1, 12))
    found = read(tmp_path, f"---\n{bomb}tags: *b11\ntitle: *b11\nurl: *b11\n---\nText.")
    assert (found.tags, found.title, found.url) == ((), "the town", None)
    with pytest.raises(ArticleError, match="the front matter has 200,001 characters, the limit is 100,000"):
        read(tmp_path, "---\n" + "a" * 200_000 + "\n---\nText.")
    with pytest.raises(ArticleError, match="the front matter is not YAML"):
        read(tmp_path, "---\n" + "[" * 2_000 + "\n---\nText.")


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=300), name=st.sampled_from(["x.md", "x.txt"]))
def test_any_text_is_read_or_refused(text: str, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Sections are slices in order that do not overlap; nothing but ArticleError is raised."""
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        found = articles.read(path)
    except ArticleError:
        return
    ends = [bound for s in found.sections for bound in (s.start, s.end)]
    assert ends == sorted(ends)
    assert all(found.text[s.start : s.end].strip() for s in found.sections)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("2024-05-03", "2024-05-03"), ("2024-05", "2024-05"), ("2024", "2024"), ("soon", None), ("[2024]", None), ("", None)],
)
def test_dates(tmp_path: Path, stated: str, expected: str | None) -> None:
    """A day, a month or a year, as YAML reads it; what is no date is none."""
    assert read(tmp_path, f"---\ndate: {stated}\n---\n\nText.").date == expected
