"""Refunds and the account: pieces add up, any order ends at zero, no piece counts twice.

Owns: laws and cases of pieces.py and settlement.py together with the fold.
Does not own: paying money out, the receipts.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import effects as do
from app.domain.account import fold
from app.domain.effects import SpentPart
from app.domain.facts import RefundRecorded
from app.domain.months import Month
from app.domain.pieces import Interval, TooMany, free_pieces, nothing_left, subtract, undone, worth
from app.domain.view import view
from tests.domain.heart_builders import (
    PROGRAM,
    a_line,
    a_refund,
    a_sale,
    item,
    of_fact,
)
from tests.domain.sale_strategies import SOLD, partitions, sales


@given(st.data())
def test_refunds_of_all_pieces_in_any_order_end_at_exactly_zero(data: st.DataObject) -> None:
    sale = data.draw(sales())
    intervals = data.draw(partitions(sale))
    spread = data.draw(st.integers(0, 20))
    refunds: list[RefundRecorded] = []
    done: list[Interval] = []
    for number, interval in enumerate(intervals, start=2):
        day = SOLD + timedelta(days=spread)
        refunds.append(a_refund(number, sale, [interval], day, already=done))
        done.append(interval)
    paid = sum(
        line.net_minor + (0 if sale.tax_inclusive else line.tax_minor) for line in sale.lines
    )
    assert sum(piece.amount_minor for each in refunds for piece in each.pieces) == paid
    assert nothing_left(sale, done)

    facts = [of_fact(sale), *map(of_fact, refunds)]
    account = fold(data.draw(st.permutations(facts)))
    assert (account.gained, account.held, account.taken, account.awaiting) == ({}, {}, {}, {})
    assert account.prolonged == {}
    month = Month.of(SOLD).index
    for tally in (account.spend, account.visits, account.earned):
        assert tally.raised.get(month, 0) == sum(tally.lowered.get(month, {}).values())
    seen = view(account, PROGRAM, SOLD + timedelta(days=spread))
    assert (seen.balance, seen.held_points, seen.visits) == (0, 0, 0)


@given(st.data())
def test_worth_of_disjoint_intervals_adds_up_to_the_worth_of_all(data: st.DataObject) -> None:
    sale = data.draw(sales())
    intervals = data.draw(partitions(sale))
    parts = [worth(sale, [each]) for each in intervals]
    whole = worth(sale, intervals)
    assert sum(part.net_minor for part in parts) == sum(line.net_minor for line in sale.lines)
    assert sum(part.earned for part in parts) == whole.earned == sale.points_earned
    assert by_month(part.spent for part in parts) == by_month(
        line.spent_from for line in sale.lines
    )


def by_month(several: Iterable[tuple[SpentPart, ...]]) -> dict[tuple[int, bool], int]:
    sums: dict[tuple[int, bool], int] = {}
    for parts in several:
        for part in parts:
            key = (part.expires_in, part.prolonged)
            sums[key] = sums.get(key, 0) + part.points
    return sums


def test_a_refund_waits_in_the_account_until_its_sale_is_known() -> None:
    sale = a_sale(1, SOLD)
    refund = a_refund(2, sale, [Interval("1", 0, 1)], SOLD)
    early = fold([of_fact(refund)])
    assert early.awaiting
    assert early.gained == {}
    assert view(early, PROGRAM, SOLD).awaiting == 1
    assert fold([of_fact(sale)], base=early) == fold([of_fact(sale), of_fact(refund)])
    assert fold([], base=early, days={sale.op_id: SOLD}).gained == {Month.of(SOLD).index + 12: -20}


@pytest.mark.parametrize(
    ("refund_day", "prolonged_part", "taken", "given_back"),
    [
        pytest.param(date(2026, 4, 30), False, 0, 0, id="month-still-alive-on-its-last-day"),
        pytest.param(date(2026, 5, 1), False, 100, 100, id="month-lapsed-yesterday"),
        pytest.param(date(2026, 5, 1), True, 100, 0, id="prolonged-once-already"),
    ],
)
def test_points_spent_come_back_where_their_month_lives_and_anew_where_it_lapsed(
    refund_day: date, prolonged_part: bool, taken: int, given_back: int
) -> None:
    part = SpentPart(points=100, expires_in=1, prolonged=prolonged_part)
    sale = a_sale(1, SOLD, lines=(a_line(points_earned=0, points_spent=100, spent_from=(part,)),))
    refund = a_refund(2, sale, [Interval("1", 0, 3)], refund_day)
    account = fold([of_fact(sale), of_fact(refund)])
    assert account.taken.get(Month.of(SOLD).index, 0) == taken
    assert sum(account.prolonged.values()) == given_back
    if given_back:
        assert account.prolonged == {Month.of(refund_day).index + 1: 100}


def test_points_given_back_after_their_month_are_prolonged_once_and_then_lapse() -> None:
    """Spent 100 of March, refunded in May (lives to June), spent again, refunded in July."""
    gained = item(1, date(2026, 2, 1), do.Gained(points=100, expires_in=1))
    part = SpentPart(points=100, expires_in=0)
    line = a_line(points_earned=0, points_spent=100, spent_from=(part,))
    first = a_sale(2, SOLD, lines=(line,))
    back = a_refund(3, first, [Interval("1", 0, 3)], date(2026, 5, 2))
    account = fold([gained, of_fact(first), of_fact(back)])
    may = view(account, PROGRAM, date(2026, 5, 3))
    assert [str(bucket.expires) for bucket in may.buckets] == ["2026-06"]
    assert may.prolonged == {Month.parse("2026-06"): 100}
    again = SpentPart(points=100, expires_in=1, prolonged=True)
    second = a_sale(
        4, date(2026, 5, 3), lines=(a_line(points_earned=0, points_spent=100, spent_from=(again,)),)
    )
    last = a_refund(5, second, [Interval("1", 0, 3)], date(2026, 7, 1))
    account = fold([of_fact(second), of_fact(last)], base=account)
    july = view(account, PROGRAM, date(2026, 7, 2))
    assert (july.balance, july.debts) == (0, ())


def test_earned_points_already_spent_are_owed_after_the_refund_of_their_sale() -> None:
    """Buy, earn, spend, refund: nobody keeps the points (the refund exploit)."""
    sale = a_sale(1, SOLD)
    spending = item(2, SOLD, do.Taken(points=59))
    refund = a_refund(3, sale, [Interval("1", 0, 3)], SOLD + timedelta(days=2))
    seen = view(fold([of_fact(sale), spending, of_fact(refund)]), PROGRAM, SOLD + timedelta(days=3))
    assert seen.balance == -59
    assert [(str(debt.month), debt.points) for debt in seen.debts] == [("2026-03", 59)]


@pytest.mark.parametrize(
    ("count", "refunded", "answer"),
    [
        pytest.param(1, [], [(0, 1)], id="lowest"),
        pytest.param(2, [(0, 1)], [(1, 3)], id="next"),
        pytest.param(2, [(1, 2)], [(0, 1), (2, 3)], id="around-a-hole"),
        pytest.param(0, [], [], id="none"),
        pytest.param(3, [(0, 1)], TooMany("1", 2), id="too-many"),
    ],
)
def test_refunds_take_the_lowest_free_pieces(
    count: int, refunded: list[tuple[int, int]], answer: Any
) -> None:
    taken = [Interval("1", *each) for each in refunded]
    chosen = free_pieces(a_line(), taken, count)
    if isinstance(answer, TooMany):
        assert chosen == answer
    else:
        assert chosen == tuple(Interval("1", *each) for each in answer)


def test_an_interval_less_others_keeps_what_lies_between() -> None:
    whole = Interval("1", 0, 10)
    others = [Interval("1", 8, 12), Interval("1", 2, 3), Interval("2", 4, 5), Interval("1", 20, 21)]
    assert subtract(whole, others) == [Interval("1", 0, 2), Interval("1", 3, 8)]


def test_a_paid_plan_that_comes_back_takes_its_tier_along() -> None:
    sale = a_sale(1, SOLD, more_effects=(do.TierReached(tier="gold", months=12),))
    effect = undone(sale, [Interval("1", 0, 3)], plan_skus=frozenset({"sku-1"}))
    account = fold([of_fact(sale)])
    assert view(account, PROGRAM, SOLD).tier == "gold"
    account = fold([item(2, SOLD, effect)], base=account, days={sale.op_id: SOLD})
    assert view(account, PROGRAM, SOLD).tier == "regular"
