"""Rule words: what a rule of the program is called towards customers.

Owns: finding the words by rule id. Does not own: words of kinds without a rule in the program
(member price, points: the screens and the receipt say those).
"""

from __future__ import annotations

from app.domain.program import Program, Text

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
    tier_id = rule.removeprefix(TIER_LEVEL)
    for tier in program.tiers:
        if tier.id == tier_id:
            return tier.name
    return None
