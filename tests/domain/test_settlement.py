"""Settlement: two chains, gifts because of a sale, coupons given back.

Owns: laws and cases of settlement.py together with the fold. Does not own: pieces alone
(test_account_refunds.py).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import effects as do
from app.domain.account import FoldItem, MemberAccount, fold
from app.domain.facts import FactLine, PiecesSettled, RefundRecorded, SaleRecorded, SaleShared
from app.domain.months import Month
from app.domain.pieces import Interval, worth
from app.domain.referral import referrals_in, was_rewarded
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
    PROGRAM,
    a_line,
    a_program,
    a_refund,
    a_sale,
    item,
    moment,
    of_fact,
    op,
)
from tests.domain.sale_strategies import SOLD, partitions, sales


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
                effects=entry.effects,
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


def test_a_gift_marks_its_friend_and_its_year_and_a_refund_marks_nothing_more() -> None:
    sale = friend_sale()
    referrer = Referrer(sale)
    assert not was_rewarded(referrer.account, FRIEND)
    referrer.give()
    whole = [Interval(line.line_id, 0, line.pieces) for line in sale.lines]
    referrer.hear(a_refund(2, sale, whole, SOLD))
    assert view(referrer.account, PROGRAM, SOLD + timedelta(days=30)).balance == 0
    assert was_rewarded(referrer.account, FRIEND), "given once, whatever came of it"
    assert not was_rewarded(referrer.account, MEMBER)
    years = [referrals_in(referrer.account, SOLD.year + step) for step in (-1, 0, 1)]
    assert years == [0, 1, 0]
    assert referrals_in(fold([of_fact(a_sale(9, SOLD))]), SOLD.year) == 0


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
        pytest.param(
            a_sale(1, SOLD, member=None), PROGRAM, 0, NoReferral("own_sale"), id="nobody",
        ),
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
