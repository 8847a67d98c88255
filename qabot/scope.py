"""Which articles may answer: by name, path or tag."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from qabot.errors import QuestionError
from qabot.passages import Passages
from qabot.records import Passage, Stretch

_NAMED = 8


@dataclass(frozen=True, slots=True)
class Scope:
    """Articles that are one of `sources` (a title, a path, its end, or a glob over paths) and have one of `tags`; empty: any."""

    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def holds(self, article: Stretch) -> bool:
        """Whether the article may answer. Capitals do not matter."""
        tagged = not self.tags or any(tag.casefold() in article.tags for tag in self.tags)
        return tagged and (not self.sources or any(_is(article, source.casefold()) for source in self.sources))

    def positions(self, passages: Sequence[Passage]) -> list[int] | None:
        """The places of the passages that may answer, None for all. Raises QuestionError, naming what there is, where there is none."""
        if not self.sources and not self.tags:
            return None
        articles = Passages.of(passages).articles
        found = [place for article in articles if self.holds(article) for place in range(article.begin, article.end)]
        if not found:
            asked = " ".join([*(f"--source {source!r}" for source in self.sources), *(f"--tag {tag!r}" for tag in self.tags)])
            titles = _listed(dict.fromkeys(article.title for article in articles))
            tags = _listed(sorted({tag for article in articles for tag in article.tags}))
            raise QuestionError(f"no article is {asked}; sources: {titles}; tags: {tags}")
        return found


def _is(article: Stretch, source: str) -> bool:
    path = article.article.casefold()
    return source in (article.title.casefold(), path) or path.endswith(f"/{source}") or fnmatchcase(path, source)


def _listed(names: Sequence[str] | dict[str, None]) -> str:
    shown = list(names)
    return ", ".join(shown[:_NAMED]) + (f" and {len(shown) - _NAMED} more" if len(shown) > _NAMED else "") if shown else "none"
