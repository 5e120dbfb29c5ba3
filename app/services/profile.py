"""Profiles: the optional fields after joining, and a new card for a lost one.

Owns: what may be changed at the till. Does not own: joining (joining.py), consents (consents.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from app.domain.birthday import NoSuchDay, check_birthday
from app.domain.codes import Code, CodeKind, masked, parse_code, random_code
from app.domain.member import BirthdayOn
from app.services.answers import Changed, MemberUnknown, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.joining import NAME_LENGTH_MAX, BirthdayRefused, NameTooLong
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.standing import with_profile
from app.services.till_state import TillState

NOTE_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class ProfileEdit:
    """The optional fields as they should be; None = as before."""

    name: str | None = None
    salutation: Literal["", "mr", "ms"] | None = None
    birthday: BirthdayOn | None = None
    note: str | None = None


def edit_profile(
    *, shop: Shop, work: UnitOfWork, member_id: str, edit: ProfileEdit
) -> Changed | BirthdayRefused | NameTooLong | MemberUnknown | Refusal:
    """Fill in the optional fields after joining. Changes: members, audit; the seated member."""
    refusal = allowed(shop, "join_member")
    if refusal:
        return refusal
    member = work.members.get(member_id)
    if member is None or member.status != "active":
        return MemberUnknown(member_id)
    if len((edit.name or "").strip()) > NAME_LENGTH_MAX:
        return NameTooLong(NAME_LENGTH_MAX)
    if len(edit.note or "") > NOTE_LENGTH_MAX:
        return NameTooLong(NOTE_LENGTH_MAX)
    wrong = check_birthday(edit.birthday) if edit.birthday is not None else None
    if isinstance(wrong, NoSuchDay):
        return BirthdayRefused(wrong.month, wrong.day)
    fields = {
        name: value.strip() if isinstance(value, str) else value
        for name in ("name", "salutation", "birthday", "note")
        if (value := getattr(edit, name)) is not None
    }
    now = shop.now()
    edited = replace(member, person=msgspec.structs.replace(member.person, **fields))
    work.members.update(edited)
    details = {"fields": ",".join(sorted(fields))}
    record(shop=shop, work=work, now=now, act="profile_edited", subject=member_id, details=details)
    return Changed(with_profile(shop, work, edited, now))


@dataclass(frozen=True, slots=True)
class CardReplaced:
    """The new card; the old one finds its member, but no longer serves."""

    state: TillState
    card_code: str
    old_card_masked: str


def replace_card(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> CardReplaced | MemberUnknown | Refusal:
    """Give a member a new card (lost, copied). Needs the right. Changes: members, audit."""
    refusal = allowed(shop, "replace_card")
    if refusal:
        return refusal
    member = work.members.get(member_id)
    if member is None or member.status != "active":
        return MemberUnknown(member_id)
    now = shop.now()
    old = parse_code(member.card_code)
    code = random_code(CodeKind.MEMBER, shop.ids.code_bits()).text
    renewed = replace(member, card_code=code)
    work.members.update(renewed)
    record(shop=shop, work=work, now=now, act="card_replaced", subject=member_id)
    shown = with_profile(shop, work, renewed, now)
    return CardReplaced(shown, code, masked(old) if isinstance(old, Code) else "")
