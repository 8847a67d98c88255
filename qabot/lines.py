"""Many questions: lines of JSON in, replies out in the same order; lines that share a conversation are its turns."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from qabot.errors import QabotError, QuestionError
from qabot.pipeline import Pipeline, turn
from qabot.records import Turn
from qabot.reply import to_json

if TYPE_CHECKING:
    from qabot.evaluate import Result


class Conversations:
    """The turns so far of each conversation, by its id."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._turns: dict[str, list[Turn]] = {}

    def ask(self, row: dict[str, Any]) -> dict[str, Any]:
        """The reply to one line as the documented object. Raises QuestionError when the line asks nothing."""
        key = row.get("conversation")
        turns = self._turns.setdefault(str(key), []) if key is not None else []
        reply = self._pipeline.ask(row["question"], turns)
        turns.append(turn(reply))
        return to_json(reply, row.get("id"))

    def started(self, key: object) -> bool:
        """Whether the conversation has a turn already."""
        return key is not None and bool(self._turns.get(str(key)))


def answer_lines(lines: Iterable[bytes], pipeline: Pipeline, write: Callable[[dict[str, Any]], None]) -> int:
    """Answer each line as it comes; a line that cannot be answered gets `{"id", "error"}`. Returns the exit code, 0 or 1."""
    conversations, code = Conversations(pipeline), 0
    for raw in lines:
        if not raw.strip():
            continue
        row: dict[str, Any] = {}
        try:
            row = _parse(raw)
            write(conversations.ask(row))
        except QabotError as error:
            write({"id": row.get("id"), "error": str(error)})
            code = 1
    return code


def evaluate_rows(rows: Sequence[dict[str, Any]], pipeline: Pipeline, progress: Callable[[int, int], None]) -> "list[Result]":
    """Ask every row in order; `progress` gets (asked, all). Raises QuestionError for a row that asks nothing."""
    from qabot.evaluate import result

    conversations, results = Conversations(pipeline), []
    for number, row in enumerate(rows, start=1):
        follow_up = conversations.started(row.get("conversation"))
        results.append(result(row, conversations.ask(row), follow_up))
        progress(number, len(rows))
    return results


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise QuestionError('not a JSON line: write {"id": "a1", "question": "..."} on one line, in UTF-8') from error
    if not isinstance(row, dict):
        raise QuestionError(f'not a JSON object but {type(row).__name__}: write {{"id": "a1", "question": "..."}}')
    if not isinstance(row.get("question"), str):
        # The id is kept, so that the asker can tell which line it was.
        return {**row, "question": ""}
    return row
