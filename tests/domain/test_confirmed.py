"""The shown account: the confirmed one, and own facts on top that none of its marks covers."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.account import FoldItem, Mark, fold
from app.domain.confirmed import OwnFact, facts_named, on_top, shown_account
from app.domain.effects import EarnedPart, EntitlementBack, Gained, Redone, SaleShare, Undone

DAY = date(2026, 11, 21)
MEMBER = "m1"


def item(op_id: str, *effects: object, place: int = 1, epoch: int = 1) -> FoldItem:
    return FoldItem(op_id, MEMBER, DAY, tuple(effects), Mark("till-02", epoch, place))  # type: ignore[arg-type] # effects of any kind


def own(op_id: str, points: int, *places: tuple[int, int]) -> OwnFact:
    gain = FoldItem(op_id, MEMBER, DAY, (Gained(points=points, expires_in=12),))
    return OwnFact(gain, tuple(Mark("till-02", *place) for place in places))


CONFIRMED = fold((item("a", Gained(points=1, expires_in=12), place=4),))


@pytest.mark.parametrize(
    ("places", "is_on_top"),
    [
        pytest.param(((1, 4),), False, id="covered by its only place"),
        pytest.param(((1, 5),), True, id="behind the mark"),
        pytest.param(((2, 1),), True, id="of an epoch nobody told of"),
        pytest.param(((1, 9), (2, 1)), True, id="none of its places is covered"),
        pytest.param(((1, 3), (2, 1)), False, id="its first place is covered"),
        pytest.param(((2, 1), (1, 2)), False, id="its later place is covered"),
        pytest.param((), True, id="its places are another till's"),
    ],
)
def test_a_fact_is_on_top_until_one_of_its_places_is_covered(
    places: tuple[tuple[int, int], ...], is_on_top: bool
) -> None:
    fact = own("b", 2, *places)
    assert bool(on_top(CONFIRMED, [fact])) == is_on_top
    shown = shown_account(CONFIRMED, [fact])
    assert sum(shown.gained.values()) == (3 if is_on_top else 1)


def test_without_own_facts_the_confirmed_account_is_shown() -> None:
    assert shown_account(CONFIRMED, []) is CONFIRMED


def test_a_refund_on_top_counts_from_the_confirmed_day_of_its_sale() -> None:
    part = EarnedPart(points=1, expires_in=12)
    refund = OwnFact(item("r", Undone(sale="a", earned=(part,)), place=6), (Mark("t", 1, 6),))
    assert shown_account(CONFIRMED, [refund], days={"a": DAY}).gained == {}
    assert shown_account(CONFIRMED, [refund]).awaiting


def test_the_facts_that_days_are_needed_of_are_named() -> None:
    waiting = fold((item("s", SaleShare(sale="s1", points=1, expires_in=1, usable_in_days=0)),))
    items = [
        item("x", Redone(sale="s2", refund="r2")),
        item("z", EntitlementBack(entitlement="e", of="o2", uses=())),
        item("y", Gained(points=1, expires_in=1)),
    ]
    assert list(facts_named(waiting, items)) == ["s1", "s2", "r2", "o2"]
