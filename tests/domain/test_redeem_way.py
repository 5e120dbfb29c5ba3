"""The way a redemption is done: what it covers, and which months a grant is taken from."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from app.domain.redeem_way import OWN, RedeemWay, taken_of
from app.domain.uses_bound import UsesBound


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
    quote: Any = SimpleNamespace(points_redeemed=points, coupons_used=())
    assert way.covers(quote) is covers


HELD = RedeemWay("online", 200, reservation="r", kept=frozenset({"C1"}), coupons_most=0)
FLOOR = RedeemWay("floor", 500, kept=frozenset({"C1"}), coupons_most=1)


@pytest.mark.parametrize(
    ("way", "coupons", "covers"),
    [
        (OWN, ("C1", "C2"), True),
        (RedeemWay("online", gone={"C2": "promised"}), ("C1",), True),
        (RedeemWay("online", gone={"C2": "promised"}), ("C1", "C2"), False),
        (RedeemWay("online", gone={"C1": "promised"}, kept=frozenset({"C1"})), ("C1",), True),
        (HELD, ("C1",), True),
        (HELD, ("C1", "C2"), False),
        (FLOOR, ("C1", "C2"), True),
        (FLOOR, ("C2", "C3"), False),
    ],
)
def test_which_coupons_a_way_covers(way: RedeemWay, coupons: tuple[str, ...], covers: bool) -> None:
    quote: Any = SimpleNamespace(points_redeemed=0, coupons_used=coupons)
    assert way.covers(quote) is covers


@pytest.mark.parametrize(
    ("way", "blocked"),
    [
        (OWN, {}),
        (FLOOR, {}),
        (HELD, {"C2": "OFFLINE_NEEDS_ONLINE", "C3": "OFFLINE_NEEDS_ONLINE"}),
        (replace(HELD, is_final=False), {}),
        (
            RedeemWay("floor", coupons_most=0, gone={"C2": "not_usable", "C9": "promised"}),
            {
                "C1": "OFFLINE_NEEDS_ONLINE",
                "C2": "ALREADY_USED",
                "C3": "OFFLINE_NEEDS_ONLINE",
                "C9": "SET_ASIDE",
            },
        ),
    ],
    ids=["own", "one is free", "only what is kept", "more may be asked for", "gone is gone"],
)
def test_why_a_coupon_cannot_be_used_now(way: RedeemWay, blocked: dict[str, str]) -> None:
    assert way.blocked(("C1", "C2", "C3")) == blocked


def test_what_is_kept_binds_only_when_money_is_taken() -> None:
    assert (HELD.points_limit, HELD.coupons_limit) == (200, None)
    free = replace(HELD, is_final=False)
    assert (free.points_limit, free.coupons_limit) == (None, None)
    assert replace(free, wish_most=300).points_limit == 300, "the server has no more"
    assert (FLOOR.points_limit, FLOOR.coupons_limit) == (500, 1)


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


def test_limited_rewards_are_bound_only_once_money_is_taken() -> None:
    way = RedeemWay("floor", uses=UsesBound(most=0, gone={"reward:cup": 0}))
    quote: Any = SimpleNamespace(points_redeemed=0, coupons_used=())
    assert not way.covers(quote, {"reward:bag": 1})
    assert way.covers(quote)
    assert way.uses_bound == way.uses
    assert replace(way, is_final=False).uses_bound == UsesBound(gone={"reward:cup": 0})
