"""A year of one member at one till: priced, paid, recorded, folded, viewed, refunded.

Owns: the law that pricing, facts, fold and view agree with each other over whole histories.
Does not own: each of them alone.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.account import MemberAccount, fold
from app.domain.basket import Basket, BasketChoices, BasketLine
from app.domain.facts import SaleRecorded, canonical_bytes, read_fact
from app.domain.money import ZERO, Money
from app.domain.payment import Tender
from app.domain.pieces import Interval
from app.domain.pricing import price
from app.domain.quantity import Quantity
from app.domain.sale_effects import sale_outcome
from app.domain.sale_fact import PaidBasket, SaleMember, sale_fact
from app.domain.settlement import return_coupon
from app.domain.view import AccountView, view
from tests.domain.heart_builders import (
    MEMBER,
    PROGRAM,
    STORE,
    a_receipt,
    a_refund,
    coupons,
    moment,
    of_fact,
    op,
)

ZONE = ZoneInfo(PROGRAM.timezone)
START = date(2026, 1, 5)

lines = st.lists(st.tuples(st.integers(100, 400_000), st.integers(1, 4)), min_size=1, max_size=3)
visits = st.lists(
    st.tuples(st.integers(0, 60), lines, st.sampled_from([0, "max"]), st.booleans()),
    min_size=1,
    max_size=8,
)


def a_basket(goods: list[tuple[int, int]], redeem: int | str) -> Basket:
    scanned = tuple(
        BasketLine(
            line_id=str(number), sku=f"sku-{number}", name="茶", category="tea",
            unit_price=Money(unit), quantity=Quantity(count * 1000), tax_rate=Decimal("0.13"),
        )
        for number, (unit, count) in enumerate(goods)
    )  # fmt: skip
    return Basket(scanned, BasketChoices(redeem_points=redeem))


def sell(number: int, day: date, basket: Basket, member: AccountView) -> SaleRecorded:
    """One sale through the real pricing, by a pass (no daily limit)."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).astimezone(ZONE)
    quote = price(basket, member, PROGRAM, at)
    outcome = sale_outcome(quote, member, PROGRAM, day, fresh_coupons=coupons(number * 10))
    return sale_fact(
        PaidBasket(
            op_id=op(number), store=STORE, day=day, clock=moment(), staff="staff-li",
            code=f"R{number}", basket=basket, quote=quote,
            tenders=(Tender("cash", quote.total, quote.total, ZERO),),
            receipt=a_receipt(()), program=PROGRAM,
            member=SaleMember(member, "pass", outcome),
        )
    )  # fmt: skip


@settings(max_examples=60)
@given(visits)
def test_pricing_facts_fold_and_view_agree_over_a_history(
    history: list[tuple[int, list[tuple[int, int]], int | str, bool]],
) -> None:
    day, account, days = START, MemberAccount(), dict[str, date]()
    spend = 0
    for number, (later, goods, redeem, refund_it) in enumerate(history):
        day += timedelta(days=later)
        before = replace(view(account, PROGRAM, day), member_id=MEMBER)
        sale = sell(2 * number, day, a_basket(goods, redeem), before)
        assert read_fact(canonical_bytes(sale)) == sale
        assert all(
            sum(part.points for part in line.spent_from) == line.points_spent for line in sale.lines
        )
        days[sale.op_id] = day
        account = fold([of_fact(sale)], base=account, days=days)
        after = view(account, PROGRAM, day)
        at_once = sale.points_earned if sale.earned_usable_in_days is None else 0
        assert after.balance == before.balance - sale.points_spent + at_once
        assert PROGRAM.rank(after.tier) >= PROGRAM.rank(before.tier)
        spend += sale.total_minor
        if refund_it:
            pieces = [Interval(line.line_id, 0, line.pieces) for line in sale.lines]
            back = a_refund(2 * number + 1, sale, pieces, day)
            account = fold([of_fact(back)], base=account, days=days)
            spend -= sale.total_minor
            undone = view(account, PROGRAM, day)
            assert undone.buckets == before.buckets
            assert undone.spend_in_window == before.spend_in_window
            assert (undone.tier, undone.visits) == (before.tier, before.visits)
            # A coupon the sale used is given back by the authority, after the last piece.
            kept = tuple(c for c in before.coupons if c.coupon_id not in sale.coupons_used)
            assert undone.coupons == kept
            given_back = return_coupon(sale, [back], account, day)
            assert {effect.coupon for effect in given_back} == set(sale.coupons_used)
        assert view(account, PROGRAM, day).debts == ()
    ever = sum(account.spend.raised.values()) - sum(
        amount for lowered in account.spend.lowered.values() for amount in lowered.values()
    )
    assert ever == spend
