"""The two indexes: exact results, and what they wrote is what they read."""

from pathlib import Path

import numpy as np
import pytest

from qabot.errors import IndexFolderError
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from tests.conftest import LetterEncoder

TEXTS = ["Miners strike in La Paz", "The president went to Buenos Aires", "Teachers and miners met", "Lech\u00edn led the union"]


def test_nearest_vectors_are_exact_cosines() -> None:
    """The same text has cosine 1 and comes first; scores equal the matrix product."""
    vectors = LetterEncoder().encode(TEXTS)
    found = FaissIndex.from_vectors(vectors).search(vectors[1:2], 10)[0]
    assert found[0][0] == 1
    expected = vectors @ vectors[1]
    assert [position for position, _ in found] == np.argsort(-expected).tolist()
    assert [score for _, score in found] == pytest.approx(np.sort(expected)[::-1].tolist())


def test_vectors_survive_the_disk(tmp_path: Path) -> None:
    """Saved and loaded vectors are the same bits."""
    vectors = LetterEncoder().encode(TEXTS)
    FaissIndex.from_vectors(vectors).save(tmp_path / "v")
    assert np.array_equal(FaissIndex.load(tmp_path / "v").vectors(), vectors)


def test_a_large_shelf_is_compressed_and_finds_what_exact_search_finds(tmp_path: Path) -> None:
    """Of 3,000 clustered vectors nearly all of the ten nearest, in less than a third of the bytes, also from the disk and among a few."""
    chance = np.random.default_rng(5)
    centres = chance.standard_normal((30, 64)).astype(np.float32)
    vectors = (centres[chance.integers(30, size=3000)] + 0.8 * chance.standard_normal((3000, 64))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    compressed, exact = FaissIndex.from_vectors(vectors, exact_up_to=2999), FaissIndex.from_vectors(vectors, exact_up_to=3000)
    assert (compressed.kind[:3], exact.kind, len(compressed)) == ("IVF", "exact", 3000)
    for index, path in ((compressed, tmp_path / "c"), (exact, tmp_path / "e")):
        index.save(path)
    assert (tmp_path / "c").stat().st_size < 0.5 * (tmp_path / "e").stat().st_size
    loaded = FaissIndex.load(tmp_path / "c")
    assert loaded.kind == compressed.kind
    asked = vectors[:100] + 0.05 * chance.standard_normal((100, 64)).astype(np.float32)
    found, true = loaded.search(asked, 10), exact.search(asked, 10)
    assert np.mean([len({p for p, _ in mine} & {p for p, _ in best}) for mine, best in zip(found, true, strict=True)]) > 9
    assert {p for p, _ in loaded.search(asked[:1], 10, within=range(500, 520))[0]} <= set(range(500, 520))
    assert len(loaded.search(asked[:1], 10, within=range(500, 520))[0]) == 10
    assert np.sum(loaded.vectors() * vectors, axis=1).min() > 0.99


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    """A file that is no index is named, with the fix."""
    (tmp_path / "v").write_bytes(b"not an index at all")
    with pytest.raises(IndexFolderError, match="qabot build"):
        FaissIndex.load(tmp_path / "v")


@pytest.mark.parametrize(
    ("question", "expected"), [("mining", []), ("miner", [0, 2]), ("LECHIN's unions", [3]), ("zebra", []), ("", []), ("?!", [])]
)
def test_words_match_stemmed_and_without_accents(question: str, expected: list[int]) -> None:
    """Only texts with a word in common are found; shorter texts first."""
    assert sorted(i for i, _ in Bm25Index.from_texts(TEXTS).search(question, 10)) == expected


def test_rare_words_weigh_more() -> None:
    """ "union" stands in one text, "the" in two: the text with the rare word is first, by BM25's formula."""
    (first, score), *_ = Bm25Index.from_texts(TEXTS).search("the union", 10)
    assert first == 3
    assert score > 0


def test_a_score_is_a_share_of_what_the_question_weighs() -> None:
    """All words of one's own text are most of it; a word that stands nowhere lowers the share, though the text is the same."""
    index = Bm25Index.from_texts(TEXTS)
    (_, whole), *_ = index.search("Lech\u00edn led union", 1)
    (_, part), *_ = index.search("Lech\u00edn led union zebra", 1)
    assert 0.5 < whole <= 1
    assert part < 0.7 * whole


@pytest.mark.parametrize("question", ["Who overthrew him?", "overthrown", "overthrow"])
def test_irregular_forms_are_one_word(question: str) -> None:
    """No stemmer brings "overthrew" and "overthrown" together."""
    assert [i for i, _ in Bm25Index.from_texts(["He was overthrown in 1971.", "Others eat fish."]).search(question, 5)] == [0]


def test_words_survive_the_disk(tmp_path: Path) -> None:
    """Scores after loading are the same, and no pickle is written."""
    index = Bm25Index.from_texts(TEXTS)
    index.save(tmp_path)
    assert Bm25Index.load(tmp_path).search("miners of the union", 10) == index.search("miners of the union", 10)
    assert not list(tmp_path.rglob("*.pkl"))


def test_same_texts_same_files(tmp_path: Path) -> None:
    """The index's files are a function of the texts alone."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        Bm25Index.from_texts(TEXTS).save(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in files)


def test_texts_without_words() -> None:
    """A shelf of punctuation can be indexed and finds nothing."""
    assert Bm25Index.from_texts(["...", "!!!"]).search("anything", 5) == []


def test_the_library_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Its steps would stand in a build's report where something has set logging up."""
    with caplog.at_level("DEBUG"):
        Bm25Index.from_texts(["miners strike"])
    assert caplog.records == []
