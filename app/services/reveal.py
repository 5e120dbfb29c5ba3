"""Revealing a phone number, or the contact of a complaint: with a reason, with a trace.

Owns: who may see it and what is recorded. Does not own: hiding it again after ten seconds (ui).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from app.domain.ids import OpId
from app.services.answers import MemberUnknown, Refusal
from app.services.audit_trail import record
from app.services.complaint_step import LookRefused, NoSuchComplaint, may_look, read_case, words_of
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


def reveal_contact(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, reason: RevealReason
) -> PhoneRevealed | NoPhone | MemberUnknown | NoSuchComplaint | LookRefused | Refusal:
    """How to reach whoever complained: the member's number, else the contact he left.

    Needs the right to see numbers, and to read the case. Changes: audit.
    """
    refusal = allowed(shop, "reveal_phone") or may_look(shop)
    if refusal:
        return refusal
    now = shop.now()
    case = read_case(work, case_id, now)
    if isinstance(case, NoSuchComplaint):
        return case
    if case.opened.member:
        return reveal_phone(shop=shop, work=work, member_id=case.opened.member, reason=reason)
    words = words_of(work, case)
    if words is None or not words.contact:
        return NoPhone()
    details = {"reason": reason, "complaint": case.opened.number}
    record(shop=shop, work=work, now=now, act="phone_revealed", subject=case_id, details=details)
    return PhoneRevealed(words.contact)
