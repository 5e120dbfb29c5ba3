"""How the last day of goods stands to today."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.freshness import Freshness, freshness

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("expires", "soon_days", "expected"),
    [
        (None, 3, "fresh"),
        (date(2026, 11, 20), 3, "expired"),
        (date(2026, 11, 21), 3, "today"),
        (date(2026, 11, 24), 3, "soon"),
        (date(2026, 11, 25), 3, "fresh"),
        (date(2026, 11, 22), 0, "fresh"),
    ],
    ids=["no day", "yesterday", "today", "third day", "fourth day", "only on the day"],
)
def test_freshness(expires: date | None, soon_days: int, expected: Freshness) -> None:
    assert freshness(expires, TODAY, soon_days) == expected
