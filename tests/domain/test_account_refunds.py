"""Refunds and the account: pieces add up, any order ends at zero, no piece counts twice.

Owns: laws and cases of pieces.py and settlement.py together with the fold.
Does not own: paying money out, the receipts.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import effects as do
from app.domain.account import FoldItem, MemberAccount, fold
from app.domain.effects import SpentPart
from app.domain.facts import FactLine, PiecesSettled, RefundRecorded, SaleRecorded, SaleShared
from app.domain.months import Month
from app.domain.pieces import Interval, TooMany, free_pieces, nothing_left, subtract, undone, worth
from app.domain.settlement import (
    NoReferral,
    PiecesRefundedTwice,
    ReferralCapped,
    ShareEntry,
    referral_gift,
    return_coupon,
    settle_pieces,
    shares_to_take_back,
)
from app.domain.view import view
from tests.domain.heart_builders import (
    FRIEND,
    MEMBER,
    a_line,
    a_program,
    a_refund,
    a_sale,
    item,
    moment,
    of_fact,
    op,
)

SOLD = date(2026, 3, 10)
PROGRAM = a_program()


@st.composite
def sales(draw: st.DrawFn) -> SaleRecorded:
    """A member's sale of up to three lines: pieces or a weight, points earned and spent."""
    lines = []
    for number in range(draw(st.integers(1, 3))):
        weighed = draw(st.booleans())
        spent = draw(st.integers(0, 300))
        first = draw(st.integers(0, spent))
        parts = (
            SpentPart(points=first, expires_in=draw(st.integers(0, 2))),
            SpentPart(points=spent - first, expires_in=6, prolonged=draw(st.booleans())),
        )
        lines.append(
            a_line(
                str(number),
                quantity_thousandths=draw(
                    st.integers(1, 2500) if weighed else st.integers(1, 7).map(lambda n: n * 1000)
                ),
                weighed=weighed,
                net_minor=draw(st.integers(0, 9999)),
                tax_minor=draw(st.integers(0, 999)),
                points_earned=draw(st.integers(0, 500)),
                points_spent=spent,
                spent_from=tuple(part for part in parts if part.points),
            )
        )
    held = draw(st.none() | st.just(8))
    inclusive = draw(st.booleans())
    return a_sale(1, SOLD, lines=tuple(lines), earned_usable_in_days=held, tax_inclusive=inclusive)


@st.composite
def partitions(draw: st.DrawFn, sale: SaleRecorded) -> list[Interval]:
    """All pieces of a sale, cut into intervals and shuffled."""
    intervals = []
    for line in sale.lines:
        cuts = {0, line.pieces} | draw(st.sets(st.integers(0, line.pieces), max_size=3))
        ends = sorted(cuts)
        intervals += [Interval(line.line_id, start, end) for start, end in pairwise(ends)]
    return draw(st.permutations(intervals))


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
    by_month: dict[tuple[int, bool], int] = {}
    for part in parts:
        for spent in part.spent:
            key = (spent.expires_in, spent.prolonged)
            by_month[key] = by_month.get(key, 0) + spent.points
    assert by_month == {(each.expires_in, each.prolonged): each.points for each in whole.spent}
    assert sum(by_month.values()) == sale.points_spent


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


# ------------------------------------------------------------------ two chains


class Chain:
    """A shop that is its own authority: it settles after every refund it hears of."""

    def __init__(self, sale: SaleRecorded) -> None:
        self.sale = sale
        self.days = {sale.op_id: sale.day}
        self.account = fold([of_fact(sale)])
        self.refunds: list[RefundRecorded] = []
        self.settled: list[PiecesSettled] = []
        self.exceptions: list[PiecesRefundedTwice] = []

    def hear(self, refund: RefundRecorded) -> None:
        self.refunds.append(refund)
        self.days[refund.op_id] = refund.day
        self._fold(of_fact(refund))
        for correction in settle_pieces(self.sale, self.refunds, self.settled):
            fact = PiecesSettled(
                op_id=op(1000 + len(self.settled)),
                store="renmin-road",
                day=refund.day,
                clock=moment(),
                member=self.sale.member,
                effects=(correction.effect,),
                sale=self.sale.op_id,
                refund=correction.refund,
                pieces=correction.pieces,
            )
            self.settled.append(fact)
            if correction.exception:
                self.exceptions.append(correction.exception)
            self._fold(of_fact(fact))

    def _fold(self, fact: FoldItem) -> None:
        self.account = fold([fact], base=self.account, days=self.days)

    @property
    def numbers(self) -> tuple[Any, ...]:
        account = self.account
        return (
            account.gained, account.held, account.taken, account.prolonged,
            account.spend, account.visits, account.earned, account.awaiting,
        )  # fmt: skip


@st.composite
def overlapping_refunds(draw: st.DrawFn, sale: SaleRecorded) -> list[RefundRecorded]:
    """Refunds made apart: none knows of the others, so pieces repeat."""
    refunds = []
    for number in range(2, 2 + draw(st.integers(1, 4))):
        line = draw(st.sampled_from(sale.lines))
        start = draw(st.integers(0, line.pieces - 1))
        end = draw(st.integers(start + 1, line.pieces))
        day = SOLD + timedelta(days=draw(st.integers(0, 120)))
        refunds.append(a_refund(number, sale, [Interval(line.line_id, start, end)], day))
    return refunds


@given(st.data())
def test_both_chains_settle_to_the_same_numbers_and_count_each_piece_once(
    data: st.DataObject,
) -> None:
    sale = data.draw(sales())
    refunds = data.draw(overlapping_refunds(sale))
    till_1, till_2 = Chain(sale), Chain(sale)
    for refund in refunds:
        till_1.hear(refund)
    for refund in data.draw(st.permutations(refunds)):
        till_2.hear(refund)
    assert till_1.numbers == till_2.numbers
    for chain in (till_1, till_2):
        assert settle_pieces(sale, chain.refunds, chain.settled) == ()
    pieces = {
        (piece.line, number)
        for refund in refunds
        for piece in refund.pieces
        for number in range(piece.start, piece.end)
    }
    counted = worth(sale, [Interval(line, number, number + 1) for line, number in pieces])
    month = Month.of(SOLD).index
    lowered = till_1.account.spend.lowered.get(month, {})
    assert sum(lowered.values()) == counted.net_minor


def test_the_second_refund_of_a_piece_is_reversed_and_raised() -> None:
    sale = a_sale(1, SOLD)
    chain = Chain(sale)
    chain.hear(a_refund(2, sale, [Interval("1", 0, 2)], SOLD))
    chain.hear(a_refund(3, sale, [Interval("1", 1, 3)], SOLD))
    assert chain.exceptions == [
        PiecesRefundedTwice(sale.op_id, op(3), (Interval("1", 1, 2),), 1990)
    ]
    # Neither refund saw the last piece come back, together they did: the visit goes.
    assert view(chain.account, PROGRAM, SOLD).visits == 0
    assert view(chain.account, PROGRAM, SOLD).balance == 0


def test_a_visit_that_two_refunds_took_away_is_taken_away_once() -> None:
    sale = a_sale(1, SOLD)
    chain = Chain(sale)
    chain.hear(a_refund(2, sale, [Interval("1", 0, 3)], SOLD))
    chain.hear(a_refund(3, sale, [Interval("1", 0, 3)], SOLD))
    assert sum(chain.account.visits.lowered[Month.of(SOLD).index].values()) == 1


# ------------------------------------------------------------------ referral


def friend_sale(
    lines: tuple[FactLine, ...] = (a_line("1"), a_line("2", points_earned=30)),
) -> SaleRecorded:
    return a_sale(1, SOLD, member=FRIEND, lines=lines)


class Referrer:
    """The referrer's side of a friend's sale, as the authority keeps it."""

    def __init__(self, sale: SaleRecorded) -> None:
        self.sale = sale
        self.shared: list[SaleShared] = []
        self.refunds: list[RefundRecorded] = []
        self.account = MemberAccount()

    def give(self) -> None:
        answer = referral_gift(self.sale, MEMBER, PROGRAM, expires_in=12, gifts_this_year=0)
        assert isinstance(answer, ShareEntry)
        self._record([answer])

    def hear(self, refund: RefundRecorded | None) -> None:
        if refund:
            self.refunds.append(refund)
        self._record(shares_to_take_back(self.sale, self.refunds, self.shared))

    def _record(self, entries: Sequence[ShareEntry]) -> None:
        for entry in entries:
            fact = SaleShared(
                op_id=op(500 + len(self.shared)),
                store="renmin-road",
                day=SOLD + timedelta(days=len(self.shared)),
                clock=moment(),
                member=MEMBER,
                effects=(entry.effect,),
                sale=self.sale.op_id,
                refund=entry.refund,
                by_line=entry.by_line,
            )
            self.shared.append(fact)
            self.account = fold([of_fact(fact)], base=self.account, days={self.sale.op_id: SOLD})


def test_a_referrer_gets_the_join_points_and_the_share_after_the_return_window() -> None:
    referrer = Referrer(friend_sale())
    referrer.give()
    # 100 for joining, 30 % of 59 + 30 points = 26
    last_day_held = SOLD + timedelta(days=7)
    assert view(referrer.account, PROGRAM, last_day_held).held_points == 126
    assert view(referrer.account, PROGRAM, last_day_held).balance == 0
    assert view(referrer.account, PROGRAM, last_day_held + timedelta(days=1)).balance == 126


@given(st.data())
def test_a_share_is_taken_back_by_every_refund_in_whichever_order(data: st.DataObject) -> None:
    sale = friend_sale()
    intervals = data.draw(partitions(sale))
    kept = data.draw(st.integers(0, len(intervals)))
    refunds = [
        a_refund(number, sale, [interval], SOLD)
        for number, interval in enumerate(intervals[kept:], start=2)
    ]
    moves: list[RefundRecorded | None] = data.draw(st.permutations([*refunds, None]))
    referrer = Referrer(sale)
    for move in moves:
        if move is None:
            referrer.give()
        referrer.hear(move)
    later = SOLD + timedelta(days=30)
    expected = sum(
        points
        - sum(worth_of_share(points, each, sale) for each in intervals[kept:] if each.line == line)
        for line, points in referrer.shared[0].by_line
    )
    assert view(referrer.account, PROGRAM, later).balance == expected
    if kept == 0:
        assert expected == 0
    referrer.hear(refunds[0] if refunds else None)
    assert view(referrer.account, PROGRAM, later).balance == expected


def worth_of_share(points: int, interval: Interval, sale: SaleRecorded) -> int:
    """R(b) - R(a) by the schoolbook, written apart from piece_share."""
    count = next(line.pieces for line in sale.lines if line.line_id == interval.line)

    def rounded(number: int) -> int:
        return (2 * points * number + count) // (2 * count)

    return rounded(interval.end) - rounded(interval.start)


@pytest.mark.parametrize(
    ("sale", "program", "gifts", "answer"),
    [
        pytest.param(
            friend_sale(), a_program(referral=None), 0, NoReferral("no_rule"), id="no-rule",
        ),
        pytest.param(
            friend_sale((a_line(net_minor=0, points_earned=0),)), PROGRAM, 0,
            NoReferral("not_paid"), id="nothing-paid",
        ),
        pytest.param(a_sale(1, SOLD), PROGRAM, 0, NoReferral("own_sale"), id="himself"),
        pytest.param(friend_sale(), PROGRAM, 20, ReferralCapped(20), id="twenty-a-year"),
    ],
)  # fmt: skip
def test_no_referral(sale: SaleRecorded, program: Any, gifts: int, answer: Any) -> None:
    assert referral_gift(sale, MEMBER, program, expires_in=12, gifts_this_year=gifts) == answer


# ------------------------------------------------------------------ coupons


def test_a_coupon_used_returned_and_used_again_is_used() -> None:
    given_coupon = item(1, SOLD, do.CouponGiven(coupon="C-1", offer="welcome", days=30))
    first = a_sale(2, SOLD, coupons_used=("C-1",))
    account = fold([given_coupon, of_fact(first)])
    assert view(account, PROGRAM, SOLD).coupons == ()
    refund = a_refund(3, first, [Interval("1", 0, 3)], SOLD)
    (back,) = return_coupon(first, [refund], account, SOLD)
    assert back.days is None
    returned = fold([of_fact(refund), item(4, SOLD, back)], base=account, days={first.op_id: SOLD})
    assert [coupon.coupon_id for coupon in view(returned, PROGRAM, SOLD).coupons] == ["C-1"]
    assert return_coupon(first, [refund], returned, SOLD) == ()
    second = a_sale(5, SOLD, coupons_used=("C-1",))
    again = fold([of_fact(second)], base=returned)
    assert view(again, PROGRAM, SOLD).coupons == ()
    assert view(again, PROGRAM, SOLD).exceptions == ()


def test_a_coupon_stays_used_while_a_piece_is_out() -> None:
    sale = a_sale(2, SOLD, coupons_used=("C-1",))
    refund = a_refund(3, sale, [Interval("1", 0, 2)], SOLD)
    assert return_coupon(sale, [refund], MemberAccount(), SOLD) == ()


def test_a_coupon_that_lapsed_meanwhile_is_prolonged_once_at_most() -> None:
    given_coupon = item(1, SOLD, do.CouponGiven(coupon="C-1", offer="welcome", days=1))
    first = a_sale(2, SOLD, coupons_used=("C-1",))
    account = fold([given_coupon, of_fact(first)])
    refund_day = date(2026, 3, 14)
    (back,) = return_coupon(
        first, [a_refund(3, first, [Interval("1", 0, 3)], refund_day)], account, refund_day
    )
    account = fold([item(4, refund_day, back)], base=account)
    (coupon,) = view(account, PROGRAM, refund_day).coupons
    assert coupon.expires == date(2026, 4, 30)
    second = a_sale(5, date(2026, 4, 30), coupons_used=("C-1",))
    account = fold([of_fact(second)], base=account)
    may = date(2026, 5, 2)
    (back,) = return_coupon(second, [a_refund(6, second, [Interval("1", 0, 3)], may)], account, may)
    assert back.days is None
    assert view(fold([item(7, may, back)], base=account), PROGRAM, may).coupons == ()


@given(st.permutations(range(4)))
def test_uses_and_returns_of_a_coupon_are_pairs_in_any_order(order: list[int]) -> None:
    facts = [
        item(1, SOLD, do.CouponGiven(coupon="C-1", offer="welcome")),
        item(2, SOLD, do.CouponUsed(coupon="C-1")),
        item(3, SOLD, do.CouponBack(coupon="C-1", sale=op(2))),
        item(4, SOLD, do.CouponUsed(coupon="C-1")),
    ]
    seen = view(fold([facts[number] for number in order]), PROGRAM, SOLD)
    assert seen.coupons == ()
