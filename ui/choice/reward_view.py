"""Reward view model: what a member may have for his points, as rows under their titles. Pure.

Owns: the sections of the reward sheet - rewards to be had now, those with something missing, then
what this basket offers for points. Does not own: having one (services), the sheet's widgets.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.services.reward_choice import RewardChoice, RewardGoods
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui import formatting, phrases
from ui.choice.view_model import (
    ChoiceLine,
    ChoiceSection,
    ChoicesView,
    TakeReward,
    for_points,
    points_short,
    points_text,
)
from ui.phrases import SEPARATOR, words


def has_rewards(state: TillState) -> bool:
    """Whether the member's points may become anything here."""
    choices = state.choices
    return bool(choices.rewards)


def present_rewards(state: TillState, wording: Wording) -> ChoicesView | None:
    """The sheet of this snapshot; None where there is nothing to have."""
    member = state.member
    if member is None or not has_rewards(state):
        return None
    return ChoicesView(
        title=wording.t("Rewards for points"),
        hint=wording.t(
            "{points} points. Choose what the member wants by ↑ ↓ and Enter, or by a tap.",
            points=formatting.points(member.points),
        ),
        sections=tuple(_sections(state, wording)),
    )


def _sections(state: TillState, wording: Wording) -> Iterator[ChoiceSection]:
    rewards = state.choices.rewards
    now = [one for one in rewards if one.reason is None]
    later = [one for one in rewards if one.reason is not None]
    if now:
        rows = tuple(row for one in now for row in _rows(one, state, wording))
        yield ChoiceSection(wording.t("Available now"), rows)
    if later:
        rows = tuple(row for one in later for row in _rows(one, state, wording))
        yield ChoiceSection(wording.t("Not yet"), rows)
    yield from for_points(state, wording)


def _rows(reward: RewardChoice, state: TillState, wording: Wording) -> Iterator[ChoiceLine]:
    """One row; of a gift with a choice one for each of the goods."""
    name = words(reward.words, wording)
    said = _detail(reward, state, wording)
    coupon = words(reward.coupon, wording) if reward.coupon is not None else ""
    if len(reward.goods) > 1:
        for goods in reward.goods:
            yield _row(reward, f"{name}{SEPARATOR}{goods.name}", said, goods=goods)
        return
    yield _row(reward, name, said, goods=reward.goods[0] if reward.goods else None, coupon=coupon)


def _row(
    reward: RewardChoice,
    name: str,
    said: str,
    *,
    goods: RewardGoods | None,
    coupon: str = "",
) -> ChoiceLine:
    act = TakeReward(reward.reward_id, reward.points, goods.sku if goods else "", coupon)
    return ChoiceLine(
        name=name,
        detail=said,
        state="taken" if reward.in_basket else "free",
        act=None if reward.reason is not None else act,
    )


def _detail(reward: RewardChoice, state: TillState, wording: Wording) -> str:
    price = points_text(reward.points, wording)
    if reward.price.minor:
        price = f"{price} + {phrases.money(reward.price, state)}"
    said = [price, why_no_reward(reward, wording)]
    if reward.in_basket:
        said.append(wording.t("In this sale"))
    if reward.left is not None and reward.period is not None and reward.reason != "MEMBER_LIMIT":
        said.append(wording.t(_LEFT[reward.period], count=reward.left))
    return SEPARATOR.join(part for part in said if part)


_LEFT = {
    "day": N_("{count} left today"),
    "month": N_("{count} left this month"),
    "year": N_("{count} left this year"),
    "once": N_("{count} left"),
}


def why_no_reward(reward: RewardChoice, wording: Wording) -> str:
    """What is missing to a reward; empty where nothing is."""
    match reward.reason:
        case None:
            return ""
        case "MEMBER_LIMIT":
            return wording.t(_HAD[reward.period or "once"])
        case "TIER_TOO_LOW" if reward.tier is not None:
            return wording.t("From {tier} up", tier=words(reward.tier, wording))
        case "IDENTIFY_BETTER":
            return wording.t("Scan the member card to use points")
        case _ if reward.missing:
            return points_short(reward.missing, wording)
        case reason:
            return wording.t(phrases.REASONS[reason])


_HAD = {
    "day": N_("Had for today"),
    "month": N_("Had for this month"),
    "year": N_("Had for this year"),
    "once": N_("Had already"),
}
