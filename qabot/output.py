"""What the commands write and read: answers on stdout, everything else on stderr, JSON lines either way."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qabot.errors import QuestionError

if TYPE_CHECKING:
    from qabot.build import Built

_NAMED = 20  # articles named in a build's report, of each kind


def say(text: str) -> None:
    """One line on stderr."""
    print(text.encode("utf-8", "replace").decode(), file=sys.stderr)  # noqa: T201


def write(text: str) -> None:
    """One line on stdout, at once."""
    print(text.encode("utf-8", "replace").decode(), flush=True)  # noqa: T201


def write_json(value: dict[str, Any]) -> None:
    """One JSON object as a line on stdout."""
    write(json.dumps(value, ensure_ascii=False))


def say_built(built: "Built", place: str) -> None:
    """A build's report: what changed, what was encoded, and where it is."""
    changes = built.changes
    if changes.note:
        say(f"note: {changes.note}")
    for sign, names in {"+": changes.added, "~": changes.changed, "-": changes.removed}.items():
        for name in names[:_NAMED]:
            say(f"{sign} {name}")
        if len(names) > _NAMED:
            say(f"{sign} and {len(names) - _NAMED} more")
    counts = (changes.added, changes.changed, changes.removed, changes.unchanged)
    figures = "{} added, {} changed, {} removed, {} unchanged".format(*map(len, counts))
    verb = "to encode" if built.manifest is None else "encoded"
    say(f"articles: {figures}; passages: {changes.encoded} {verb}, {changes.kept} kept")
    if built.manifest is None:
        say(f"nothing was written: {place} is as it was")
    else:
        total = built.manifest.counts
        say(f"{total['articles']} article(s), {total['passages']} passages -> {place} (generation {built.manifest.generation})")


@contextmanager
def opened(path: Path) -> Iterator[Iterator[bytes]]:
    """The lines of a file, or of stdin for "-". Raises QuestionError."""
    if str(path) == "-":
        yield iter(sys.stdin.buffer)
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise QuestionError(f"cannot read {path}: {error.strerror}") from error
    with file:
        yield iter(file)


@contextmanager
def bar(text: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, drawn only on a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(text, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
