"""What follows an article's language: detection, stems, question words, abbreviations; and Spanish from end to end."""

from pathlib import Path

import pytest

from qabot import shelf, store
from qabot.build import build
from qabot.chunking import Chunking, SentenceSplitter
from qabot.confidence import UNCALIBRATED
from qabot.keyword_index import Bm25Index
from qabot.language import STEMMERS, detect
from qabot.pipeline import Pipeline
from qabot.reply import quote, to_json
from qabot.retriever import HybridRetriever
from qabot.sentences import sentences
from tests.conftest import ROOT, LetterEncoder
from tests.test_shelf import YearReader

MOLINO = (
    "El molino fue construido por la cervecera Anna Koch, que ven\u00eda de las monta\u00f1as y conoc\u00eda bien el r\u00edo. "
    "Los molineros trabajaron all\u00ed muchos a\u00f1os, y el Sr. Koch escribi\u00f3 las cuentas. El molino se quem\u00f3 en 1906."
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (MOLINO, "es"),
        ("Die M\u00fchle wurde 1894 von der Brauerin Anna Koch gebaut und brannte im Jahre 1906 nach einem Blitzschlag ab.", "de"),
        ("Le moulin a \u00e9t\u00e9 construit en 1894 par la brasseuse Anna Koch et br\u00fbla en 1906, mais sans bless\u00e9s.", "fr"),
        ((ROOT / "data" / "juan-jose-torres.md").read_text(encoding="utf-8"), "en"),
        ("El molino.", "en"),  # too short to tell
        ("", "en"),
        ("1 2 3 4 5 6 7 8 9 " * 20, "en"),
    ],
)
def test_detection(text: str, language: str) -> None:
    """Sure of whole sentences; what cannot be told is taken for English."""
    assert detect(text) == language


def test_front_matter_knows_better(tmp_path: Path) -> None:
    """`language` is taken as it stands, without its country."""
    (tmp_path / "a.md").write_text(f"---\nlanguage: pt_BR\n---\n\n{MOLINO}", encoding="utf-8")
    (tmp_path / "b.md").write_text(MOLINO, encoding="utf-8")
    assert [article.language for article in shelf.load([tmp_path])] == ["pt", "es"]


def test_each_text_is_compared_by_its_own_stems() -> None:
    """Spanish and English forms of a word are found in their language, and not by the other's rules."""
    texts = ["El molinero trabajaba.", "The miller was working.", "\u78e8\u574a\u57281906\u5e74\u88ab\u70e7\u6bc1"]
    index = Bm25Index.from_texts(texts, ["es", "en", "zh"])
    assert [place for place, _ in index.search("molineros trabajaban", 3)] == [0]
    assert [place for place, _ in index.search("millers worked", 3)] == [1]
    assert [place for place, _ in index.search("\u70e7\u6bc1", 3)] == [2]
    assert Bm25Index.from_texts(texts).search("trabajaban", 3) == []  # by English stems it is another word


def test_question_words_of_the_language_do_not_count() -> None:
    """A rare "cu\u00e1ndo" is no reason to bring a passage."""
    index = Bm25Index.from_texts(["No s\u00e9 cu\u00e1ndo.", "El molino se quem\u00f3.", "Otra cosa."], ["es"] * 3)
    assert [place for place, _ in index.search("\u00bfCu\u00e1ndo se quem\u00f3 el molino?", 3)] == [1]
    assert [place for place, _ in index.search("\u00bfCu\u00e1ndo?", 3)] == [0]  # there is nothing else to go by


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("es", "El Sr. Koch vino. La Sra. Koch no.", 2),
        ("es", "\u00bfVino Ud. Koch? \u00a1S\u00ed! Vino.", 3),
        ("de", "Am 5. Mai kam er z. B. Anna. Sie ging.", 2),
        ("fr", "M. Koch et Mme. Koch vinrent. Ils partirent.", 2),
        ("en", "He came on May 5. She left.", 2),
        ("xx", "He came. She left.", 2),
    ],
)
def test_abbreviations(language: str, text: str, count: int) -> None:
    """Each language's own; an unknown one has those of all."""
    assert len(sentences(text, language)) == count


def test_every_stemmer_is_one_of_snowballs() -> None:
    """The names are those that the library knows."""
    import Stemmer

    assert set(STEMMERS.values()) <= set(Stemmer.algorithms())


def test_spanish_from_end_to_end(tmp_path: Path) -> None:
    """Built, published, loaded and asked: the answer, its whole sentence, and every character of the citation."""
    path = tmp_path / "molino.md"
    path.write_text(f"# El molino\n\n{MOLINO}\n", encoding="utf-8")
    build(shelf.load([path]), tmp_path / "index", SentenceSplitter(lambda text: len(text.split())), LetterEncoder(), Chunking())
    index = store.load(tmp_path / "index")
    assert [passage.language for passage in index.passages] == ["es"]
    pipeline = Pipeline(HybridRetriever(LetterEncoder(), index.vectors, index.words, index.passages), YearReader(), UNCALIBRATED)
    reply = pipeline.ask("\u00bfCu\u00e1ndo se quemaron los molinos?")
    line = to_json(reply)
    source = line["sources"][0]
    assert line["answer"] == "1906"
    assert reply.hits[0].keyword > 0
    assert path.read_text(encoding="utf-8")[source["start"] : source["end"]] == source["excerpt"] == MOLINO
    found = quote(reply)
    assert found is not None
    assert found.text == "El molino se quem\u00f3 en 1906."
