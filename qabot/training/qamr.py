"""QAMR's files -> training questions on several sentences of one paragraph.

QAMR (Michael et al. 2018) has short, plainly worded questions on single sentences, each answered again by two validators. Alone a
sentence is too easy to read; here its neighbours of the same paragraph stand around it, as far as the files have them. The text
is tokenised as in the Penn Treebank, so it is joined again, by rules that keep each token's place. Does not know the index or the reader.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from qabot.training.squad import Question

_FILES = ("filtered-dev.tsv", "filtered-test.tsv")
_SENTENCES = "wiki-sentences.tsv"
_MIN_QUESTION_WORDS = 4  # "What is historic?" teaches nothing
_WRITTEN = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}", "``": '"', "''": '"'}
_TO_THE_LEFT = re.compile(r"[,.;:?!%)\]}°]|\.\.\.|'(?:s|S|ve|m|re|d|ll|t)?|n't|-RRB-|-RSB-|-RCB-|''")
_TO_THE_RIGHT = re.compile(r"[$£€¥#(\[{`]|-LRB-|-LSB-|-LCB-|``")
Place = tuple[int, int]  # character offsets of a token


def load_qamr(folder: Path) -> list[Question]:
    """The questions of both files in `folder` on which a validator agrees with the answer; all are training questions.

    A question's answer is one run of tokens; its context is the sentences of its paragraph, in order. Raises FileNotFoundError.
    """
    paragraphs = _paragraphs((folder / _SENTENCES).read_text(encoding="utf-8"))
    joined = {name: _joined(sentences) for name, sentences in paragraphs.items()}
    return [question for name in _FILES for question in _questions((folder / name).read_text(encoding="utf-8"), joined)]


def detokenised(tokens: Sequence[str]) -> tuple[str, list[Place]]:
    """The tokens as running text, and where each stands in it."""
    text, places, glued = "", [], True
    for token in tokens:
        if not glued and not _TO_THE_LEFT.fullmatch(token):
            text += " "
        written = _WRITTEN.get(token, token)
        places.append((len(text), len(text) + len(written)))
        text += written
        glued = bool(_TO_THE_RIGHT.fullmatch(token))
    return text, places


def _paragraphs(file: str) -> dict[str, dict[int, list[str]]]:
    """Paragraph -> number of the sentence -> its tokens."""
    found: dict[str, dict[int, list[str]]] = {}
    for line in file.splitlines():
        name, text = line.split("\t")
        paragraph, number = name.rsplit(":", 1)
        found.setdefault(paragraph, {})[int(number)] = text.split()
    return found


def _joined(sentences: dict[int, list[str]]) -> tuple[str, dict[int, list[Place]]]:
    """A paragraph's text, and by sentence the places of its tokens in it."""
    text, places = "", {}
    for number in sorted(sentences):
        written, found = detokenised(sentences[number])
        begin = len(text) + (1 if text else 0)
        text += (" " if text else "") + written
        places[number] = [(begin + start, begin + end) for start, end in found]
    return text, places


def _questions(file: str, joined: dict[str, tuple[str, dict[int, list[Place]]]]) -> Iterator[Question]:
    for number, line in enumerate(file.splitlines()):
        name, _, worker, index, _, asked, answer, *validators = line.split("\t")
        tokens = _run(answer)
        if tokens is None or len(asked.split()) < _MIN_QUESTION_WORDS or not any(_agrees(tokens, said) for said in validators):
            continue
        paragraph, sentence = name.rsplit(":", 1)
        text, places = joined[paragraph]
        start, end = places[int(sentence)][tokens[0]][0], places[int(sentence)][tokens[-1]][1]
        identity = f"qamr:{name}:{worker}:{index}:{number}"
        yield Question(identity, "qamr", "", text, asked.strip(), ((text[start:end], start),), False)


def _run(answer: str) -> list[int] | None:
    """The answer's tokens where they stand one after another, else None."""
    tokens = [int(token) for token in answer.split()]
    return tokens if tokens and tokens == list(range(tokens[0], tokens[-1] + 1)) else None


def _agrees(tokens: list[int], said: str) -> bool:
    """Whether a validator's `worker:tokens` has at least half of its tokens in common with the answer (Jaccard)."""
    theirs = {int(token) for token in said.partition(":")[2].split() if token.isdigit()}
    return len(theirs & set(tokens)) * 2 >= len(theirs | set(tokens))
