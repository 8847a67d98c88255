"""A long Markdown file -> its headings, where they may take only so long; `articles` reads the rest of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qabot.articles import Heading, headings


@dataclass(frozen=True, slots=True)
class Outline:
    """All headings of a file, in order: one answer, since a file may have very many."""

    headings: tuple[Heading, ...]


def parse(path: Path) -> Iterator[Outline]:
    """The file's outline."""
    yield Outline(tuple(headings(path)))
