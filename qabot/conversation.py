"""placeholder so that imports work until the module lands"""
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    question: str
    answer: str | None
    title: str | None


def resolve(question: str, turns: Sequence[Turn], subject: str | None = None) -> str:
    return question
