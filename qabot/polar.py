"""Yes/no questions -> the sentence that decides them.

No words of a text say "yes", and what a reader marks for such a question says little. The whole sentence does, where it has every word
that the question asks with; where none has, the article does not say. Whether it affirms or denies is for who reads it. "What happened in
1983?" is answered likewise. For English.
"""

import re

from qabot.evidence import names_asked, unsaid
from qabot.records import Hit, Span
from qabot.sentences import sentences
from qabot.wording import AUX, LEAD, MONTHS, WH

_HAPPENED = re.compile(rf"what (?:happened|occurred|took place) (?=(?:in|on|during|around) .*(?:\d|{MONTHS}))", re.IGNORECASE)
_OPEN = re.compile(  # "Does it have any nicknames?" asks which; "any more" asks whether
    r"\b(?:any|(?:some|a special|a certain) (?:kind|sort|type) of) (?!more\b|better\b|longer\b|other way\b|chance\b|truth\b)[a-z]+",
    re.IGNORECASE,
)
_MANY = 4  # words, of which one may be said otherwise
_LONGEST = 400  # characters of a sentence that is still shown as an answer


def is_polar(question: str) -> bool:
    """Whether it asks for yes or no: an auxiliary in front, no question word behind ("Do you know who ...?"), nothing to choose from."""
    words = [word.strip("?!.,").lower() for word in LEAD.sub("", question.strip()).split()]
    if len(words) < 3 or words[0] not in AUX or words[1] in AUX:  # "were was he born": where
        return False
    return not WH & set(words[1:]) and "or" not in words


def asks_for_sentence(question: str) -> bool:
    """Whether a whole sentence is the answer: for yes or no, unless it means "which", and for what happened at a time."""
    return (is_polar(question) and not _OPEN.search(question)) or bool(_HAPPENED.match(question.strip()))


def deciding(question: str, hit: Hit, spans: list[Span]) -> list[Span]:
    """Each sentence that has all of the question's content words but those of the title and the headings, with its best span's margin.

    Of four or more, one that is no name may be missing. Empty where no sentence has them. `spans` are the model's, at least one.
    """
    passage = hit.passage
    question = _HAPPENED.sub("", question.strip())
    left = unsaid(question, " ".join((passage.title, *passage.headings)))
    if not left:
        return []  # it asks about the subject and says nothing of it
    named = names_asked(question)
    found, null, least = [], spans[0].null, min(span.score for span in spans)
    for start, end in sentences(passage.text, passage.language):
        missing = left & unsaid(question, passage.text[start:end])
        if end - start <= _LONGEST and (not missing or (len(left) >= _MANY and len(missing) == 1 and not missing & named)):
            score = max((span.score for span in spans if start <= span.start < end), default=least)
            found.append(Span(hit, start, end, score, null))
    return found
