"""What one run trains on: a seeded sample of the sources' train parts, and negatives made from them.

Negatives of four kinds: SQuAD 2.0's questions, written to look answerable, and look-alikes of this project's own; real questions
with one point changed, in them or in their paragraph; real questions put to another paragraph of the same article; and real questions
(those in people's own words, where the mixture has them) put to a paragraph that BM25 finds for them and that does not hold the
answer, which is what the reader meets behind a retriever.
"""

import random
from collections import defaultdict
from dataclasses import replace
from itertools import islice
from pathlib import Path

from qabot.keyword_index import Bm25Index
from qabot.training.own_words import CONTRAST_FILE, load_own_words
from qabot.training.qamr import load_qamr
from qabot.training.squad import Question, load_questions
from qabot.training.swapping import Swapping
from qabot.training.windows import Pair, cut

WRONG_PARAGRAPH = "wrong_paragraph"  # the made source: questions of squad and new_wiki on another paragraph
QAMR = "qamr"  # a source in a layout of its own
OWN_WORDS = "own_words"  # the project's own source, with what its paragraphs answer and what they do not
CONTRAST = "contrast"  # the project's own source, each question with a look-alike that its paragraph does not answer
SWAPPED = "swapped"  # the made source: questions with one point changed, in them, in their paragraph, or in both
RETRIEVED = "retrieved"  # the made source: questions on a paragraph that BM25 finds for them
_FOUND = 5  # paragraphs that BM25 is asked for


def build_pairs(folder: Path, shares: dict[str, float], total: int, seed: int) -> list[Pair]:
    """About `total` pairs in random order, from each source its share (of 1.0); the same seed gives the same pairs.

    A source smaller than its share gives all that it has.
    """
    chance = random.Random(seed)
    sources = {name: _train_part(folder, name) for name in shares if name not in (WRONG_PARAGRAPH, RETRIEVED, SWAPPED)}
    answerable = [question for name in ("squad", "new_wiki") for question in sources.get(name, [])]
    if WRONG_PARAGRAPH in shares:
        sources[WRONG_PARAGRAPH] = _wrong_paragraphs(answerable, chance)
    if RETRIEVED in shares:
        asked = [question for question in sources.get(OWN_WORDS, []) if question.answers] or answerable
        wanted = min(len(asked), round(1.5 * total * shares[RETRIEVED]))  # some find no paragraph without their answer
        sources[RETRIEVED] = _retrieved(chance.sample(asked, wanted), answerable, chance)
    if SWAPPED in shares:
        sources[SWAPPED] = _swapped(answerable, round(total * shares[SWAPPED]), chance)
    chosen: list[Question] = []
    for name, questions in sources.items():
        chosen += chance.sample(questions, min(len(questions), round(total * shares[name])))
    chance.shuffle(chosen)
    return [cut(question, chance) for question in chosen]


def _train_part(folder: Path, source: str) -> list[Question]:
    if source == QAMR:
        return load_qamr(folder / QAMR)
    if source == OWN_WORDS:
        return load_own_words(folder)
    if source == CONTRAST:
        return load_own_words(folder, CONTRAST_FILE)
    return [question for question in load_questions(folder, source) if not question.dev]


def _wrong_paragraphs(questions: list[Question], chance: random.Random) -> list[Question]:
    """Each question on another paragraph of its article that does not contain any of its answers' words."""
    contexts: dict[str, set[str]] = defaultdict(set)
    for question in questions:
        contexts[question.title].add(question.context)
    ordered = {title: sorted(found) for title, found in contexts.items()}
    made = []
    for question in questions:
        other = chance.choice(ordered[question.title])
        if not _holds(other, question):
            made.append(replace(question, context=other, answers=()))
    return made


def _swapped(questions: list[Question], wanted: int, chance: random.Random) -> list[Question]:
    """`wanted` of the questions with one point changed, or as many as have a point."""
    swapping = Swapping({question.context for question in questions})
    made = (swapping.changed(question, chance) for question in chance.sample(questions, len(questions)))
    return list(islice((question for question in made if question), wanted))


def _retrieved(asked: list[Question], shelf: list[Question], chance: random.Random) -> list[Question]:
    """Each question on one of the paragraphs that BM25 finds for it in the whole shelf, its own and all with its answer left out."""
    paragraphs = list(dict.fromkeys((question.title, question.context) for question in shelf))
    index = Bm25Index.from_texts([f"{title}\n{context}" for title, context in paragraphs])
    made = []
    for question in asked:
        found = [paragraphs[row] for row, _ in index.search(question.text, _FOUND)]
        wrong = [(title, context) for title, context in found if not _holds(context, question)]
        if wrong:
            title, context = chance.choice(wrong)
            made.append(replace(question, title=title, context=context, answers=()))
    return made


def _holds(context: str, question: Question) -> bool:
    return context == question.context or any(text.lower() in context.lower() for text, _ in question.answers)
