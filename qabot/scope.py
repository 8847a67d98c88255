"""Which articles may answer: by name, path or tag."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from qabot import dates
from qabot.errors import QuestionError
from qabot.passages import Passages
from qabot.records import Passage, Stretch

_NAMED = 8


@dataclass(frozen=True, slots=True)
class Scope:
    """Articles that are one of `sources` (a title, a path, its end, or a glob over paths) and have one of `tags`; empty: any.

    With `since` or `until`, as `dates.iso` gives them, only those that have a date and may be of that time: one of "2024" may be of May.
    """

    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    @classmethod
    def of(cls, sources: Sequence[str] | None, tags: Sequence[str] | None, since: str | None, until: str | None) -> "Scope":
        """What the user asked for. Raises QuestionError where a date is none, or the last is before the first."""
        for name, when in {"--since": since, "--until": until}.items():
            if when is not None and dates.iso(when) is None:
                raise QuestionError(f"{name} {when!r} is no date: write it as 2024, 2024-05 or 2024-05-03")
        found = cls(tuple(sources or ()), tuple(tags or ()), dates.iso(since), dates.iso(until))
        if found.since and found.until and dates.first_day(found.since) > dates.last_day(found.until):
            raise QuestionError(f"--since {since} is after --until {until}: turn them round")
        return found

    def holds(self, article: Stretch) -> bool:
        """Whether the article may answer. Capitals do not matter."""
        tagged = not self.tags or any(tag.casefold() in article.tags for tag in self.tags)
        return tagged and self._timely(article) and (not self.sources or any(_is(article, source.casefold()) for source in self.sources))

    def _timely(self, article: Stretch) -> bool:
        if self.since is None and self.until is None:
            return True
        if article.date is None:
            return False
        late = self.since is None or dates.last_day(article.date) >= dates.first_day(self.since)
        return late and (self.until is None or dates.first_day(article.date) <= dates.last_day(self.until))

    def positions(self, passages: Sequence[Passage]) -> list[int] | None:
        """The places of the passages that may answer, None for all. Raises QuestionError, naming what there is, where there is none."""
        if self == Scope():
            return None
        articles = Passages.of(passages).articles
        found = [place for article in articles if self.holds(article) for place in range(article.begin, article.end)]
        if not found:
            asked = " ".join(
                [*(f"--source {source!r}" for source in self.sources), *(f"--tag {tag!r}" for tag in self.tags), *self._times()]
            )
            titles = _listed(dict.fromkeys(article.title for article in articles))
            tags = _listed(sorted({tag for article in articles for tag in article.tags}))
            times = f"; dates: {_listed(sorted({article.date for article in articles if article.date}))}" if self._times() else ""
            raise QuestionError(f"no article is {asked}; sources: {titles}; tags: {tags}{times}")
        return found

    def _times(self) -> list[str]:
        return [f"--{name} {when}" for name, when in {"since": self.since, "until": self.until}.items() if when]


def _is(article: Stretch, source: str) -> bool:
    path = article.article.casefold()
    return source in (article.title.casefold(), path) or path.endswith(f"/{source}") or fnmatchcase(path, source)


def _listed(names: Sequence[str] | dict[str, None]) -> str:
    shown = list(names)
    return ", ".join(shown[:_NAMED]) + (f" and {len(shown) - _NAMED} more" if len(shown) > _NAMED else "") if shown else "none"
