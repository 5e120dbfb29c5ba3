"""Referrers at the till: whose code a customer was sent with, also of a member nobody here knows.

Owns: reading the friend's card or pass, whether he can have sent somebody, what is shown of him.
Does not own: joining (joining.py), what he gets (referral_authority.py), the sentences (ui).
A chain's till that does not know a card keeps the card: head office knows whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.codes import Code, CodeKind, masked, parse_code
from app.domain.member import Member, masked_name
from app.domain.referral import ReferralProgress, referral_progress
from app.services.desk import today
from app.services.member_pass import PassNeedsServer, PassNotTaken, member_of_pass
from app.services.ports import UnitOfWork
from app.services.referral_authority import person_of
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class ReferrerFound:
    """Who sent him. `said`: his id, or his card where only head office knows whose it is."""

    said: str
    name_masked: str = ""
    is_known: bool = True
    progress: ReferralProgress | None = None
    """How far he has come; None where nothing is given for it, or where he is not known here."""


@dataclass(frozen=True, slots=True)
class ReferrerUnknown:
    """The friend's code belongs to no active member."""

    card: str


@dataclass(frozen=True, slots=True)
class ReferrerPassNotTaken:
    """The code on the friend's phone cannot be taken; a new one can."""

    reason: Literal["expired", "other"]


ReferrerAnswer = ReferrerFound | ReferrerUnknown | ReferrerPassNotTaken


def find_referrer(*, shop: Shop, work: UnitOfWork, text: str) -> ReferrerAnswer:
    """Whose code this is. Changes nothing: a pass shown for it may still be used to buy."""
    code = parse_code(text.strip())
    if not isinstance(code, Code):
        return ReferrerUnknown(text)
    if code.kind is CodeKind.PASS:
        return _by_pass(shop, work, code)
    if code.kind is not CodeKind.MEMBER:
        return ReferrerUnknown(text)
    holder = work.members.by_card(code.text)
    member = survivor(work, work.members.get(holder.member_id)) if holder else None
    if member is not None:
        return _known(shop, work, member, text)
    if work.enrolment.read() is None:
        return ReferrerUnknown(text)
    return ReferrerFound(code.text, masked(code), is_known=False)


def _by_pass(shop: Shop, work: UnitOfWork, code: Code) -> ReferrerAnswer:
    member_id = member_of_pass(shop=shop, work=work, code=code)
    if isinstance(member_id, PassNotTaken | PassNeedsServer):
        ran_out = member_id == PassNotTaken("expired")
        return ReferrerPassNotTaken("expired" if ran_out else "other")
    member = survivor(work, work.members.get(member_id))
    if member is None:
        return ReferrerFound(member_id, is_known=False)
    return _known(shop, work, member, code.text)


def _known(shop: Shop, work: UnitOfWork, member: Member, text: str) -> ReferrerAnswer:
    if member.status != "active":
        return ReferrerUnknown(text)
    program = shop.desk.state.program
    account = account_of_member(work, member.member_id)
    day = today(program, shop.now())
    return ReferrerFound(
        member.member_id,
        masked_name(member.person.name) or _card(member),
        progress=referral_progress(account, program, day, person_of(work=work)),
    )


def _card(member: Member) -> str:
    code = parse_code(member.card_code)
    return masked(code) if isinstance(code, Code) else ""
