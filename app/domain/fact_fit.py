"""Whether a fact's effects are those its kind has, in the numbers the fact itself names.

Owns: which effects a kind may carry, and the comparison with what stands on the receipt. Does not
own: whether the numbers are right (repricing.py, settlement.py), what is done where they differ
(sync/server). Only effects on an account are looked at: of a walk-in there are none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from app.domain import effects as do
from app.domain.occasions import answered_sale
from app.domain.refund_fact import FirstRefundRecorded, RefundRecorded
from app.domain.survey_fact import SurveyAnswered
from app.domain.survey_rule import ANSWER_POINTS_MAX

_GIVEN_BY_A_SALE = (
    do.EntitlementTicked, do.TierReached, do.CouponGiven, do.OccasionGain, do.PackBought,
    do.PackUsed,
)  # fmt: skip
"""Benefits, tiers and gifts: the program says whether they are due."""
_GIFTS = (do.Gained, do.HeldGain, do.OccasionGain, do.CouponGiven)
_OF: dict[str, tuple[type, ...]] = {
    "member_joined.1": (do.Joined, do.ConsentGiven, *_GIFTS),
    "consent_changed.1": (do.ConsentGiven, do.ConsentsEnded),
    "profile_edit_requested.1": (),
    "card_issued.1": (),
    "checked_in.1": (do.CheckIn, do.OccasionGain),
    "points_adjusted.1": (*_GIFTS, do.Taken),
    "coupon_issued.1": (*_GIFTS, do.Exchanged, do.EntitlementTicked),
    "tier_granted.1": (do.TierGiven,),
    "tier_granted.2": (do.TierGivenFrom,),
    "tier_granted.3": (do.TierGivenFrom,),
    "tier_grant_revoked.1": (do.TierTaken,),
    "tier_grant_revoked.2": (do.TierTaken,),
    "trial_given.1": (do.TierTried,),
    "tier_requested.1": (),
    "tier_requested.2": (),
    "tier_decided.1": (),
    "entitlement_used.1": (do.EntitlementTicked,),
    "entitlement_used.2": (do.EntitlementTicked,),
    "entitlement_returned.1": (do.EntitlementBack,),
    "grant_released.1": (),
    "erasure_requested.1": (),
    "keeping_ended.1": (),
    "case_erasure_requested.1": (),
    "erasure_done.1": (),
    "erasure_ended.1": (),
    "member_erased.2": (do.ConsentsEnded,),
    "merge_requested.1": (),
    "part_requested.1": (),
    "members_merged.1": (),
    "members_parted.1": (do.Taken, do.CouponUsed, do.PackBack, do.PackUsed),
    "pass_taken.1": (),
    "shift_opened.1": (),
    "shift_taken_over.1": (),
    "cash_moved.1": (),
    "drawer_opened.1": (),
    "shift_closed.1": (),
    "complaint_opened.1": (),
    "complaint_stepped.1": (),
    "solution_noted.1": (),
    "campaign_published.1": (),
    "campaign_drawn.1": (),
    "campaign_ended.1": (),
    "campaign_announced.1": (),
}
"""By kind. What the authority writes is not here: nobody checks its own facts."""


class SaleNumbers(Protocol):
    """What a sale says of itself, on its receipt."""

    @property
    def total_minor(self) -> int: ...
    @property
    def points_earned(self) -> int: ...
    @property
    def points_spent(self) -> int: ...
    @property
    def coupons_used(self) -> Collection[str]: ...


def sale_misfit(effects: Iterable[do.Effect], sale: SaleNumbers) -> str:
    """What of a member's sale its effects have otherwise; empty where all of it fits."""
    earned = spent = 0
    visits, coupons = [], []
    for effect in effects:
        if isinstance(effect, do.Visited):
            visits.append((effect.spend_minor, effect.points_earned, effect.points_spent))
        elif isinstance(effect, do.Gained | do.HeldGain):
            earned += effect.points
        elif isinstance(effect, do.Taken):
            spent += effect.points
        elif isinstance(effect, do.CouponUsed):
            coupons.append(effect.coupon)
        elif not isinstance(effect, _GIVEN_BY_A_SALE):
            return "effects"
    if visits != [(sale.total_minor, sale.points_earned, sale.points_spent)]:
        return "visit"
    if (earned, spent) != (sale.points_earned, sale.points_spent):
        return "points"
    return "" if sorted(coupons) == sorted(sale.coupons_used) else "coupons_used"


def refund_misfit(refund: FirstRefundRecorded | RefundRecorded) -> str:
    """The same of a refund: it undoes its own sale, and gains what money was kept back for."""
    kept = refund.points_kept if isinstance(refund, RefundRecorded) else 0
    gained = 0
    for effect in refund.effects:
        if isinstance(effect, do.Undone | do.PackBack):
            if effect.sale != refund.sale:
                return "sale"
        elif isinstance(effect, do.Gained):
            gained += effect.points
        # An entitlement given back names what was ticked off, which may be older than the sale.
        elif not isinstance(effect, do.EntitlementBack):
            return "effects"
    return "points_kept" if gained > kept else ""


def survey_misfit(answer: SurveyAnswered) -> str:
    """An answer brings points once, for its own sale, and no more than a program can promise."""
    gains = [each for each in answer.effects if isinstance(each, do.OccasionGain)]
    if len(answer.effects) > 1 or len(gains) < len(answer.effects):
        return "effects"
    for gain in gains:
        about = answered_sale(gain.occasion)
        if about is None or about[0] != answer.sale:
            return "sale"
        if not 0 <= gain.points <= ANSWER_POINTS_MAX:
            return "points"
    return ""


def kind_misfit(kind: str, effects: Iterable[do.Effect]) -> str:
    """Effects that a kind never has; empty for kinds that nobody knows here."""
    allowed = _OF.get(kind)
    if allowed is None:
        return ""
    return "" if all(isinstance(each, allowed) for each in effects) else "effects"
