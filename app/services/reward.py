"""Rewards: goods or a coupon for points.

Owns: putting goods onto the basket as a reward, having a coupon for points outside of any sale,
with their trail. Does not own: who may (app/domain/reward.py), the price (pricing), what is shown
to choose from (reward_choice.py). The points of goods are taken by their sale; those of a coupon
at once, and for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as replace_value
from typing import Literal

from msgspec.structs import replace

from app.domain import effects as do
from app.domain.fact_parts import ProgramRef
from app.domain.facts import CouponIssued
from app.domain.moment import Moment
from app.domain.open_basket import OpenBasket, OpenLine
from app.domain.program import CouponReward, Reward, Text
from app.domain.quote import Reason
from app.domain.redemption import left_of_day
from app.domain.reward import products_of, reward_id_of, reward_rule
from app.domain.sale_effects import coupon_of, known_offer
from app.domain.sale_fact import Full, basket_room
from app.services import basket_moves as moves
from app.services.answers import BasketFull, NoMember, Refusal
from app.services.audit_trail import record
from app.services.choice import purse_left
from app.services.desk import keep, may_change, requote, with_basket
from app.services.entitlement import AskHeadOffice
from app.services.exchange_way import (
    ExchangeWay,
    Exchanging,
    NotExchanged,
    exchange_way,
    note_exchange,
)
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, fresh_coupons, write_fact
from app.services.find_member import OwnMembership
from app.services.lines import ONE, line_of
from app.services.ports import UnitOfWork
from app.services.present import is_own_membership
from app.services.reward_choice import RewardChoice, reward_choices
from app.services.shop import DeskState, MemberSeat, Shop
from app.services.standing import with_account
from app.services.tick_way import Asked, AskFirst
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class RewardTaken:
    """A line of the basket is the reward now: its points are taken when the sale is paid."""

    state: TillState
    words: Text
    line_id: str
    points: int


@dataclass(frozen=True, slots=True)
class RewardCoupon:
    """The points are gone, the coupon is the member's: usable in this basket where it fits."""

    state: TillState
    coupon: Text
    coupon_id: str
    points: int


@dataclass(frozen=True, slots=True)
class RewardRefused:
    """Not now: `missing` points are short where it is those; `unknown`: the program has no such."""

    words: Text | None
    reason: Reason | Literal["unknown"]
    missing: int = 0
    tier: Text | None = None


RewardAnswer = (
    RewardTaken
    | RewardCoupon
    | RewardRefused
    | AskHeadOffice
    | BasketFull
    | NoMember
    | OwnMembership
    | Refusal
)


def take_reward(
    *, shop: Shop, work: UnitOfWork, reward_id: str, sku: str = "", asked: Asked | None = None
) -> RewardAnswer:
    """Have a reward for the member on the basket; `sku` says which goods of several.

    Before a coupon, whose points are spent at once, head office is asked where others may spend
    them as well: `asked` is what it said.
    Goods that were scanned already are taken, others are added: one piece of them. Changes: the
    basket; for a coupon facts, the account, the coupons, audit.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    now = shop.now()
    # Judged as of now: the member may have been on the basket since yesterday.
    state = requote(shop, shop.desk.state, now)
    seat = state.seat
    if seat is None:
        return NoMember()
    if is_own_membership(state):
        return OwnMembership()
    reward, choice = state.program.reward(reward_id), _choice_of(state, seat, reward_id)
    if reward is None or choice is None:
        return RewardRefused(reward.name if reward is not None else None, "unknown")
    if choice.reason is not None:
        return RewardRefused(choice.words, choice.reason, choice.missing, choice.tier)
    if isinstance(reward.gives, CouponReward):
        uses = {} if reward.count is None else {reward_rule(reward.id): 1}
        at = Exchanging(shop, work, seat, reward.points, now, uses)
        return _coupon(at, state, reward, reward.gives, asked)
    return _have_goods(shop, work, state, reward, sku or choice.goods[0].sku, now)


def _choice_of(state: DeskState, seat: MemberSeat, reward_id: str) -> RewardChoice | None:
    choices = reward_choices(state, seat, purse_left(state, seat))
    return next((one for one in choices if one.reward_id == reward_id), None)


# ------------------------------------------------------------------ a coupon


_WHY_NOT: Mapping[str, Reason] = {"elsewhere": "SET_ASIDE", "offline": "OFFLINE_NEEDS_ONLINE"}


def _coupon(
    at: Exchanging, state: DeskState, reward: Reward, gives: CouponReward, asked: Asked | None
) -> RewardCoupon | RewardRefused | AskHeadOffice:
    if reward.when.stores and at.shop.identity.store_id not in reward.when.stores:
        return RewardRefused(reward.name, "WRONG_STORE")
    match way := exchange_way(at=at, asked=asked):
        case AskFirst(wanted):
            return AskHeadOffice(reward_rule(reward.id), wanted)
        case NotExchanged(why, missing):
            return RewardRefused(reward.name, _WHY_NOT[why], missing)
        case ExchangeWay():
            return _have_coupon(at, state, reward, gives, way)


def _have_coupon(
    at: Exchanging, state: DeskState, reward: Reward, gives: CouponReward, way: ExchangeWay
) -> RewardCoupon:
    shop, work, seat, now = at.shop, at.work, at.seat, at.now
    day, _ = fact_day(work, state.program, now, state.last_moment)
    coupon, offer = next(fresh_coupons(shop)), known_offer(state.program, gives.offer)
    rule = reward_rule(reward.id)
    fact = CouponIssued(
        **origin(shop=shop, now=now, day=day, member=seat.view.member_id),
        effects=(
            do.Exchanged(points=reward.points),
            coupon_of(offer, coupon),
            do.EntitlementTicked(entitlement=rule),
        ),
        why=rule,
        program=ProgramRef(state.program.id, state.program.version),
    )
    note_exchange(at=at, way=way, op_id=fact.op_id)
    folded = write_fact(shop=shop, work=work, fact=fact)
    details = {"reward": reward.id, "points": str(reward.points), "coupon": coupon}
    subject = seat.member.member_id
    record(shop=shop, work=work, now=now, act="reward_had", subject=subject, details=details)
    # They are spent at once: what was allowed beyond the limit of the day is used up by them too.
    left = left_of_day(state.program, seat.view, seat.how.identified_by)
    beyond = 0 if left is None else max(0, reward.points - left)
    basket = moves.use_up_beyond(state.basket, beyond)
    shown = with_account(shop, work, seat.view.member_id, folded, now, basket=basket)
    return RewardCoupon(shown, offer.name, coupon, reward.points)


# ------------------------------------------------------------------ goods


def _have_goods(
    shop: Shop, work: UnitOfWork, state: DeskState, reward: Reward, sku: str, now: Moment
) -> RewardTaken | RewardRefused | BasketFull:
    placed = _placed(work, state.basket, reward, sku)
    if placed is None:
        return RewardRefused(reward.name, "NOT_IN_SCOPE")
    priced = with_basket(shop, state, placed.basket, now)
    why = next(
        (no for no in priced.quote.not_applied if no.line_id == placed.line_id
         and reward_id_of(no.rule) == reward.id), None,
    )  # fmt: skip
    if why is not None:
        return RewardRefused(reward.name, why.reason, why.missing_count or 0)
    line = priced.basket.line(placed.line_id)
    if line is None or not line.is_resolved:
        # Goods for another tier are not to be had by way of their reward either.
        return RewardRefused(reward.name, "TIER_TOO_LOW")
    seen = priced.seat.view if priced.seat is not None else None
    room = basket_room(priced.basket.to_price(), priced.quote, priced.program, seen)
    if isinstance(room, Full):
        return BasketFull()
    return RewardTaken(keep(shop, work, priced, now), reward.name, placed.line_id, reward.points)


def _placed(work: UnitOfWork, basket: OpenBasket, reward: Reward, sku: str) -> moves.Placed | None:
    """The basket with one piece as the reward; None where the goods are not sold (any more)."""
    if sku not in products_of(reward):
        return None
    there = next((line for line in basket.lines if _may_become(line, sku)), None)
    if there is not None and there.goods is not None:
        goods = replace_value(there.goods, reward=reward.id, quantity=ONE)
        if there.quantity == ONE:
            changed = moves.change_line(basket, replace(there, goods=goods))
            return moves.Placed(changed, there.line_id, merged=False)
        one = replace(there, goods=goods, quantity=ONE)
        return moves.take_out_one(basket, there.line_id, one)
    line = line_of(work.products.get(sku), sku, ONE, "unknown")
    if line.goods is None or line.goods.weighed:
        return None
    line = replace(line, goods=replace_value(line.goods, reward=reward.id))
    return moves.place_line(basket, line, merge=False)


def _may_become(line: OpenLine, sku: str) -> bool:
    """Whether a piece of the line may be had for points: nothing else was agreed about it."""
    goods = line.goods
    if goods is None or not line.is_resolved or goods.sku != sku or line.label_price:
        return False
    plain = not (goods.reward or goods.use_points_price or goods.weighed)
    return plain and goods.given is None and goods.by_hand is None and line.quantity.is_pieces
