"""Reward choices: what the member on the basket may have for points, as a screen shows it.

Owns: which rewards are shown, in which order, and what is missing to each. Does not own: having
one (reward.py), who may (app/domain/reward.py), sentences (ui).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from app.domain.conditions import Occasion
from app.domain.moment import Moment
from app.domain.money import Money, parse_amount
from app.domain.program import CouponReward, GiftReward, Period, Program, Reward, Text
from app.domain.quote import NotApplied, Reason
from app.domain.redemption import Purse
from app.domain.reward import (
    price_beside,
    products_of,
    reward_id_of,
    reward_rule,
    uses_left,
    why_no_reward,
)
from app.domain.tiers import rank_of
from app.services.price_desk import context_of_member
from app.services.shop import DeskState, MemberSeat

RewardKind = Literal["coupon", "gift", "product"]
_NEVER_SHOWN: frozenset[Reason] = frozenset({"NOT_YET_VALID", "EXPIRED", "WRONG_TIME"})
"""Nobody is told of a reward that is not to be had at this time, whoever he is."""


@dataclass(frozen=True, slots=True)
class RewardGoods:
    """One of the goods a reward may be."""

    sku: str
    name: str


@dataclass(frozen=True, slots=True)
class RewardChoice:
    """A reward. Not to be had now where there is a `reason`; `missing` points, if it is those."""

    reward_id: str
    words: Text
    kind: RewardKind
    points: int
    price: Money
    """What is to be paid for it beside the points."""
    goods: tuple[RewardGoods, ...] = ()
    coupon: Text | None = None
    in_basket: tuple[str, ...] = ()
    """The lines that are it, by their ids."""
    left: int | None = None
    """How often it may still be had in its period, this sale counted; None = always."""
    period: Period | None = None
    missing: int = 0
    reason: Reason | None = None
    tier: Text | None = None
    """The tier that it takes, where the member's is too low."""


def reward_choices(state: DeskState, seat: MemberSeat, purse: Purse) -> tuple[RewardChoice, ...]:
    """The rewards of the program for this member: what he can have first, cheapest first.

    `purse`: what goods of the basket leave of his points.
    """
    occasion = _occasion(state, seat)
    shown = [
        choice
        for reward in state.program.rewards
        if (choice := _choice(state, occasion, purse, reward)) is not None
    ]
    return tuple(sorted(shown, key=lambda one: (one.reason is not None, one.points, one.reward_id)))


def unmet_rewards(state: DeskState) -> Mapping[str, NotApplied]:
    """Lines that were taken as a reward and are none any more, by line id, with what is missing."""
    return {
        no.line_id: no
        for no in state.quote.not_applied
        if no.line_id is not None and reward_id_of(no.rule) is not None
    }


def _occasion(state: DeskState, seat: MemberSeat) -> Occasion:
    program = state.program
    at = Moment(state.quoted_ms, 0, "", None).local(program.timezone)
    return Occasion(
        program, seat.view, rank_of(program, seat.view.tier), at, context_of_member(seat)
    )


def _choice(
    state: DeskState, occasion: Occasion, purse: Purse, reward: Reward
) -> RewardChoice | None:
    """None: nothing to speak of here and now."""
    goods = tuple(
        RewardGoods(sku, product.name)
        for sku in products_of(reward)
        if (product := state.gifts.get(sku)) is not None
        and product.active
        and product.unit_price is not None
    )
    if not goods and not isinstance(reward.gives, CouponReward):
        return None
    mine = _lines_of(state, reward)
    times = sum(pieces for _, pieces in mine) + 1
    # Which shop it is the price judges when the reward is taken.
    anywhere = msgspec.structs.replace(reward.when, stores=())
    reason = why_no_reward(msgspec.structs.replace(reward, when=anywhere), occasion, times)
    if reason in _NEVER_SHOWN:
        return None
    missing = max(0, reward.points - purse.points) if reason is None else 0
    assert occasion.view is not None, "rewards are a member's"
    left = uses_left(reward, occasion.view)
    return RewardChoice(
        reward_id=reward.id,
        words=reward.name,
        kind=_kind(reward),
        points=reward.points,
        price=_amount(price_beside(reward), state.program),
        goods=goods,
        coupon=_coupon_words(state.program, reward),
        in_basket=tuple(line_id for line_id, _ in mine),
        left=None if left is None else max(0, left - times + 1),
        period=reward.period,
        missing=missing,
        reason=purse.limited_by if missing else reason,
        tier=_tier_words(state.program, reward) if reason == "TIER_TOO_LOW" else None,
    )


def _kind(reward: Reward) -> RewardKind:
    if isinstance(reward.gives, CouponReward):
        return "coupon"
    return "gift" if isinstance(reward.gives, GiftReward) else "product"


def _lines_of(state: DeskState, reward: Reward) -> list[tuple[str, int]]:
    """The lines that are this reward by the quote, with their pieces."""
    rule = reward_rule(reward.id)
    return [
        (line.line_id, line.quantity.pieces)
        for line in state.quote.lines
        if any(change.rule == rule for change in line.adjustments)
    ]


def _amount(text: str, program: Program) -> Money:
    amount = parse_amount(text, program.prices.decimals)
    assert isinstance(amount, Money), "program check refuses such an amount"
    return amount


def _coupon_words(program: Program, reward: Reward) -> Text | None:
    offer = program.offer(reward.gives.offer) if isinstance(reward.gives, CouponReward) else None
    return offer.name if offer is not None else None


def _tier_words(program: Program, reward: Reward) -> Text | None:
    return program.tier(reward.when.tier).name if reward.when.tier is not None else None
