"""Re-pricing a fact: what the program priced agrees with itself, what was changed does not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from app.domain.basket import (
    Basket,
    BasketChoices,
    BasketLine,
    BeyondLimit,
    ByHand,
    GivenOff,
    GivenPrice,
)
from app.domain.conditions import Context, GiftGoods
from app.domain.facts import SaleRecorded
from app.domain.money import Money
from app.domain.payment import Tender
from app.domain.pricing import price
from app.domain.program import AmountOff, Budget, Gift, IdentityLimits, Program, Redemption
from app.domain.repricing import PriceAgrees, PriceDiffers, check_price
from app.domain.sale_effects import sale_outcome
from app.domain.sale_fact import PaidBasket, SaleMember, sale_fact
from app.domain.stored_program import OfferUse
from app.domain.view import AccountView
from tests.domain.heart_builders import STORE, a_line, a_receipt, coupons, moment, op
from tests.domain.pricing_shop import AT, TODAY, line, member, offer, program

AT_MS = int(AT.timestamp() * 1000)


def sold(
    rules: Program,
    lines: tuple[BasketLine, ...],
    view: AccountView | None = None,
    context: Context | None = None,
    **choices: Any,
) -> SaleRecorded:
    """The fact of a basket as a till prices and records it."""
    basket = Basket(lines, BasketChoices(**choices))
    context = replace(context or Context(), store=STORE, beyond=basket.choices.beyond)
    quote = price(basket, view, rules, AT, context)
    outcome = sale_outcome(quote, view, rules, TODAY, fresh_coupons=coupons()) if view else None
    due = Money(quote.total.minor)
    return sale_fact(
        PaidBasket(
            op_id=op(1), store=STORE, day=TODAY, clock=moment(AT_MS), staff="li", code="R1",
            basket=basket, quote=quote, tenders=(Tender("cash", due, due),),
            receipt=a_receipt((a_line(),)), program=rules,
            member=SaleMember(view, "card", outcome) if view and outcome else None,
        )
    )  # fmt: skip


MILK = line("1", "59.00", "2", sku="milk")
TEA = line("2", "12.50", "3", sku="tea", member_price="11.00", tax_rate="0.13")
APPLES = replace(line("3", "12.80", "0.842", sku="apple"), weighed=True)
FIVE_OFF = offer("60-5", AmountOff(amount="5.00"), trigger="coupon")
BOUNDED = offer("spring", AmountOff(amount="8.00"), budget=Budget(uses=1))
BOGO = offer("bogo", Gift(products=("cup",), quantity=1))
PLAIN = program(offers=(FIVE_OFF, BOGO), redemption=Redemption())
CUP = Context(gift_goods={"cup": GiftGoods(Money(990), "杯", "goods", Decimal("0.13"))})
USED_UP = Context(uses={"spring": OfferUse("spring", 1, 800)})
DENT = ByHand("rate", "damaged", rate=Decimal("0.10"), most=Decimal("0.2"), given_by="li")
GOODWILL = ByHand("amount", "goodwill", amount=Money(300), given_by="li")
GIVEN = GivenPrice(Money(5900), (GivenOff("label", Money(900)),))
LIMITED = program(redemption=Redemption(per_day=IdentityLimits(card=100)))

SOLD = [
    pytest.param(sold(PLAIN, (MILK, TEA, APPLES)), PLAIN, id="a walk-in"),
    pytest.param(sold(PLAIN, (MILK, TEA), member("gold")), PLAIN, id="a tier"),
    pytest.param(sold(PLAIN, (MILK,), member("silver", "60-5")), PLAIN, id="the best coupon"),
    pytest.param(sold(PLAIN, (MILK,), member("silver", "60-5"), coupons=()), PLAIN,
                 id="the coupon kept for later"),
    pytest.param(sold(PLAIN, (MILK,), member("silver", points=5000), redeem_points="max"), PLAIN,
                 id="points"),
    pytest.param(sold(PLAIN, (MILK,), member("silver", points=5000), Context(points_limit=500),
                      redeem_points="max"), PLAIN, id="points within the limit of a till offline"),
    pytest.param(sold(PLAIN, (MILK,), member("silver", "60-5"), Context(coupons_limit=0)), PLAIN,
                 id="no coupon for lack of a connection"),
    pytest.param(sold(PLAIN, (MILK,), member("silver", points=0, debt_points=30)), PLAIN,
                 id="points owed"),
    pytest.param(sold(PLAIN, (MILK, TEA), member("gold"), CUP), PLAIN, id="a gift"),
    pytest.param(sold(PLAIN, (replace(MILK, by_hand=DENT), TEA), by_hand=GOODWILL), PLAIN,
                 id="by hand"),
    pytest.param(sold(PLAIN, (replace(MILK, quantity=line("x", "1", "1").quantity, given=GIVEN),)),
                 PLAIN, id="a given price"),
    pytest.param(sold(LIMITED, (MILK,), member("gold", points=5000), redeem_points="max",
                      beyond=BeyondLimit(500, Money(0), "li", "wang")), LIMITED,
                 id="beyond the limit of the day"),
    pytest.param(sold(PLAIN, (MILK,), member("gold", birthday=(TODAY.month, 3))), PLAIN,
                 id="a birthday"),
    pytest.param(
        sold(program(offers=(BOUNDED,)), (MILK,), None, USED_UP),
        program(offers=(BOUNDED,)), id="an offer that had given all"),
    pytest.param(sold(program(offers=(BOUNDED,)), (MILK,)), program(offers=(BOUNDED,)),
                 id="an offer that gives still"),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "rules"), SOLD)
def test_what_the_till_priced_agrees(fact: SaleRecorded, rules: Program) -> None:
    assert check_price(fact, rules) == PriceAgrees()


def test_a_price_that_the_program_does_not_make_differs() -> None:
    fact = sold(PLAIN, (MILK,), member("gold"))
    dearer = program(offers=(FIVE_OFF, BOGO), tiers=(PLAIN.tiers[0], PLAIN.tiers[1],
                     structs.replace(PLAIN.tiers[2], discount="0.05")))  # fmt: skip
    answer = check_price(fact, dearer)
    assert isinstance(answer, PriceDiffers)
    assert (answer.total_minor, answer.expected_minor) == (10384, 10620)
    assert answer.earned != answer.expected_earned


def test_points_that_were_made_up_differ() -> None:
    fact = sold(PLAIN, (MILK,), member("gold"))
    more = structs.replace(
        fact,
        points_earned=fact.points_earned + 100,
    )
    answer = check_price(more, PLAIN)
    assert isinstance(answer, PriceDiffers)
    assert answer.earned - answer.expected_earned == 100
