"""Random programs: rules that want the same goods, thresholds that a discount would just miss.

Owns: what rules are drawn for the lines of one basket. Does not own: the basket and the member
(generator.py).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from app.domain.basket import BasketLine
from app.domain.money import Money, amount_text
from app.domain.program import (
    AmountOff,
    Budget,
    BuyXGetY,
    CategoryEarn,
    CheapestOff,
    Conditions,
    Earning,
    Effect,
    FixedPrice,
    Gift,
    IdentityLimits,
    Multiplier,
    NForPrice,
    NthDiscount,
    Offer,
    PercentOff,
    PriceList,
    PriceOverride,
    Prices,
    Program,
    Redemption,
    Scope,
    Stacking,
    Text,
    Threshold,
    Tier,
)

STORES = ("s01", "s02")
CATEGORIES = ("dairy", "home", "snacks", "drinks", "fresh")


def _text(words: str) -> Text:
    return Text(zh=words, en=words)


def _yuan(fen: int) -> str:
    return amount_text(Money(max(1, fen)))


class RuleDrawing:
    """The rules of one program being drawn; every choice comes from `rng`."""

    def __init__(self, rng: Random, seed: int, lines: tuple[BasketLine, ...], at: datetime) -> None:
        self.rng, self.seed, self.lines, self.at = rng, seed, lines, at
        self.letters = rng.sample("abcdefghijklmnopqrstuvwxyz", 26)

    def chance(self, share: float) -> bool:
        """True in that share of the draws."""
        return self.rng.random() < share

    def list_sum(self, scope: Scope) -> int:
        """About what the lines in scope cost; at least something."""
        fen = sum(
            line.unit_price.minor * line.quantity.thousandths // 1000
            for line in self.lines
            if (not scope.products and not scope.categories)
            or line.sku in scope.products
            or line.category in scope.categories
        )
        return max(fen, 1000)

    def scope(self, narrow: float) -> Scope:
        """The order, or a part that this basket is likely to have."""
        if not self.chance(narrow):
            return Scope()
        line = self.rng.choice(self.lines)
        kind = self.rng.randrange(4)
        if kind == 0:
            return Scope(products=tuple({line.sku, self.rng.choice(self.lines).sku}))
        if kind == 1:
            return Scope(except_products=(line.sku,))
        if kind == 2:
            return Scope(categories=(line.category, self.rng.choice(CATEGORIES)))
        return Scope(categories=(line.category,))

    def when(self) -> Conditions:
        """Mostly no condition; the others hold more often than not."""
        if not self.chance(0.25):
            return Conditions()
        today = self.at.date()
        return self.rng.choice(
            (
                Conditions(tier=self.rng.choice(("regular", "silver", "gold"))),
                Conditions(members_only=True),
                Conditions(stores=(self.rng.choice(STORES),)),
                Conditions(weekdays=tuple(self.rng.sample(range(1, 8), 5))),
                Conditions(hours=(f"{self.rng.randrange(8, 15):02d}:30", "20:00")),
                Conditions(month_days=tuple(self.rng.sample(range(1, 32), 20))),
                Conditions(first_order=True),
                Conditions(birthday_month=True),
                Conditions(starts=today - timedelta(days=self.rng.randrange(-3, 9))),
                Conditions(starts=date(2025, 1, 1), ends=today + timedelta(days=9)),
                Conditions(ends=today - timedelta(days=self.rng.randrange(-5, 3))),
            )
        )

    def threshold(self, scope: Scope, likely: float) -> Threshold | None:
        """A sum the basket just reaches or just misses once prices are lowered."""
        if not self.chance(likely):
            return None
        if self.chance(0.12) and not any(line.weighed for line in self.lines):
            return Threshold(quantity=self.rng.randrange(1, 5))
        sum_fen = self.list_sum(scope) * self.rng.randrange(55, 106) // 100
        step = self.rng.choice((1, 10, 100, 500))
        return Threshold(amount=_yuan(sum_fen - sum_fen % step or step))

    def order_effect(self, scope: Scope, threshold: Threshold | None) -> Effect:
        """Money or a percentage off."""
        about = self.list_sum(scope)
        if threshold is not None and threshold.amount is not None:
            about = min(about, int(Decimal(threshold.amount) * 100))
        cap = _yuan(about * self.rng.randrange(3, 20) // 100) if self.chance(0.3) else None
        if self.chance(0.45):
            rate = self.rng.choice(("0.05", "0.08", "0.1", "0.125", "0.15", "0.2", "0.3"))
            return PercentOff(rate=rate, cap=cap)
        fen = max(1, about * self.rng.randrange(4, 30) // 100)
        each_time = threshold is not None and self.chance(0.3)
        if cap is not None:
            cap = _yuan(fen * self.rng.choice((100, 150, 230)) // 100) if each_time else None
        return AmountOff(amount=_yuan(fen), per_threshold=each_time, cap=cap)

    def unit_effect(self) -> tuple[Effect, Scope]:
        """A bundle over goods the basket is likely to have."""
        scope = self.scope(0.75)
        fen = self.rng.choice(self.lines).unit_price.minor
        rate = self.rng.choice(("1", "0.5", "0.5", "0.3", "0.333"))
        kind = self.rng.randrange(5)
        n = self.rng.choice((2, 2, 3))
        effect: Effect
        if kind == 0:
            effect = NForPrice(n=n, price=_yuan(fen * n * self.rng.randrange(60, 100) // 100))
        elif kind == 1:
            effect = BuyXGetY(
                buy=self.rng.choice((1, 2)), get=self.rng.choice((1, 1, 2)), rate=rate
            )
        elif kind == 2:
            effect = NthDiscount(n=n, rate=rate)
        elif kind == 3:
            effect = CheapestOff(of=n, rate=rate)
        else:
            price = _yuan(fen * self.rng.randrange(40, 95) // 100)
            effect = FixedPrice(price=price, quantity=self.rng.choice((1, 1, 2)))
        return effect, scope

    def gift(self) -> Gift:
        """Something that is not on the shelf, sometimes with a choice."""
        products = self.rng.choice((("9001",), ("9002",), ("9001", "9002")))
        return Gift(
            products=products,
            quantity=self.rng.choice((1, 1, 2)),
            price=self.rng.choice(("0", "9.90", "25.05")),
            category=self.rng.choice(("home", "toys")),
            tax_rate=self.rng.choice((None, "0.09")),
        )

    def _id(self, kind: str) -> str:
        return f"{self.letters.pop()}-{kind}"

    def offer(self, kind: str, trigger: str, group: str | None) -> Offer:
        """One offer; its id says what it is, in an order of its own."""
        threshold = None
        effect: Effect
        if kind == "bundle":
            effect, scope = self.unit_effect()
        elif kind == "gift":
            scope = self.scope(0.5)
            threshold = self.threshold(scope, 0.6)
            effect = self.gift()
        elif kind == "factor":
            scope = self.scope(0.5)
            threshold = self.threshold(scope, 0.3)
            effect = Multiplier(factor=self.rng.choice(("1.5", "2", "3")))
        else:
            scope = self.scope(0.45)
            threshold = self.threshold(scope, 0.8)
            effect = self.order_effect(scope, threshold)
        name = self._id(f"{trigger}-{kind}")
        uses = self.rng.choice((1, 2)) if self.chance(0.15) else None
        return Offer(
            id=name,
            name=_text(name),
            effect=effect,
            trigger="coupon"
            if trigger == "coupon"
            else "code"
            if trigger == "code"
            else "automatic",
            code=name.upper() if trigger == "code" else None,
            scope=scope,
            threshold=threshold,
            when=self.when(),
            group=group,
            budget=Budget(uses_per_sale=uses),
            coupon_days=30 if trigger == "coupon" else None,
        )

    def offers(self) -> tuple[Offer, ...]:
        """Bundles, order offers, coupons and codes, in up to three exclusive groups."""
        kinds = [("bundle", "automatic")] * self.rng.choice((0, 1, 1, 2, 2, 3))
        kinds += [("order", "automatic")] * self.rng.choice((1, 2, 3, 3, 4))
        kinds += [("order", "coupon")] * self.rng.choice((0, 1, 1, 2))
        kinds += [("bundle", "coupon")] * (self.chance(0.15) * 1)
        kinds += [("order", "code")] * (self.chance(0.25) * 1)
        kinds += [("factor", "automatic")] * self.rng.choice((0, 0, 1))
        kinds += [("gift", "automatic")] * (self.chance(0.2) * 1)
        self.rng.shuffle(kinds)
        groups: list[str | None] = [None] * len(kinds)
        if self.chance(0.8):
            drawn = ["seasonal", "storewide"] * 2 + self.rng.sample(
                ["seasonal", "storewide", "third", None, None, None, None], 5
            )
            groups = (drawn + [None] * len(kinds))[: len(kinds)]
        return tuple(
            self.offer(kind, trigger, group)
            for (kind, trigger), group in zip(kinds, groups, strict=True)
        )

    def price_list(self) -> PriceList:
        """A campaign price list over some of the goods."""
        name, line = self._id("list"), self.rng.choice(self.lines)
        by_rate = PriceOverride(
            categories=(line.category,), rate=self.rng.choice(("0.05", "0.1", "0.15", "0.25"))
        )
        price = _yuan(line.unit_price.minor * self.rng.randrange(70, 100) // 100)
        by_price = PriceOverride(products=(line.sku,), price=price)
        prices = self.rng.choice(((by_rate,), (by_price,)))
        return PriceList(id=name, name=_text(name), prices=prices, when=self.when())

    def tiers(self) -> tuple[Tier, ...]:
        """Three steps; a discount never falls on the way up."""
        low = self.rng.choice(("0", "0.03", "0.05", "0.08", "0.1"))
        high = self.rng.choice(("0.1", "0.12", "0.15"))
        scopes = (Scope(), self.scope(0.3), self.scope(0.3))
        if scopes[1] != Scope():  # what silver lowers, gold lowers too
            scopes = (scopes[0], scopes[1], self.rng.choice((Scope(), scopes[1])))
        rows = (("regular", "0", "1"), ("silver", low, "1.2"), ("gold", high, "1.5"))
        return tuple(
            Tier(id=name, name=_text(name), discount=rate, discount_scope=scope, earn_rate=earn)
            for (name, rate, earn), scope in zip(rows, scopes, strict=True)
        )

    def program(self) -> Program:
        """One version of everything above."""
        redemption = Redemption(
            points=100,
            amount=self.rng.choice(("1.00", "1.00", "0.99", "0.333")[:3]),
            minimum=self.rng.choice((0, 100, 300)),
            step=self.rng.choice((1, 50, 100)),
            max_share=self.rng.choice(("0.3", "0.5", "1")),
            per_day=IdentityLimits(card=self.rng.choice((None, 5000, 1500)), phone=500),
        )
        earning = Earning(
            unit=self.rng.choice(("1.00", "1.00", "0.50")),
            combine=self.rng.choice(("best", "multiply", "add")),
            birthday_factor=self.rng.choice(("1", "2")),
            categories=(
                CategoryEarn(categories=("fresh",), factor=self.rng.choice(("2", "1.5"))),
                CategoryEarn(products=("6901028000109",), factor="0"),
            ),
        )
        return Program(
            schema=1,
            id="laws",
            version=f"seed-{self.seed}",
            name=_text("laws"),
            announced=date(2025, 10, 1),
            effective=date(2025, 12, 1),
            tiers=self.tiers(),
            prices=Prices(tax_inclusive=self.chance(0.8), member_price=self.chance(0.85)),
            earning=earning,
            redemption=redemption,
            stacking=Stacking(coupons_max=self.rng.choice((1, 2, 2, 3, 4))),
            price_lists=tuple(self.price_list() for _ in range(self.rng.choice((0, 0, 1, 1, 2)))),
            offers=self.offers(),
        )
