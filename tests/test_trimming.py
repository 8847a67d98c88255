"""Spans become the words that a person would give."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qabot.sentences import sentences
from qabot.trimming import in_date, trim


def _trimmed(question: str, text: str, span: str) -> str:
    start = text.index(span)
    bounds = [bound for bound in sentences(text) if bound[0] <= start][-1]
    begin, end = trim(question, text, start, start + len(span), bounds)
    return text[begin:end]


@pytest.mark.parametrize(
    ("question", "text", "span", "natural"),
    [
        # whole words, nothing hanging
        ("What fell?", "The nationalization of oil.", "national", "nationalization"),
        ("What fell?", "He closed the mills and the", "mills and the", "mills"),
        ("What fell?", "He closed the mills, at last.", "mills,", "mills"),
        ("What was he called?", 'He was known as "J.J." to all.', "J.J.", "J.J."),
        ("Where did it go?", "It moved to the U.S. in May.", "U.S.", "U.S."),
        # brackets and quotation marks
        ("What is it called?", "the Workers' Union (COB) grew.", "Workers' Union (COB", "Workers' Union (COB)"),
        ("What is it called?", "the Union (a remark that is much too long to be taken along with the name) grew", "Union (a", "Union"),
        ("What was he?", "Juan (born 1920; died 1976) was a leader.", "(born 1920; died 1976) was a leader", "was a leader"),
        ("What was he?", "Juan (born 1920; died 1976) was a leader.", "1976) was a leader", "was a leader"),
        ("What is it?", "the centre (known as Guantanamito) closed", "Guantanamito)", "Guantanamito"),
        ("What was he called?", 'He was called "J.J.", pronounced so.', 'J.J.", pronounced so', "J.J."),
        ("What was it?", 'a gathering of "virtual soviets" by some', '"virtual soviets', '"virtual soviets"'),
        # dates
        ("When was he born?", "He was born on 5 March 1920 in Cochabamba.", "March 1920", "5 March 1920"),
        ("On what date was the coup?", "On October 6, 1970, a coup took place.", "October 6", "October 6, 1970"),
        ("In what year was the coup?", "On October 6, 1970, a coup took place.", "October 6, 1970", "1970"),
        ("In what month was he taken?", "In early June 1976, he was taken.", "June", "June"),
        ("When did it end?", "It ended in May and they left.", "May", "May"),
        # people
        ("Who led it?", "It was led by colonel Hugo Banzer and supported.", "Banzer", "Hugo Banzer"),
        ("Who led it?", "It was led by colonel Hugo Banzer and supported.", "Hugo", "Hugo Banzer"),
        ("Who fled?", "When Banzer came to power, Torres fled.", "Banzer", "Banzer"),
        ("Who fled?", "Later Banzer fled.", "Banzer", "Banzer"),
        ("Which president fled?", "They say that President Alfredo Ovando fled.", "Ovando", "Alfredo Ovando"),
        ("Which leader of Panama was there?", "like A. Vel of Peru and O. Tor of Panama.", "A. Vel of Peru and O. Tor", "O. Tor"),
        ("Which leader of Peru was there?", "like A. Vel of Peru and O. Tor of Panama.", "A. Vel of Peru and O. Tor", "A. Vel"),
        ("Which leader of Chile was there?", "like A. Vel of Peru and O. Tor.", "A. Vel of Peru and O. Tor", "A. Vel of Peru and O. Tor"),
        ("Who met in Panama?", "There A. Vel and O. Tor of Panama met.", "A. Vel and O. Tor", "A. Vel and O. Tor"),
        ("What did he lead?", "He led the Central Obrera Boliviana.", "Obrera", "Obrera"),
        # numbers with their units
        ("How many months did he govern?", "He governed for 10 months in all.", "10", "10 months"),
        ("How long did he govern?", "He governed for ten months in all.", "ten", "ten months"),
        ("How far away was it?", "It lay 100 kilometers east.", "100", "100 kilometers"),
        ("How much was lost?", "They lost 12% of it.", "12", "12%"),
        ("How many people came?", "At first 300 came.", "300", "300"),
        ("When did it start?", "It took 10 months.", "10", "10"),
        ("How many bloody noses had he?", "He had two bloody noses and wept.", "two", "two bloody noses"),
        ("How many competitive matches were lost?", "Only five competitive games were lost.", "five", "five"),
        # purposes
        ("Why did he cut it?", "He cut it to pay schools, and anger grew.", "to pay schools, and anger grew", "to pay schools"),
        ("Why was it?", "It was to pay schools, roads, and mines.", "to pay schools, roads, and mines", "to pay schools, roads, and mines"),
        ("Why did he go?", "He went as it rained, and wept.", "it rained, and wept", "it rained, and wept"),
        ("What was it for?", "It was to pay schools, and to teach.", "to pay schools, and to teach", "to pay schools, and to teach"),
        # lists
        ("Which sectors were heard?", "Sectors were heard (miners, teachers, students).", "teachers", "miners, teachers, students"),
        ("What pillars were named?", "He named pillars: workers, peasants and miners.", "workers", "workers, peasants and miners"),
        ("Which towns grew?", "Some did: old towns Lima, Oruro and Tarija have mines.", "Lima, Oruro and Tarija", "Lima, Oruro and Tarija"),
        ("Which towns left?", "All left (except for Oruro and Lima, which had left before).", "Oruro and Lima", "Oruro and Lima"),
        ("Who was heard?", "Some were heard (miners, teachers, students).", "teachers", "teachers"),
    ],
)  # fmt: skip
def test_natural(question: str, text: str, span: str, natural: str) -> None:
    """Each rule where it applies, and where it must not."""
    assert _trimmed(question, text, span) == natural


def test_in_date() -> None:
    """The figures of a date are no number of things; those beside it may be."""
    text = "On 2 June 1976 some 20 people met."
    assert [in_date(text, text.index(part), text.index(part) + len(part)) for part in ("2 June", "1976", "20", "2 June 1976 some")] == [
        True,
        True,
        False,
        False,
    ]
    assert in_date(text, 3, 4)


_QUESTIONS = ["Who led it?", "When was it?", "How many months?", "Which leaders met?", "Why?", "", "In what year was it?"]


@settings(deadline=None)
@given(st.text(alphabet="ab A1(),.;:\"'\u201c\u201d-%\u00e9\n March2", min_size=1, max_size=80), st.sampled_from(_QUESTIONS), st.data())
def test_stays_in_its_sentence_and_is_never_empty(text: str, question: str, data: st.DataObject) -> None:
    """Whatever the text and the question."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = data.draw(st.integers(0, start)), data.draw(st.integers(end, len(text)))
    begin, stop = trim(question, text, start, end, (first, last))
    assert first <= begin < stop <= last
    assert text[begin:stop].strip() or not text[start:end].strip()
