"""A heading, or a title, that asks the very question -> what stands under it.

That is how answers to frequent questions are written, and where a trained reader is weakest: the answer to "How do I ...?" is not some
words of a sentence but the sentences, and the answer to "What are the rules?" is all that stands under "Rules". Who, when, where and how
many are left to the reader. For English.
"""

import re

from qabot.evidence import content
from qabot.polar import is_polar
from qabot.records import Passage
from qabot.sentences import sentences
from qabot.wording import SMALL, WH, folded

_TOLD = re.compile(
    r"(?:how (?:do|does|did|can|could|should|would|to|is|are|was|were|will)|why|what (?:happens|happened|should|do|can|must|are))\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"what are\b", re.IGNORECASE)
_ALIKE = 0.7  # of the content words of both (Jaccard)
_LONGEST = 300  # characters


def told_under(question: str, passage: Passage) -> tuple[int, int] | None:
    """Where the first sentences under the heading stand, as many as are no longer than an answer; None where it does not ask this."""
    heading = (passage.title, *passage.headings)[-1].strip()
    if not (_TOLD.match(question.strip()) or is_polar(question)):
        return None
    asked, said = content(question), content(heading)
    same = bool(_LISTED.match(question.strip())) and _plain(question) == _plain(heading)
    if not asked or not (same or (_is_question(heading) and len(asked & said) >= _ALIKE * len(asked | said))):
        return None
    bounds = sentences(passage.text, passage.language)
    within = [end for _, end in bounds if end - bounds[0][0] <= _LONGEST]
    return (bounds[0][0], within[-1]) if within else None


def _plain(text: str) -> set[str]:
    """Its words but for small ones and the plural: "neurons" are not "neuroscience", though both begin alike."""
    return {word.rstrip("s") for word in re.findall(r"\w+", folded(text)) if word not in SMALL}


def _is_question(heading: str) -> bool:
    first = heading.split(maxsplit=1)[0].lower() if heading else ""
    return first in WH or is_polar(heading)
