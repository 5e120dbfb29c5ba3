"""What a device may write by itself, and whether it wrote what it says.

Owns: which kinds of facts need somebody at head office where a device brings them. Does not own:
who may push at all (web/door.py), the comparison itself (app.domain.fact_fit), what becomes of
facts that are held (release.py). A fact is never refused: it waits under held keys.
"""

from __future__ import annotations

from app.domain.erasure_fact import ErasureEnded, PersonErased
from app.domain.fact_fit import kind_misfit, refund_misfit, sale_misfit, survey_misfit
from app.domain.facts import (
    SALE_KINDS,
    CardIssued,
    CheckedIn,
    ConsentChanged,
    CouponReturned,
    EntitlementReturned,
    EntitlementUsed,
    Fact,
    FirstRefundRecorded,
    FullRefundRecorded,
    GrantReleased,
    KeptEntitlementUsed,
    MemberErased,
    MemberJoined,
    MembersMerged,
    MembersParted,
    PackRefundRecorded,
    PassTaken,
    PiecesSettled,
    ProfileEditRequested,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    SaleShared,
    SurveyAnswered,
    TierReviewed,
)
from app.domain.moment import Moment
from sync.server.sender import Sender


def _tags(*kinds: type[Fact]) -> frozenset[str]:
    return frozenset(str(kind.__struct_config__.tag) for kind in kinds)


OF_THE_AUTHORITY = _tags(
    CouponReturned, TierReviewed, PiecesSettled, SaleShared, PersonErased, MembersMerged,
    MembersParted,
)  # fmt: skip
"""A shop on its own was its own authority; from its enrolment on the server is."""
OF_HEAD_OFFICE = _tags(MemberErased, ErasureEnded)
"""No till ever writes them."""
OF_A_CHANNEL = SALE_KINDS | _tags(
    FirstRefundRecorded, RefundRecorded, FullRefundRecorded, PackRefundRecorded, ReturnRecorded,
    MemberJoined,
    ConsentChanged, ProfileEditRequested, CardIssued, CheckedIn, EntitlementUsed,
    KeptEntitlementUsed, EntitlementReturned, GrantReleased, PassTaken,
)  # fmt: skip
"""What a web shop does with its customers. Points, coupons and tiers by hand are a manager's."""


def may_write(sender: Sender, kind: str, clock: Moment | None) -> bool:
    """Whether a fact of this kind counts at once, coming from this device."""
    if sender.is_channel:
        return kind in OF_A_CHANNEL
    if kind in OF_HEAD_OFFICE:
        return False
    if kind not in OF_THE_AUTHORITY:
        return True
    return clock is not None and clock.wall_ms < sender.enrolled_ms


def misfit_of(fact: Fact) -> str:
    """What its effects have otherwise than the fact itself; empty where all of it fits."""
    if fact.member is None:
        return ""
    match fact:
        case SaleRecorded():
            return sale_misfit(fact.effects, fact)
        case FirstRefundRecorded() | RefundRecorded():
            return refund_misfit(fact)
        case SurveyAnswered():
            return survey_misfit(fact)
        case _:
            return kind_misfit(str(fact.__struct_config__.tag), fact.effects)
