"""The passages of an index: by position, by article, and which others say the same.

In memory they are a list; an engine fetches the few that a question needs, so that no reader holds all texts.
"""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, overload

from qabot.records import Passage, Stretch


class Passages(Sequence[Passage]):
    """All passages in the order of their ids, those of one article together."""

    @staticmethod
    def of(passages: Sequence[Passage]) -> "Passages":
        """The same passages, with what is asked of them here."""
        return passages if isinstance(passages, Passages) else PassageList(passages)

    @property
    @abstractmethod
    def articles(self) -> Sequence[Stretch]:
        """The articles, in order."""

    @abstractmethod
    def fetch(self, positions: Sequence[int]) -> list[Passage]:
        """The passages at `positions`, in that order."""

    @abstractmethod
    def twins(self, passages: Sequence[Passage], within: Collection[int] | None = None) -> list[tuple[Passage, ...]]:
        """For each passage the others of the same text, by position; of the positions `within`, None meaning all."""


class PassageList(Passages):
    """Passages in memory."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages

    @overload
    def __getitem__(self, place: int) -> Passage: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Passage]: ...
    def __getitem__(self, place: Any) -> Any:
        return self._passages[place]

    def __len__(self) -> int:
        return len(self._passages)

    def __iter__(self) -> Iterator[Passage]:
        return iter(self._passages)

    @cached_property
    def articles(self) -> Sequence[Stretch]:  # computed once, where it is asked for
        """The articles, in order."""
        return stretches(self._passages)

    @cached_property
    def _same(self) -> dict[str, list[int]]:
        """The positions of each text."""
        found: dict[str, list[int]] = {}
        for position, passage in enumerate(self._passages):
            found.setdefault(passage.text, []).append(position)
        return found

    def fetch(self, positions: Sequence[int]) -> list[Passage]:
        """The passages at `positions`, in that order."""
        return [self._passages[position] for position in positions]

    def twins(self, passages: Sequence[Passage], within: Collection[int] | None = None) -> list[tuple[Passage, ...]]:
        """For each passage the others of the same text, by position; of the positions `within`, None meaning all."""
        same = ((passage.id, self._same[passage.text]) for passage in passages)
        return [tuple(self._passages[p] for p in places if p != own and (within is None or p in within)) for own, places in same]


def stretches(passages: Sequence[Passage]) -> list[Stretch]:
    """The articles of passages in order."""
    found, begin = [], 0
    for (article, title, tags, date), group in groupby(passages, lambda p: (p.article, p.title, p.tags, p.date)):
        end = begin + sum(1 for _ in group)
        found.append(Stretch(article, title, tags, begin, end, date))
        begin = end
    return found
