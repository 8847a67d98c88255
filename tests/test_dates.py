"""Dates as documents state them, and the days that they span."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.dates import first_day, iso, last_day


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2024", "2024"),
        (2024, "2024"),
        (" 2024-05 ", "2024-05"),
        ("2024-05-03", "2024-05-03"),
        (date(2024, 5, 3), "2024-05-03"),
        (datetime(2024, 5, 3, 23, 59, tzinfo=UTC), "2024-05-03"),
        ("2024-05-03T23:59:00-08:00", "2024-05-03"),
        ("2024-05-03 10:00", "2024-05-03"),
        ("2024-13", None),
        ("2024-02-30", None),
        ("0000", None),
        ("3 May 2024", None),
        ("24", None),
        (20240503, None),
        ("2024-05-03x", None),
        ("", None),
        (True, None),
        (2024.5, None),
        (None, None),
        (["2024"], None),
    ],
)
def test_what_is_a_date(stated: object, expected: str | None) -> None:
    """ISO 8601 down to the day; nothing is guessed."""
    assert iso(stated) == expected


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-10", date(2024, 2, 10), date(2024, 2, 10)),
    ],
)
def test_spans(when: str, first: date, last: date) -> None:
    """A year and a month are all of their days."""
    assert (first_day(when), last_day(when)) == (first, last)


@given(st.dates())
def test_every_day_is_its_own(day: date) -> None:
    """There and back."""
    when = iso(day)
    assert when is not None
    assert first_day(when) == last_day(when) == day
