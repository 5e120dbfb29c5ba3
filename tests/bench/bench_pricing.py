"""Benchmark of price(): `python -m tests.bench.bench_pricing` prints medians beside the budgets.

Owns: two baskets of the size DESIGN.md "Budgets" names. Does not own: a verdict in the test suite
(a benchmark is not a timed test).
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from statistics import median
from time import perf_counter_ns

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


def _category(number: int) -> Scope:
    return Scope(categories=(CATEGORIES[number % len(CATEGORIES)],))


def coupon_offers() -> list[Offer]:
    """20 coupon offers as a busy chain has them: whole order and by category, amount and percent."""
    offers = []
    for number in range(20):
        wide = number % 3 == 0
        offers.append(
            Offer(
                id=f"coupon-{number:02d}",
                name=_text(f"coupon {number}"),
                trigger="coupon",
                scope=Scope() if wide else _category(number),
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
        Offer(id="auto-c", name=_text("c"), effect=AmountOff(amount="5", per_threshold=True, cap="50"),
              threshold=Threshold(amount="100"), scope=_category(0)),
        Offer(id="auto-d", name=_text("d"), effect=PercentOff(rate="0.05"), scope=_category(1)),
        Offer(id="auto-e", name=_text("e"), effect=AmountOff(amount="3"), scope=_category(2),
              threshold=Threshold(quantity=6)),
        Offer(id="auto-f", name=_text("f"), effect=NthDiscount(n=2, rate="0.5"), scope=_category(3)),
        Offer(id="auto-g", name=_text("g"), effect=NForPrice(n=3, price="25"), scope=_category(4)),
        Offer(id="auto-h", name=_text("h"), effect=NthDiscount(n=3, rate="1"), scope=_category(5)),
        Offer(id="auto-i", name=_text("i"), effect=AmountOff(amount="8"), scope=_category(6),
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


def median_us(count: int, offers: list[Offer], runs: int = 30) -> int:
    """The median time of a quote in microseconds."""
    goods, shopper, rules = basket(count), member(offers), program(offers)
    times = []
    for _ in range(runs):
        start = perf_counter_ns()
        price(goods, shopper, rules, AT)
        times.append(perf_counter_ns() - start)
    return int(median(times)) // 1000


def main() -> int:
    """Print the medians and whether the budgets hold."""
    small = median_us(10, coupon_offers()[:2] + automatic_offers()[:4], runs=200)
    large = median_us(100, coupon_offers() + automatic_offers())
    sys.stdout.write(
        f"10 lines, 2 coupons, 6 rules:    {small:>6} us (budget 1,000)\n"
        f"100 lines, 20 coupons, 30 rules: {large:>6} us (budget 20,000)\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
