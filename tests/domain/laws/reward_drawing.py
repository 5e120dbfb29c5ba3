"""Random rewards: in some sales the customer takes lines for points.

Owns: which rewards a program has and which lines ask for one. Does not own: the rest of a sale
(generator.py), what a reward is worth to it (had_for_points.py).
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import msgspec

from app.domain.basket import BasketLine
from app.domain.program import Conditions, GiftReward, ProductReward, Program, Reward, Text

if TYPE_CHECKING:
    from tests.domain.laws.generator import Sale


def with_rewards(sale: Sale) -> Sale:
    """The sale, in a third of the draws with rewards asked for: too dear ones among them."""
    rng = Random(f"rewards {sale.seed}")
    if sale.view is None or rng.random() < 0.67:
        return sale
    rewards = tuple(
        _reward(rng, number, line) for number, line in enumerate(_some(rng, sale.basket.lines))
    )
    program: Program = msgspec.structs.replace(sale.program, rewards=rewards)
    lines = tuple(_asking(rng, line, rewards) for line in sale.basket.lines)
    had = {each.id: 1 for each in rewards if each.count is not None and rng.random() < 0.4}
    view = replace(sale.view, reward_uses=had)
    return replace(sale, program=program, basket=replace(sale.basket, lines=lines), view=view)


def _some(rng: Random, lines: tuple[BasketLine, ...]) -> list[BasketLine]:
    return rng.sample(lines, min(len(lines), rng.choice((1, 2, 3))))


def _reward(rng: Random, number: int, line: BasketLine) -> Reward:
    price = rng.choice(("0", "0.90", "9.90", "25.00"))
    gives: GiftReward | ProductReward = ProductReward(product=line.sku, price=price)
    if rng.random() < 0.5:
        gives = GiftReward(products=(line.sku, "6901028000017"))
    count = rng.choice((None, 1, 2, 5))
    return Reward(
        id=f"reward-{number}",
        name=Text(zh="兑换", en="Reward"),
        points=rng.choice((1, 150, 500, 1200)),
        gives=gives,
        when=Conditions(tier=rng.choice((None, None, "silver", "gold"))),
        count=count,
        period=None if count is None else "month",
    )


def _asking(rng: Random, line: BasketLine, rewards: tuple[Reward, ...]) -> BasketLine:
    if rng.random() < 0.4:
        return line
    ours = [each for each in rewards if line.sku in _goods(each)]
    return replace(line, reward=rng.choice(ours).id) if ours else line


def _goods(reward: Reward) -> tuple[str, ...]:
    gives = reward.gives
    return gives.products if isinstance(gives, GiftReward) else (getattr(gives, "product", ""),)
