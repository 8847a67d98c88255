"""Reply -> JSON, plain text, and the sentence to show. Pure functions over records; every front end renders through here."""

import re
from dataclasses import dataclass
from typing import Any

from qabot import duplicates
from qabot.records import Hit, Passage, Reply, Span
from qabot.sentences import around

_MARKUP = re.compile(r"\[([^\]\n]+)\]\([^)\s]+\)|(\*\*|__|`)")


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a source in which the answer stands at [start, end)."""

    text: str
    start: int
    end: int

    @property
    def whole(self) -> bool:
        """Whether the answer is the sentence, so that there is no need to show both."""
        return not self.text[: self.start].strip() and not self.text[self.end :].strip(" .!?\n")


def to_json(reply: Reply, id: str | None = None) -> dict[str, Any]:
    """The documented object of `--json` and `--jsonl`."""
    return {
        "id": id,
        "question": reply.question,
        "read_as": reply.read_as,
        "answer": reply.answer.span.text if reply.answer else None,
        "confidence": round(reply.confidence, 4),
        "alternatives": [{"answer": other.span.text, "confidence": round(other.confidence, 4)} for other in reply.alternatives],
        "sources": [source for hit in reply.hits for source in _sources(hit, reply)],
        "timing_ms": {
            "retrieve": round(reply.timing.retrieve, 1),
            "read": round(reply.timing.read, 1),
            "total": round(reply.timing.total, 1),
        },
    }


def _sources(hit: Hit, reply: Reply) -> list[dict[str, Any]]:
    """The hit's passage, then those that say the same; the answer, or what contradicts it, is marked in each that has its words."""
    marked = [answer.span for answer in (reply.answer, reply.conflict) if answer and answer.span.hit.passage.id == hit.passage.id]
    return [_source(passage, marked[0] if marked else None, hit.score) for passage in (hit.passage, *hit.twins)]


def _source(passage: Passage, span: Span | None, score: float) -> dict[str, Any]:
    start = duplicates.place(passage.text, span.text, span.start) if span else None
    return {
        "title": passage.title,
        "section": passage.section,
        "path": passage.article,
        "page": passage.page(start or 0),
        "url": passage.url,
        "start": passage.start,
        "end": passage.end,
        "excerpt": passage.text,
        "answer_start": start,
        "answer_end": start + len(span.text) if span and start is not None else None,
        "score": round(score, 4),
    }


def quote(reply: Reply) -> Quote | None:
    """The sentence that the answer stands in (several where the answer spans them); None where there is no answer."""
    if reply.answer is None:
        return None
    span = reply.answer.span
    text = span.hit.passage.text
    begin, end = around(text, span.start, span.end, span.hit.passage.language)
    return Quote(text[begin:end], span.start - begin, span.end - begin)


def certainty(reply: Reply, sure: float) -> str:
    """The confidence in a word; never a percentage, which would claim more than is known of one question."""
    return "sure" if reply.confidence >= sure else "probably"


def place(hit: Hit, at: int = 0) -> str:
    """Title, section, page and date as one line; `at` is a character of the passage."""
    passage = hit.passage
    page = passage.page(at)
    return ", ".join(filter(None, (passage.title, passage.section, f"p. {page}" if page else "", passage.date)))


def to_text(reply: Reply, sure: float) -> str:
    """The reply as plain lines, for a terminal without colours and for logs."""
    lines = [f"note: {reply.note}"] if reply.note else []
    if reply.read_as:
        lines.append(f"read as: {reply.read_as}")
    found = quote(reply)
    if reply.answer is None or found is None:
        lines.append("The article does not say." if reply.hits else "There is nothing in the index.")
        if reply.hits:
            lines += ["", "Nearest passages:", *(f"  {place(hit)}: {shorten(plain(hit.passage.text), 160)}" for hit in reply.hits[:3])]
        return "\n".join(lines)
    marked = f"{found.text[: found.start]}[{found.text[found.start : found.end]}]{found.text[found.end :]}"
    source = reply.hits[0]
    lines += [
        reply.answer.span.text,
        "",
        *([] if found.whole else [f"  {' '.join(marked.split())}"]),
        f"  {place(source, reply.answer.span.start)} ({certainty(reply, sure)}, {reply.confidence:.2f})",
    ]
    lines.append(f"  {source.passage.article}:{source.passage.start}-{source.passage.end}")
    if source.passage.url:
        lines.append(f"  {source.passage.url}")
    lines += [f"  {line}" for line in besides(reply)]
    return "\n".join(lines)


def besides(reply: Reply) -> list[str]:
    """A line for each other place that says the same, and one for an article that says otherwise."""
    if reply.answer is None:
        return []
    twins = [twin for twin in reply.answer.span.hit.twins if reply.answer.span.text in twin.text]
    lines = [f"also in: {twin.title} ({twin.article}:{twin.start}-{twin.end})" for twin in twins]
    if reply.conflict is not None:
        span = reply.conflict.span
        lines.append(f"but another article says: {span.text} ({place(span.hit, span.start)}, {span.hit.passage.article})")
    return lines


def plain(text: str) -> str:
    """One line without Markdown's marks, for reading only: offsets do not hold in it."""
    return " ".join(_MARKUP.sub(lambda match: match.group(1) or "", text).split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word, with "..." where something is left out."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 3]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "..."
