"""Sale effects: what a paid basket does to its member's account.

Owns: points earned and spent with their months, the crossing of a tier line, its gifts, rebates.
Does not own: how many points (pricing.py), the fact around them (sale_fact.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain import effects as do
from app.domain.money import Money, parse_amount
from app.domain.months import Month
from app.domain.occasions import rebate_of, tier_up
from app.domain.pack import last_day_with, packs_in
from app.domain.program import Offer, Plan, Program, SpendRebate
from app.domain.quote import Quote, QuoteLine
from app.domain.reward import rewards_had
from app.domain.tiers import WINDOW_MONTHS, crossing, rank_of
from app.domain.view import AccountView


@dataclass(frozen=True, slots=True)
class SoldPack:
    """A paid pack in the basket: the line it stands on, and the last day it gives its tier."""

    line: str
    plan: Plan
    last_day: date

    @property
    def effect(self) -> do.PackBought:
        return do.PackBought(plan=self.plan.id, tier=self.plan.tier, months=self.plan.months)


@dataclass(frozen=True, slots=True)
class SaleOutcome:
    """Everything a sale does to its member, ready for its fact and its receipt."""

    effects: tuple[do.Effect, ...]
    spent_from: Mapping[str, tuple[do.SpentPart, ...]]
    """Per line id, oldest month first."""
    earned_expires_in: int
    earned_usable_in_days: int | None
    reached: do.TierReached | None
    coupons: tuple[do.CouponGiven, ...]
    """Given by this sale (tier-up gifts)."""
    rebate_points: int = 0
    packs: tuple[SoldPack, ...] = ()


def sale_outcome(
    quote: Quote,
    member: AccountView,
    program: Program,
    day: date,
    *,
    fresh_coupons: Iterator[str],
    categories: Mapping[str, str] | None = None,
) -> SaleOutcome:
    """Judge a paid basket. `fresh_coupons` gives new coupon codes for tier-up gifts;
    `categories`: of the goods, by line.
    """
    tier = program.tiers[rank_of(program, quote.tier or member.tier)]
    held = quote.points_earned > program.earning.hold_above
    usable_in = program.prices.return_days + 1 if held else None
    reached = _reached(quote, member, program)
    coupons = _tier_up_coupons(program, reached, member, day, fresh_coupons)
    rebates = _rebates(quote, member, program, day, tier.points_months)
    packs = _packs(quote, member, program, day)
    effects = _of_goods(quote, tier.points_months, usable_in)
    if reached is not None:
        effects.append(reached)
    effects += [sold.effect for sold in packs]
    if had_of_pack(quote, member, program, day, categories):
        effects.append(do.PackUsed(sale=member.tier_by))
    return SaleOutcome(
        effects=(*effects, *coupons, *rebates),
        spent_from=spent_parts(quote.lines, member, day, beyond_in=tier.points_months),
        earned_expires_in=tier.points_months,
        earned_usable_in_days=usable_in,
        reached=reached,
        coupons=coupons,
        rebate_points=sum(rebate.points for rebate in rebates),
        packs=packs,
    )


def _of_goods(quote: Quote, points_months: int, usable_in: int | None) -> list[do.Effect]:
    """The visit, points earned and spent, coupons and rewards that were used."""
    effects: list[do.Effect] = [
        do.Visited(
            spend_minor=quote.total.minor,
            points_earned=quote.points_earned,
            points_spent=quote.points_redeemed,
            coupon_minor=quote.coupon_off.minor,
        )
    ]
    if quote.points_earned:
        effects.append(_earning(quote.points_earned, points_months, usable_in))
    if quote.points_redeemed:
        effects.append(do.Taken(points=quote.points_redeemed))
    effects += [do.CouponUsed(coupon=coupon) for coupon in quote.coupons_used]
    effects += _rewards_had(quote)
    return effects


def _earning(points: int, expires_in: int, usable_in_days: int | None) -> do.Effect:
    if usable_in_days is None:
        return do.Gained(points=points, expires_in=expires_in)
    return do.HeldGain(points=points, expires_in=expires_in, usable_in_days=usable_in_days)


def spent_parts(
    lines: Sequence[QuoteLine], member: AccountView, day: date, *, beyond_in: int
) -> dict[str, tuple[do.SpentPart, ...]]:
    """From which months each line's points come: lines in order take the oldest month first.

    What is spent beyond the balance is owed to later earnings and named `beyond_in` months ahead.
    """
    supply = _supply(member, Month.of(day))
    parts: dict[str, tuple[do.SpentPart, ...]] = {}
    for line in lines:
        wanted, taken = line.points_spent, []
        while wanted > 0:
            if not supply:
                taken.append(do.SpentPart(points=wanted, expires_in=beyond_in))
                break
            left, expires_in, prolonged = supply[0]
            used = min(wanted, left)
            taken.append(do.SpentPart(points=used, expires_in=expires_in, prolonged=prolonged))
            wanted -= used
            supply[0] = (left - used, expires_in, prolonged)
            if used == left:
                del supply[0]
        if taken:
            parts[line.line_id] = tuple(taken)
    return parts


def _supply(member: AccountView, month: Month) -> list[tuple[int, int, bool]]:
    """(points, expires in, prolonged), oldest first; of one month what was prolonged first."""
    supply = []
    for bucket in member.buckets:
        again = min(member.prolonged.get(bucket.expires, 0), bucket.points.count)
        expires_in = bucket.expires.minus(month)
        supply += [(again, expires_in, True), (bucket.points.count - again, expires_in, False)]
    return [part for part in supply if part[0] > 0]


def _rewards_had(quote: Quote) -> list[do.EntitlementTicked]:
    """Rewards are counted as entitlements are: so many of each in this sale."""
    had = rewards_had(quote)
    return [do.EntitlementTicked(entitlement=rule, count=had[rule]) for rule in sorted(had)]


def _reached(quote: Quote, member: AccountView, program: Program) -> do.TierReached | None:
    return crossing(
        program,
        member.own_tier or member.tier,
        {
            "spend": member.spend_in_window.minor + quote.total.minor,
            "visits": member.visits_in_window + 1,
            "points": member.points_in_window + quote.points_earned,
        },
    )


def _packs(quote: Quote, member: AccountView, program: Program, day: date) -> tuple[SoldPack, ...]:
    """The paid packs that are sold, each once."""
    lines = {line.sku: line.line_id for line in reversed(quote.lines)}
    return tuple(
        SoldPack(
            lines[plan.sku],
            plan,
            date.fromordinal(last_day_with(member.packs, plan, day.toordinal())),
        )
        for plan in packs_in(program, lines)
    )


def had_of_pack(
    quote: Quote,
    member: AccountView,
    program: Program,
    day: date,
    categories: Mapping[str, str] | None = None,
) -> bool:
    """Whether this sale had a price, points, an offer or goods only because of his pack."""
    if member.tier_source != "pack":
        return False
    own = rank_of(program, member.own_tier)
    by_price = any(
        change.kind == "tier" and rank_of(program, change.rule) > own
        for line in quote.lines
        for change in line.adjustments
    )
    rates = [
        Fraction(program.tiers[each].earn_rate) for each in (own, rank_of(program, member.tier))
    ]
    faster = quote.points_earned > 0 and rates[1] > rates[0]
    return (
        by_price
        or faster
        or quote.points_of_pack > 0
        or _had_offer_above(quote, program, own)
        or _had_goods_above(quote, program, own, day, categories or {})
    )


def _had_offer_above(quote: Quote, program: Program, own: int) -> bool:
    """Whether an offer or a price list applied that is for a higher tier than his own."""
    changes = [change for line in quote.lines for change in line.adjustments]
    applied = {change.rule for change in (*changes, *quote.order_adjustments)}
    above = [(each.id, each.when.tier) for each in program.offers]
    above += [(each.id, each.when.tier) for each in program.price_lists]
    return any(
        rule in applied and tier is not None and rank_of(program, tier) > own
        for rule, tier in above
    )


def _had_goods_above(
    quote: Quote, program: Program, own: int, day: date, categories: Mapping[str, str]
) -> bool:
    """Whether goods were bought that only a higher tier than his own may buy by now."""
    closed = [
        rule
        for rule in program.exclusive
        if rule.tier is not None
        and rank_of(program, rule.tier) > own
        and (rule.opens_for_all is None or day < rule.opens_for_all)
    ]
    return any(
        line.sku in rule.products or categories.get(line.line_id) in rule.categories
        for rule in closed
        for line in quote.lines
    )


def _tier_up_coupons(
    program: Program,
    reached: do.TierReached | None,
    member: AccountView,
    day: date,
    fresh_coupons: Iterator[str],
) -> tuple[do.CouponGiven, ...]:
    """The gifts of the tier reached, once per tier and year."""
    if reached is None:
        return ()
    occasion = tier_up(reached.tier, day.year)
    if occasion in member.occasions:
        return ()
    return tuple(
        coupon_of(known_offer(program, offer_id), next(fresh_coupons), occasion)
        for offer_id in program.tier(reached.tier).tier_up_offers
    )


def known_offer(program: Program, offer_id: str) -> Offer:
    """The offer a gift names; the check of the program made sure that it exists."""
    offer = program.offer(offer_id)
    assert offer is not None, f"program check refuses the unknown offer {offer_id}"
    return offer


def coupon_of(offer: Offer, coupon_id: str, occasion: str | None = None) -> do.CouponGiven:
    """A coupon of an offer, with the life the offer gives its coupons."""
    return do.CouponGiven(
        coupon=coupon_id, offer=offer.id, days=offer.coupon_days, occasion=occasion
    )


def _rebates(
    quote: Quote, member: AccountView, program: Program, day: date, expires_in: int
) -> tuple[do.OccasionGain, ...]:
    """Cumulative-spend rebates that this sale reaches, each once.

    An account knows spend by month, so an offer's dates count as whole months.
    """
    reached = []
    for offer in program.offers:
        rebate, when = offer.effect, offer.when
        if not isinstance(rebate, SpendRebate) or offer.trigger != "automatic":
            continue
        occasion = rebate_of(offer.id, when.starts)
        in_time = (when.starts or day) <= day <= (when.ends or day)
        in_tier = when.tier is None or rank_of(program, member.tier) >= rank_of(program, when.tier)
        if not (in_time and in_tier) or occasion in member.occasions:
            continue
        year_ago = Month.of(day).plus(-WINDOW_MONTHS)
        since = max(Month.of(when.starts), year_ago) if when.starts else year_ago
        spend = quote.total.minor + sum(
            amount.minor for month, amount in member.spend_by_month.items() if month >= since
        )
        line = parse_amount(rebate.spend, program.prices.decimals)
        if isinstance(line, Money) and spend >= line.minor:
            reached.append(
                do.OccasionGain(
                    occasion=occasion,
                    points=rebate.points,
                    expires_in=expires_in,
                    usable_in_days=program.prices.return_days + 1,
                    spend_line=line.minor,
                    months_back=Month.of(day).minus(since),
                    return_days=program.prices.return_days,
                )
            )
    return tuple(reached)
