"""Single refunds with their figures: what comes back of which tender, and what of the points.

Owns: cases a shopkeeper would reckon on paper. Does not own: the laws (test_refund_laws.py).
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain import effects as do
from app.domain.account import MemberAccount, fold
from app.domain.effects import SpentPart
from app.domain.facts import FactTender, SaleRecorded
from app.domain.pieces import Interval, TooMany
from app.domain.program import Plan, Prices, Redemption
from app.domain.refund import (
    Chosen,
    NotOnReceipt,
    PointsMoved,
    RefundCase,
    RefundQuote,
    account_after,
    cash_step,
    pieces_left,
    quote_refund,
)
from app.domain.refund_payout import Part, Payout, Payouts, SetOff, payouts_of, set_off
from app.domain.view import view
from tests.domain.heart_builders import (
    PROGRAM,
    a_line,
    a_program,
    a_refund,
    a_sale,
    item,
    of_fact,
    op,
    words,
)
from tests.domain.sale_strategies import SOLD

CARD = FactTender(kind="card", amount_minor=2000, attempt="a-1", reference="77")
MOBILE = FactTender(kind="mobile", amount_minor=1000, attempt="a-2", reference="WX1")


def cash(amount: int) -> FactTender:
    return FactTender(kind="cash", amount_minor=amount)


def paid(*tenders: FactTender, **changes: Any) -> SaleRecorded:
    """Three pieces for 59.70, 59 points earned, paid by these tenders."""
    sale = a_sale(1, SOLD, **changes)
    return a_sale(1, SOLD, **(changes | {"tenders": tenders})) if tenders else sale


def a_case(sale: SaleRecorded, **changes: Any) -> RefundCase:
    fields: dict[str, Any] = {
        "sale": sale, "sold_on": SOLD, "past": (), "program": PROGRAM, "day": SOLD,
        "account": fold([of_fact(sale)]) if sale.member else None, "named": True,
    }  # fmt: skip
    return RefundCase(**(fields | changes))


def quoted(case: RefundCase, *chosen: Chosen) -> RefundQuote:
    answer = quote_refund(case, chosen, op_id=op(50))
    assert isinstance(answer, RefundQuote), answer
    return answer


def money(quote: RefundQuote) -> list[tuple[str, int]]:
    given = payouts_of(quote.parts, cash_step(PROGRAM))
    return [(each.kind, each.amount_minor) for each in given.each]


def in_turn(case: RefundCase, *counts: int) -> list[RefundQuote]:
    """Refunds of so many pieces of line 1, one after the other."""
    quotes = []
    for number, count in enumerate(counts):
        quote = quoted(case, Chosen("1", count, "size"))
        fact = a_refund(
            100 + number, case.sale, [], SOLD, pieces=quote.pieces, tenders=(),
            settled_minor=quote.settled_minor, round_off_minor=quote.round_off_minor,
            cash_rest_minor=quote.settled_minor,
        )  # fmt: skip
        case = replace(case, past=(*case.past, fact))
        quotes.append(quote)
    return quotes


def test_cash_comes_back_in_whole_steps_and_the_last_piece_brings_the_rest() -> None:
    sale = a_sale(1, SOLD, lines=(a_line(net_minor=1000, list_minor=1000),), member=None)
    quotes = in_turn(a_case(sale), 1, 1, 1)
    assert [quote.worth.money_minor for quote in quotes] == [333, 334, 333]
    assert [quote.settled_minor for quote in quotes] == [330, 330, 340]
    assert [quote.round_off_minor for quote in quotes] == [3, 4, -7]
    assert [quote.last_piece for quote in quotes] == [False, False, True]
    assert quotes[0].effects == ()
    assert quotes[0].points == PointsMoved()


def test_what_was_rounded_off_at_payment_is_not_given_back() -> None:
    sale = paid(cash(5960), round_off_minor=10)
    assert [quote.settled_minor for quote in in_turn(a_case(sale), 2, 1)] == [3980, 1980]


def test_cards_are_refilled_in_their_order_before_any_cash_is_given() -> None:
    sale = paid(cash(2970), CARD, MOBILE)
    quotes = in_turn(a_case(sale), 1, 1, 1)
    assert [money(quote) for quote in quotes] == [
        [("card", 1990)],
        [("card", 10), ("mobile", 1000), ("cash", 980)],
        [("cash", 1990)],
    ]
    assert [part.paid_by.reference for part in quotes[1].parts] == ["77", "WX1", ""]


def test_two_lines_and_a_weight_come_back_by_their_lowest_free_pieces() -> None:
    lines = (
        a_line("1"),
        a_line("2", quantity_thousandths=842, weighed=True, net_minor=1078, list_minor=1078),
    )
    case = a_case(a_sale(1, SOLD, lines=lines))
    case = replace(case, past=(a_refund(2, case.sale, [], SOLD, pieces=()),))
    quote = quoted(case, Chosen("2", 300, "quality"), Chosen("1", 1, "size"))
    assert [(p.line, p.start, p.end, p.amount_minor, p.reason) for p in quote.pieces] == [
        ("2", 0, 300, 384, "quality"),
        ("1", 0, 1, 1990, "size"),
    ]
    assert quote.settled_minor == 2370
    gone = a_refund(3, case.sale, [Interval("2", 0, 300)], SOLD)
    assert pieces_left(lines[1], (gone,)) == 542


def test_the_same_line_twice_takes_the_next_pieces_and_too_many_are_refused() -> None:
    case = a_case(paid())
    quote = quoted(case, Chosen("1", 1, "size"), Chosen("1", 1, "quality"))
    assert [(piece.start, piece.end) for piece in quote.pieces] == [(0, 1), (1, 2)]
    assert quote_refund(case, (Chosen("1", 4),), op_id=op(50)) == TooMany("1", 3)
    assert quote_refund(case, (Chosen("9", 1),), op_id=op(50)) == NotOnReceipt("9")


def test_the_coupons_of_a_sale_come_with_its_last_piece_only() -> None:
    case = a_case(paid(coupons_used=("C-1",)))
    first, second = in_turn(case, 2, 1)
    assert (first.coupons, second.coupons) == ((), ("C-1",))


def test_what_another_till_paid_out_for_the_same_pieces_is_set_off() -> None:
    sale = paid(cash(5970))
    both = tuple(
        a_refund(number, sale, [], SOLD, pieces=quoted(a_case(sale), Chosen("1", 1)).pieces,
                 settled_minor=1990, cash_rest_minor=1990, tenders=())
        for number in (2, 3)
    )  # fmt: skip
    quote = quoted(a_case(sale, past=both), Chosen("1", 2, "size"))
    assert (quote.overpaid_minor, quote.settled_minor) == (1990, 1990)
    assert quote.last_piece


# ------------------------------------------------------------------ points


def spent(points: int, account: MemberAccount) -> MemberAccount:
    return fold([item(60, SOLD, do.Taken(points=points))], base=account)


def test_points_earned_are_taken_and_points_spent_given_back() -> None:
    parts = (SpentPart(points=100, expires_in=3),)
    sale = a_sale(1, SOLD, lines=(a_line(points_spent=100, spent_from=parts),))
    account = fold([item(40, SOLD, do.Gained(points=500, expires_in=3)), of_fact(sale)])
    quote = quoted(a_case(sale, account=account), Chosen("1", 3, "size"))
    assert quote.points == PointsMoved(59, 100, 0, 459, 500, 0, 0)
    assert len(quote.effects) == 1
    case = a_case(sale, account=account)
    after = account_after(case, op(50), quote.effects)
    assert view(after, PROGRAM, SOLD).balance == 500


@pytest.mark.parametrize(
    ("named", "tenders", "kept", "back", "owed"),
    [
        pytest.param(True, (cash(5970),), (0, 0), [("cash", 5970)], 59, id="named-may-owe"),
        pytest.param(False, (cash(5970),), (59, 50), [("cash", 5920)], 0, id="card-in-cash"),
        pytest.param(
            False, (CARD, cash(3970)), (59, 59), [("card", 1941), ("cash", 3970)], 0, id="by-card"
        ),
    ],
)
def test_points_that_are_spent_already_are_owed_or_paid_for(
    named: bool, tenders: tuple[FactTender, ...], kept: tuple[int, int], back: Any, owed: int
) -> None:
    sale = paid(*tenders)
    case = a_case(sale, account=spent(59, fold([of_fact(sale)])), named=named)
    quote = quoted(case, Chosen("1", 3, "size"))
    assert (quote.points.kept, quote.kept_back_minor) == kept
    assert money(quote) == back
    assert quote.back_minor == quote.settled_minor - kept[1] == sum(each for _, each in back)
    assert (quote.points.owed_after, quote.points.balance_after) == (owed, -owed)


def test_a_named_member_owes_up_to_the_limit_and_pays_for_what_is_beyond() -> None:
    line = a_line(points_earned=1200)
    sale = a_sale(1, SOLD, lines=(line,))
    case = a_case(sale, account=spent(1200, fold([of_fact(sale)])))
    quote = quoted(case, Chosen("1", 3, "size"))
    assert (quote.points.kept, quote.kept_back_minor, quote.points.owed_after) == (200, 200, 1000)


def test_no_more_is_kept_back_than_there_is_to_give() -> None:
    sale = a_sale(1, SOLD, lines=(a_line(points_earned=900, net_minor=300, list_minor=300),))
    case = a_case(sale, account=spent(900, fold([of_fact(sale)])), named=False)
    quote = quoted(case, Chosen("1", 3, "size"))
    assert (quote.points.kept, quote.kept_back_minor, quote.back_minor) == (300, 300, 0)
    assert quote.parts == ()
    assert quote.points.owed_after == 600


def test_points_worth_nothing_are_forgiven() -> None:
    sale = paid()
    program = a_program(redemption=Redemption(amount="0.00"))
    account = spent(59, fold([of_fact(sale)]))
    quote = quoted(
        a_case(sale, program=program, account=account, named=False), Chosen("1", 3, "size")
    )
    assert (quote.points.kept, quote.kept_back_minor, quote.points.owed_after) == (59, 0, 0)


def test_once_money_moves_as_many_points_are_kept_as_were_then() -> None:
    sale = paid()
    case = a_case(sale, named=False)
    quote = quote_refund(case, (Chosen("1", 3, "size"),), op_id=op(50), keep=40)
    assert isinstance(quote, RefundQuote)
    assert (quote.points.kept, quote.kept_back_minor, quote.points.balance_after) == (40, 40, 40)


def test_an_older_debt_is_nobody_s_business_at_a_refund() -> None:
    sale = paid()
    account = spent(300, fold([of_fact(sale)]))
    quote = quoted(a_case(sale, account=account, named=False), Chosen("1", 1, "size"))
    assert quote.points.owed_before == 241
    assert (quote.points.taken, quote.points.kept, quote.points.owed_after) == (20, 20, 241)


def test_points_returned_after_their_month_lapsed_live_to_the_end_of_the_next() -> None:
    parts = (SpentPart(points=100, expires_in=0),)
    sale = a_sale(1, SOLD, lines=(a_line(points_spent=100, spent_from=parts, points_earned=0),))
    account = fold([item(40, SOLD, do.Gained(points=100, expires_in=0)), of_fact(sale)])
    later = SOLD + timedelta(days=40)
    quote = quoted(a_case(sale, account=account, day=later), Chosen("1", 3, "size"))
    assert (quote.points.returned, quote.points.balance_after) == (100, 100)


def test_with_a_piece_of_a_paid_plan_its_tier_goes() -> None:
    plan = Plan(id="year", name=words("年卡"), sku="sku-1", tier="silver")
    sale = paid()
    quote = quoted(a_case(sale, program=a_program(plans=(plan,))), Chosen("1", 1, "size"))
    (effect,) = quote.effects
    assert isinstance(effect, do.Undone)
    assert effect.plan


@pytest.mark.parametrize(("step", "minor"), [("0.10", 10), (None, 1), ("0.00", 1)])
def test_the_step_of_cash(step: str | None, minor: int) -> None:
    assert cash_step(a_program(prices=Prices(round_off_step=step))) == minor


# ------------------------------------------------------------------ giving back, setting off

CREDIT = FactTender(kind="other", amount_minor=333, reference="R1")
BY_CARD, IN_CASH = Part(0, CARD, 2000), Part(1, cash(3000), 3000)
BY_CREDIT = Part(2, CREDIT, 333)


def test_what_was_not_paid_in_cash_is_given_in_cash_in_whole_steps_where_it_must() -> None:
    assert payouts_of((BY_CREDIT, IN_CASH), 10) == Payouts((Payout("cash", 3330),), 330, 3)
    card = Part(0, CARD, 1995)
    assert payouts_of((card,), 10, in_cash=frozenset({0})) == Payouts(
        (Payout("cash", 1990),), 1990, 5
    )
    assert payouts_of((card,), 10) == Payouts((Payout("card", 1995, card),))
    assert payouts_of((Part(2, CREDIT, 3),), 10) == Payouts((), 0, 3)


@pytest.mark.parametrize(
    ("due", "answer"),
    [
        pytest.param(6000, SetOff(5000, 1000, ()), id="dearer"),
        pytest.param(5000, SetOff(5000, 0, ()), id="even"),
        pytest.param(
            1000, SetOff(1000, 0, (BY_CARD, replace(IN_CASH, amount_minor=2000))), id="cash-pays"
        ),
        pytest.param(
            1993, SetOff(1990, 0, (BY_CARD, replace(IN_CASH, amount_minor=1010)), 3),
            id="cash-in-whole-steps",
        ),
        pytest.param(3000, SetOff(3000, 0, (BY_CARD,)), id="all-the-cash"),
        pytest.param(3333, SetOff(3333, 0, (replace(BY_CARD, amount_minor=1667),)), id="the-card"),
        pytest.param(0, SetOff(0, 0, (BY_CARD, IN_CASH)), id="for-nothing"),
    ],
)  # fmt: skip
def test_new_goods_are_paid_out_of_the_cash_first(due: int, answer: SetOff) -> None:
    assert set_off((BY_CARD, IN_CASH), due, 10) == answer
