"""Random sales of a small grocer's: a program, a basket and a member, from one seed.

Owns: what basket and member are drawn. The rules come from rule_drawing.py (rewards from
reward_drawing.py), tuned so that
thresholds lie where a discount would just miss them and groups are contested. Does not own: what
any of it costs (brute_force.py), how it looks to the oracle (adapter.py). The same seed gives the
same sale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import msgspec

from app.domain.basket import Basket, BasketChoices, BasketLine, ByHand
from app.domain.money import Money
from app.domain.months import Month
from app.domain.points import Points, PointsBucket
from app.domain.program import AmountOff, CouponLimits, Gift, Offer, Program
from app.domain.quantity import Quantity, pieces
from app.domain.view import AccountView, HeldCoupon, IdentifiedBy
from tests.domain.laws.reward_drawing import with_rewards
from tests.domain.laws.rule_drawing import STORES, RuleDrawing

ZONE = ZoneInfo("Asia/Shanghai")
COMBINATIONS_MAX = 6000


@dataclass(frozen=True)
class Goods:
    """One product of the shelf."""

    sku: str
    name: str
    category: str
    fen: int
    tax: str
    weighed: bool = False


SHELF = (
    Goods("6901028000017", "纯牛奶 250ml×12", "dairy", 5900, "0.09"),
    Goods("6901028000024", "酸奶 6 杯", "dairy", 1590, "0.09"),
    Goods("6901028000031", "鲜牛奶 950ml", "dairy", 1590, "0.09"),
    Goods("6901028000048", "黄油 227g", "dairy", 3333, "0.13"),
    Goods("6901028000055", "毛巾", "home", 1990, "0.13"),
    Goods("6901028000062", "洗衣液 3kg", "home", 4995, "0.13"),
    Goods("6901028000079", "抽纸 10 包", "home", 2265, "0.13"),
    Goods("6901028000086", "巧克力", "snacks", 1285, "0.13"),
    Goods("6901028000093", "薯片", "snacks", 795, "0.13"),
    Goods("6901028000109", "坚果礼盒", "snacks", 12800, "0.13"),
    Goods("6901028000116", "矿泉水 24 瓶", "drinks", 3601, "0.13"),
    Goods("6901028000123", "红酒", "drinks", 9800, "0.13"),
    Goods("2000001", "苹果", "fresh", 1280, "0.09", weighed=True),
    Goods("2000002", "牛腩", "fresh", 7999, "0.09", weighed=True),
)


@dataclass(frozen=True)
class Sale:
    """Everything price() is asked about."""

    seed: int
    program: Program
    basket: Basket
    view: AccountView | None
    at: datetime
    store: str
    identified_by: IdentifiedBy


def draw(seed: int) -> Sale:
    """The sale of a seed."""
    rng = Random(f"sale {seed}")
    while True:
        sale = _Drawing(rng, seed).sale()
        if combinations(sale) <= COMBINATIONS_MAX:
            return with_rewards(_with_hands(_with_coupon_limit(sale)))


def _with_hands(sale: Sale) -> Sale:
    """In some sales somebody takes something off by hand: a line, several, the whole order."""
    rng = Random(f"by hand {sale.seed}")
    if rng.random() < 0.6:
        return sale
    lines = tuple(
        replace(line, by_hand=_hand_on(rng, line)) if rng.random() < 0.4 else line
        for line in sale.basket.lines
    )
    whole = _hand(rng, rng.choice((199, 1000, 25000))) if rng.random() < 0.4 else None
    choices = replace(sale.basket.choices, by_hand=whole)
    return replace(sale, basket=replace(sale.basket, lines=lines, choices=choices))


def _hand_on(rng: Random, line: BasketLine) -> ByHand:
    if rng.random() < 0.3:
        price = Money(rng.choice((0, line.unit_price.minor // 2, line.unit_price.minor - 100)))
        return ByHand("price", "price_tag", amount=price, most=rng.choice((None, Decimal("0.3"))))
    return _hand(rng, rng.choice((1, 250, line.unit_price.minor)))


def _hand(rng: Random, fen: int) -> ByHand:
    most = rng.choice((None, None, Decimal("0.15")))
    if rng.random() < 0.6:
        rate = rng.choice(("0.05", "0.1", "0.125", "0.333", "1"))
        return ByHand("rate", "damaged", rate=Decimal(rate), most=most)
    return ByHand("amount", "goodwill", amount=Money(fen), most=most)


def _with_coupon_limit(sale: Sale) -> Sale:
    """In some sales coupons may take off only so much a day, about what one or two are worth."""
    rng = Random(f"coupon limit {sale.seed}")
    if sale.view is None or not sale.view.coupons or rng.random() < 0.5:
        return sale
    held = rng.sample(sale.view.coupons, min(len(sale.view.coupons), rng.choice((1, 2))))
    worth = sum(_about(sale.program, coupon.offer_id) for coupon in held)
    fen = max(0, worth + rng.choice((-1, 0, 0, 1, 250)))
    spent = rng.choice((0, 0, 250))
    limit = f"{(fen + spent) // 100}.{(fen + spent) % 100:02d}"
    limits = CouponLimits(card=limit, phone=limit, name="0", pass_=rng.choice((None, limit)))
    stacking = msgspec.structs.replace(sale.program.stacking, per_day=limits)
    program = msgspec.structs.replace(sale.program, stacking=stacking)
    view = replace(sale.view, coupon_off_today=Money(spent))
    return replace(sale, program=program, view=view)


def _about(program: Program, offer_id: str) -> int:
    """What a coupon takes off where that is in the program, else some amount, in fen."""
    effect = next(offer.effect for offer in program.offers if offer.id == offer_id)
    return int(Decimal(effect.amount) * 100) if isinstance(effect, AmountOff) else 600


def combinations(sale: Sale) -> int:
    """An upper bound of what the brute force has to look at."""
    program, view = sale.program, sale.view
    count: int = 2 ** (len(program.price_lists) + (3 if view else 0))
    held = [coupon.offer_id for coupon in view.coupons] if view else []
    for offer in program.offers:
        count *= 1 + (held.count(offer.id) if offer.trigger == "coupon" else 1)
    return count


class _Drawing:
    """One sale being drawn; every choice comes from `rng`."""

    def __init__(self, rng: Random, seed: int) -> None:
        self.rng, self.seed = rng, seed
        day = date(2026, 1, 1) + timedelta(days=rng.randrange(365))
        self.at = datetime.combine(day, time(rng.randrange(8, 22), rng.randrange(60)), ZONE)
        self.store = rng.choice(STORES)
        self.lines = self._lines()

    def chance(self, share: float) -> bool:
        """True in that share of the draws."""
        return self.rng.random() < share

    # -------------------------------------------------------------- the basket

    def _lines(self) -> tuple[BasketLine, ...]:
        some = self.rng.sample(SHELF, 6)
        numbers = self.rng.sample(range(1, 30), 12)
        return tuple(
            self._line(self.rng.choice(some), f"l{numbers[position]:02d}")
            for position in range(self.rng.choice((1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 12)))
        )

    def _line(self, goods: Goods, line_id: str) -> BasketLine:
        member = self.rng.choice((None, None, goods.fen * 95 // 100, goods.fen - 100))
        weight = Quantity(self.rng.randrange(120, 3200))
        return BasketLine(
            line_id=line_id,
            sku=goods.sku,
            name=goods.name,
            category=goods.category,
            unit_price=Money(goods.fen),
            quantity=weight if goods.weighed else pieces(self.rng.choice((1, 1, 1, 2, 2, 3, 4))),
            member_price=None if member is None else Money(member),
            tax_rate=None if goods.tax == "0.13" else Decimal(goods.tax),
            weighed=goods.weighed,
        )

    # -------------------------------------------------------------- the member

    def coupons(self, offers: tuple[Offer, ...]) -> tuple[HeldCoupon, ...]:
        """Some coupons of each coupon offer, a few of them expired."""
        today = self.at.date()
        held: list[HeldCoupon] = []
        for offer in offers:
            for _ in range(self.rng.choice((1, 1, 1, 2, 3)) if offer.trigger == "coupon" else 0):
                left = self.rng.choice((-1, 0, 3, 3, 10, 29))
                held.append(
                    HeldCoupon(
                        coupon_id=f"C{self.rng.randrange(10**6):06d}{len(held)}",
                        offer_id=offer.id,
                        issued=today - timedelta(days=29 - left if left >= 0 else 31),
                        expires=None if self.chance(0.1) else today + timedelta(days=left),
                    )
                )
        return tuple(held)

    def view(self, program: Program) -> AccountView | None:
        """A member in one of the tiers, or nobody."""
        if self.chance(0.12):
            return None
        birthday = (self.rng.choice((self.at.month, 1, 7)), 15)
        month = Month.of(self.at.date())
        buckets = tuple(
            PointsBucket(month.plus(n), Points(self.rng.randrange(1, 2500)))
            for n in self.rng.sample(range(12), self.rng.choice((0, 1, 3)))
        )
        return AccountView(
            member_id="M1",
            tier=self.rng.choice(("regular", "silver", "gold", "gold")),
            joined=date(2025, 5, 1),
            birthday=birthday if self.chance(0.9) else None,
            buckets=tuple(sorted(buckets)),
            visits=self.rng.choice((0, 1, 17)),
            coupons=self.coupons(program.offers),
            points_spent_today=self.rng.choice((0, 0, 200)),
        )

    def sale(self) -> Sale:
        """The whole."""
        program = RuleDrawing(self.rng, self.seed, self.lines, self.at).program()
        view = self.view(program)
        codes = [offer.code for offer in program.offers if offer.code and self.chance(0.85)]
        if self.chance(0.05):
            codes.append("NOSUCHCODE")
        droppable = [offer.id for offer in program.offers] + [
            coupon.coupon_id for coupon in (view.coupons if view else ())
        ]
        refused = {self.rng.choice(droppable)} if droppable and self.chance(0.08) else set()
        redeem: int | str = self.rng.choice((0, 0, 0, "max", "max", 100, 550, 3000))
        gifts = tuple(
            (offer.id, offer.effect.products[-1])
            for offer in program.offers
            if isinstance(offer.effect, Gift) and self.chance(0.5)
        )
        choices = BasketChoices(
            codes=tuple(codes),
            refused=frozenset(refused),
            redeem_points=redeem if view else 0,
            gifts=gifts,
        )
        return Sale(
            seed=self.seed,
            program=program,
            basket=Basket(self.lines, choices),
            view=view,
            at=self.at,
            store=self.store,
            identified_by=self.rng.choice(("pass", "card", "card", "phone")),
        )
