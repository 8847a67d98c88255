"""BM25 as sparse vectors: inner products are the keyword index's shares."""

import pytest

from qabot.errors import IndexFolderError
from qabot.keyword_index import Bm25Index
from qabot.word_vectors import WordTable, dimension, words_of

TEXTS = ["The miners of Siglo XX strike; the miners sing.", "A teacher sings.", "", "Los mineros de La Paz cantan", "miners"]
LANGUAGES = ["en", "en", "en", "es", "en"]
QUESTIONS = ["Do miners sing?", "miners miners teacher", "zebra miners", "overthrown", "cantar mineros", "?"]


def _shares(table: WordTable, question: str) -> dict[int, float]:
    found = {}
    for place, (words, language) in enumerate(zip(words_of(TEXTS, LANGUAGES), LANGUAGES, strict=True)):
        asked, there = table.question(question, language), table.text(words)
        found[place] = sum(weight * there.get(axis, 0.0) for axis, weight in asked.items())
    return {place: share for place, share in found.items() if share > 0}


@pytest.mark.parametrize("question", QUESTIONS)
def test_products_are_the_shares_of_the_keyword_index(question: str) -> None:
    """For every text, also of other languages, with words that stand nowhere or are asked twice."""
    table = WordTable.of(words_of(TEXTS, LANGUAGES))
    assert _shares(table, question) == pytest.approx(dict(Bm25Index.from_texts(TEXTS, LANGUAGES).search(question, 9)), abs=1e-6)


def test_a_table_survives_being_packed() -> None:
    """The same table, 8 bytes a word; one that is cut off is refused."""
    table = WordTable.of(words_of(TEXTS, LANGUAGES))
    packed = table.to_bytes()
    again = WordTable.from_bytes(packed)
    assert (again.texts, again.average) == (5, table.average)
    assert [_shares(again, question) for question in QUESTIONS] == [_shares(table, question) for question in QUESTIONS]
    assert len(packed) == 24 + 8 * len(table.dimensions)
    with pytest.raises(IndexFolderError, match="not complete"):
        WordTable.from_bytes(packed[:-1])


def test_counts_give_the_same_table() -> None:
    """Texts that were counted elsewhere, shard by shard."""
    words = words_of(TEXTS, LANGUAGES)
    counts = {word: sum(word in text for text in words) for word in {word for text in words for word in text}}
    assert WordTable.from_counts(5, sum(map(len, words)), counts).to_bytes() == WordTable.of(words).to_bytes()


def test_a_dimension_is_the_same_on_every_machine() -> None:
    """It stands in indexes: the hash may not change. It is never 0, and fits 32 bits."""
    assert (dimension("miner"), dimension("\u00e9")) == (3821260010, 2250807370)
    assert all(0 < dimension(str(number)) < 2**32 - 1 for number in range(1000))
