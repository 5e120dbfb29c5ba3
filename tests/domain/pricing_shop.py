"""A small shop to price in: builders for programs, baskets and members that read like a till's.

Owns: defaults that tests override by name. Does not own: any expectation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.domain.basket import Basket, BasketChoices, BasketLine
from app.domain.conditions import Context
from app.domain.money import Money, parse_amount
from app.domain.months import Month
from app.domain.points import Points, PointsBucket
from app.domain.pricing import price
from app.domain.program import (
    AmountOff,
    Conditions,
    Earning,
    Gift,
    Offer,
    PriceList,
    PriceOverride,
    Program,
    Qualify,
    Scope,
    Text,
    Threshold,
    Tier,
)
from app.domain.quantity import Quantity, parse_quantity
from app.domain.quote import NotApplied, Quote
from app.domain.view import AccountView, HeldCoupon

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 20, 18, 2, tzinfo=ZONE)
TODAY = AT.date()


def text(words: str) -> Text:
    return Text(zh=words, en=words)


def money(amount: str) -> Money:
    read = parse_amount(amount)
    assert isinstance(read, Money), amount
    return read


def program(**changes: Any) -> Program:
    """Regular, silver 10 %, gold 12 %; earn 1, 1.2, 1.5; birthday double; nothing else."""
    plain = Program(
        schema=1,
        id="shop",
        version="7",
        name=text("shop"),
        announced=date(2026, 1, 1),
        effective=date(2026, 2, 1),
        tiers=(
            Tier(id="regular", name=text("Regular")),
            Tier(
                id="silver", name=text("Silver"), discount="0.10", earn_rate="1.2",
                qualify=Qualify(spend="20000"),
            ),
            Tier(
                id="gold", name=text("Gold"), discount="0.12", earn_rate="1.5",
                qualify=Qualify(spend="50000"),
            ),
        ),
        earning=Earning(birthday_factor="2"),
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def flat(**changes: Any) -> Program:
    """One tier without discount: only the offers under test change a price."""
    return program(tiers=(Tier(id="regular", name=text("Regular")),), **changes)


def offer(offer_id: str, effect: Any, **more: Any) -> Offer:
    return Offer(id=offer_id, name=text(offer_id), effect=effect, **more)


def line(
    line_id: str, unit_price: str, quantity: str = "1", *, category: str = "food", **more: Any
) -> BasketLine:
    read = parse_quantity(quantity)
    assert isinstance(read, Quantity), quantity
    member_price = more.pop("member_price", None)
    rate = more.pop("tax_rate", None)
    return BasketLine(
        line_id=line_id,
        sku=more.pop("sku", f"sku-{line_id}"),
        name=line_id,
        category=category,
        unit_price=money(unit_price),
        quantity=read,
        member_price=None if member_price is None else money(member_price),
        tax_rate=None if rate is None else Decimal(rate),
        **more,
    )


def member(tier: str = "regular", *coupons: str, points: int = 0, **more: Any) -> AccountView:
    """A member; coupons are offer ids, the first expiring first."""
    held = tuple(
        HeldCoupon(f"C{number}-{offer_id}", offer_id, date(2026, 11, 1), date(2026, 12, number + 1))
        for number, offer_id in enumerate(coupons)
    )
    buckets = (PointsBucket(Month.parse("2027-06"), Points(points)),) if points else ()
    plain = AccountView(
        member_id="m1", tier=tier, joined=date(2025, 3, 1), coupons=held, buckets=buckets, visits=3
    )
    return replace(plain, **more)


def quote(
    lines: Iterable[BasketLine],
    rules: Program,
    view: AccountView | None = None,
    *,
    at: datetime = AT,
    context: Context | None = None,
    **choices: Any,
) -> Quote:
    """Price the lines; choices are those of BasketChoices by name."""
    basket = Basket(tuple(lines), BasketChoices(**choices))
    return price(basket, view, rules, at, context or Context())


def nets(priced: Quote) -> dict[str, int]:
    return {one.line_id: one.net.minor for one in priced.lines}


def off_by_rule(priced: Quote) -> dict[str, int]:
    """What every rule took off, lines and order together, in minor units."""
    found: dict[str, int] = {}
    own = [adjustment for one in priced.lines for adjustment in one.adjustments]
    for adjustment in (*own, *priced.order_adjustments):
        found[adjustment.rule] = found.get(adjustment.rule, 0) - adjustment.amount.minor
    return found


def refusal(priced: Quote, rule: str) -> NotApplied:
    """The one reason given for a rule."""
    (found,) = [one for one in priced.not_applied if one.rule == rule]
    return found


def reason(priced: Quote, rule: str) -> str:
    return refusal(priced, rule).reason


def price_list(list_id: str, price: str, sku: str, when: Conditions | None = None) -> PriceList:
    """A campaign list with one price for one product."""
    override = PriceOverride(products=(sku,), price=price)
    return PriceList(id=list_id, name=text(list_id), prices=(override,), when=when or Conditions())


def only(*categories: str) -> Scope:
    return Scope(categories=categories)


def coupons(*offers: Offer) -> Any:
    return flat(offers=offers)


def coupon(offer_id: str, off: str, **more: Any) -> Offer:
    return offer(offer_id, AmountOff(amount=off), trigger="coupon", **more)


def gift(offer_id: str = "tea", **more: Any) -> Offer:
    effect = Gift(products=("T1", "T2"), price="10.00", category="tea", tax_rate="0.09")
    return offer(offer_id, effect, threshold=Threshold(amount="90"), **more)
