"""Question files -> records, and the splits that keep development data out of training.

Reads the SQuAD layout (SQuAD 1.1, SQuAD 2.0's unanswerable questions, SquadShifts, Natural Questions by way of QED).
Does not download anything: `folder` is where the files lie.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qabot.records import Article, Section

_MAX_NQ_ANSWER_WORDS = 15


@dataclass(frozen=True, slots=True)
class Question:
    """One question on one paragraph. `answers` is empty where the paragraph does not answer it.

    `answers` holds (text, start), `start` a character offset into `context`.
    """

    id: str
    source: str
    title: str
    context: str
    text: str
    answers: tuple[tuple[str, int], ...]
    dev: bool


def load_questions(folder: Path, source: str) -> list[Question]:
    """All questions of one source: squad, unanswerable, new_wiki, reddit, amazon_reviews or nq.

    Raises FileNotFoundError when the source's file is not in `folder`, KeyError for an unknown source.
    """
    path = folder / _FILES[source]
    splits = json.loads((folder / "splits.json").read_text(encoding="utf-8"))
    return list(_questions(json.loads(path.read_text(encoding="utf-8"))["data"], source, splits))


def paragraphs(questions: Sequence[Question]) -> list[Article]:
    """Each paragraph once, as an article of its own; its path is its number."""
    contexts = dict.fromkeys((question.title, question.context) for question in questions)
    return [_article(str(n), title, text) for n, (title, text) in enumerate(contexts) if text.strip()]


def articles(questions: Sequence[Question]) -> list[Article]:
    """Each article once, its paragraphs with an empty line between, as files have them; its path is its title."""
    stripped = {title: dict.fromkeys(filter(None, map(str.strip, texts))) for title, texts in contexts(questions).items()}
    return [_article(title, title, "\n\n".join(texts)) for title, texts in stripped.items() if texts]


def contexts(questions: Iterable[Question]) -> dict[str, list[str]]:
    """The paragraphs of each article by its title, each once, in the questions' order."""
    found: dict[str, dict[str, None]] = {}
    for question in questions:
        found.setdefault(question.title, {})[question.context] = None
    return {title: list(texts) for title, texts in found.items()}


def development_articles(folder: Path) -> dict[str, Article]:
    """The development articles of `squad` and `new_wiki` by their titles."""
    questions = [question for source in ("squad", "new_wiki") for question in load_questions(folder, source) if question.dev]
    return {article.title: article for article in articles(questions)}


def _article(path: str, title: str, text: str) -> Article:
    return Article(path, title, text, (Section((), 0, len(text)),), "")


_FILES = {
    "squad": "squad/train-v1.1.json",
    "unanswerable": "squad/unanswerable-train.json",
    "new_wiki": "squadshifts/new_wiki.json",
    "reddit": "squadshifts/reddit.json",
    "amazon_reviews": "squadshifts/amazon_reviews.json",
    "nq": "nq/nq-train.json",
}


def _questions(articles: list[dict[str, Any]], source: str, splits: dict[str, Any]) -> Iterator[Question]:
    number = 0  # of the paragraph, through the whole file
    for article in articles:
        for paragraph in article["paragraphs"]:
            dev = _is_dev(source, article["title"], number, splits)
            number += 1
            for item in paragraph["qas"]:
                question = _question(item, source, article["title"], paragraph["context"], dev)
                if question is not None:
                    yield question


def _question(item: dict[str, Any], source: str, title: str, context: str, dev: bool) -> Question | None:
    answers = tuple((answer["text"], answer["answer_start"]) for answer in item["answers"])
    # A file of answers that points beside them teaches the wrong thing: such a pair is left out.
    answers = tuple((text, start) for text, start in answers if context[start : start + len(text)] == text and text)
    if source == "nq" and (item.get("n_spans") != 1 or not answers or len(answers[0][0].split()) > _MAX_NQ_ANSWER_WORDS):
        return None
    if item["answers"] and not answers:
        return None
    return Question(str(item["id"]), source, title.replace("_", " "), context, item["question"].strip(), answers, dev)


def _is_dev(source: str, title: str, number: int, splits: dict[str, Any]) -> bool:
    if source in ("squad", "unanswerable"):
        return title in splits["squad_dev_titles"]
    if source == "new_wiki":
        return title in splits["new_wiki_dev_titles"]
    if source == "nq":
        return zlib.crc32(title.encode("utf-8")) % 20 == 0
    return number % 10 == 0
