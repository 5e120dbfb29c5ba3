"""Goods had for points, found the slow way: which lines are, what they cost, what is left to spend.

Implements PROGRAM.md 2, "rewards: points for a gift, a coupon or a product": a line is had for
points where the reward covers its goods in whole pieces, holds for this shopper, is left often
enough in its period, and its points reach; of several lines the smaller (sku, line id) comes first.
It costs its price beside the points, never more than its list price. Does not own: the rest of the
picture (adapter.py), any price of money.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.program import GiftReward, ProductReward, Reward
from tests.domain.laws.generator import Sale
from tests.domain.laws.reckoning import list_amount
from tests.domain.laws.shapes import Line, Shopper


def goods_and_price(reward: Reward) -> tuple[tuple[str, ...], str]:
    """The goods a reward may be, and what a piece costs beside the points."""
    if isinstance(reward.gives, GiftReward):
        return reward.gives.products, "0"
    if isinstance(reward.gives, ProductReward):
        return (reward.gives.product,), reward.gives.price
    return (), "0"


def taken_for_points(
    sale: Sale, lines: Sequence[Line], shopper: Shopper | None, holds: Callable[[Reward], bool]
) -> tuple[tuple[Line, ...], Shopper | None]:
    """The lines with what they cost for points, and the shopper with the points that are left."""
    asked = {line.line_id: line.reward for line in sale.basket.lines if line.reward}
    if shopper is None or sale.view is None:
        return tuple(lines), shopper
    rewards = {reward.id: reward for reward in sale.program.rewards}
    had = dict(sale.view.reward_uses)
    purse = max(0, shopper.balance)
    if shopper.day_limit is not None and shopper.day_limit < purse:
        purse = shopper.day_limit
    gone, fixed = 0, {}
    for line in sorted(lines, key=lambda each: each.tie):
        reward = rewards.get(asked.get(line.line_id, ""))
        if reward is None or not line.pieces or not holds(reward):
            continue
        goods, price = goods_and_price(reward)
        often = had.get(reward.id, 0) + line.pieces
        if line.sku not in goods or (reward.count is not None and often > reward.count):
            continue
        if gone + reward.points * line.pieces > purse:
            continue
        gone += reward.points * line.pieces
        had[reward.id] = often
        whole, _, cents = price.partition(".")
        beside = int(whole + cents.ljust(2, "0")) * line.pieces
        fixed[line.line_id] = replace(
            line,
            fixed=min(beside, list_amount(line)),
            for_points=reward.points * line.pieces,
        )
    limit = None if shopper.day_limit is None else shopper.day_limit - gone
    left = replace(shopper, balance=shopper.balance - gone, day_limit=limit)
    return tuple(fixed.get(line.line_id, line) for line in lines), left
