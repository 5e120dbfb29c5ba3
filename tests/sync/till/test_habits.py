"""Sales of the store's other tills become habits too, each once, however often they are told."""

from __future__ import annotations

from typing import Any

from app.domain.facts import canonical_bytes
from app.domain.habit import ONE, Habit, Visits
from app.domain.stored_fact import KnownFact
from app.services.recommendation import learn_habits
from app.store.waiting_lane import WaitingLane
from tests.domain.heart_builders import a_refund, a_sale
from tests.sync.till.a_till import SyncedTill


def tell(till: SyncedTill, fact: Any) -> None:
    told = KnownFact(fact.op_id, "till-03", 1, 1, fact.day, canonical_bytes(fact))
    assert till.run(lambda work: work.known_facts.put(told))


def test_a_sale_of_another_till_is_learned_once(till: SyncedTill) -> None:
    lane = WaitingLane(till.shop.store.lane)
    learn_habits(lane=lane)
    sale = a_sale(1, member=None)
    skus = {line.sku for line in sale.lines}
    for is_first in (True, False):
        tell(till, sale)
        assert till.run(lambda work: work.habits.is_behind()) == is_first
        assert learn_habits(lane=lane) == is_first
    known = till.run(lambda work: work.habits.products(skus))
    assert {sku: each.baskets for sku, each in known.items()} == dict.fromkeys(skus, 1)


def test_what_came_back_is_no_basket(till: SyncedTill) -> None:
    lane = WaitingLane(till.shop.store.lane)
    learn_habits(lane=lane)
    sale = a_sale(1)
    tell(till, a_refund(2, sale, [], sale.day))
    assert learn_habits(lane=lane) == 0


def test_only_weighty_habits_are_read_for_the_till(till: SyncedTill) -> None:
    day = 740_000
    fresh, old = (
        Habit("fresh", 1, ONE, 1, 1, day, day), Habit("old", 1, ONE, 1, 1, day - 200, day - 200)
    )  # fmt: skip
    ahead = Habit("of a clock ahead", 1, ONE, 1, 1, day + 90, day + 90)
    till.run(lambda work: work.habits.put("m1", Visits(3, ONE, day), [fresh, old, ahead]))

    def read(least: int) -> set[str]:
        return {each.sku for each in till.run(lambda work: work.habits.weighty("m1", day, least))}

    assert read(ONE) == {"fresh", "of a clock ahead"}
    assert read(ONE // 8) == {"fresh", "of a clock ahead", "old"}
