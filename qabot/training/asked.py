"""Development questions asked end to end, for fitting and measuring: what the reader found, and what would have been right.

Five kinds of shelf. `new_wiki`: one big shelf of SquadShifts' paragraphs, with some articles left out, whose questions then have no
answer. `nq`: the same of Natural Questions, which people asked a search engine who had not seen the text. `withheld`: each development
article of SQuAD as the only article, every second of its paragraphs left out, asked about all of them: what people ask a bot with one
article, which is on its subject and may not be in it. `squad`: the article whole, asked its own questions and SQuAD 2.0's that were
written to look answerable. `own_words`: an article whole, asked what was written for this project as somebody would ask who has not
read it. The last three are cut into passages as a file would be, the others a paragraph at a time.
"""

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.progress import track

from qabot.build import cut
from qabot.chunking import Chunking, SentenceSplitter
from qabot.evaluate import read_questions
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.reader import ExtractiveReader
from qabot.records import Article, Hit, Span
from qabot.retriever import HybridRetriever
from qabot.spans import Joint, merge
from qabot.stages import Encoder
from qabot.stopping import read_until_settled
from qabot.training.squad import Question, articles, development_articles, load_questions, paragraphs

OWN_WORDS = Path(__file__).parent / "questions" / "fitted"
_SEED = 17
_OTHERS = 1_400  # questions of Natural Questions whose paragraphs stand beside
_TOP = 5  # spans, as the reader gives


@dataclass(frozen=True, slots=True)
class Asked:
    """One question; `accepted` is empty where the shelf does not answer it; `spans` are each hit's best, before they are compared."""

    question: str
    accepted: tuple[str, ...]
    hits: tuple[Hit, ...]
    spans: tuple[list[Span], ...]

    def read(self, joint: Joint) -> tuple[list[Span], int]:
        """What the reader would say with this joint distribution, and how many of the hits it would read for it."""
        found = dict(zip((hit.passage.id for hit in self.hits), self.spans, strict=True))
        count = 0

        def read(some: Sequence[Hit]) -> list[list[Span]]:
            nonlocal count
            count += len(some)
            return [found[hit.passage.id] for hit in some]

        spans = read_until_settled(self.hits, read, joint)
        return merge(spans, joint)[:_TOP], count


def new_wiki(
    data: Path, left_out: Collection[str], encoder: Encoder, reader: ExtractiveReader, passages: int, count: int = 0
) -> list[Asked]:
    """The development questions of `new_wiki` (or a sample of `count`) on a shelf without the articles `left_out`."""
    questions = load_questions(data, "new_wiki")
    retriever = shelve(paragraphs([question for question in questions if question.title not in left_out]), encoder)
    asked = _sample([question for question in questions if question.dev], count)
    return [_ask(question, question.title not in left_out, retriever, reader, passages) for question in track(asked, "asking new_wiki")]


def nq(data: Path, encoder: Encoder, reader: ExtractiveReader, passages: int) -> list[Asked]:
    """The development questions of Natural Questions on a shelf without every second of their articles, among others."""
    questions = load_questions(data, "nq")
    mine = [question for question in questions if question.dev]
    left_out = every_second({question.title for question in mine})
    others = [question for question in questions if not question.dev][:_OTHERS]
    retriever = shelve(paragraphs([*(question for question in mine if question.title not in left_out), *others]), encoder)
    return [_ask(question, question.title not in left_out, retriever, reader, passages) for question in track(mine, "asking nq")]


def squad(
    data: Path,
    encoder: Encoder,
    reader: ExtractiveReader,
    passages: int,
    count: int,
    shelf: Callable[[Sequence[Question]], list[Article]] = articles,
) -> list[Asked]:
    """About `count` answerable and as many unanswerable development questions, each on a shelf of its own article, which `shelf` makes."""
    answerable = [question for question in load_questions(data, "squad") if question.dev]
    chosen = _sample(answerable, count) + _sample([q for q in load_questions(data, "unanswerable") if q.dev], count)
    rows = []
    for title in track(sorted({question.title for question in chosen}), "asking squad"):
        retriever = shelve(shelf([question for question in answerable if question.title == title]), encoder)
        rows += [_ask(q, bool(q.answers), retriever, reader, passages) for q in chosen if q.title == title]
    return rows


def withheld(data: Path, encoder: Encoder, reader: ExtractiveReader, passages: int, count: int) -> list[Asked]:
    """About `count` answerable development questions of SQuAD, each on a shelf of its article without every second paragraph."""
    answerable = [question for question in load_questions(data, "squad") if question.dev]
    chosen = _sample(answerable, count)
    rows = []
    for title in track(sorted({question.title for question in chosen}), "asking squad, half withheld"):
        mine = [question for question in answerable if question.title == title]
        kept = list(dict.fromkeys(question.context for question in mine))[1::2]
        retriever = shelve(articles([question for question in mine if question.context in kept]), encoder)
        rows += [_ask(q, q.context in kept, retriever, reader, passages) for q in chosen if q.title == title and not _doubtful(q, kept)]
    return rows


def own_words(data: Path, encoder: Encoder, reader: ExtractiveReader, passages: int, folder: Path = OWN_WORDS) -> list[Asked]:
    """The questions of each ARTICLE.jsonl in `folder` on a shelf of that article alone; not those that follow up on another one."""
    shelf, rows = development_articles(data), []
    for file in track(sorted(folder.glob("*.jsonl")), "asking in own words"):
        retriever = shelve([shelf[file.stem.replace("_", " ")]], encoder)
        begun: set[str] = set()
        for row in read_questions(file):
            if (talk := row.get("conversation", row["id"])) not in begun:
                rows.append(_asked(row["question"], tuple(row["answers"]), retriever, reader, passages))
            begun.add(talk)
    return rows


def _doubtful(question: Question, kept: Collection[str]) -> bool:
    """Whether its paragraph is withheld and another one has the answer's words: it may answer too."""
    return question.context not in kept and any(text in context for text, _ in question.answers for context in kept)


def shelve(shelf: Sequence[Article], encoder: Encoder) -> HybridRetriever:
    """The articles as an index of our own passages."""
    passages = cut(shelf, SentenceSplitter(encoder.count_tokens, Chunking()))
    texts = [passage.embedded_text for passage in passages]
    return HybridRetriever(encoder, FaissIndex.from_vectors(encoder.encode(texts)), Bm25Index.from_texts(texts), passages)


def every_second(titles: Iterable[str]) -> set[str]:
    """Every second of the titles in alphabetical order, from the first on."""
    return set(sorted(titles)[::2])


def titles(data: Path, dev: bool) -> Iterator[str]:
    """The titles of `new_wiki`, or of its development articles."""
    yield from dict.fromkeys(question.title for question in load_questions(data, "new_wiki") if question.dev or not dev)


def _ask(question: Question, has_answer: bool, retriever: HybridRetriever, reader: ExtractiveReader, passages: int) -> Asked:
    accepted = tuple(dict.fromkeys(text for text, _ in question.answers)) if has_answer else ()
    return _asked(question.text, accepted, retriever, reader, passages)


def _asked(text: str, accepted: tuple[str, ...], retriever: HybridRetriever, reader: ExtractiveReader, passages: int) -> Asked:
    hits = retriever.retrieve(text, passages)
    return Asked(text, accepted, tuple(hits), tuple(reader.candidates(text, hits)))


def _sample(questions: Sequence[Question], count: int) -> list[Question]:
    return random.Random(_SEED).sample(questions, min(count, len(questions))) if count else list(questions)
