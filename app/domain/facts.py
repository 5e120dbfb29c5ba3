"""Facts: whatever happened in a shop, immutable, versioned, one per business event.

Owns: the fact types and their canonical bytes, made once here. Does not own: the chain that links
them (chain.py), what they do to accounts (effects.py, account.py), the writing (services).
The tag `kind` names type and version ("sale_recorded.1"): a changed shape is a new type beside
the old one. The envelope (tenant, device, epoch, dseq, hash) is never part of the bytes.
Amounts are minor units, `day` is the business date as the till saw it; personal data is sealed.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec
from msgspec import Struct, field

from app.domain.account_records import FoldItem, Mark
from app.domain.bound import Id
from app.domain.campaign_fact import CampaignFact
from app.domain.complaint_fact import ComplaintOpened, ComplaintStepped, SolutionNoted
from app.domain.effects import Effect
from app.domain.entitlement_fact import (
    EntitlementReturned,
    EntitlementUsed,
    KeptEntitlementUsed,
)
from app.domain.erasure_fact import (
    CaseErasureRequested,
    ErasureDone,
    ErasureEnded,
    ErasureRequested,
    KeepingEnded,
    PersonErased,
)
from app.domain.fact_base import FactBase
from app.domain.fact_parts import (
    AsSeen,
    FactAdjustment,
    FactBeyond,
    FactByHand,
    FactLine,
    FactPack,
    FactTax,
    FactTender,
    FactTick,
    ProgramRef,
    RefundedPieces,
    Sealed,
    SeenCoupon,
)
from app.domain.grant_fact import GrantReleased
from app.domain.ids import OpId
from app.domain.member_fact import (
    CardIssued,
    MemberErased,
    MemberJoined,
    MembersMerged,
    MembersParted,
    PassTaken,
)
from app.domain.merge_fact import MergeFact
from app.domain.refund_fact import (
    AnyRefund,
    FirstRefundRecorded,
    FullRefundRecorded,
    PackRefundRecorded,
    RefundRecorded,
    ReturnedGoods,
    ReturnRecorded,
)
from app.domain.sale_recorded import (
    SALE_KINDS,
    FullSaleRecorded,
    PackSaleRecorded,
    SaleByHandRecorded,
    SaleRecorded,
)
from app.domain.shift_fact import (
    CashMoved,
    DrawerOpened,
    ShiftClosed,
    ShiftOpened,
    ShiftTakenOver,
)
from app.domain.survey_fact import SurveyAnswered
from app.domain.tier_fact import (
    TierDecided,
    TierGranted,
    TierGrantedByHand,
    TierGrantedOnPhotos,
    TierGrantEnded,
    TierGrantRevoked,
    TierRequested,
    TierRequestedOnPhotos,
    TierReviewed,
    TrialGiven,
)

__all__ = [
    "SALE_KINDS", "AnyRefund", "AsSeen", "CardIssued", "CashMoved", "CheckedIn", "ConsentChanged",
    "CouponIssued", "CouponReturned", "DrawerOpened", "EntitlementReturned", "EntitlementUsed",
    "Fact", "FactAdjustment", "FactBeyond", "FactByHand", "FactHead", "FactLine", "FactPack",
    "FactTax", "FactTender", "FactTick", "FactTooLargeError", "FirstRefundRecorded",
    "FullRefundRecorded", "FullSaleRecorded", "GrantReleased", "KeptEntitlementUsed",
    "MemberErased", "MemberJoined", "MembersMerged", "MembersParted", "NotAFact",
    "PackRefundRecorded", "PackSaleRecorded", "PassTaken", "PiecesSettled", "PointsAdjusted",
    "ProfileEditRequested", "ProgramRef", "RefundRecorded", "RefundedPieces", "ReturnRecorded",
    "ReturnedGoods", "SaleByHandRecorded", "SaleRecorded", "SaleShared", "Sealed", "SeenCoupon",
    "ShiftClosed", "ShiftOpened", "ShiftTakenOver", "SurveyAnswered", "TierDecided",
    "TierGrantEnded",
    "TierGrantRevoked", "TierGranted", "TierGrantedByHand",
    "TierGrantedOnPhotos", "TierRequested", "TierRequestedOnPhotos", "TierReviewed",
    "TrialGiven", "UnknownFact", "canonical_bytes", "fold_item", "read_fact", "read_head",
]  # fmt: skip

FACT_BYTES_MAX = 64 * 1024


class ConsentChanged(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="consent_changed.1"
):
    """Consents given or withdrawn; which ones is said by the effects."""

    channel: Literal["cashier", "customer_display", "web", "import"] = "cashier"


class ProfileEditRequested(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="profile_edit_requested.1"
):
    """Fields of a profile as they should be. A request: the authority decides, field by field.

    In a shop that is its own authority it holds at once. It has no effects on the account.
    """

    fields: tuple[str, ...]
    values: Sealed
    """The fields with their values, as JSON, under the member's key."""


class CheckedIn(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="checked_in.1"):
    """A member's daily check-in in the store, with the day of the streak it was."""

    streak: int
    program: ProgramRef


class PointsAdjusted(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="points_adjusted.1"
):
    """Points given or taken by hand or by import, with their cause."""

    reason: str
    cause: str | None = None
    approved_by: tuple[str, ...] = ()


class CouponIssued(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="coupon_issued.1"):
    """Coupons (and points) given outside a sale: birthday, win-back, recovery, claim."""

    why: str
    program: ProgramRef | None = None
    approved_by: tuple[str, ...] = ()


class CouponReturned(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="coupon_returned.1"
):
    """Coupons given back after the last piece of the sale that used them came back."""

    sale: OpId


class PiecesSettled(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="pieces_settled.1"
):
    """Pieces that an earlier refund counts: what this later one did to the account is reversed."""

    sale: OpId
    refund: OpId
    pieces: tuple[RefundedPieces, ...]


class SaleShared(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="sale_shared.1"):
    """Points for one member because of another's sale, or their share taken back by a refund."""

    sale: OpId
    why: Literal["referral"] = "referral"
    refund: OpId | None = None
    by_line: tuple[tuple[str, int], ...] = field(default=())


Fact = (
    SaleRecorded
    | SaleByHandRecorded
    | FullSaleRecorded
    | PackSaleRecorded
    | FirstRefundRecorded
    | RefundRecorded
    | FullRefundRecorded
    | PackRefundRecorded
    | ReturnRecorded
    | MemberJoined
    | ConsentChanged
    | ProfileEditRequested
    | CardIssued
    | CheckedIn
    | PointsAdjusted
    | CouponIssued
    | CouponReturned
    | TierGranted
    | TierGrantedByHand
    | TierGrantedOnPhotos
    | TierGrantRevoked
    | TierGrantEnded
    | TierReviewed
    | TierRequested
    | TierRequestedOnPhotos
    | TierDecided
    | TrialGiven
    | EntitlementUsed
    | KeptEntitlementUsed
    | EntitlementReturned
    | PiecesSettled
    | SaleShared
    | GrantReleased
    | MembersMerged
    | MembersParted
    | MergeFact
    | MemberErased
    | PersonErased
    | ErasureRequested
    | KeepingEnded
    | CaseErasureRequested
    | ErasureDone
    | ErasureEnded
    | PassTaken
    | ShiftOpened
    | ShiftTakenOver
    | CashMoved
    | DrawerOpened
    | ShiftClosed
    | ComplaintOpened
    | ComplaintStepped
    | SolutionNoted
    | CampaignFact
    | SurveyAnswered
)


class FactHead(Struct, frozen=True, kw_only=True):
    """What the fold needs of any fact, also of kinds and versions this program does not know."""

    kind: str
    op_id: OpId
    day: date
    member: Id | None = None
    effects: tuple[Effect, ...] = ()


class _Name(Struct, frozen=True, kw_only=True):
    kind: Id
    op_id: OpId
    member: Id | None = None


class UnknownFact(Struct, frozen=True, kw_only=True):
    """A fact of a newer program: kept as bytes, never refused. `head` None = effects unreadable."""

    kind: str
    op_id: OpId
    member: str | None
    head: FactHead | None


class NotAFact(Struct, frozen=True, kw_only=True):
    """Bytes that no version of this product wrote. `reason` names the path."""

    reason: str


class FactTooLargeError(Exception):
    """A fact over 64 KiB: a bug, since a basket closes long before (fact_size.py)."""


_KINDS = frozenset(str(kind.__struct_config__.tag) for kind in Fact.__args__)
_ENCODER = msgspec.json.Encoder(order="deterministic")
_FACT: msgspec.json.Decoder[Fact] = msgspec.json.Decoder(Fact)
_HEAD = msgspec.json.Decoder(FactHead)
_NAME = msgspec.json.Decoder(_Name)


def canonical_bytes(fact: Fact) -> bytes:
    """The bytes of a fact, made once when it happens and kept for ever.

    Compact JSON, fields in the order of the type, defaults left out, no floats.
    """
    data = _ENCODER.encode(fact)
    if len(data) > FACT_BYTES_MAX:
        raise FactTooLargeError(f"{fact.op_id} has {len(data)} bytes, at most {FACT_BYTES_MAX}")
    return data


def read_fact(data: bytes) -> Fact | UnknownFact | NotAFact:
    """Read canonical bytes. Kinds and versions of a newer program stay opaque."""
    try:
        name = _NAME.decode(data)
        if name.kind in _KINDS:
            return _FACT.decode(data)
    except (msgspec.DecodeError, AssertionError, RecursionError) as error:
        return NotAFact(reason=str(error))
    head = read_head(data)
    return UnknownFact(
        kind=name.kind,
        op_id=name.op_id,
        member=name.member,
        head=head if isinstance(head, FactHead) else None,
    )


def read_head(data: bytes) -> FactHead | NotAFact:
    """Read only what the fold needs; fast, and the same for known and unknown kinds."""
    try:
        return _HEAD.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        return NotAFact(reason=str(error))


def fold_item(fact: Fact | FactHead, day: date, mark: Mark | None = None) -> FoldItem | None:
    """A fact as the fold takes it, by its confirmed business date; None: it concerns no member."""
    if fact.member is None:
        return None
    return FoldItem(fact.op_id, fact.member, day, fact.effects, mark)
