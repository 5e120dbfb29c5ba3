"""Revealing a phone number: with a reason, with a trace.

Owns: who may see it and what is recorded. Does not own: hiding it again after ten seconds (ui).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from app.services.answers import MemberUnknown, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.ports import UnitOfWork
from app.services.shop import Shop

RevealReason = Literal["verify_identity", "contact_member", "member_asked", "correct_data"]


@dataclass(frozen=True, slots=True)
class PhoneRevealed:
    """The number, for ten seconds on the screen."""

    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoPhone:
    """An anonymous card: there is no number."""


def reveal_phone(
    *, shop: Shop, work: UnitOfWork, member_id: str, reason: RevealReason
) -> PhoneRevealed | NoPhone | MemberUnknown | Refusal:
    """Show a member's phone number. Needs the right. Changes: audit."""
    refusal = allowed(shop, "reveal_phone")
    if refusal:
        return refusal
    member = work.members.get(member_id)
    if member is None:
        return MemberUnknown(member_id)
    if member.person.phone is None:
        return NoPhone()
    record(
        shop=shop,
        work=work,
        now=shop.now(),
        act="phone_revealed",
        subject=member_id,
        details={"reason": reason},
    )
    return PhoneRevealed(member.person.phone)
