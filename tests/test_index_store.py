"""The contract of what keeps an index, over a folder, a file of Milvus Lite, and the server at QABOT_TEST_MILVUS_URI where that is set.

A server before 2.4 has no sparse vectors: there the tests of words say what it does instead.
"""

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from qabot.address import parse
from qabot.errors import IndexFolderError
from qabot.folder_store import FolderStore
from qabot.generation import Index
from qabot.index_store import IndexStore
from qabot.keyword_index import Bm25Index
from qabot.manifest import Manifest
from qabot.milvus.store import MilvusStore
from qabot.passages import Passages
from qabot.records import Article, Passage
from qabot.retriever import HybridRetriever
from tests.conftest import LetterEncoder, article

SERVER = os.environ.get("QABOT_TEST_MILVUS_URI")  # before the settings of whoever runs the tests are taken away
KINDS = ["folder", "lite", pytest.param("server", marks=pytest.mark.skipif(not SERVER, reason="QABOT_TEST_MILVUS_URI is not set"))]
TEXTS = ["Miners strike in La Paz", "The president went to Buenos Aires", "Teachers and miners met", "Lech\u00edn led the union", "..."]
QUESTIONS = ["miners of the union", "LECHIN", "zebra", "Who went to Buenos Aires?", "?", "the the miners"]
Open = Callable[[], IndexStore]


@pytest.fixture(params=KINDS)
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """What opens the same place again, as another process would; everything is removed at the end."""
    opened: list[MilvusStore] = []
    name = f"t{secrets.token_hex(4)}"

    def another() -> IndexStore:
        if request.param == "folder":
            return FolderStore(tmp_path / "index")
        place = f"milvus+lite://{tmp_path}/index.db/{name}" if request.param == "lite" else f"{SERVER}".rstrip("/") + f"/{name}"
        opened.append(MilvusStore(parse(place), patience=0.4))
        return opened[-1]

    yield another
    if opened:
        milvus = opened[0].milvus
        for alias in [name] if milvus.target(name) else []:
            milvus.call("drop_alias", alias)
        for collection in milvus.collections():
            if collection.startswith(name):
                milvus.drop(collection)
        opened[0].close()


def publish(
    store: IndexStore, texts: list[str], keep: int = 3, languages: list[str] | None = None, shelf: list[Article] | None = None
) -> Manifest:
    """Publish a passage a text."""
    codes = languages or ["en"] * len(texts)
    passages = [Passage(n, "a.md", "Title", (), text, 0, len(text), language=codes[n]) for n, text in enumerate(texts)]
    return store.publish(shelf or [article(" ".join(texts))], passages, LetterEncoder().encode(texts), "letters", "0" * 64, {}, keep)


def has_words(store: IndexStore) -> bool:
    """Whether words are searched here."""
    return not isinstance(store, MilvusStore) or store.milvus.has_sparse


def first_text(index: Index) -> str:
    """The text of the first passage."""
    return index.passages[0].text


def test_what_is_written_is_read(open_store: Open) -> None:
    """Passages with all their fields, vectors, and the manifest with its articles, by who opens it anew."""
    texts = ["miners strike", "a\u2028b\x85c\nd \u00e9\U0001f600"]
    passages = [
        Passage(0, "a.md", "T", ("One", "Two"), texts[0], 5, 18, "https://x.org/", ((0, 1), (9, 2)), ("rules",)),
        Passage(1, "b.md", "S", (), texts[1], 0, len(texts[1]), language="es"),
    ]
    made = open_store().publish([article(texts[0])], passages, LetterEncoder().encode(texts), "letters", "1" * 64, {"max_words": 9}, 3)
    index = open_store().load()
    assert index.manifest == made == open_store().read_manifest()
    assert list(index.passages) == passages
    assert index.passages[1] == index.passages[-1] == passages[1]
    assert np.allclose(index.vectors.vectors(), LetterEncoder().encode(texts), atol=1e-6)
    assert (made.encoder, made.dimension, made.counts, made.number) == ("letters", 26, {"articles": 1, "passages": 2}, 1)
    assert [(a.article, a.title, a.tags, a.begin, a.end) for a in Passages.of(index.passages).articles] == [
        ("a.md", "T", ("rules",), 0, 1), ("b.md", "S", (), 1, 2),
    ]  # fmt: skip


def test_nearest_are_exact_cosines(open_store: Open) -> None:
    """Scores equal the matrix product, best first; also for several questions at once, and for more than there are."""
    publish(open_store(), TEXTS)
    vectors = LetterEncoder().encode(TEXTS)
    found = open_store().load().vectors.search(vectors[1:3], 10)
    for asked, hits in zip(vectors[1:3], found, strict=True):
        expected = vectors @ asked
        assert [score for _, score in hits] == pytest.approx(np.sort(expected)[::-1].tolist(), abs=1e-5)
        assert all(score == pytest.approx(float(expected[place]), abs=1e-5) for place, score in hits)
    assert found[0][0][0] == 1


@pytest.mark.parametrize("within", [[1, 3], [0, 1, 2, 4], [2], []], ids=str)
def test_only_what_is_within_is_found(open_store: Open, within: list[int]) -> None:
    """By meaning and by words: runs of positions, single ones, none."""
    store = open_store()
    publish(store, TEXTS)
    index, asked = open_store().load(), LetterEncoder().encode(["miners met"])
    assert sorted(place for place, _ in index.vectors.search(asked, 10, within)[0]) == within
    if has_words(store):
        assert sorted(place for place, _ in index.words.search("miners", 10, within)) == [place for place in within if place in (0, 2)]


@pytest.mark.parametrize("languages", [["en"] * 5, ["en", "es", "en", "es", "en"]], ids=["one", "two"])
def test_words_have_the_same_shares_everywhere(open_store: Open, languages: list[str]) -> None:
    """The scores of BM25 in memory, to six digits, by the stems of each text's language; a server without sparse vectors finds nothing."""
    store = open_store()
    publish(store, TEXTS, languages=languages)
    index = open_store().load()
    there = Bm25Index.from_texts([f"Title\n{text}" for text in TEXTS], languages)
    for question in QUESTIONS:
        expected = there.search(question, 10) if has_words(store) else []
        assert [place for place, _ in index.words.search(question, 10)] == [place for place, _ in expected]
        assert [score for _, score in index.words.search(question, 10)] == pytest.approx([score for _, score in expected], abs=1e-6)


def test_a_shelf_without_words(open_store: Open) -> None:
    """Punctuation can be indexed and finds nothing."""
    publish(open_store(), ["...", "!!!"])
    assert open_store().load().words.search("anything", 5) == []


def test_passages_of_one_text_are_twins(open_store: Open) -> None:
    """The others of a text are found, those out of scope are not; passages come in the order that is asked for."""
    publish(open_store(), ["one", "two", "one", "one"])
    passages = Passages.of(open_store().load().passages)
    found = passages.fetch([3, 1, 3])
    assert [p.id for p in found] == [3, 1, 3]
    assert [[twin.id for twin in twins] for twins in passages.twins(found)] == [[0, 2], [], [0, 2]]
    assert [[twin.id for twin in twins] for twins in passages.twins(found[:1], frozenset({2, 3}))] == [[2]]
    assert passages.fetch([]) == []
    assert passages.twins([]) == []


def test_a_question_gets_the_same_hits_as_from_memory(open_store: Open, tmp_path: Path) -> None:
    """Retrieval from here equals retrieval from a folder: passages, scores of both kinds, twins."""
    store, folder = open_store(), FolderStore(tmp_path / "beside")
    texts = [*TEXTS, TEXTS[0]]
    publish(store, texts)
    publish(folder, texts)
    if not has_words(store):
        pytest.skip("no sparse vectors here")
    for question in QUESTIONS:
        here, there = (
            HybridRetriever(LetterEncoder(), i.vectors, i.words, i.passages).retrieve(question, 3)
            for i in (open_store().load(), folder.load())
        )
        assert [(hit.passage, hit.twins) for hit in here] == [(hit.passage, hit.twins) for hit in there]
        for one, other in zip(here, there, strict=True):
            assert (one.score, one.dense, one.keyword) == pytest.approx((other.score, other.dense, other.keyword), abs=1e-5)


def test_a_second_build_replaces_the_first(open_store: Open) -> None:
    """The new words answer; both are kept, newest first; who opened the first goes on reading it."""
    first = publish(open_store(), ["old words"])
    opened = open_store().load()
    assert first_text(opened) == "old words"
    second = publish(open_store(), ["new words", "more"], keep=1)
    assert first_text(open_store().load()) == "new words"
    assert open_store().live() == second.generation != first.generation
    assert (second.previous, second.number, first.previous, first.number) == (first.generation, 2, None, 1)
    assert first_text(opened) == "old words"
    assert len(opened.vectors.search(LetterEncoder().encode(["x"]), 5)[0]) == 1


def test_the_same_again_publishes_nothing(open_store: Open) -> None:
    """The live generation stays, so that who watches it need not open it again."""
    first = publish(open_store(), TEXTS)
    assert publish(open_store(), TEXTS) == first
    assert [kept.generation for kept in open_store().generations()] == [first.generation]


def test_only_some_builds_are_kept(open_store: Open) -> None:
    """Of five the last two, as was asked."""
    made = [publish(open_store(), [text], keep=2).generation for text in ("one", "two", "three", "four", "five")]
    assert [kept.generation for kept in open_store().generations()] == [made[4], made[3]]


def test_rollback_goes_back_and_forth(open_store: Open) -> None:
    """Back to what the live one replaced, each time; to any kept one by name; a build after it goes back to where it stood."""
    one, _, three = (publish(open_store(), [text]) for text in ("one", "two", "three"))
    assert open_store().rollback().number == 2
    assert first_text(open_store().load()) == "two"
    open_store().rollback()
    assert first_text(open_store().load()) == "one"
    with pytest.raises(IndexFolderError, match=r"no earlier generation; kept: .*qabot build"):
        open_store().rollback()
    with pytest.raises(IndexFolderError, match="no generation 'nope'"):
        open_store().rollback("nope")
    open_store().rollback(three.generation)
    assert first_text(open_store().load()) == "three"
    open_store().rollback(one.generation)
    assert publish(open_store(), ["four"]).previous == one.generation
    open_store().verify(one)


def test_nothing_there_is_named(open_store: Open) -> None:
    """Each way of asking for an index that was never built ends in the command that builds it."""
    store = open_store()
    assert not store.exists()
    assert store.generations() == []
    for ask in (store.live, store.read_manifest, store.load, store.rollback):
        with pytest.raises(IndexFolderError, match="does not exist: run `qabot build --index"):
            ask()


def test_a_second_writer_is_refused(open_store: Open) -> None:
    """While one writes; the lock may be nested, and is let go."""
    refused: list[str] = []

    def try_it() -> None:
        try:
            with open_store().writing():
                refused.append("no")
        except IndexFolderError as error:
            refused.append("yes" if "another build is writing" in str(error) else str(error))

    def in_a_thread() -> None:
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()

    store = open_store()
    with store.writing(), store.writing():
        in_a_thread()
    in_a_thread()
    assert refused == ["yes", "no"]
