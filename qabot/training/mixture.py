"""What one run trains on: a seeded sample of the sources' train parts, and negatives made from them.

Negatives of two kinds: SQuAD 2.0's questions, written to look answerable, and real questions put to another paragraph
of the same article, which is what a retriever that is nearly right brings.
"""

import random
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from qabot.training.squad import Question, load_questions
from qabot.training.windows import Pair, cut

WRONG_PARAGRAPH = "wrong_paragraph"  # the made source: questions of squad and new_wiki on another paragraph


def build_pairs(folder: Path, shares: dict[str, float], total: int, seed: int) -> list[Pair]:
    """About `total` pairs in random order, from each source its share (of 1.0); the same seed gives the same pairs.

    A source smaller than its share gives all that it has.
    """
    chance = random.Random(seed)
    sources = {name: _train_part(folder, name) for name in shares if name != WRONG_PARAGRAPH}
    if WRONG_PARAGRAPH in shares:
        answerable = [question for name in ("squad", "new_wiki") for question in sources.get(name, [])]
        sources[WRONG_PARAGRAPH] = _wrong_paragraphs(answerable, chance)
    chosen: list[Question] = []
    for name, questions in sources.items():
        chosen += chance.sample(questions, min(len(questions), round(total * shares[name])))
    chance.shuffle(chosen)
    return [cut(question, chance) for question in chosen]


def _train_part(folder: Path, source: str) -> list[Question]:
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
        if not any(text.lower() in other.lower() for text, _ in question.answers):
            made.append(replace(question, context=other, answers=()))
    return made
