"""When an article is of: a year, a month of a year, or a day, as "2024", "2024-05" or "2024-05-03"; each is a span of days."""

import re
from calendar import monthrange
from datetime import date

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?", re.DOTALL)


def iso(value: object) -> str | None:
    """The date in what a document states: its text, a number, or a date; None where it states none that there was.

    Of a moment the day is kept, as its own zone has it.
    """
    found = _ISO.fullmatch(str(value).strip()) if isinstance(value, str | int | date) and not isinstance(value, bool) else None
    if found is None:
        return None
    parts = [part for part in found.groups() if part]
    try:
        date(*(int(part) for part in (*parts, "1", "1")[:3]))
    except ValueError:
        return None
    return "-".join(parts)


def first_day(when: str) -> date:
    """The first day of what `iso` gave."""
    year, month, day = (*map(int, when.split("-")), 1, 1)[:3]
    return date(year, month, day)


def last_day(when: str) -> date:
    """The last day of what `iso` gave."""
    year, *rest = map(int, when.split("-"))
    month = rest[0] if rest else 12
    return date(year, month, rest[1] if len(rest) > 1 else monthrange(year, month)[1])
