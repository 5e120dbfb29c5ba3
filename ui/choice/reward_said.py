"""Reward said: what came of having a reward, as one sentence each.

Owns: those sentences. Does not own: tone and sound (ui/said.py), the sheet (reward_view.py).
"""

from __future__ import annotations

from app.services.reward import RewardCoupon, RewardRefused, RewardTaken
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting, phrases
from ui.choice.view_model import points_short
from ui.phrases import words


def reward_taken(answer: RewardTaken, wording: Wording) -> str:
    """Its points go when the sale is paid."""
    return wording.t(
        "{name} for {points} points: taken when this sale is paid.",
        name=words(answer.words, wording),
        points=formatting.points(answer.points),
    )


def reward_coupon(answer: RewardCoupon, wording: Wording) -> str:
    """The coupon is his at once."""
    return wording.t(
        "{points} points became {name}.",
        points=formatting.points(answer.points),
        name=wording.t("Coupon {name}", name=words(answer.coupon, wording)),
    )


def reward_refused(answer: RewardRefused, state: TillState, wording: Wording) -> str:
    """Why not, with what is missing."""
    if answer.reason == "unknown" or answer.words is None:
        return wording.t("There is no such reward any more.")
    why = wording.t(phrases.REASONS[answer.reason])
    if answer.reason == "POINTS_MINIMUM" and answer.missing:
        why = points_short(answer.missing, wording)
    elif answer.tier is not None:
        why = wording.t("From {tier} up", tier=words(answer.tier, wording))
    return wording.t("{name}: {reason}", name=words(answer.words, wording), reason=why)
