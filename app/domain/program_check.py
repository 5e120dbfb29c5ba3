"""The program check: refuses what could not be explained to a customer, and names the cure.

Owns: every rule about a well-formed program's meaning. Does not own: its form (program_file.py),
what the exact search allows (program_limits.py), how long a basket may take (the command).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.complaint_check import check_complaints
from app.domain.levels import MEMBER_PRICE
from app.domain.pack_check import check_lent_tiers
from app.domain.program import (
    AmountOff,
    BuyXGetY,
    CheapestOff,
    Conditions,
    FixedPrice,
    NForPrice,
    NthDiscount,
    Offer,
    PercentOff,
    Program,
    Scope,
    Tier,
)
from app.domain.program_limits import beyond_the_search
from app.domain.program_problem import Problem
from app.domain.program_walk import numbers
from app.domain.redemption import POINTS
from app.domain.referral_check import check_referral
from app.domain.reward_check import check_rewards
from app.domain.survey_check import check_survey

_UNBOUND_RATES = ("earn_rate", "factor", "birthday_factor")
"""Rates that may be more than one: they multiply points."""
_BUNDLES = (FixedPrice, CheapestOff, NForPrice, BuyXGetY, NthDiscount)


def check_program(program: Program) -> tuple[Problem, ...]:
    """Everything that is wrong with a program; nothing when it may be put in force."""
    return (
        *_numbers(program),
        *_dates(program),
        *_ids(program),
        *_tiers(program),
        *_offers(program),
        *_prices(program),
        *_references(program),
        *check_rewards(program),
        *check_referral(program),
        *check_complaints(program),
        *check_survey(program),
        *beyond_the_search(program),
    )


# ------------------------------------------------------------------ figures and dates


def _numbers(program: Program) -> Iterator[Problem]:
    decimals = program.prices.decimals
    for kind, path, text in numbers(program):
        key = path.rpartition(".")[2]
        if kind == "amount" and len(text.partition(".")[2]) > decimals:
            yield Problem("too_many_decimals", path, text, str(decimals))
        if kind == "rate" and key not in _UNBOUND_RATES and Fraction(text) > 1:
            yield Problem("above_one", path, text)
    must_give = {
        "earning.unit": program.earning.unit,
        "redemption.amount": program.redemption.amount,
        "prices.round_off_step": program.prices.round_off_step,
    }
    for path, amount in must_give.items():
        if amount is not None and Fraction(amount) == 0:
            yield Problem("must_be_above_zero", path, amount)


def _dates(program: Program) -> Iterator[Problem]:
    notice = (program.effective - program.announced).days
    if notice < 0:
        announced = program.announced.isoformat()
        yield Problem("dates_reversed", "effective", program.effective.isoformat(), announced)
    elif notice < program.notice_days:
        yield Problem("notice_too_short", "effective", str(notice), str(program.notice_days))
    try:
        ZoneInfo(program.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Problem("not_a_zone", "timezone", program.timezone)
    for path, when in _all_conditions(program):
        yield from _conditions(program, path, when)


def _all_conditions(program: Program) -> Iterator[tuple[str, Conditions]]:
    for index, offer in enumerate(program.offers):
        yield f"offers[{index}].when", offer.when
    for index, price_list in enumerate(program.price_lists):
        yield f"price_lists[{index}].when", price_list.when
    for index, reward in enumerate(program.rewards):
        yield f"rewards[{index}].when", reward.when


def _conditions(program: Program, path: str, when: Conditions) -> Iterator[Problem]:
    if when.starts is not None and when.ends is not None and when.ends < when.starts:
        ends, starts = when.ends.isoformat(), when.starts.isoformat()
        yield Problem("dates_reversed", f"{path}.ends", ends, starts)
    if when.hours is not None and not _are_hours(*when.hours):
        yield Problem("not_hours", f"{path}.hours", " - ".join(when.hours))
    yield from _known_tier(program, f"{path}.tier", when.tier)


def _are_hours(start: str, end: str) -> bool:
    return start < end and all(
        len(clock) == 5
        and clock[2] == ":"
        and (clock[:2] + clock[3:]).isdecimal()
        and clock[:2] <= "24"
        and clock[3:] <= "59"
        and clock <= "24:00"
        for clock in (start, end)
    )


# ------------------------------------------------------------------ names


def _ids(program: Program) -> Iterator[Problem]:
    """Tiers, offers and price lists share one space of ids: each is the name of a rule."""
    rules = [(f"tiers[{i}].id", tier.id) for i, tier in enumerate(program.tiers)]
    rules += [(f"offers[{i}].id", offer.id) for i, offer in enumerate(program.offers)]
    rules += [(f"price_lists[{i}].id", one.id) for i, one in enumerate(program.price_lists)]
    yield from _doubles(rules)
    for path, name in rules:
        if name in (MEMBER_PRICE, POINTS):
            yield Problem("reserved", path, name)
    yield from _doubles([(f"plans[{i}].id", plan.id) for i, plan in enumerate(program.plans)])
    yield from _doubles([(f"plans[{i}].sku", plan.sku) for i, plan in enumerate(program.plans)])
    yield from _doubles([(f"trials[{i}].id", trial.id) for i, trial in enumerate(program.trials)])
    yield from _doubles(
        [(f"offers[{i}].code", one.code) for i, one in enumerate(program.offers) if one.code]
    )
    yield from _doubles(
        [
            (f"points_prices[{i}].product", one.product)
            for i, one in enumerate(program.points_prices)
        ]
    )
    for index, tier in enumerate(program.tiers):
        yield from _doubles(
            [
                (f"tiers[{index}].entitlements[{i}].id", e.id)
                for i, e in enumerate(tier.entitlements)
            ]
        )


def _doubles(named: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for path, name in named:
        if name in first:
            yield Problem("duplicate", path, name, first[name])
        first.setdefault(name, path)


def _known_tier(program: Program, path: str, tier_id: str | None) -> Iterator[Problem]:
    known = [tier.id for tier in program.tiers]
    if tier_id is not None and tier_id not in known:
        yield Problem("unknown_tier", path, tier_id, ", ".join(known))


def _references(program: Program) -> Iterator[Problem]:
    given = [("welcome.offers", offer_id) for offer_id in program.welcome.offers]
    given += [("birthday.offers", offer_id) for offer_id in program.birthday.offers]
    if program.expiring.offer is not None:
        given.append(("expiring.offer", program.expiring.offer))
    for index, tier in enumerate(program.tiers):
        given += [(f"tiers[{index}].tier_up_offers", offer_id) for offer_id in tier.tier_up_offers]
    for path, offer_id in given:
        offer = program.offer(offer_id)
        if offer is None:
            yield Problem("unknown_offer", path, offer_id)
        elif offer.trigger != "coupon":
            yield Problem("not_a_coupon", path, offer_id)
    yield from _known_tier(program, "birthday.tier", program.birthday.tier)
    yield from check_lent_tiers(program)
    for index, rule in enumerate(program.exclusive):
        yield from _known_tier(program, f"exclusive[{index}].tier", rule.tier)


# ------------------------------------------------------------------ the ladder


def _tiers(program: Program) -> Iterator[Problem]:
    if not program.tiers:
        yield Problem("no_tiers", "tiers")
        return
    entry = program.tiers[0].qualify
    if (entry.spend, entry.visits, entry.points_earned, entry.plan) != (None, None, None, None):
        yield Problem("entry_tier_has_ways", "tiers[0].qualify", program.tiers[0].id)
    plans = {plan.id for plan in program.plans}
    sold = {plan.tier for plan in program.plans}
    for index, tier in enumerate(program.tiers):
        path, ways = f"tiers[{index}].qualify", tier.qualify
        if ways.plan is not None and ways.plan not in plans:
            yield Problem("unknown_plan", f"{path}.plan", ways.plan)
        has_way = (ways.spend, ways.visits, ways.points_earned, ways.plan) != (None,) * 4
        if index and not (has_way or ways.grant or tier.id in sold):
            yield Problem("no_way_up", path, tier.id)
        yield from _scope(f"tiers[{index}].discount_scope", tier.discount_scope)
    for key in ("spend", "visits", "points_earned"):
        yield from _rising(program.tiers, key)


def _rising(tiers: Sequence[Tier], key: str) -> Iterator[Problem]:
    """Of one way up, every tier asks for more than the one below."""
    below: tuple[Fraction, str] | None = None
    for index, tier in enumerate(tiers):
        line = getattr(tier.qualify, key)
        if line is None:
            continue
        path, value = f"tiers[{index}].qualify.{key}", Fraction(line)
        if value == 0:
            yield Problem("must_be_above_zero", path, str(line))
        elif below is not None and value == below[0]:
            yield Problem("same_threshold", path, str(line), below[1])
        elif below is not None and value < below[0]:
            yield Problem("threshold_falls", path, str(line), below[1])
        below = (value, tier.id)


# ------------------------------------------------------------------ offers and prices


def _scope(path: str, scope: Scope) -> Iterator[Problem]:
    contradictions = [
        *(set(scope.products) & set(scope.except_products)),
        *(set(scope.categories) & set(scope.except_categories)),
    ]
    for name in sorted(contradictions):
        yield Problem("scope_is_empty", path, name)


def _offers(program: Program) -> Iterator[Problem]:
    for index, offer in enumerate(program.offers):
        path = f"offers[{index}]"
        yield from _scope(f"{path}.scope", offer.scope)
        yield from _trigger(path, offer)
        yield from _threshold(path, offer)
        yield from _effect(path, offer)


def _trigger(path: str, offer: Offer) -> Iterator[Problem]:
    if offer.trigger == "code" and not offer.code:
        yield Problem("code_needed", f"{path}.code")
    if offer.trigger != "code" and offer.code is not None:
        yield Problem("code_unused", f"{path}.code", offer.code)
    if offer.trigger != "coupon" and offer.coupon_days is not None:
        yield Problem("days_unused", f"{path}.coupon_days", str(offer.coupon_days))


def _threshold(path: str, offer: Offer) -> Iterator[Problem]:
    threshold, effect = offer.threshold, offer.effect
    if threshold is None:
        if isinstance(effect, AmountOff) and effect.per_threshold:
            yield Problem("threshold_needed", f"{path}.effect.per_threshold", "true")
        return
    if isinstance(effect, _BUNDLES):
        yield Problem("threshold_on_bundle", f"{path}.threshold")
    if (threshold.amount is None) == (threshold.quantity is None):
        yield Problem("one_of_two", f"{path}.threshold", other="amount, quantity")
    if threshold.amount is None:
        return
    if Fraction(threshold.amount) == 0:
        yield Problem("must_be_above_zero", f"{path}.threshold.amount", threshold.amount)
    elif isinstance(effect, AmountOff) and Fraction(effect.amount) > Fraction(threshold.amount):
        yield Problem(
            "off_above_threshold", f"{path}.effect.amount", effect.amount, threshold.amount
        )


def _effect(path: str, offer: Offer) -> Iterator[Problem]:
    effect, path = offer.effect, f"{path}.effect"
    if isinstance(effect, AmountOff):
        if Fraction(effect.amount) == 0:
            yield Problem("must_be_above_zero", f"{path}.amount", effect.amount)
        if effect.cap is not None and Fraction(effect.cap) < Fraction(effect.amount):
            yield Problem("cap_below_amount", f"{path}.cap", effect.cap, effect.amount)
    if isinstance(effect, PercentOff | CheapestOff | BuyXGetY | NthDiscount) and not Fraction(
        effect.rate
    ):
        yield Problem("must_be_above_zero", f"{path}.rate", effect.rate)
    products = getattr(effect, "products", None)
    if products is not None and not products:
        yield Problem("names_nothing", f"{path}.products")


def _prices(program: Program) -> Iterator[Problem]:
    for index, price_list in enumerate(program.price_lists):
        for number, override in enumerate(price_list.prices):
            path = f"price_lists[{index}].prices[{number}]"
            if not override.products and not override.categories:
                yield Problem("names_nothing", path)
            if (override.price is None) == (override.rate is None):
                yield Problem("one_of_two", path, other="price, rate")
    for index, rule in enumerate(program.exclusive):
        if not rule.products and not rule.categories:
            yield Problem("names_nothing", f"exclusive[{index}]")
    for index, earn in enumerate(program.earning.categories):
        if not earn.products and not earn.categories:
            yield Problem("names_nothing", f"earning.categories[{index}]")
    redemption = program.redemption
    if redemption.minimum % redemption.step:
        minimum, step = str(redemption.minimum), str(redemption.step)
        yield Problem("minimum_no_step", "redemption.minimum", minimum, step)
