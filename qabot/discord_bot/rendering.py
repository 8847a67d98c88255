"""A reply -> a card. Pure functions over records; every text is within Discord's limits, whatever the source is."""

import re
from dataclasses import dataclass
from typing import Protocol

from qabot.discord_bot.card import AMBER, GREEN, GREY, Button, Card, Link
from qabot.discord_bot.links import source_url
from qabot.discord_bot.neutral import fit, marked, neutral, units, visible, without_markup
from qabot.discord_bot.strings import Strings
from qabot.pipeline import MAX_QUESTION
from qabot.records import Hit, Passage, Reply
from qabot.reply import certainty, quote

_ANSWER, _SENTENCE, _PLACE, _QUESTION, _SNIPPET, _PASSAGE = 300, 1_500, 200, 300, 130, 3_000  # units
_SHOWN = 3  # passages listed where the bot abstains


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply with what its card needs: its id, the index that it came from, and from where on it is "sure"."""

    answer_id: str
    reply: Reply
    sure: float
    generation: str
    articles: int = 1


class Neighbours(Protocol):
    """Finds the passages around one."""

    def passage(self, generation: str, id: int) -> Passage | None:
        """The passage `id` of an index, None where there is none, or where that index is no longer loaded."""
        ...


def answer_card(answered: Answered, strings: Strings) -> Card:
    """The answer in its sentence, or that the article does not say; where it stands; the buttons."""
    reply = answered.reply
    found = quote(reply)
    rows = (_first_row(answered, strings), _votes(answered, strings))
    if reply.answer is None or found is None:
        return Card((_abstention(answered, strings), _subtext(answered, strings)), rows, GREY)
    sure = certainty(reply, answered.sure) == "sure"
    tier = strings.sure if sure else strings.probably
    answer = visible(without_markup(reply.answer.span.text)[0])
    place = _place(reply.hits[0].passage)
    head, small = (f"## {fit(answer, _ANSWER)}", f"{tier} · {place}") if answer and not found.whole else (f"**{tier}**", place)
    sentence = marked(found.text, found.start, found.end, _SENTENCE)
    quoted = f"> {sentence}\n" if sentence.strip() else ""
    body = "\n".join([f"{quoted}-# {small}", *_besides(reply, strings)])
    return Card((head, body, _subtext(answered, strings)), rows, GREEN if sure else AMBER)


def passage_card(answered: Answered, page: tuple[int, int], neighbours: Neighbours, strings: Strings) -> Card:
    """One passage whole. `page`: which hit, and how many passages before (below 0) or after it in its article."""
    hits = answered.reply.hits
    place = min(max(page[0], 0), len(hits) - 1)
    passage, away = _walk(hits[place].passage, page[1], answered.generation, neighbours)
    span = answered.reply.answer.span if answered.reply.answer else None
    here = span is not None and span.hit.passage == passage
    text = marked(passage.text, span.start, span.end, _PASSAGE) if span and here else fit(without_markup(passage.text)[0], _PASSAGE)
    title = f"**{strings.passage_of.format(number=place + 1, total=len(hits))}** · {_place(passage)}"
    turns = (
        _turn(answered, "page", strings.previous, (place - 1, 0), place > 0),
        _turn(answered, "page", strings.next, (place + 1, 0), place + 1 < len(hits)),
        _turn(answered, "page", strings.before, (place, away - 1), _beside(passage, -1, answered.generation, neighbours) is not None),
        _turn(answered, "page", strings.after, (place, away + 1), _beside(passage, 1, answered.generation, neighbours) is not None),
    )
    url = source_url(passage.url)
    link = ((Link(_label(strings.source.format(title=passage.title)), url),),) if url else ()
    return Card((title, text or "…"), (turns, *link), GREY)


def why_text(answered: Answered, strings: Strings) -> str:
    """How the answer came to be: scores of the retriever and the reader, times, index. For the person who asks for it."""
    reply = answered.reply
    sure = certainty(reply, answered.sure) == "sure"
    tier = (strings.sure if sure else strings.probably) if reply.answer else strings.abstains_one.strip("*")
    lines = [
        strings.why_text.format(
            tier=tier,
            confidence=reply.confidence,
            retrieve=reply.timing.retrieve,
            read=reply.timing.read,
            total=reply.timing.total,
            generation=neutral(answered.generation),
            answer_id=answered.answer_id,
        )
    ]
    for number, hit in enumerate(reply.hits[:5], start=1):
        lines.append(f"{number}. {_place(hit.passage, 80)}: {hit.score:.2f} (cosine {hit.dense:.2f}, BM25 {hit.keyword:.1f})")
    for answer in ([reply.answer] if reply.answer else []) + list(reply.alternatives):
        lines.append(f"- {fit(answer.span.text, 80) or '…'}: {answer.confidence:.2f} (reader's margin {answer.span.margin:+.1f})")
    return "\n".join(lines)


def snippet(hit: Hit, limit: int = _SNIPPET) -> str:
    """The beginning of a passage on one line."""
    return fit(without_markup(hit.passage.text)[0], limit)


def _besides(reply: Reply, strings: Strings) -> list[str]:
    """Other articles that say the same, and one that says otherwise, which a reader should see at once."""
    twins = reply.answer.span.hit.twins if reply.answer else ()
    lines = [f"-# {strings.also_in.format(place=_place(twin, 80))}" for twin in twins[:_SHOWN]]
    if reply.conflict is not None:
        span = reply.conflict.span
        said = fit(visible(without_markup(span.text)[0]), _SNIPPET)
        lines.append(strings.contradicted.format(answer=said, place=_place(span.hit.passage, 80)))
    return lines


def _abstention(answered: Answered, strings: Strings) -> str:
    hits = answered.reply.hits
    if not hits:
        return strings.nothing
    one = answered.articles == 1
    said = strings.abstains_one if one else strings.abstains_many
    return "\n".join(
        [said, f"-# {strings.nearest}:", *(f"-# › {_place(hit.passage, 80, untitled=one)}: {snippet(hit)}" for hit in hits[:_SHOWN])]
    )


def _subtext(answered: Answered, strings: Strings) -> str:
    """What was asked, how it was read, and which answer this is."""
    reply = answered.reply
    parts = [strings.asked.format(question=fit(reply.question, _QUESTION))]
    if reply.read_as:
        parts.append(strings.read_as.format(question=fit(reply.read_as, _QUESTION)))
    if reply.note:
        parts.append(strings.note_cut.format(limit=f"{MAX_QUESTION:,}"))
    parts.append(f"`{answered.answer_id}`")
    return "-# " + " · ".join(parts)


def _place(passage: Passage, limit: int = _PLACE, untitled: bool = False) -> str:
    """Title and headings; `untitled`: headings alone, where there are any."""
    return fit(" › ".join(passage.headings if untitled and passage.headings else (passage.title, *passage.headings)), limit) or "…"


def _first_row(answered: Answered, strings: Strings) -> tuple[Link | Button, ...]:
    hits, found = answered.reply.hits, quote(answered.reply)
    row: list[Link | Button] = []
    if hits:
        sentence = re.sub(r"\s+", " ", without_markup(found.text)[0]) if found else None
        url = source_url(hits[0].passage.url, sentence)
        if url:
            row.append(Link(_label(strings.source.format(title=hits[0].passage.title)), url))
        row.append(Button("more", f"{strings.more} ({len(hits)})", answered.answer_id))
    row.append(Button("follow", strings.follow_up, answered.answer_id, style="primary"))
    return tuple(row)


def _votes(answered: Answered, strings: Strings) -> tuple[Button, ...]:
    labels = {"right": strings.right, "wrong": strings.wrong, "why": strings.why, "delete": strings.delete}
    return tuple(Button(action, label, answered.answer_id) for action, label in labels.items())


def _turn(answered: Answered, action: str, label: str, page: tuple[int, int], enabled: bool) -> Button:
    return Button(action, label, answered.answer_id, page, disabled=not enabled)


def _walk(passage: Passage, away: int, generation: str, neighbours: Neighbours) -> tuple[Passage, int]:
    """The passage `away` from this one, or as far as the article goes, and how far that is."""
    done, step = 0, 1 if away > 0 else -1
    while done != away and (beside := _beside(passage, step, generation, neighbours)) is not None:
        passage, done = beside, done + step
    return passage, done


def _beside(passage: Passage, step: int, generation: str, neighbours: Neighbours) -> Passage | None:
    found = neighbours.passage(generation, passage.id + step)
    return found if found is not None and found.article == passage.article else None


def _label(text: str, limit: int = 80) -> str:
    """A button's label: plain text, no Markdown is read in it."""
    shown = visible(text)
    if units(shown) <= limit:
        return shown
    while units(shown) > limit - 1:
        shown = shown[:-1]
    return shown.rstrip() + "…"
