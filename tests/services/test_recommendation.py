"""Recommendations at the till: learned from its sales, named to who has not refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.domain.product import Product
from app.services.consent import change_consent
from app.services.recommendation import (
    RecommendedOnTill,
    forget_habits,
    is_age_restricted,
    learn_habits,
    recommendations,
)
from app.services.scan import scan_code
from app.store.waiting_lane import WaitingLane
from tests.real_shop import MILK, OIL, SETTINGS, TOWEL, RealShop
from tests.services.conftest import use_program
from tests.services.shifts import sell

DAY_MS = 86_400_000


def buys(shop: RealShop, name: str, *codes: str) -> None:
    if name:
        shop.do(scan_code, text=shop.cards[name])
    sell(shop, *codes)


def learn(shop: RealShop) -> int:
    return learn_habits(lane=WaitingLane(shop.store.lane))


def named(shop: RealShop, name: str = "陈静") -> Any:
    shop.do(scan_code, text=shop.cards[name])
    return shop.do(recommendations)


@pytest.fixture
def habits(shop: RealShop) -> RealShop:
    """陈静 came five times, a week apart: milk each time, oil at the first and the last."""
    for visit in range(5):
        shop.sign_in()
        buys(shop, "陈静", MILK, *([OIL] if visit in (0, 4) else []))
        shop.clock.go_on(milliseconds=7 * DAY_MS)
    shop.sign_in()
    assert learn(shop) == 5
    return shop


def test_what_she_takes_is_named_with_its_reason(habits: RealShop) -> None:
    answer = named(habits)
    assert answer.member_id == habits.members["陈静"]
    assert answer.named == (
        RecommendedOnTill("milk", "纯牛奶 250ml×12", "due", 7),
        RecommendedOnTill("oil", "特级初榨橄榄油 500ml", "due", 7),
    )


def test_what_lies_in_the_basket_is_not_named(habits: RealShop) -> None:
    habits.do(scan_code, text=MILK)
    answer = named(habits)
    assert [each.sku for each in answer.named] == ["oil"]
    assert answer.skus == {"milk"}


def test_without_a_member_nothing_is_named(habits: RealShop) -> None:
    assert habits.do(recommendations).named == ()
    assert named(habits, "张三丰").named == ()


def test_switched_off_it_says_nothing(habits: RealShop) -> None:
    habits.use_settings(msgspec.structs.replace(SETTINGS, recommend=False))
    habits.sign_in()
    assert named(habits).named == ()


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"active": False}, id="no longer sold"),
        pytest.param({"unit_price": None}, id="without a price"),
        pytest.param({"category": "啤酒饮料"}, id="not sold to all ages"),
        pytest.param({"weighed": True}, id="has to be weighed"),
    ],
)
def test_what_cannot_be_sold_by_a_key_is_not_named(
    habits: RealShop, changed: dict[str, Any]
) -> None:
    from dataclasses import replace

    def change(work: Any) -> None:
        milk = work.products.get("milk")
        assert isinstance(milk, Product)
        work.products.put(replace(milk, **changed))

    habits.store.lane.run(change)
    assert [each.sku for each in named(habits).named] == ["oil"]


@pytest.mark.parametrize(("tier", "expected"), [("gold", ["oil"]), ("regular", ["milk", "oil"])])
def test_goods_of_a_higher_tier_are_not_named(
    habits: RealShop, tier: str, expected: list[str]
) -> None:
    use_program(habits, f'\n[[exclusive]]\nproducts = ["milk"]\ntier = "{tier}"\n')
    assert [each.sku for each in named(habits).named] == expected


def test_what_goes_with_the_basket(shop: RealShop) -> None:
    for _ in range(20):
        sell(shop, MILK, TOWEL)
    assert learn(shop) == 20
    shop.do(scan_code, text=MILK)
    assert named(shop).named == (
        RecommendedOnTill("towel", "纯棉毛巾 34×74", "together", None, "纯牛奶 250ml×12"),
    )


def test_every_sale_is_learned_once(habits: RealShop) -> None:
    assert learn(habits) == 0
    before = habits.store.lane.run(lambda work: work.habits.products(["milk"])["milk"])
    assert (before.baskets, before.times, before.buyers) == (5, 5, 1)
    buys(habits, "陈静", MILK)
    assert learn(habits) == 1
    after = habits.store.lane.run(lambda work: work.habits.products(["milk"])["milk"])
    assert (after.baskets, after.times, after.buyers) == (6, 6, 1)


def test_who_refuses_is_forgotten_and_learned_no_more(habits: RealShop) -> None:
    member = habits.members["陈静"]
    for given in (True, False):
        habits.do(change_consent, member_id=member, purpose="profiling", given=given)
    assert of_member(habits) == 0
    assert named(habits).named == ()
    buys(habits, "", MILK)
    assert learn(habits) == 1
    assert of_member(habits) == 0


def test_the_night_forgets_who_refused_elsewhere(
    habits: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane, member = WaitingLane(habits.store.lane), habits.members["陈静"]
    assert forget_habits(lane=lane) == 0
    kept = habits.store.lane.run(
        lambda work: (work.habits.visits(member), work.habits.of_member(member))
    )
    for given in (True, False):
        habits.do(change_consent, member_id=member, purpose="profiling", given=given)
    habits.store.lane.run(lambda work: work.habits.put(member, *kept))
    assert forget_habits(lane=lane) == 1
    assert of_member(habits) == 0


def of_member(shop: RealShop) -> int:
    member = shop.members["陈静"]
    return len(shop.store.lane.run(lambda work: work.habits.of_member(member)))


def test_learning_stops_when_the_till_closes(shop: RealShop) -> None:
    sell(shop, MILK)
    lane = WaitingLane(shop.store.lane)
    assert learn_habits(lane=lane, keep_on=lambda: False) == 0
    assert learn_habits(lane=lane) == 1


@pytest.mark.parametrize(
    ("category", "is_restricted"),
    [
        ("WINE", True), ("Wine & spirits", True), ("SWINE MEAT", False), ("烟酒", True),
        ("dairy", False), ("", False),
    ],
)  # fmt: skip
def test_words_of_a_category(category: str, is_restricted: bool) -> None:
    assert is_age_restricted(category, SETTINGS.never_recommended) is is_restricted
