"""What was asked and not answered -> clusters of like questions, and lines that say them. Pure, over records."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qabot.discord_bot.neutral import fit, units
from qabot.discord_bot.state import Gap
from qabot.discord_bot.strings import Strings

_LIKE = 0.5  # shared words over all words (Jaccard 1901), from where on two questions are one
_SMALL = frozenset(
    "a an the of in on at to for and or is are was were did do does it he she they what when where who whom which why how".split()
)
_LINE, _TEXT = 150, 3_600  # units


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that are like the first of them, which is the newest."""

    gaps: tuple[Gap, ...]


def clusters(gaps: Sequence[Gap]) -> list[Cluster]:
    """The gaps, newest first, each put to the first cluster whose newest question is like it; the largest cluster first."""
    found: list[tuple[frozenset[str], list[Gap]]] = []
    for gap in gaps:
        words = _words(gap.question)
        for known, members in found:
            if _likeness(words, known) >= _LIKE:
                members.append(gap)
                break
        else:
            found.append((words, [gap]))
    return [Cluster(tuple(members)) for _, members in sorted(found, key=lambda pair: -len(pair[1]))]


def gaps_text(gaps: Sequence[Gap], guild_id: int, days: float, strings: Strings) -> str:
    """A line a cluster: how often, the question, what was said to be wrong, and where it was asked."""
    lines = [strings.gaps.format(days=f"{days:g}")]
    for cluster in clusters(gaps):
        gap = cluster.gaps[0]
        reason = strings.gap_votes.format(reason=fit(gap.reason, _LINE) or "…") if gap.reason is not None else ""
        line = f"{len(cluster.gaps)}× {fit(gap.question, _LINE)}{' · ' + reason if reason else ''} · {_where(gap, guild_id)}"
        if sum(map(units, lines)) + units(line) + len(lines) > _TEXT:
            break
        lines.append(line)
    return "\n".join(lines) if len(lines) > 1 else strings.gaps_none


def _where(gap: Gap, guild_id: int) -> str:
    """A link that jumps to the reply, or the channel where the reply was private."""
    place = f"https://discord.com/channels/{guild_id}/{gap.channel_id}"
    return f"{place}/{gap.message_id}" if gap.message_id else f"<#{gap.channel_id}>"


def _words(text: str) -> frozenset[str]:
    words = frozenset(re.findall(r"\w+", text.casefold()))
    return words - _SMALL or words


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(1, len(a | b))
