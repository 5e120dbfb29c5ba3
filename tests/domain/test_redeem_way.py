"""The way a redemption is done: what it covers, and which months a grant is taken from."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app.domain.redeem_way import OWN, RedeemWay, taken_of


@pytest.mark.parametrize(
    ("way", "points", "covers"),
    [
        (OWN, 99_999, True),
        (RedeemWay("online"), 99_999, True),
        (RedeemWay("online", 200, reservation="r"), 200, True),
        (RedeemWay("online", 200, reservation="r"), 300, False),
        (RedeemWay("floor", 0, "old_data"), 0, True),
        (RedeemWay("floor", 0, "old_data"), 100, False),
    ],
)
def test_what_a_way_covers(way: RedeemWay, points: int, covers: bool) -> None:
    quote: Any = SimpleNamespace(points_redeemed=points)
    assert way.covers(quote) is covers


@pytest.mark.parametrize(
    ("points", "taken"),
    [
        (0, {}),
        (30, {24_322: 30}),
        (40, {24_322: 40}),
        (70, {24_322: 40, 24_325: 30}),
        (500, {24_322: 40, 24_325: 60}),
    ],
)
def test_the_oldest_month_goes_first(points: int, taken: dict[int, int]) -> None:
    assert taken_of({24_325: 60, 24_322: 40, 24_323: 0}, points) == taken
