"""Rule words: what a rule of the program is called towards customers.

Owns: finding the words by rule id, a tier with its rate: the same on till and paper. Does not
own: words of kinds without a rule in the program (member price, points: the screens and the
receipt say those).

Percentages are logic, not translation: 0.12 off is `8.8折` in Chinese and `12% off` in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.domain.by_hand import HandAct, hand_rule
from app.domain.program import Program, Text, Tier
from app.domain.reward import reward_id_of
from app.domain.rights import Rights
from app.domain.sale_fact import rate_text
from app.wording import N_, Wording

HAND_ACTS: Mapping[HandAct, str] = {
    "line_discount": N_("Line discount"),
    "order_discount": N_("Whole-sale discount"),
    "price_override": N_("Price override"),
}
TIER_LEVEL = "tier:"
POINTS = "points"


def rule_words(program: Program, rule: str) -> Text | None:
    """The words of an offer, a price list or a tier; None where the kind says it all."""
    offer = program.offer(rule)
    if offer is not None:
        return offer.name
    for price_list in program.price_lists:
        if price_list.id == rule:
            return price_list.name
    reward = program.reward(reward_id_of(rule) or "")
    if reward is not None:
        return reward.name
    tier = tier_of(program, rule)
    return tier.name if tier is not None else None


def reason_words(rights: Rights, rule: str) -> Text | None:
    """Why something was given by hand, as the shop calls it; None for other rules."""
    act, reason_id = hand_rule(rule) or ("", "")
    reason = rights.reason(act, reason_id) if act else None
    return reason.words if reason is not None else None


def by_hand_name(rule: str, reason: Text | None, wording: Wording) -> str:
    """`整单折扣(老客)` / `Whole-sale discount (Regular customer)`: the act, and why."""
    act, _ = hand_rule(rule) or ("line_discount", "")
    name = wording.t(HAND_ACTS[act])
    if reason is None:
        return name
    said = reason.zh if wording.is_chinese else reason.en
    return wording.t("{act} ({reason})", act=name, reason=said)


def tier_of(program: Program, rule: str) -> Tier | None:
    """The tier a rule id names, with or without the prefix of its level; None for other rules."""
    tier_id = rule.removeprefix(TIER_LEVEL)
    return next((tier for tier in program.tiers if tier.id == tier_id), None)


def percent_off(fraction_off: Decimal, wording: Wording) -> str:
    """0.12 -> `8.8折` / `12% off`; 0.5 -> `5折` / `50% off`; 1 -> `免费` / `free`."""
    if fraction_off >= 1:
        return "免费" if wording.is_chinese else "free"
    if wording.is_chinese:
        return f"{rate_text((1 - fraction_off) * 10)}折"
    return f"{rate_text(fraction_off * 100)}% off"


def with_rate(name: Text, fraction_off: Decimal | None, wording: Wording) -> str:
    """`金卡 8.8折` / `Gold 12% off`; without a rate the name alone."""
    said = name.zh if wording.is_chinese else name.en
    return f"{said} {percent_off(fraction_off, wording)}" if fraction_off else said
