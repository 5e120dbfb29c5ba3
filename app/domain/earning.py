"""Earning: the points a sale brings, and which line brought them.

Owns: the factors and how they combine, rounding down once, the shares of the lines, rebates.
Does not own: when they may be used and how long they live (account.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

from app.domain.conditions import Occasion
from app.domain.money import Money, split_by_weight
from app.domain.months import Month
from app.domain.plan import OfferPlan, Plan, Reach, minor
from app.domain.program import Multiplier, SpendRebate
from app.domain.quote import NotApplied


@dataclass(frozen=True, slots=True)
class EarningLine:
    """A priced line as earning sees it."""

    sku: str
    category: str
    net: int


def earn(
    plan: Plan, occasion: Occasion, lines: Sequence[EarningLine], quiet: Sequence[OfferPlan]
) -> list[int]:
    """Points by line, in tie order; they add up to the sale's points, rounded down once.

    Counts what was really paid for goods: net, after points. A walk-in earns nothing.
    """
    if occasion.rank is None:
        return [0] * len(lines)
    unit = minor(plan.program.earning.unit, plan.decimals)
    rate = plan.tiers[occasion.rank].earn_rate * Fraction(1, unit)
    campaigns = [
        (offer.reach, Fraction(offer.offer.effect.factor))
        for offer in quiet
        if isinstance(offer.offer.effect, Multiplier)
    ]
    known: dict[tuple[Fraction, ...], Fraction] = {}
    rates = []
    for line in lines:
        factors = _factors(plan, occasion, line, campaigns)
        if factors not in known:
            known[factors] = rate * _combined(factors, plan.program.earning.combine)
        rates.append(known[factors])
    scale = lcm(*(one.denominator for one in known.values()))
    weights = [
        line.net * one.numerator * (scale // one.denominator)
        for line, one in zip(lines, rates, strict=True)
    ]
    whole = sum(weights) // scale
    return split_by_weight(whole, weights) if whole else [0] * len(lines)


def _factors(
    plan: Plan,
    occasion: Occasion,
    line: EarningLine,
    campaigns: Sequence[tuple[Reach, Fraction]],
) -> tuple[Fraction, ...]:
    """The factors that meet on a line; a category that earns nothing stands alone."""
    if line.sku in plan.no_points:
        return (Fraction(0),)
    by_category = [
        factor for reach, factor in plan.earn_factors if reach.covers(line.sku, line.category)
    ]
    category = max(by_category, default=None)
    if category == 0:
        return (Fraction(0),)
    factors = [] if category is None else [category]
    factors += [factor for reach, factor in campaigns if reach.covers(line.sku, line.category)]
    if occasion.is_birthday_month:
        factors.append(plan.birthday_factor)
    return tuple(factors)


def _combined(factors: tuple[Fraction, ...], combine: str) -> Fraction:
    """Category, campaign and birthday factor as one; without any, points count once."""
    if not factors:
        return Fraction(1)
    if combine == "multiply":
        return prod(factors, start=Fraction(1))
    if combine == "add":
        return max(Fraction(0), 1 + sum((factor - 1 for factor in factors), Fraction(0)))
    return max(factors)


def rebate_missing(plan: Plan, occasion: Occasion, offer: OfferPlan, net: int) -> NotApplied | None:
    """Why a spend rebate is not given by this sale of so much net; None where it is.

    It is given once, by the sale that brings the spend in the months of its dates over the sum.
    """
    effect = offer.offer.effect
    assert isinstance(effect, SpendRebate), offer.id
    before, wanted = _spend_before(occasion, offer), minor(effect.spend, plan.decimals)
    if before >= wanted:
        return NotApplied(offer.id, "MEMBER_LIMIT")
    missing = wanted - before - net
    if missing > 0:
        return NotApplied(offer.id, "BELOW_THRESHOLD", missing_amount=Money(missing))
    return None


def _spend_before(occasion: Occasion, offer: OfferPlan) -> int:
    """The member's spend in the months of the offer's dates, this sale not counted."""
    when = offer.when
    first = None if when.starts is None else Month.of(when.starts)
    last = None if when.ends is None else Month.of(when.ends)
    spend_by_month = {} if occasion.view is None else occasion.view.spend_by_month
    return sum(
        spend.minor
        for month, spend in spend_by_month.items()
        if (first is None or month >= first) and (last is None or month <= last)
    )


def add_rebate(lines: Sequence[EarningLine], offer: OfferPlan, points: list[int]) -> None:
    """Add a rebate's points, shared over the lines in scope by net; changes `points`."""
    effect = offer.offer.effect
    assert isinstance(effect, SpendRebate), offer.id
    weights = [line.net if offer.reach.covers(line.sku, line.category) else 0 for line in lines]
    for position, part in enumerate(split_by_weight(effect.points, weights)):
        points[position] += part
