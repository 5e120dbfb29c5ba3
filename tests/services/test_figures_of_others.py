"""Figures of other tills of the shop, as this one hears of them: late, twice, in any order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.domain.facts import canonical_bytes
from app.domain.figures import Days
from app.domain.pieces import Interval
from app.domain.stored_fact import KnownFact
from app.store.unit_of_work import UnitOfWork
from tests.domain.heart_builders import a_refund, a_return, a_sale
from tests.real_shop import DAY, MILK, RealShop
from tests.services.figure_shop import counted, read, recount, value
from tests.services.refunds import sold


def told(shop: RealShop, *facts: Any) -> None:
    """Head office tells of them."""

    def put(work: UnitOfWork) -> None:
        for fact in facts:
            known = KnownFact(fact.op_id, "till-03", 1, 1, fact.day, canonical_bytes(fact))
            work.known_facts.put(known)

    shop.store.lane.submit(put).result()


def forgotten(shop: RealShop) -> None:
    gone = "DELETE FROM known_fact"
    shop.store.lane.submit(lambda work: work.driver.execute(gone)).result()


def test_what_other_tills_sold_counts_once_however_often_it_is_told(shop: RealShop) -> None:
    member = shop.members["陈静"]
    sale = a_sale(1, DAY, member=member)
    back = a_refund(2, sale, [Interval("1", 0, 1)], DAY + timedelta(days=1))
    other = a_return(3, sale, [("towel", 1000)], DAY)
    sold(shop, MILK)
    told(shop, back, other, sale)
    counted(shop)
    own = recount(shop)["paid"]
    theirs = sale.tenders[0].amount_minor
    two_days = Days(DAY, DAY + timedelta(days=1))
    first = read(shop, two_days)
    assert value(first, "sales") == (2, 1)
    assert value(first, "paid") == (own + theirs, 1)
    assert value(first, "refunds") == (2, 1)
    told(shop, sale)
    counted(shop)
    forgotten(shop)
    told(shop, sale, back)
    counted(shop)
    assert read(shop, two_days).figures == first.figures


def test_each_till_has_its_own_slice_and_together_they_are_the_shop(shop: RealShop) -> None:
    sold(shop, MILK, member="陈静")
    told(
        shop,
        a_sale(1, DAY, member=shop.members["陈静"]),
        a_return(3, a_sale(1), [("x", 1000)], DAY),
    )
    counted(shop)
    whole = read(shop)
    here, third = read(shop, till=2), read(shop, till=3)
    assert [each.till for each in whole.tills] == [2, 3]
    assert value(here, "sales") == (2, 1)  # the other sale's number is of till 2, too
    assert value(third, "paid_back") == value(whole, "paid_back") == (1990, 1)
    assert value(third, "active") == (0, 1)
    assert value(whole, "repeat_rate") == (1, 1)
    assert "lifetime_value" not in third.figures


def test_a_fact_that_is_forgotten_before_it_was_counted_is_no_trouble(shop: RealShop) -> None:
    told(shop, a_sale(1, DAY))
    forgotten(shop)
    counted(shop)
    assert value(read(shop), "sales") == (0, 1)
