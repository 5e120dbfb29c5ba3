"""Rewards: whether a member may have one now, by the program and by what he had already.

Owns: a reward's rule id, its products, how often it is left in its period and a sale has it, the
reason against it.
Does not own: its shape in the file (reward_rule.py), whether the points reach (redemption.py), what
a use does to the account (sale_effects.py, app/services/reward.py).
"""

from __future__ import annotations

from collections import Counter

from app.domain.conditions import Occasion
from app.domain.program import GiftReward, ProductReward, Program, Reward
from app.domain.quote import Quote, Reason
from app.domain.view import REWARD, AccountView


def reward_rule(reward_id: str) -> str:
    """The id under which a reward stands in adjustments, and under which its uses are counted."""
    return f"{REWARD}{reward_id}"


def reward_id_of(rule: str) -> str | None:
    """The reward a rule id names; None for other rules."""
    return rule.removeprefix(REWARD) if rule.startswith(REWARD) else None


def products_of(reward: Reward) -> tuple[str, ...]:
    """The goods it may be; none for a coupon."""
    gives = reward.gives
    if isinstance(gives, GiftReward):
        return gives.products
    return (gives.product,) if isinstance(gives, ProductReward) else ()


def price_beside(reward: Reward) -> str:
    """What is paid for a piece beside the points, as the program writes amounts."""
    return reward.gives.price if isinstance(reward.gives, ProductReward) else "0"


def rewards_had(quote: Quote) -> Counter[str]:
    """How many pieces of each reward a sale has, by rule id."""
    had = Counter[str]()
    for line in quote.lines:
        for change in line.adjustments:
            if reward_id_of(change.rule) is not None:
                had[change.rule] += line.quantity.pieces
    return had


def limited_uses(quote: Quote, program: Program) -> dict[str, int]:
    """Of those the ones a member may have only so often."""
    limited = {reward_rule(each.id) for each in program.rewards if each.count is not None}
    return {rule: count for rule, count in rewards_had(quote).items() if rule in limited}


def uses_left(reward: Reward, view: AccountView) -> int | None:
    """How often the member may still have it in the period of the view's day; None = always."""
    if reward.count is None:
        return None
    return max(0, reward.count - view.reward_uses.get(reward.id, 0))


def why_no_reward(reward: Reward, occasion: Occasion, times: int) -> Reason | None:
    """Why the member may not have it so often now, points aside; None = he may."""
    if occasion.view is None:
        return "IDENTIFY_BETTER"
    unmet = occasion.unmet(reward.when)
    if unmet is not None:
        return unmet
    left = uses_left(reward, occasion.view)
    return "MEMBER_LIMIT" if left is not None and left < times else None
