"""The budget of price(): a basket as most are, and the largest a shop may bring.

Owns: two baskets of the size DESIGN.md "Budgets" names, with their rules. Does not own: pricing.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from app.commands.bench.figures import Figure, median_ms, percentile_ms, timed
from app.domain.basket import Basket, BasketLine
from app.domain.money import Money
from app.domain.pricing import price
from app.domain.program import (
    AmountOff,
    Conditions,
    Earning,
    NForPrice,
    NthDiscount,
    Offer,
    PercentOff,
    PriceList,
    PriceOverride,
    Program,
    Qualify,
    Scope,
    Text,
    Threshold,
    Tier,
)
from app.domain.quantity import pieces
from app.domain.view import AccountView, HeldCoupon

AT = datetime(2026, 11, 20, 18, 2)  # noqa: DTZ001 - shop time carries no zone
CATEGORIES = ("dairy", "bakery", "snacks", "drinks", "home", "care", "frozen", "fresh")


def _text(words: str) -> Text:
    return Text(zh=words, en=words)


def _only(number: int) -> Scope:
    return Scope(categories=(CATEGORIES[number % len(CATEGORIES)],))


def coupon_offers() -> list[Offer]:
    """20 coupon offers of a busy chain: whole order and by category, amounts and percentages."""
    offers = []
    for number in range(20):
        wide = number % 3 == 0
        offers.append(
            Offer(
                id=f"coupon-{number:02d}",
                name=_text(f"coupon {number}"),
                trigger="coupon",
                scope=Scope() if wide else _only(number),
                threshold=Threshold(amount=str((300 if wide else 60) + 20 * number)),
                group="order" if number % 5 == 0 else None,
                effect=PercentOff(rate=f"0.{5 + number % 7:02d}", cap="80")
                if number % 2
                else AmountOff(amount=str(5 + number)),
            )
        )
    return offers


def automatic_offers() -> list[Offer]:
    """10 automatic rules: thresholds, percentages and bundles."""
    return [
        Offer(id="auto-a", name=_text("a"), effect=AmountOff(amount="20"),
              threshold=Threshold(amount="500"), group="season"),
        Offer(id="auto-b", name=_text("b"), effect=PercentOff(rate="0.03"), group="season"),
        Offer(id="auto-c", name=_text("c"),
              effect=AmountOff(amount="5", per_threshold=True, cap="50"),
              threshold=Threshold(amount="100"), scope=_only(0)),
        Offer(id="auto-d", name=_text("d"), effect=PercentOff(rate="0.05"), scope=_only(1)),
        Offer(id="auto-e", name=_text("e"), effect=AmountOff(amount="3"), scope=_only(2),
              threshold=Threshold(quantity=6)),
        Offer(id="auto-f", name=_text("f"), effect=NthDiscount(n=2, rate="0.5"), scope=_only(3)),
        Offer(id="auto-g", name=_text("g"), effect=NForPrice(n=3, price="25"), scope=_only(4)),
        Offer(id="auto-h", name=_text("h"), effect=NthDiscount(n=3, rate="1"), scope=_only(5)),
        Offer(id="auto-i", name=_text("i"), effect=AmountOff(amount="8"), scope=_only(6),
              threshold=Threshold(amount="80")),
        Offer(id="auto-j", name=_text("j"), effect=PercentOff(rate="0.02", cap="10")),
    ]  # fmt: skip


def program(offers: list[Offer]) -> Program:
    """Three tiers, a campaign price list, and the offers."""
    return Program(
        schema=1,
        id="bench",
        version="1",
        name=_text("bench"),
        announced=date(2026, 1, 1),
        effective=date(2026, 2, 1),
        tiers=(
            Tier(id="regular", name=_text("regular")),
            Tier(id="silver", name=_text("silver"), discount="0.1", qualify=Qualify(spend="2000")),
            Tier(id="gold", name=_text("gold"), discount="0.12", qualify=Qualify(spend="5000")),
        ),
        earning=Earning(birthday_factor="2"),
        price_lists=(
            PriceList(
                id="member_day",
                name=_text("member day"),
                prices=(PriceOverride(categories=("snacks",), rate="0.2"),),
                when=Conditions(members_only=True),
            ),
        ),
        offers=tuple(offers),
    )


def basket(count: int) -> Basket:
    """Lines over all categories, some with a member price."""
    return Basket(
        tuple(
            BasketLine(
                f"l{number}",
                f"69{number * 7919 % 100000:05d}",
                f"goods {number}",
                CATEGORIES[number % len(CATEGORIES)],
                Money(395 + number * 1237 % 4900),
                pieces(1 + number % 3),
                Money(350 + number * 1100 % 4400) if number % 6 == 0 else None,
            )
            for number in range(count)
        )
    )


def member(offers: list[Offer]) -> AccountView:
    """A gold member who holds one coupon of every coupon offer."""
    coupons = tuple(
        HeldCoupon(f"C{offer.id}", offer.id, date(2026, 11, 1), date(2026, 12, 1 + number))
        for number, offer in enumerate(offers)
        if offer.trigger == "coupon"
    )
    return AccountView(member_id="m", tier="gold", joined=date(2025, 1, 1), coupons=coupons)


def times_ns(count: int, offers: list[Offer], runs: int) -> list[int]:
    """How long each of so many quotes of so many lines took."""
    goods, shopper, rules = basket(count), member(offers), program(offers)
    return [timed(partial(price, goods, shopper, rules, AT)) for _ in range(runs)]


def measure_pricing(*, runs: int) -> list[Figure]:
    """The medians of 10 lines and of 100 lines with 20 coupons and 30 rules."""
    small = times_ns(10, coupon_offers()[:2] + automatic_offers()[:4], runs * 5)
    large = times_ns(100, coupon_offers() + automatic_offers(), runs)
    return [
        _figure("price_10", small, 1, {"lines": 10, "coupons": 2, "rules": 6}),
        _figure("price_100", large, 20, {"lines": 100, "coupons": 20, "rules": 30}),
    ]


def _figure(what: str, times: list[int], budget: float, size: dict[str, float | str]) -> Figure:
    beside = {"p99_ms": percentile_ms(times, 0.99), "runs": len(times)}
    return Figure(what, median_ms(times), budget, "ms", {**size, **beside})
