"""The sale's fact: everything of a paid basket in it, and sized before it is paid.

Owns: cases of sale_fact.py. Does not own: bytes and chain (test_facts.py).
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import effects as do
from app.domain import facts as ft
from app.domain.basket import Basket, BasketChoices, BasketLine
from app.domain.money import ZERO, Money
from app.domain.months import Month
from app.domain.payment import Tender
from app.domain.points import Points, PointsBucket
from app.domain.quantity import Quantity
from app.domain.quote import Adjustment
from app.domain.receipt import ReceiptAdjustment, ReceiptLine, ReceiptTender
from app.domain.sale_effects import SaleOutcome
from app.domain.sale_fact import (
    CLOSE_BYTES,
    WARN_BYTES,
    Full,
    NearlyFull,
    PaidBasket,
    Roomy,
    SaleMember,
    basket_room,
    is_too_large,
    rate_text,
    sale_fact,
)
from app.domain.view import AccountView, HeldCoupon
from tests.domain.heart_builders import (
    MEMBER,
    STORE,
    a_line,
    a_program,
    a_quote,
    a_quote_line,
    a_receipt,
    coupon_offer,
    moment,
    op,
    words,
)

DAY = date(2026, 11, 21)


def a_basket_line(line_id: str, **changes: Any) -> BasketLine:
    fields: dict[str, Any] = {
        "line_id": line_id, "sku": f"sku-{line_id}", "name": "纯牛奶 250ml×12",
        "category": "dairy", "unit_price": Money(1990), "quantity": Quantity(3000),
    }  # fmt: skip
    return BasketLine(**(fields | changes))


def a_paid_basket(**changes: Any) -> PaidBasket:
    tier = Adjustment("silver", "2026.1", "tier", Money(-100), (("1", Money(-100)),))
    coupon = Adjustment(
        "60-5", "2025.9", "coupon", Money(-500), (("1", Money(-500)),), "C1", chosen_by_hand=True
    )
    gift = a_quote_line("gift:bogo:1", net=0, gift_of="bogo", quantity=Quantity(1000))
    quote = a_quote(
        a_quote_line("1", adjustments=(tier,), tax_rate=Decimal("0.130"), points_spent=100),
        gift,
        order_adjustments=(coupon,),
        coupons_used=("C1",),
    )
    basket = Basket(
        (a_basket_line("1", member_price=Money(1890), weighed=True, use_points_price=True),),
        BasketChoices(codes=("TEA50",), redeem_points=100, refused=frozenset({"b", "a"})),
    )
    outcome = SaleOutcome(
        effects=(do.Visited(spend_minor=5970, points_earned=59, points_spent=100),),
        spent_from={"1": (do.SpentPart(points=100, expires_in=2),)},
        earned_expires_in=12,
        earned_usable_in_days=8,
        reached=None,
        coupons=(),
    )
    seen = AccountView(
        member_id=MEMBER, tier="silver", joined=DAY, birthday=(11, 3),
        buckets=(PointsBucket(Month.of(DAY), Points(300)),),
        coupons=(HeldCoupon("C1", "60-5", DAY, None),),
    )  # fmt: skip
    fields: dict[str, Any] = {
        "op_id": op(1), "store": STORE, "day": DAY, "clock": moment(), "staff": "staff-li",
        "code": "R1", "basket": basket, "quote": quote, "round_off": Money(7),
        "tenders": (
            Tender("cash", Money(2993), Money(5000), Money(2007)),
            Tender("card", Money(2970), Money(2970), attempt_id="a-1", reference="4242"),
        ),
        "receipt": a_receipt((a_line(),)), "program": a_program(),
        "member": SaleMember(seen, "card", outcome), "shift": "shift-7",
    }  # fmt: skip
    return PaidBasket(**(fields | changes))


def test_the_fact_of_a_member_sale_carries_everything() -> None:
    fact = sale_fact(a_paid_basket())
    assert ft.read_fact(ft.canonical_bytes(fact)) == fact
    line, gift = fact.lines
    assert (line.unit_price_minor, line.member_price_minor, line.weighed) == (1990, 1890, True)
    assert (line.pieces, line.tax_rate, line.points_price) == (3000, "0.13", True)
    assert line.spent_from == (do.SpentPart(points=100, expires_in=2),)
    assert line.adjustments == (ft.FactAdjustment(rule="silver", kind="tier", amount_minor=-100),)
    assert (gift.gift_of, gift.category, gift.pieces) == ("bogo", "", 1)
    assert fact.adjustments == (
        ft.FactAdjustment(
            rule="60-5", kind="coupon", amount_minor=-500, by_line=(("1", -500),),
            version="2025.9", coupon="C1", by_hand=True,
        ),
    )  # fmt: skip
    cash, card = fact.tenders
    assert (cash.received_minor, cash.change_minor) == (5000, 2007)
    assert (card.received_minor, card.attempt, card.reference) == (None, "a-1", "4242")
    assert (fact.member, fact.identified_by, fact.shift) == (MEMBER, "card", "shift-7")
    assert (fact.earned_expires_in, fact.earned_usable_in_days) == (12, 8)
    assert (fact.codes, fact.refused, fact.redeem_asked) == (("TEA50",), ("a", "b"), 100)
    assert fact.round_off_minor == 7
    assert fact.seen is not None
    assert fact.seen.birthday_month
    assert fact.seen.coupons[0].id == "C1"


def test_the_fact_of_a_walk_in_sale_has_no_member_and_no_effects() -> None:
    paid = a_paid_basket(member=None)
    choices = BasketChoices(redeem_points="max")
    fact = sale_fact(replace(paid, basket=replace(paid.basket, choices=choices)))
    assert (fact.member, fact.effects, fact.seen, fact.identified_by) == (None, (), None, None)
    assert (fact.points_earned, fact.earned_usable_in_days) == (0, None)
    assert fact.redeem_asked == "max"


@pytest.mark.parametrize(
    ("rate", "text"), [("0.13", "0.13"), ("0.130", "0.13"), ("0", "0"), ("1.00", "1"), ("10", "10")]
)
def test_rates_are_plain_texts(rate: str, text: str) -> None:
    assert rate_text(Decimal(rate)) == text


LONG_NAME = "有机全脂纯牛奶家庭分享装 250ml×24 (买一送一)"
RULE_WORDS = "满三百减五十会员专享优惠券(双十一限时)"
WORDY = a_program(offers=(msgspec.structs.replace(coupon_offer("60-5"), name=words(RULE_WORDS)),))


def _big(count: int, adjustments: int) -> PaidBasket:
    """A basket of long names and many adjustments, with a receipt of the same size."""
    lines, scanned, shown = [], [], []
    for number in range(count):
        line_id = str(number)
        own = tuple(
            Adjustment(f"rule-{each}", "2026.1", "tier", Money(-1), ((line_id, Money(-1)),))
            for each in range(adjustments)
        )
        lines.append(a_quote_line(line_id, adjustments=own, points_spent=10))
        scanned.append(a_basket_line(line_id, name=LONG_NAME, member_price=Money(1890)))
        shown.append(
            ReceiptLine(
                name=LONG_NAME, quantity="3", unit="kg", unit_price_minor=1990,
                list_minor=5970 + adjustments, net_minor=5970,
                adjustments=tuple(
                    ReceiptAdjustment(words=RULE_WORDS, amount_minor=-1)
                    for _ in range(adjustments)
                ),
            )
        )  # fmt: skip
    order = Adjustment(
        "60-5", "2026.1", "coupon", Money(-count),
        tuple((str(number), Money(-1)) for number in range(count)), "C1",
    )  # fmt: skip
    total = 5970 * count
    quote = a_quote(*lines, order_adjustments=(order,))
    receipt = msgspec.structs.replace(
        a_receipt(()), lines=tuple(shown), list_total_minor=total + adjustments * count,
        total_minor=total, due_minor=total,
        tenders=(ReceiptTender(kind="cash", amount_minor=total),),
    )  # fmt: skip
    spent = {str(n): (do.SpentPart(points=10, expires_in=11),) for n in range(count)}
    cash = Tender("cash", Money(total), Money(total))
    paid = a_paid_basket(
        basket=Basket(tuple(scanned)), quote=quote, receipt=receipt, tenders=(cash,),
        round_off=ZERO,
    )  # fmt: skip
    assert paid.member is not None
    member = replace(paid.member, outcome=replace(paid.member.outcome, spent_from=spent))
    return replace(paid, member=member)


@given(st.integers(1, 60), st.integers(0, 2))
def test_the_estimate_is_never_below_the_real_size_nor_far_above(
    count: int, adjustments: int
) -> None:
    paid = _big(count, adjustments)
    assert paid.member is not None
    room = basket_room(paid.basket, paid.quote, WORDY, paid.member.seen)
    real = len(ft.canonical_bytes(sale_fact(paid)))
    assert real <= room.estimated_bytes <= 2 * real + 6000


@pytest.mark.parametrize(
    ("count", "kind"),
    [(20, Roomy), (110, NearlyFull), (140, Full)],
)
def test_a_basket_warns_and_closes_before_its_fact_is_too_large(count: int, kind: type) -> None:
    paid = _big(count, 1)
    room = basket_room(paid.basket, paid.quote, WORDY)
    assert isinstance(room, kind), room.estimated_bytes
    assert (room.estimated_bytes >= WARN_BYTES) == (kind is not Roomy)
    assert (room.estimated_bytes >= CLOSE_BYTES) == (kind is Full)


def test_the_largest_real_grocery_basket_fits() -> None:
    """161 lines is the largest of 155,848 baskets of a grocery chain (one discount a line)."""
    lines, scanned = [], []
    for number in range(161):
        line_id = str(number + 1)
        own = Adjustment("recorded", "1", "campaign", Money(-50), ((line_id, Money(-50)),))
        lines.append(a_quote_line(line_id, adjustments=(own,)))
        scanned.append(
            a_basket_line(line_id, name="SOFT DRINKS 12/18&15PK CAN", category="GROCERY")
        )
    room = basket_room(Basket(tuple(scanned)), a_quote(*lines), a_program())
    assert not isinstance(room, Full), room.estimated_bytes


def test_what_no_fact_could_hold_is_known_before_it_is_paid() -> None:
    fits = Full(ft.FACT_BYTES_MAX)
    assert not is_too_large(fits, 0)
    assert is_too_large(fits, 1)
    assert is_too_large(Full(ft.FACT_BYTES_MAX + 1), 0)
    assert not is_too_large(Roomy(10_000), 5)


def test_a_batch_a_reward_or_a_tick_make_the_third_shape() -> None:
    line = a_basket_line(
        "1", reward="mug", lot="B7", serial="S77", expires=DAY, approved_by="staff-wang"
    )
    paid = a_paid_basket(basket=Basket((line,)), ticked=(ft.FactTick(entitlement="p", of=op(9)),))
    assert paid.member is not None
    asked = replace(paid.member.seen, reward_uses={"mug": 1, "cup": 2})
    fact = sale_fact(replace(paid, member=replace(paid.member, seen=asked)))
    assert isinstance(fact, ft.FullSaleRecorded)
    assert ft.read_fact(ft.canonical_bytes(fact)) == fact
    first = fact.lines[0]
    assert (first.reward, first.lot, first.serial, first.expires) == ("mug", "B7", "S77", DAY)
    assert (fact.ticked[0].of, fact.approved_by) == (op(9), ("staff-wang",))
    assert fact.seen is not None
    assert fact.seen.reward_uses == (("mug", 1),), "only what this sale asks for"
    for alone in ({"lot": "B7"}, {"serial": "S77"}, {"expires": DAY}, {"reward": "mug"}):
        made = sale_fact(a_paid_basket(basket=Basket((a_basket_line("1", **alone),))))
        assert isinstance(made, ft.FullSaleRecorded)
    assert type(sale_fact(a_paid_basket())) is ft.SaleRecorded
