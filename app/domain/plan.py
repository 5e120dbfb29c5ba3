"""The plan: a program's texts turned once into the whole numbers that pricing calculates with.

Owns: reading amounts and rates, scopes as sets, offers in id order by stage, a small cache.
Does not own: the file's shape (program.py), whether it makes sense (program_check.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal, assert_never

from app.domain.program import (
    AmountOff,
    BuyXGetY,
    CategoryEarn,
    CheapestOff,
    Conditions,
    FixedPrice,
    Gift,
    Multiplier,
    NForPrice,
    NthDiscount,
    Offer,
    PercentOff,
    PriceList,
    Program,
    Scope,
    SpendRebate,
)

Stage = Literal["bundle", "amount", "percent", "quiet"]
BundleForm = Literal["none", "fixed", "cheapest", "several", "last_of"]


def minor(text: str, decimals: int) -> int:
    """An amount's text as minor units, exactly; program_check refuses more decimals."""
    return int(Decimal(text).scaleb(decimals))


@dataclass(frozen=True, slots=True)
class Reach:
    """A scope as sets; nothing named = everything, exceptions win."""

    products: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    except_products: frozenset[str] = frozenset()
    except_categories: frozenset[str] = frozenset()

    def covers(self, sku: str, category: str) -> bool:
        """Whether goods of this sku and category are looked at."""
        if sku in self.except_products or category in self.except_categories:
            return False
        if not self.products and not self.categories:
            return True
        return sku in self.products or category in self.categories


EVERYTHING = Reach()


def reach_of(scope: Scope, packs: frozenset[str] = frozenset()) -> Reach:
    """The scope of a program as sets. Packs that nothing lowers are in it only by their name."""
    return Reach(
        frozenset(scope.products),
        frozenset(scope.categories),
        frozenset(scope.except_products) | (packs - frozenset(scope.products)),
        frozenset(scope.except_categories),
    )


@dataclass(frozen=True, slots=True)
class OfferPlan:
    """An offer in whole numbers. Which fields speak depends on `stage` and `form`.

    bundle: `form`, `size`, `reduced`, `price`, `num/den`; amount: `amount`, `per_threshold`,
    `cap`; percent: `num/den`, `cap`; quiet (no money effect): the effect itself.
    """

    offer: Offer
    id: str
    stage: Stage
    reach: Reach
    group: str | None
    by_coupon: bool
    form: BundleForm = "none"
    size: int = 1
    reduced: int = 1
    price: int = 0
    amount: int = 0
    num: int = 0
    den: int = 1
    cap: int | None = None
    per_threshold: bool = False
    threshold_amount: int | None = None
    threshold_count: int | None = None

    @property
    def when(self) -> Conditions:
        return self.offer.when


@dataclass(frozen=True, slots=True)
class LevelEntry:
    """What one price list says for some goods: a unit price, or a fraction off the list price."""

    reach: Reach
    price: int | None
    num: int = 0
    den: int = 1


@dataclass(frozen=True, slots=True)
class ListPlan:
    """A campaign price list in whole numbers."""

    price_list: PriceList
    id: str
    entries: tuple[LevelEntry, ...]


@dataclass(frozen=True, slots=True)
class TierPlan:
    """A tier's discount and earn rate in whole numbers."""

    id: str
    reach: Reach
    num: int
    den: int
    earn_rate: Fraction


@dataclass(frozen=True, slots=True)
class Plan:
    """A program as pricing reads it. Offers stand in id order."""

    program: Program
    decimals: int
    tiers: tuple[TierPlan, ...]
    lists: tuple[ListPlan, ...]
    bundles: tuple[OfferPlan, ...]
    orders: tuple[OfferPlan, ...]
    """Amounts off in id order, then percentages in id order: the order they apply in."""
    quiet: tuple[OfferPlan, ...]
    earn_factors: tuple[tuple[Reach, Fraction], ...]
    birthday_factor: Fraction
    default_tax_rate: Decimal
    no_discount: frozenset[str] = frozenset()
    """Paid packs that no member price, tier discount or offer on the whole order lowers."""
    packs: frozenset[str] = frozenset()
    """All paid packs: money alone pays for them, no points and no coupon."""
    no_points: frozenset[str] = frozenset()
    """Paid packs whose price earns nothing."""

    @property
    def offers(self) -> tuple[OfferPlan, ...]:
        return self.bundles + self.orders + self.quiet


def _offer_plan(
    offer: Offer, decimals: int, packs: frozenset[str], sold: frozenset[str]
) -> OfferPlan:
    threshold = offer.threshold
    reach = reach_of(offer.scope, packs)
    if offer.trigger == "coupon":
        # A coupon comes back whole, and a pack by its months: no coupon pays for one.
        reach = replace(reach, except_products=reach.except_products | sold)
    common = _Common(
        offer=offer,
        reach=reach,
        threshold_amount=None
        if threshold is None or threshold.amount is None
        else minor(threshold.amount, decimals),
        threshold_count=None if threshold is None else threshold.quantity,
    )
    match offer.effect:
        case AmountOff() | PercentOff():
            return _order_plan(common, offer.effect, decimals)
        case FixedPrice() | CheapestOff() | NForPrice() | BuyXGetY() | NthDiscount():
            return _bundle_plan(common, offer.effect, decimals)
        case Gift() | Multiplier() | SpendRebate():
            return common.plan("quiet")
        case never:
            assert_never(never)


@dataclass(frozen=True, slots=True)
class _Common:
    offer: Offer
    reach: Reach
    threshold_amount: int | None
    threshold_count: int | None

    def plan(  # noqa: PLR0913 - the numbers of every effect, each named where it is given
        self,
        stage: Stage,
        *,
        form: BundleForm = "none",
        size: int = 1,
        reduced: int = 1,
        price: int = 0,
        amount: int = 0,
        rate: str = "0",
        cap: int | None = None,
        per_threshold: bool = False,
    ) -> OfferPlan:
        num, den = Fraction(rate).as_integer_ratio()
        return OfferPlan(
            self.offer, self.offer.id, stage, self.reach, self.offer.group,
            self.offer.trigger == "coupon", form, size, reduced, price, amount, num, den, cap,
            per_threshold, self.threshold_amount, self.threshold_count,
        )  # fmt: skip


def _order_plan(common: _Common, effect: AmountOff | PercentOff, decimals: int) -> OfferPlan:
    cap = None if effect.cap is None else minor(effect.cap, decimals)
    if isinstance(effect, PercentOff):
        return common.plan("percent", rate=effect.rate, cap=cap)
    return common.plan(
        "amount",
        amount=minor(effect.amount, decimals),
        cap=cap,
        per_threshold=effect.per_threshold,
    )


def _bundle_plan(
    common: _Common,
    effect: FixedPrice | CheapestOff | NForPrice | BuyXGetY | NthDiscount,
    decimals: int,
) -> OfferPlan:
    match effect:
        case FixedPrice(price=price, quantity=quantity):
            price_minor = minor(price, decimals)
            return common.plan("bundle", form="fixed", size=quantity, price=price_minor)
        case CheapestOff(of=of, rate=rate):
            return common.plan("bundle", form="cheapest", size=of, rate=rate)
        case NForPrice(n=n, price=price):
            return common.plan("bundle", form="several", size=n, price=minor(price, decimals))
        case BuyXGetY(buy=buy, get=get, rate=rate):
            return common.plan("bundle", form="last_of", size=buy + get, reduced=get, rate=rate)
        case NthDiscount(n=n, rate=rate):
            return common.plan("bundle", form="last_of", size=n, rate=rate)
        case never:
            assert_never(never)


def _list_plan(price_list: PriceList, decimals: int) -> ListPlan:
    entries = []
    for override in price_list.prices:
        reach = Reach(frozenset(override.products), frozenset(override.categories))
        price = None if override.price is None else minor(override.price, decimals)
        num, den = Fraction(override.rate or "0").as_integer_ratio()
        entries.append(LevelEntry(reach, price, num, den))
    return ListPlan(price_list, price_list.id, tuple(entries))


def _earn_factor(earn: CategoryEarn) -> tuple[Reach, Fraction]:
    return Reach(frozenset(earn.products), frozenset(earn.categories)), Fraction(earn.factor)


def make_plan(program: Program) -> Plan:
    """Read a program's numbers. The program must have passed program_check."""
    decimals = program.prices.decimals
    packs = frozenset(plan.sku for plan in program.plans if not plan.discounts)
    sold = frozenset(plan.sku for plan in program.plans)
    tiers = []
    for tier in program.tiers:
        num, den = Fraction(tier.discount).as_integer_ratio()
        reach = reach_of(tier.discount_scope, packs)
        earn_rate = Fraction(tier.earn_rate)
        tiers.append(TierPlan(tier.id, reach, num, den, earn_rate))
    by_id = sorted(program.offers, key=lambda offer: offer.id)
    offers = [_offer_plan(offer, decimals, packs, sold) for offer in by_id]
    return Plan(
        program=program,
        decimals=decimals,
        tiers=tuple(tiers),
        lists=tuple(_list_plan(price_list, decimals) for price_list in program.price_lists),
        bundles=tuple(offer for offer in offers if offer.stage == "bundle"),
        orders=tuple(
            [offer for offer in offers if offer.stage == "amount"]
            + [offer for offer in offers if offer.stage == "percent"]
        ),
        quiet=tuple(offer for offer in offers if offer.stage == "quiet"),
        earn_factors=tuple(_earn_factor(earn) for earn in program.earning.categories),
        birthday_factor=Fraction(program.earning.birthday_factor),
        default_tax_rate=Decimal(program.prices.default_tax_rate),
        no_discount=packs,
        packs=sold,
        no_points=frozenset(plan.sku for plan in program.plans if not plan.earns_points),
    )


_CACHE_SIZE = 4
_cached: tuple[tuple[Program, Plan], ...] = ()


def plan_for(program: Program) -> Plan:
    """The plan of a program; the last few are kept, because a till prices on every scan.

    The cache holds the very object, so it can only ever answer for an equal program. Swapping
    one tuple for another keeps it right when several threads price at once.
    """
    global _cached  # noqa: PLW0603 - a memo of a pure function, told nobody
    for known, plan in _cached:
        if known is program:
            return plan
    plan = make_plan(program)
    _cached = ((program, plan), *_cached)[:_CACHE_SIZE]
    return plan
