"""Rules on the till: what a screen may say about the rules behind a price.

Owns: gathering, for every rule a quote names, its words, rate, dates and audience; the factors
behind the points. Does not own: which rule applies (pricing), sentences (ui).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from app.domain.money import Money, parse_amount
from app.domain.program import Conditions, PercentOff, Program
from app.domain.quote import Adjustment, Quote
from app.domain.reward import reward_id_of
from app.domain.tiers import rank_of
from app.services.remembered import remembered
from app.services.rule_words import POINTS, rule_words, tier_of
from app.services.shop import DeskState, MemberSeat
from app.services.till_state import EarnFactor, ProgramOnTill, RuleOnTill


def program_on_till(program: Program) -> ProgramOnTill:
    """Which version the prices come from."""
    return ProgramOnTill(
        program.id, program.version, program.effective, len(program.tiers), program.prices.currency
    )


def rules_on_till(state: DeskState) -> Mapping[str, RuleOnTill]:
    """What may be said of every rule the quote names, by rule id."""
    known = _known(state.program)
    for rule in (named := sorted(_named(state))):
        if rule not in known:
            known[rule] = _rule(state.program, rule)
    return {rule: known[rule] for rule in named}


@remembered
def _known(_program: Program) -> dict[str, RuleOnTill]:
    """What was said of this program's rules before: they do not change, and each scan asks."""
    return {}


def _named(state: DeskState) -> set[str]:
    quote = state.quote
    named = {change.rule for change in _adjustments(quote)}
    for why in quote.not_applied:
        named.add(why.rule)
        if why.other_rule is not None:
            named.add(why.other_rule)
    seat = state.seat
    if seat is not None:
        named |= {held.offer_id for held in seat.view.coupons}
        named.add(seat.view.tier)
    return named


def _adjustments(quote: Quote) -> Iterable[Adjustment]:
    for line in quote.lines:
        yield from line.adjustments
    yield from quote.order_adjustments


def _rule(program: Program, rule: str) -> RuleOnTill:
    words = rule_words(program, rule)
    offer = program.offer(rule)
    if offer is not None:
        rate = Decimal(offer.effect.rate) if isinstance(offer.effect, PercentOff) else None
        return _with_conditions(program, RuleOnTill(words, rate, offer.trigger), offer.when)
    for price_list in program.price_lists:
        if price_list.id == rule:
            return _with_conditions(program, RuleOnTill(words, None, "price_list"), price_list.when)
    reward = program.reward(reward_id_of(rule) or "")
    if reward is not None:
        return _with_conditions(program, RuleOnTill(words, None, "other"), reward.when)
    tier = tier_of(program, rule)
    if tier is not None:
        return RuleOnTill(words, Decimal(tier.discount) or None, "tier")
    return RuleOnTill(words, None, "points" if rule == POINTS else "other")


def _with_conditions(program: Program, rule: RuleOnTill, when: Conditions) -> RuleOnTill:
    return RuleOnTill(
        rule.words,
        rule.rate,
        rule.source,
        members_only=when.members_only or when.tier is not None,
        from_tier=program.tier(when.tier).name if when.tier is not None else None,
        starts=when.starts,
        ends=when.ends,
    )


def earn_factors(state: DeskState) -> tuple[EarnFactor, ...]:
    """Tier and birthday factors, where they and nothing else explain the points of this basket."""
    seat = state.seat
    if seat is None or not state.quote.points_earned:
        return ()
    program, quote = state.program, state.quote
    tier = program.tiers[rank_of(program, seat.view.tier)]
    factors = [EarnFactor("tier", Decimal(tier.earn_rate))]
    if _is_birthday_month(seat):
        factors.append(EarnFactor("birthday", Decimal(program.earning.birthday_factor)))
    unit = parse_amount(program.earning.unit, program.prices.decimals)
    assert isinstance(unit, Money), "program check refuses such a unit"
    explained = Fraction(quote.total.minor, unit.minor)
    for factor in factors:
        explained *= Fraction(factor.factor)
    if int(explained) != quote.points_earned:
        return (EarnFactor("offers", Decimal(1)),)
    return tuple(factor for factor in factors if factor.factor != 1)


def _is_birthday_month(seat: MemberSeat) -> bool:
    return seat.view.birthday is not None and seat.view.birthday[0] == seat.as_of.month
