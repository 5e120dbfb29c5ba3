"""The tier ladder: every tier of the program in force, and how many members stand on each.

Owns: that reading. Does not own: who stands where (the list's judging, member_list.py), changing a
tier (tier_change.py), the program (the office of whoever publishes it), words.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.money import Money, parse_amount
from app.domain.program import Text, Tier
from app.services.answers import Refusal
from app.services.desk import allowed
from app.services.ports import UnitOfWork
from app.services.rule_words import rule_words
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One tier. `spend`: what has to be spent in the window; `gifts`: coupons for reaching it."""

    tier: Tier
    spend: Money | None
    plan: Text | None
    gifts: tuple[Text, ...]
    members: int


@dataclass(frozen=True, slots=True)
class TierLadder:
    """From the entry tier upwards. `counted` of `members` were judged so far."""

    steps: tuple[LadderStep, ...]
    version: str
    counted: int
    members: int


def tier_ladder(*, shop: Shop, work: UnitOfWork) -> TierLadder | Refusal:
    """What each tier asks and gives. Needs the right to write about members. Changes nothing."""
    refusal = allowed(shop, "member_note")
    if refusal:
        return refusal
    program = shop.desk.state.program
    counts = work.member_list.tier_counts()
    plans = {plan.id: plan.name for plan in program.plans}
    steps = []
    for tier in program.tiers:
        spend = None
        if tier.qualify.spend is not None:
            read = parse_amount(tier.qualify.spend, program.prices.decimals)
            spend = read if isinstance(read, Money) else None
        gifts = (rule_words(program, offer) for offer in tier.tier_up_offers)
        steps.append(
            LadderStep(
                tier, spend, plans.get(tier.qualify.plan or ""), tuple(filter(None, gifts)),
                counts.get(tier.id, 0),
            )
        )  # fmt: skip
    return TierLadder(tuple(steps), program.version, sum(counts.values()), work.members.count())
