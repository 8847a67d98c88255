"""Passages are exact slices, whole sentences, within the encoder's reach, and none of the text is lost."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from qabot.articles import read
from qabot.chunking import Chunking, SentenceSplitter
from qabot.encoder import packaged_folder
from qabot.records import Article, Section
from qabot.sentences import around, sentences
from tests.conftest import ROOT, article


def words(text: str) -> int:
    """The fake's word pieces: one a word."""
    return len(text.split())


def cut(text: str, **size: int) -> list[tuple[str, ...]]:
    """The passages' texts, each as its sentences."""
    found = SentenceSplitter(words, Chunking(**size)).split(article(text))
    return [tuple(p.text[a:b] for a, b in sentences(p.text)) for p in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He came. He saw.", ["He came.", "He saw."]),
        ("Mr. J. R. Smith of the U.S. Navy came. He left.", ["Mr. J. R. Smith of the U.S. Navy came.", "He left."]),
        ("He said \u201cNo.\u201d Then he left!", ["He said \u201cNo.\u201d", "Then he left!"]),
        ("See No. 4 and vol. 2. Fine.", ["See No. 4 and vol. 2.", "Fine."]),
        ("It cost 3.5 million. Really?", ["It cost 3.5 million.", "Really?"]),
        ("A line\nanother line.", ["A line", "another line."]),
        ("\u5f7c\u6765\u4e86\u3002\u5f7c\u53bb\u4e86\u3002", ["\u5f7c\u6765\u4e86\u3002", "\u5f7c\u53bb\u4e86\u3002"]),
        (" \n\t ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """Abbreviations, initials, numbers and quotes do not end a sentence in its middle."""
    assert [text[a:b] for a, b in sentences(text)] == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(3, 7, "He came."), (9, 10, "He saw it."), (3, 12, "He came. He saw it."), (19, 20, "He came. He saw it.\n")],
)
def test_the_sentence_around(start: int, end: int, expected: str) -> None:
    """One sentence, or as many as are touched; the whole text where none is."""
    text = "He came. He saw it.\n"
    found = around(text, start, end)
    assert text[slice(*found)] == expected


def test_one_sentence_of_overlap_and_even_sizes() -> None:
    """Eight sentences of three words, 6 to 9 words a passage: each passage begins with the last sentence of the one before."""
    text = " ".join(f"Word{n} is here." for n in range(8))
    found = cut(text, min_words=6, max_words=9)
    assert all(later[0] == earlier[-1] for earlier, later in pairwise(found))
    assert {len(passage) for passage in found} <= {2, 3}
    assert [s for n, passage in enumerate(found) for s in passage[min(n, 1) :]] == [f"Word{n} is here." for n in range(8)]


def paragraph(name: str, count: int) -> str:
    """A paragraph of `count` sentences of ten words each."""
    return " ".join(f"{name}{n} two three four five six seven eight nine ten." for n in range(count))


def sizes(*counts: int) -> list[list[int]]:
    """How many sentences of each paragraph the passages of such a text have, paragraphs of none left out."""
    text = "\n\n".join(paragraph(chr(65 + n), count) for n, count in enumerate(counts))
    said = [[sentence[0] for sentence in passage] for passage in cut(text)]
    return [[passage.count(name) for name in sorted(set(passage))] for passage in said]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ((10, 12, 16, 9), [[10], [12], [16], [9]]),  # whole where they fit
        ((4, 3, 4), [[4, 3, 4]]),  # short ones are joined
        ((15, 4, 15), [[15], [4], [15]]),  # and stay alone where only a long one is near
        ((6, 16, 16), [[6], [16], [16]]),
        ((24,), [[12], [13]]),  # a long one is cut, and overlaps by a sentence there
        ((12, 24, 12), [[12], [12], [13], [12]]),  # and nowhere else
    ],
)
def test_paragraphs_stay_whole(paragraphs: tuple[int, ...], expected: list[list[int]]) -> None:
    """Passages begin where a paragraph does, as far as 160 words allow."""
    assert [sorted(passage) for passage in sizes(*paragraphs)] == [sorted(passage) for passage in expected]


def test_a_line_within_a_paragraph_opens_none() -> None:
    """Only an empty line does, spaces in it or not."""
    lines = [paragraph(name, 3) for name in "ABCDEF"]
    assert len(cut("\n".join(lines))) > 1
    assert all(one[-1] == two[0] for one, two in pairwise(cut("\n".join(lines))))
    assert [len(passage) for passage in cut(" \n \t\n".join([paragraph("A", 12), paragraph("B", 12)]))] == [12, 12]


def test_no_short_tail() -> None:
    """170 words in sentences of ten are two passages near the middle of the range, not 160 and 10."""
    text = " ".join("One two three four five six seven eight nine ten." for _ in range(17))
    assert [sum(map(words, passage)) for passage in cut(text)] == [90, 90]


def test_old_cuts_are_kept() -> None:
    """A longer sentence changes its passage and the overlap with it; without the old cuts, four passages would be others."""
    said = [f"Word{n} {'and ' * (n % 4)}is here." for n in range(40)]
    splitter = SentenceSplitter(words, Chunking(min_words=12, max_words=20))
    before = splitter.split(article(" ".join(said)))
    said[6] = "Now this is a sentence of nine words here."
    after = article(" ".join(said))
    assert len({p.text for p in splitter.split(after, before)} - {p.text for p in before}) <= 2
    assert len({p.text for p in splitter.split(after)} - {p.text for p in before}) >= 4


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_cutting_again_changes_nothing(old: list[int], new: list[int]) -> None:
    """Whatever the text was cut as before: sizes hold, and the cut that was found is kept when it is the old one."""
    splitter = SentenceSplitter(words, Chunking(min_words=6, max_words=12))
    texts = [" ".join(f"{' '.join(['Word'] * (size - 1) + [f'w{n}'])}." for n, size in enumerate(sizes)) for sizes in (old, new)]
    found = splitter.split(article(texts[1]), splitter.split(article(texts[0])))
    assert all(words(p.text) <= 12 and texts[1][p.start : p.end] == p.text for p in found)
    assert splitter.split(article(texts[1]), found) == found


def test_sections_are_kept_apart() -> None:
    """A passage never crosses a heading; it carries the heading path."""
    text = "One two.\n\n# H\n\nThree four."
    whole = Article("a.md", "T", text, (Section((), 0, 8), Section(("H",), 15, len(text))), "0" * 64)
    assert [(p.headings, p.text) for p in SentenceSplitter(words).split(whole)] == [((), "One two."), (("H",), "Three four.")]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.integers(1, 12))
def test_offsets_limits_and_coverage(text: str, limit: int) -> None:
    """For any text: exact slices in order, no letter lost, no passage above the limits."""
    tokens = 30
    found = SentenceSplitter(words, Chunking(min_words=1, max_words=limit, max_tokens=tokens)).split(article(text))
    assert all(text[p.start : p.end] == p.text and p.text == p.text.strip() for p in found)
    assert [p.start for p in found] == sorted(p.start for p in found)
    assert all(words(p.text) <= limit for p in found)
    covered = {place for p in found for place in range(p.start, p.end)}
    assert all(place in covered or letter.isspace() for place, letter in enumerate(text))


@settings(max_examples=25, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("ab \u00e9\u5f7c\u0301\U0001f600.!\nxyz-_0"), min_size=200, max_size=1500))
def test_never_more_than_the_encoder_reads(text: str) -> None:
    """With the real tokenizer, title and headings included, nothing is cut off at 256 word pieces."""
    found = SentenceSplitter(_count_tokens, Chunking()).split(article(text))
    assert all(_count_tokens(p.embedded_text) <= 256 for p in found)


def test_the_bundled_article() -> None:
    """Every paragraph stands whole in a passage, and no passage is a scrap or too long."""
    whole = read(ROOT / "data" / "juan-jose-torres.md")
    found = SentenceSplitter(_count_tokens, Chunking()).split(whole)
    paragraphs = [part.strip() for s in whole.sections for part in whole.text[s.start : s.end].split("\n\n")]
    assert paragraphs
    assert all(any(part in p.text for p in found) for part in paragraphs)
    assert all(50 <= words(p.text) <= 160 for p in found)


_whole = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
_whole.no_truncation()
_whole.no_padding()


def _count_tokens(text: str) -> int:
    return len(_whole.encode(text).ids)
