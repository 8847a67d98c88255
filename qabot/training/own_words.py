"""Questions in people's own words on paragraphs of the training articles -> training questions.

`questions/trained.jsonl` was written for this project, not collected from users: on each of its paragraphs five or six questions that
the paragraph answers and three or four that it does not, as somebody types them who knows the subject and has not seen the text.
SQuAD's questions were written with the paragraph in view and share its words; a reader that learns from these alone takes a question in
other words for one that is not answered.
`questions/contrast.jsonl`, written so too, has pairs nearer to the text's own words: a question that the paragraph answers and a look-alike
that it does not, one point away.
A line names a paragraph by its article and place; the text comes from the question files that `squad` reads.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qabot.training.squad import Question, contexts, load_questions

_QUESTIONS = Path(__file__).parent / "questions"
FILE, CONTRAST_FILE = _QUESTIONS / "trained.jsonl", _QUESTIONS / "contrast.jsonl"


def load_own_words(folder: Path, file: Path = FILE) -> list[Question]:
    """All questions of the file, for training. Raises FileNotFoundError, or ValueError where an answer is not at its place."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    sources = {line["source"] for line in lines}
    shelves = {source: contexts(asked for asked in load_questions(folder, source) if not asked.dev) for source in sources}
    return [question for line in lines for question in _questions(line, shelves[line["source"]][line["title"]][line["paragraph"]])]


def _questions(line: dict[str, Any], context: str) -> Iterator[Question]:
    """`asked` has for each question its text, its answer ("" where there is none), and where in the paragraph the answer begins."""
    title, place = line["title"], line["paragraph"]
    for number, (text, answer, start) in enumerate(line["asked"], start=1):
        if context[start : start + len(answer)] != answer:
            raise ValueError(f"{answer!r} is not at {start} of paragraph {place} of {title}, where {text!r} has its answer")
        answers = ((answer, start),) if answer else ()
        yield Question(f"own_words:{title}:{place}:{number}", "own_words", title, context, text, answers, False)
