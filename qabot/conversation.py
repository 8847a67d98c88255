"""A follow-up question -> a question that stands alone, by rules, for English; and what its passages are looked for by.

What it leaves out is taken from the question before (`ellipsis`), its pronouns from what was spoken of (`pronouns`).
A question that stands alone, or whose referent is not found, is returned as it is. Does not use a language model, does not parse
(the verbs and roles known are the short lists of `wording`), and does not mend a pronoun that its own question explains.
"""

from collections.abc import Sequence

from qabot.ellipsis import completed
from qabot.pronouns import named
from qabot.records import Turn

MAX_TURNS = 6  # older turns are forgotten
MAX_CHARS = 500  # a longer question is left as it is, a longer turn is passed over
_RECALLED = 2  # turns that say what a question is about
_RECALLED_CHARS = 200  # of a question or an answer of theirs


def resolve(question: str, turns: Sequence[Turn], subject: str | None = None) -> str:
    """The question as it stands alone; the very same string where it does already.

    `turns`: oldest first. `subject`: the title of the only article, what a pronoun means when nothing else was spoken of.
    """
    recent = [turn for turn in turns[-MAX_TURNS:] if len(turn.question) <= MAX_CHARS]
    if len(question) > MAX_CHARS or not question.strip() or not (recent or subject):
        return question
    whole = completed(question, recent, subject) if recent else None
    return whole or named(question, recent, subject)


def recalled(question: str, turns: Sequence[Turn]) -> str:
    """What a follow-up's passages are looked for by: the two questions before it, what was answered last, and itself.

    What is long is cut: an encoder reads 256 word pieces, about 1,100 characters of English, and the question stands last.
    """
    recent = turns[-_RECALLED:]
    answer = turns[-1].answer or "" if turns else ""
    return " ".join(filter(None, (*(turn.question[:_RECALLED_CHARS] for turn in recent), answer[:_RECALLED_CHARS], question[:MAX_CHARS])))
