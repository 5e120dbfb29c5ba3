"""Builders for the tests of tiers by hand: a request, a decision, a wish, one of each fact.

Owns: values that name only what matters to a test. Does not own: the shop's program and accounts
(heart_builders.py).
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from app.domain import effects as do
from app.domain.fact_parts import PhotoNamed
from app.domain.facts import (
    Fact,
    ProgramRef,
    Sealed,
    TierDecided,
    TierGrantedByHand,
    TierGrantedOnPhotos,
    TierGrantEnded,
    TierRequested,
    TierRequestedOnPhotos,
)
from app.domain.tier_change import TierWish
from tests.domain.heart_builders import MEMBER, STORE, moment, op

TODAY = date(2026, 11, 21)
LAST = date(2027, 5, 31)
RULES = ProgramRef("renmin", "2026.1")
SEALED = Sealed("key-1", b"\x00\x01", b"sealed")
CARD = "M0000000000001"


def a_wish(**changes: Any) -> TierWish:
    """Silver for half a year: 客诉补偿 after C-1042."""
    fields: dict[str, Any] = {
        "tier": "silver", "from_day": TODAY, "last_day": LAST, "reason_type": "goodwill",
        "reason": "短秤", "evidence": ("C-1042",),
    }  # fmt: skip
    return TierWish(**(fields | changes))


def _common(number: int) -> dict[str, Any]:
    return {
        "op_id": op(number), "store": STORE, "day": TODAY, "clock": moment(),
        "staff": "staff-li", "member": MEMBER,
    }  # fmt: skip


def a_request(number: int = 70, **changes: Any) -> TierRequested:
    fields: dict[str, Any] = {
        "tier": "silver", "before": "regular", "from_day": TODAY, "last_day": LAST,
        "reason_type": "goodwill", "words": SEALED, "card": CARD, "program": RULES,
    }  # fmt: skip
    return TierRequested(**(_common(number) | fields | changes))


PHOTO = PhotoNamed(op(90), 48_000, "b" * 64)


def a_request_on_photos(number: int = 74, **changes: Any) -> TierRequestedOnPhotos:
    fields: dict[str, Any] = {
        "tier": "silver", "before": "regular", "from_day": TODAY, "last_day": LAST,
        "reason_type": "matched", "words": SEALED, "card": CARD, "program": RULES,
        "photos": (PHOTO,),
    }  # fmt: skip
    return TierRequestedOnPhotos(**(_common(number) | fields | changes))


def a_grant_on_photos(number: int = 75, **changes: Any) -> TierGrantedOnPhotos:
    grant = {name: getattr(a_grant(), name) for name in a_grant().__struct_fields__}
    given = {**grant, "request": None, "photos": (PHOTO,)}
    return TierGrantedOnPhotos(**(given | _common(number) | changes))


def a_decision(number: int = 71, **changes: Any) -> TierDecided:
    fields: dict[str, Any] = {"request": op(70), "verdict": "approved", "staff": "staff-wang"}
    return TierDecided(**(_common(number) | fields | changes))


def a_grant(number: int = 72, **changes: Any) -> TierGrantedByHand:
    fields: dict[str, Any] = {
        "effects": (do.TierGivenFrom(tier="silver", days=191, yields=True),),
        "reason_type": "goodwill", "approved_by": ("staff-wang",), "before": "regular",
        "from_day": TODAY, "last_day": LAST, "program": RULES, "request": op(70), "words": SEALED,
    }  # fmt: skip
    return TierGrantedByHand(**(_common(number) | fields | changes))


def an_end(number: int = 73, **changes: Any) -> TierGrantEnded:
    fields: dict[str, Any] = {
        "effects": (do.TierTaken(grant=op(72)),), "approved_by": ("staff-wang",), "undoes": op(72),
    }  # fmt: skip
    return TierGrantEnded(**(_common(number) | fields | changes))


def a_end_of(grant: TierGrantedByHand, number: int) -> TierGrantEnded:
    """The undoing of a grant, on its day."""
    taken = (do.TierTaken(grant=grant.op_id),)
    return an_end(number, effects=taken, approved_by=(), undoes=grant.op_id, day=grant.day)


def tier_samples() -> dict[str, Callable[[], Fact]]:
    """One of each kind of fact about tiers by hand, by tag."""
    return {
        "tier_requested.1": lambda: a_request(locked=True),
        "tier_requested.2": a_request_on_photos,
        "tier_granted.3": a_grant_on_photos,
        "tier_decided.1": lambda: a_decision(words=SEALED),
        "tier_granted.2": a_grant,
        "tier_grant_revoked.2": lambda: an_end(words=SEALED),
    }
