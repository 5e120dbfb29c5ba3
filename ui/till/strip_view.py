"""The sentence to say to the member on the basket: how far the next tier or gift is. Pure.

Owns: which of several is worth saying, and its words. Does not own: the card (member_view.py), how
far it is (services/member_panel.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.money import Money
from app.domain.program import ReferralStep
from app.services.till_state import MemberPanel, TierAhead, TillState
from app.wording import Wording
from ui import formatting
from ui.phrases import words


@dataclass(frozen=True, slots=True)
class StripView:
    """The sentence to say about the tier, and until when."""

    tone: str
    sentence: str
    date: str = ""
    shorter: str = ""
    """The sentence in fewer words, for large text in a narrow column."""


def strip_view(
    panel: MemberPanel, state: TillState, tone: str, wording: Wording
) -> StripView | None:
    """The one sentence worth saying; None where there is none, or the setting is off."""
    if not state.settings.suggest_sentence:
        return None
    if panel.is_new:
        return StripView(tone, wording.t("Joining gift: use it now"))
    ahead = _nearest(panel.ahead)
    pressing = ahead is not None and (ahead.reached_by_basket or ahead.notice)
    if panel.lent_ends is not None and not pressing:
        return _lent(panel, panel.lent_ends, tone, wording)
    if panel.next_friend is not None and not pressing:
        return StripView(tone, _next_friend(panel.next_friend, wording))
    return _ahead(ahead, state, tone, wording) if ahead is not None else None


def _lent(panel: MemberPanel, last_day: date, tone: str, wording: Wording) -> StripView:
    """A tier that ends soon whatever he buys: to try, or by a membership pack."""
    t, tier = wording.t, words(panel.tier_words, wording)
    said = t("{tier} to try", tier=tier) if panel.lent == "trial" else ""
    said = said or t("{tier} by a membership pack", tier=tier)
    day = t("until {day}", day=formatting.short_day(last_day, wording))
    return StripView(tone, said, day, tier)


def _next_friend(step: ReferralStep, wording: Wording) -> str:
    if not step.points:
        return wording.t("One more friend who joins brings a gift")
    points = formatting.points(step.points)
    return wording.t("One more friend who joins brings {points} points", points=points)


def _nearest(ahead: tuple[TierAhead, ...]) -> TierAhead | None:
    """What is worth saying: reached now, an end that is near, the next step up, else keeping."""
    reached = [step for step in ahead if step.goal == "reach" and step.reached_by_basket]
    urgent = [step for step in ahead if step.goal == "keep" and step.notice and step.missing]
    reach = [step for step in ahead if step.goal == "reach" and step.measure == "spend"]
    reach = reach or [step for step in ahead if step.goal == "reach"]
    keep = [step for step in ahead if step.goal == "keep"]
    for group in (reached, urgent, reach, keep):
        if group:
            return group[0]
    return None


def _ahead(step: TierAhead, state: TillState, tone: str, wording: Wording) -> StripView:
    t, tier = wording.t, words(step.words, wording)
    day = ""
    if step.goal == "keep" and step.last_day is not None:
        day = t("by {day}", day=formatting.short_day(step.last_day, wording))
    if step.missing == 0:
        if step.goal == "keep":
            kept = t("With this sale {tier} is kept", tier=tier)
            return StripView(tone, kept, day, t("{tier} is kept", tier=tier))
        return StripView(tone, t("This sale brings {tier}", tier=tier))
    shorter = ""
    if step.goal == "keep" and step.measure == "spend":
        amount = _distance_amount(step, state)
        shorter = t("{amount} keeps {tier}", amount=amount, tier=tier)
    return StripView(tone, _distance(step, state, tier, wording), day, shorter)


def _distance_amount(step: TierAhead, state: TillState) -> str:
    whole = _said_amount(Money(step.missing))
    return formatting.short_money(whole, currency=state.program.currency)


def _distance(step: TierAhead, state: TillState, tier: str, wording: Wording) -> str:
    t, n, missing = wording.t, wording.n, step.missing
    keep = step.goal == "keep"
    match step.measure:
        case "spend":
            amount = _distance_amount(step, state)
            if keep:
                return t("{amount} more to keep {tier}", amount=amount, tier=tier)
            return t("{amount} more to reach {tier}", amount=amount, tier=tier)
        case "visits":
            if keep:
                return n(
                    "{count} more visit to keep {tier}",
                    "{count} more visits to keep {tier}",
                    missing,
                    tier=tier,
                )
            return n(
                "{count} more visit to reach {tier}",
                "{count} more visits to reach {tier}",
                missing,
                tier=tier,
            )
        case "points":
            count = formatting.points(missing)
            if keep:
                return t("{points} more points to keep {tier}", points=count, tier=tier)
            return t("{points} more points to reach {tier}", points=count, tier=tier)


def _said_amount(missing: Money) -> Money:
    """Large distances are said in whole hundreds of minor units, upwards: so much is enough."""
    return Money(-(-missing.minor // 100) * 100) if missing.minor >= 100_000 else missing
