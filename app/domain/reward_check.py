"""The check of a program's rewards: refuses what could not be explained, and names the cure.

Owns: the rules about rewards. Does not own: the rest of the check (program_check.py), who can
have a reward (reward.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from app.domain.program import AmountOff, CouponReward, GiftReward, Program, Reward
from app.domain.program_problem import Problem


def check_rewards(program: Program) -> Iterator[Problem]:
    """Everything that is wrong with the rewards of a program."""
    first: dict[str, str] = {}
    for index, reward in enumerate(program.rewards):
        path = f"rewards[{index}]"
        if reward.id in first:
            yield Problem("duplicate", f"{path}.id", reward.id, first[reward.id])
        first.setdefault(reward.id, f"{path}.id")
        yield from _given(program, path, reward)
        yield from _period(path, reward)
    yield from _stepped(program)


def _given(program: Program, path: str, reward: Reward) -> Iterator[Problem]:
    gives = reward.gives
    if isinstance(gives, GiftReward) and not gives.products:
        yield Problem("names_nothing", f"{path}.gives.products")
    if isinstance(gives, CouponReward):
        offer = program.offer(gives.offer)
        if offer is None:
            yield Problem("unknown_offer", f"{path}.gives.offer", gives.offer)
        elif offer.trigger != "coupon":
            yield Problem("not_a_coupon", f"{path}.gives.offer", gives.offer)


def _period(path: str, reward: Reward) -> Iterator[Problem]:
    if reward.count is not None and reward.period is None:
        yield Problem("period_needed", f"{path}.count", str(reward.count))
    if reward.count is None and reward.period is not None:
        yield Problem("count_needed", f"{path}.period", reward.period)


def _stepped(program: Program) -> Iterator[Problem]:
    """Who saves more points gets at least as much for each: of coupons that say an amount."""
    steps = [
        (reward.points, Fraction(off), index)
        for index, reward in enumerate(program.rewards)
        if (off := _amount_off(program, reward)) is not None
    ]
    best: tuple[Fraction, int] | None = None
    for points, worth, index in sorted(steps):
        rate = Fraction(worth.numerator, worth.denominator * points)
        if best is not None and rate < best[0]:
            cheaper = program.rewards[best[1]].id
            yield Problem(
                "reward_worse", f"rewards[{index}].points", program.rewards[index].id, cheaper
            )
        else:
            best = (rate, index)


def _amount_off(program: Program, reward: Reward) -> str | None:
    """What its coupon takes off where that is one amount."""
    offer = program.offer(reward.gives.offer) if isinstance(reward.gives, CouponReward) else None
    if offer is None or not isinstance(offer.effect, AmountOff) or offer.effect.per_threshold:
        return None
    return offer.effect.amount
