"""Hits are read in order of promise until none that is left can change the answer.

A span's strength is its margin and its passage's retrieval score together (`spans.Joint`). Margins of unread passages are not
known, but how large they get where it matters is, from development questions: `Joint.bound`. Where the strongest span is above
what the next hit could reach with that margin, reading stops. Whether it stops depends on the hits alone, not on how many are
read at a time.
"""

from collections.abc import Callable, Sequence

from qabot.conflict import may_contradict
from qabot.records import Hit, Span
from qabot.spans import Joint, strength

STEP = 2  # hits after which it is asked whether to go on


def read_until_settled(
    hits: Sequence[Hit], read: Callable[[Sequence[Hit]], list[list[Span]]], joint: Joint, ahead: int = STEP
) -> list[Span]:
    """The spans of the hits that had to be read. `read` gives each hit's spans; `ahead` is how many hits it reads at a time, at least STEP.

    `hits` best first. A joint distribution without a bound reads all.
    """
    if joint.bound is None:
        return [span for spans in read(hits) for span in spans]
    found: list[list[Span]] = []
    for begin in range(0, len(hits), STEP):
        known = [span for spans in found[:begin] for span in spans]
        if _settled(known, hits[begin:], joint, joint.bound):
            return known
        while len(found) < min(begin + STEP, len(hits)):
            found += read(hits[len(found) : len(found) + max(STEP, ahead)])
    return [span for spans in found for span in spans]


def _settled(spans: Sequence[Span], rest: Sequence[Hit], joint: Joint, bound: float) -> bool:
    if not spans:
        return False
    best = max(spans, key=lambda span: strength(span, joint))
    reach = bound + joint.prior * max(hit.score for hit in rest)
    return strength(best, joint) >= reach and not any(may_contradict(best, hit.passage) for hit in rest)
