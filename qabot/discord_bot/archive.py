"""A reply as one line of JSON and back, exactly: what the state keeps, so that an answer's buttons work after a restart."""

import json
from dataclasses import asdict, fields
from typing import Any

from qabot.records import Answer, Hit, Passage, Reply, Span, Timing


def freeze(reply: Reply) -> str:
    """The reply as JSON. Each hit is written once; answers point at theirs."""
    hits = list(reply.hits)
    for answer in (reply.answer, reply.conflict, *reply.alternatives):
        if answer is not None and answer.span.hit not in hits:
            hits.append(answer.span.hit)
    data = {
        "question": reply.question,
        "read_as": reply.read_as,
        "answer": _frozen(reply.answer, hits) if reply.answer else None,
        "conflict": _frozen(reply.conflict, hits) if reply.conflict else None,
        "confidence": reply.confidence,
        "alternatives": [_frozen(answer, hits) for answer in reply.alternatives],
        "hits": [asdict(hit) for hit in hits],
        "shown": len(reply.hits),
        "timing": asdict(reply.timing),
        "note": reply.note,
    }
    return json.dumps(data, default=float)  # numpy's numbers as Python's; escaped: a lone surrogate would not go into the database


def thaw(line: str) -> Reply:
    """What `freeze` wrote."""
    data = json.loads(line)
    hits = [_hit(item) for item in data["hits"]]
    return Reply(
        question=data["question"],
        read_as=data["read_as"],
        answer=_answer(data["answer"], hits) if data["answer"] else None,
        conflict=_answer(data["conflict"], hits) if data["conflict"] else None,
        confidence=data["confidence"],
        alternatives=tuple(_answer(item, hits) for item in data["alternatives"]),
        hits=tuple(hits[: data["shown"]]),
        timing=Timing(**data["timing"]),
        note=data["note"],
    )


def _frozen(answer: Answer, hits: list[Hit]) -> dict[str, Any]:
    span = answer.span
    numbers = {field.name: getattr(span, field.name) for field in fields(Span) if field.name != "hit"}
    return {"hit": hits.index(span.hit), **numbers, "confidence": answer.confidence}


def _answer(data: dict[str, Any], hits: list[Hit]) -> Answer:
    span = {name: value for name, value in data.items() if name not in ("hit", "confidence")}
    return Answer(Span(hits[data["hit"]], **span), data["confidence"])


def _hit(data: dict[str, Any]) -> Hit:
    return Hit(**{**data, "passage": _passage(data["passage"]), "twins": tuple(_passage(twin) for twin in data["twins"])})


def _passage(data: dict[str, Any]) -> Passage:
    pages = tuple((offset, page) for offset, page in data["pages"])
    return Passage(**{**data, "headings": tuple(data["headings"]), "pages": pages, "tags": tuple(data["tags"])})
