"""The conversation on a terminal: history within the session, arrow keys, /sources and /quit."""

import sys
from collections.abc import Callable, Iterator

from qabot.errors import QabotError
from qabot.pipeline import Pipeline, turn
from qabot.records import Reply, Turn
from qabot.reply import place
from qabot.terminal import show

_HELP = "Ask a question; follow-ups are understood.  /sources: the passages behind the last answer  /quit: leave"


def talk(current: Callable[[], Pipeline]) -> None:
    """Answer until /quit or the end of input. Ctrl-C drops the line that is being written.

    `current` gives the pipeline for the next question: another one when the index was built anew.
    """
    print(_HELP)  # noqa: T201
    turns: list[Turn] = []
    last: Reply | None = None
    for line in _typed() if sys.stdin.isatty() else _piped():
        match line.strip().lower():
            case "":
                continue
            case "/quit" | "/exit" | "/q":
                return
            case "/sources":
                _show_sources(last)
            case command if command.startswith("/"):
                print(_HELP)  # noqa: T201
            case _:
                last = _answer(current(), line, turns) or last


def _answer(pipeline: Pipeline, line: str, turns: list[Turn]) -> Reply | None:
    try:
        reply = pipeline.ask(line, turns)
    except QabotError as error:  # nothing was asked, or an engine is away for a moment
        print(error)  # noqa: T201
        return None
    turns.append(turn(reply))
    show(reply, pipeline.sure)
    print()  # noqa: T201
    return reply


def _show_sources(reply: Reply | None) -> None:
    if reply is None or not reply.hits:
        print("Nothing was asked yet.")  # noqa: T201
        return
    for number, hit in enumerate(reply.hits, start=1):
        passage = hit.passage
        print(f"{number}. {place(hit)} ({passage.article}:{passage.start}-{passage.end}, {hit.score:.2f})\n{passage.text}\n")  # noqa: T201


def _typed() -> Iterator[str]:
    from prompt_toolkit import PromptSession

    session: PromptSession[str] = PromptSession("> ")
    return _until_end(session.prompt)


def _until_end(prompt: Callable[[], str]) -> Iterator[str]:
    while True:
        try:
            yield prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _piped() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace")
