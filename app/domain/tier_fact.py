"""Facts and requests about tiers by hand, trials, and reviews.

Owns: those types. Does not own: what a grant does to the effective tier (tiers.py), what may be
asked for and how requests are decided (tier_change.py), reviews (authority.py).
A request is never folded: the authority answers it with a fact of its own, or with a reason.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from app.domain.bound import Id, Name
from app.domain.fact_base import FactBase
from app.domain.fact_parts import PhotoNamed, ProgramRef, Sealed
from app.domain.ids import OpId

Verdict = Literal["approved", "refused", "withdrawn"]


class TierGranted(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="tier_granted.1"):
    """A tier given by hand for a time."""

    reason_type: str
    reason: str = ""
    evidence: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()


class TierGrantedByHand(
    TierGranted, frozen=True, kw_only=True, omit_defaults=True, tag="tier_granted.2"
):
    """A tier given by hand at the tier desk: what it replaced, by which rules, on whose request.

    The words stand sealed under the member's key (tier_change.Words).
    """

    before: Name
    from_day: date
    last_day: date
    locked: bool = False
    program: ProgramRef
    request: OpId | None = None
    words: Sealed | None = None


class TierGrantedOnPhotos(
    TierGrantedByHand, frozen=True, kw_only=True, omit_defaults=True, tag="tier_granted.3"
):
    """The same, with photos as evidence."""

    photos: tuple[PhotoNamed, ...]


class TierGrantRevoked(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="tier_grant_revoked.1"
):
    """A grant ended before its day."""

    reason: str = ""
    approved_by: tuple[str, ...] = ()


class TierGrantEnded(
    TierGrantRevoked, frozen=True, kw_only=True, omit_defaults=True, tag="tier_grant_revoked.2"
):
    """A grant undone at the tier desk, by a record of its own: the grant stays as it was."""

    undoes: OpId
    words: Sealed | None = None


class TierReviewed(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="tier_reviewed.1"):
    """The review after a tier's end, with the inputs it was judged by."""

    before: str
    after: str
    program: ProgramRef
    spend_window_minor: int = 0
    visits_window: int = 0
    points_window: int = 0
    reopened: bool = False


class TrialGiven(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="trial_given.1"):
    """A tier given to try: at joining, by hand or by a campaign, once per person."""

    trial: Name
    tier: Name
    before: Name
    last_day: date
    why: Literal["welcome", "by_hand", "campaign"]
    program: ProgramRef
    campaign: Id | None = None
    approved_by: tuple[str, ...] = ()


class TierRequested(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="tier_requested.1"
):
    """A tier somebody asks for, beyond what his role may give. A request: no effects."""

    tier: Name
    before: Name
    from_day: date
    last_day: date
    locked: bool = False
    reason_type: Name
    words: Sealed | None = None
    card: Id = ""
    """By which head office tells who it is, where a till does not know the member."""
    program: ProgramRef


class TierRequestedOnPhotos(
    TierRequested, frozen=True, kw_only=True, omit_defaults=True, tag="tier_requested.2"
):
    """The same, with photos as evidence."""

    photos: tuple[PhotoNamed, ...]


class TierDecided(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="tier_decided.1"):
    """What somebody decided about a request. A request itself: of two the authority takes one."""

    request: OpId
    verdict: Verdict
    words: Sealed | None = None


OnPhotos: TypeAlias = TierRequestedOnPhotos | TierGrantedOnPhotos


def photos_of(fact: object) -> tuple[PhotoNamed, ...]:
    """The photos that stand beside it as evidence."""
    return fact.photos if isinstance(fact, OnPhotos) else ()
