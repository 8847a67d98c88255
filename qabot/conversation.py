"""A follow-up question -> a question that stands alone, by rules, for English.

What it leaves out is taken from the question before (`ellipsis`), its pronouns from what was spoken of (`pronouns`).
A question that stands alone, or whose referent is not found, is returned as it is. Does not use a language model, does not parse
(the verbs and roles known are the short lists of `wording`), and does not mend a pronoun that its own question explains.
"""

import re
from collections.abc import Sequence

from qabot.ellipsis import completed
from qabot.mentions import topic
from qabot.names import names
from qabot.pronouns import named
from qabot.records import Turn
from qabot.wording import take_apart

MAX_TURNS = 6  # older turns are forgotten
MAX_CHARS = 500  # a longer question is left as it is, a longer turn is passed over
_NOUN_LAST = re.compile(r"\b(?:the|an?)(?: [a-z]+){1,2}$")


def resolve(question: str, turns: Sequence[Turn], subject: str | None = None) -> str:
    """The question as it stands alone; the very same string where it does already.

    `turns`: oldest first. `subject`: the title of the only article, what a pronoun means when nothing else was spoken of.
    """
    recent = [turn for turn in turns[-MAX_TURNS:] if len(turn.question) <= MAX_CHARS]
    if len(question) > MAX_CHARS or not question.strip() or not (recent or subject):
        return question
    whole = completed(question, recent, subject) if recent else None
    return whole or named(question, recent, subject)


def in_context(question: str, turns: Sequence[Turn]) -> str | None:
    """The question with the name last spoken of behind it: after a film, "Who wrote the story?" may mean the film's.

    None where it has a name of its own, or nothing was spoken of. It may as well mean no such thing: ask it as it is first.
    """
    whole = question.strip().rstrip("?!. ")
    if not turns or len(question) > MAX_CHARS or len(whole.split()) < 3 or not take_apart(whole).wh or names(whole):
        return None
    name = topic(turns[-1])
    return f"{whole} {'of' if _NOUN_LAST.search(whole) else 'in'} {name}?" if name else None
