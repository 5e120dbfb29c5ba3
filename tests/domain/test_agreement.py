"""What both sides count: points by kind, money by tender, ops and sales of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain import effects as do
from app.domain.agreement import DayCount, PointsMoved, points_moved
from app.domain.fact_parts import FactTender
from app.domain.facts import FactHead, MemberJoined
from app.domain.pieces import Interval
from tests.domain.heart_builders import MEMBER, STORE, a_line, a_refund, a_sale, moment, op

TODAY = date(2026, 11, 21)
EARNED = (do.EarnedPart(points=12, expires_in=12),)
SPENT = (do.SpentPart(points=5, expires_in=1),)


@pytest.mark.parametrize(
    ("effects", "moved"),
    [
        pytest.param([do.Gained(points=9, expires_in=1)], PointsMoved(earned=9), id="gained"),
        pytest.param([do.HeldGain(points=9, expires_in=1, usable_in_days=8)],
                     PointsMoved(earned=9), id="held"),
        pytest.param([do.OccasionGain(occasion="welcome", points=50, expires_in=1)],
                     PointsMoved(earned=50), id="occasion"),
        pytest.param([do.SaleShare(sale=op(1), points=-7, expires_in=1, usable_in_days=8)],
                     PointsMoved(earned=-7), id="share taken back"),
        pytest.param([do.Taken(points=4), do.Exchanged(points=6)], PointsMoved(spent=10),
                     id="taken and exchanged"),
        pytest.param([do.Visited(spend_minor=5970)], PointsMoved(spend_minor=5970), id="visit"),
        pytest.param([do.Undone(sale=op(1), earned=EARNED, spent=SPENT, spend_minor=1990)],
                     PointsMoved(taken_back=12, given_back=5, spend_minor=-1990), id="undone"),
        pytest.param(
            [do.Redone(sale=op(1), refund=op(2), earned=EARNED, spent=SPENT, spend_minor=1990)],
            PointsMoved(taken_back=-12, given_back=-5, spend_minor=1990), id="redone"),
        pytest.param([do.Joined(), do.CouponUsed(coupon="C1")], PointsMoved(), id="no points"),
    ],
)  # fmt: skip
def test_points_are_counted_by_kind(effects: list[Any], moved: PointsMoved) -> None:
    assert points_moved("sale_recorded.1", effects) == moved


def test_points_by_hand_are_a_kind_of_their_own() -> None:
    effects: list[do.Effect] = [do.Gained(points=30, expires_in=3), do.Taken(points=50)]
    assert points_moved("points_adjusted.1", effects) == PointsMoved(adjusted=-20)


def test_a_day_is_counted_fact_by_fact() -> None:
    sale = a_sale(1, TODAY, lines=(a_line(points_spent=10),))
    card = (FactTender(kind="card", amount_minor=5970),)
    day = DayCount()
    for fact in (sale, a_sale(2, TODAY, tenders=card), a_refund(3, sale, [Interval("1", 0, 3)],
                                                                TODAY)):  # fmt: skip
        day.count(fact)
    assert day == DayCount(
        ops=3, sales=2, tenders={"card": 5970},
        points={"earned": 118, "spent": 10, "taken_back": 59},
    )  # fmt: skip


def test_what_moved_no_money_and_what_nobody_can_read_are_counted_all_the_same() -> None:
    day = DayCount()
    day.count(None)
    day.count(
        MemberJoined(op_id=op(1), store=STORE, day=TODAY, clock=moment(), member=MEMBER, card="M1")
    )
    day.count(FactHead(kind="gift_card.1", op_id=op(2), day=TODAY, effects=(do.Taken(points=3),)))
    assert day == DayCount(ops=3, points={"spent": 3})
