"""A reply as one line of JSON and back, exactly: what the state keeps, so that an answer's buttons work after a restart."""

import json
from dataclasses import asdict
from typing import Any

from qabot.records import Answer, Hit, Passage, Reply, Span, Timing


def freeze(reply: Reply) -> str:
    """The reply as JSON. Each hit is written once; answers point at theirs."""
    hits = list(reply.hits)
    for answer in (reply.answer, *reply.alternatives):
        if answer is not None and answer.span.hit not in hits:
            hits.append(answer.span.hit)
    data = {
        "question": reply.question,
        "read_as": reply.read_as,
        "answer": _frozen(reply.answer, hits) if reply.answer else None,
        "confidence": reply.confidence,
        "alternatives": [_frozen(answer, hits) for answer in reply.alternatives],
        "hits": [asdict(hit) for hit in hits],
        "shown": len(reply.hits),
        "timing": asdict(reply.timing),
        "note": reply.note,
    }
    return json.dumps(data)  # escaped: a lone surrogate would not go into the database


def thaw(line: str) -> Reply:
    """What `freeze` wrote."""
    data = json.loads(line)
    hits = [_hit(item) for item in data["hits"]]
    return Reply(
        question=data["question"],
        read_as=data["read_as"],
        answer=_answer(data["answer"], hits) if data["answer"] else None,
        confidence=data["confidence"],
        alternatives=tuple(_answer(item, hits) for item in data["alternatives"]),
        hits=tuple(hits[: data["shown"]]),
        timing=Timing(**data["timing"]),
        note=data["note"],
    )


def _frozen(answer: Answer, hits: list[Hit]) -> dict[str, Any]:
    span = answer.span
    return {
        "hit": hits.index(span.hit),
        "start": span.start,
        "end": span.end,
        "score": float(span.score),
        "null": float(span.null),
        "confidence": answer.confidence,
    }


def _answer(data: dict[str, Any], hits: list[Hit]) -> Answer:
    return Answer(Span(hits[data["hit"]], data["start"], data["end"], data["score"], data["null"]), data["confidence"])


def _hit(data: dict[str, Any]) -> Hit:
    passage = data["passage"]
    return Hit(Passage(**{**passage, "headings": tuple(passage["headings"])}), data["score"], data["dense"], data["keyword"])
