"""The other side of a finding: which till it was, by its shop and number, and when nobody is named.

Owns: findings of two tills that the server knows. Does not own: when there is one (test_ingest.py,
test_settlement.py).
"""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from sqlalchemy import insert

from app.domain import effects as do
from app.domain.facts import PointsAdjusted
from app.domain.pieces import Interval
from sync.protocol import AnswerChanged, Event, OpAnswer
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.device import device_table
from sync.server.tenant import CHAIN_SHARD, store_table
from tests.domain.heart_builders import MEMBER, NOON_MS, STORE, a_line, a_refund, a_sale, moment, op
from tests.sync.server.tills import Chain, Till

TODAY = date(2026, 5, 29)
EAST = "east-gate"
T_EAST = "till-east"


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows 城东店 with its till 1."""
    key = {"tenant_id": tenant, "shard_key": CHAIN_SHARD}
    till = {
        "device": T_EAST, "kind": "till", "store": EAST, "till_number": 1, "name": "",
        "rights": "push pull", "public_key": b"k", "epoch": 1, "enrolled_ms": NOON_MS,
    }  # fmt: skip

    def write(connection: object) -> None:
        execute = connection.execute  # type: ignore[attr-defined] # a connection of SQLAlchemy
        execute(insert(store_table).values(**key, store=EAST, number=1, name="城东店"))
        execute(insert(device_table).values(**key, **till))

    database.write(write)
    return Chain(database, tenant)


def spend(number: int, points: int = 100, **changes: object) -> object:
    lines = (a_line(points_earned=0, points_spent=points),)
    return a_sale(number, TODAY, lines=lines, **changes)


def test_the_other_till_is_named_by_its_shop_and_number(chain: Chain) -> None:
    here, east = Till("till-02"), Till(T_EAST, EAST)
    here.record(a_sale(1, TODAY, lines=(a_line(points_earned=100),)))
    chain.push(here)
    first = spend(2, store=EAST)
    east.record(first)
    chain.push(east)
    here.record(spend(3))
    answer = chain.push(here).answers[-1]
    [overdraft] = [each for each in answer.adjustments if each.kind == "overdraft"]
    other = {
        "other_store": "城东店", "other_till": "1", "other_points": "100",
        "other_day": "2026-05-29",
        "other_at": str(moment().wall_ms),
    }  # fmt: skip
    assert other.items() <= overdraft.text.items()


def test_a_till_that_overdrew_alone_names_nobody(chain: Chain) -> None:
    here = Till("till-02")
    here.record(a_sale(1, TODAY, lines=(a_line(points_earned=50),)))
    here.record(spend(2, 30))
    chain.push(here)
    here.record(spend(3, 60))
    answer = chain.push(here).answers[-1]
    [overdraft] = answer.adjustments
    assert overdraft.kind == "overdraft"
    assert not any(name.startswith("other_") for name in overdraft.text)


def test_of_a_gift_given_twice_the_other_till_is_named(chain: Chain) -> None:
    here, east = Till("till-02"), Till(T_EAST, EAST)
    gift = (do.OccasionGain(occasion="birthday:2026", points=100, expires_in=1),)

    def given(number: int, store: str) -> PointsAdjusted:
        return PointsAdjusted(
            op_id=op(number), store=store, day=TODAY, clock=moment(), member=MEMBER, reason="",
            effects=gift,
        )  # fmt: skip

    east.record(given(1, EAST))
    chain.push(east)
    here.record(given(2, STORE))
    [answer] = chain.push(here).answers
    [twice] = answer.adjustments
    assert (twice.kind, twice.text["other_store"]) == ("occasion_given_twice", "城东店")
    assert "other_receipt" not in twice.text


def told_east(chain: Chain) -> list[OpAnswer]:
    events = [
        msgspec.json.decode(row["event"], type=Event) for row in chain.feed(f"device:{T_EAST}")
    ]
    return [each.answer for each in events if isinstance(each, AnswerChanged)]


def test_the_till_whose_fact_came_first_hears_the_same_story(chain: Chain) -> None:
    here, east = Till("till-02"), Till(T_EAST, EAST)
    here.record(a_sale(1, TODAY, lines=(a_line(points_earned=100),)))
    chain.push(here)
    east.record(spend(2, store=EAST))
    chain.push(east)
    here.record(spend(3, 60))
    mine = chain.push(here).answers[-1].adjustments[0]
    [answer] = told_east(chain)
    [theirs] = answer.adjustments
    assert (answer.op_id, answer.outcome) == (op(2), "accepted_adjusted")
    assert (theirs.kind, theirs.case, theirs.points) == (mine.kind, mine.case, mine.points)
    assert theirs.text["other_points"] == "60"
    assert theirs.text["other_receipt"] == chain.rows(t.op, op_id=op(3))[0]["receipt"]
    assert theirs.text["version"] == mine.text["version"]
    here.record(spend(4, 30))
    chain.push(here)
    [_, both] = told_east(chain)
    assert [each.text["other_points"] for each in both.adjustments] == ["60", "30"], "none is lost"


@pytest.mark.parametrize("first", [8, 9])
def test_of_goods_refunded_twice_both_tills_hear_whichever_came_first(
    chain: Chain, first: int
) -> None:
    here, east = Till("till-02"), Till(T_EAST, EAST)
    sale = a_sale(1, TODAY)
    here.record(sale)
    chain.push(here)
    refunds = {n: a_refund(n, sale, [Interval("1", 0, 1)], TODAY) for n in (8, 9)}
    east.record(refunds.pop(first))
    chain.push(east)
    [(number, other)] = refunds.items()
    here.record(other)
    [mine] = chain.push(here).answers[-1].adjustments
    [answer] = told_east(chain)
    [theirs] = answer.adjustments
    assert (mine.kind, mine.case) == (theirs.kind, theirs.case)
    assert (answer.op_id, mine.text["other_store"]) == (op(first), "城东店")
    code = chain.rows(t.op, op_id=op(number))[0]["receipt"]
    assert theirs.text["other_receipt"] == code
    assert (mine.points, theirs.points).count(0) == 1, "whose refund counts lost nothing"


def test_a_coupon_used_twice_is_told_to_both(chain: Chain) -> None:
    here, east = Till("till-02"), Till(T_EAST, EAST)
    east.record(a_sale(1, TODAY, store=EAST, coupons_used=("C1",)))
    chain.push(east)
    here.record(a_sale(2, TODAY, coupons_used=("C1",)))
    [mine] = chain.push(here).answers[-1].adjustments
    [answer] = told_east(chain)
    assert [each.kind for each in answer.adjustments] == ["coupon_used_twice"]
    assert answer.adjustments[0].text["coupon"] == mine.text["coupon"] == "C1"


def test_of_a_held_fact_its_till_is_told_nothing_else(chain: Chain) -> None:
    here, east = Till("till-02"), Till(T_EAST, EAST)
    here.record(a_sale(1, TODAY, lines=(a_line(points_earned=100),)))
    chain.push(here)
    east.record(a_sale(2, TODAY, store=EAST, coupons_used=("C1",)))
    chain.push(east, revoked=True)
    here.record(a_sale(3, TODAY, coupons_used=("C1",)))
    [mine] = chain.push(here).answers[-1].adjustments
    assert mine.text["other_store"] == "城东店"
    assert told_east(chain) == [], "it waits for head office still"
