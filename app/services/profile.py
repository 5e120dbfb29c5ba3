"""Profiles: the optional fields after joining, and a new card for a lost one.

Owns: what may be changed at the till. Does not own: joining (joining.py), consents (consents.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import msgspec

from app.domain.account import MemberAccount
from app.domain.birthday import NoSuchDay, check_birthday
from app.domain.codes import Code, CodeKind, masked, parse_code, random_code
from app.domain.facts import CardIssued, ProfileEditRequested
from app.domain.member import MEMBER_NAME_LENGTH_MAX, BirthdayOn, Member
from app.domain.message import MessageChoice
from app.domain.moment import Moment
from app.services.answers import Changed, MemberUnknown, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.fact_origin import FactOrigin, origin
from app.services.fact_writer import fact_day, write_fact
from app.services.joining import BirthdayRefused, NameTooLong
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.standing import with_profile
from app.services.till_state import TillState

NOTE_LENGTH_MAX = 200
ProfileValue: TypeAlias = str | BirthdayOn | MessageChoice


@dataclass(frozen=True, slots=True)
class ProfileEdit:
    """The optional fields as they should be; None = as before."""

    name: str | None = None
    salutation: Literal["", "mr", "ms"] | None = None
    birthday: BirthdayOn | None = None
    note: str | None = None
    email: str | None = None
    messages: MessageChoice | None = None


def edit_profile(
    *, shop: Shop, work: UnitOfWork, member_id: str, edit: ProfileEdit
) -> Changed | BirthdayRefused | NameTooLong | MemberUnknown | Refusal:
    """Fill in the optional fields after joining.

    Changes: members, facts, audit; the seated member.
    """
    refusal = allowed(shop, "join_member")
    if refusal:
        return refusal
    member = work.members.get(member_id)
    if member is None or member.status != "active":
        return MemberUnknown(member_id)
    if len((edit.name or "").strip()) > MEMBER_NAME_LENGTH_MAX:
        return NameTooLong(MEMBER_NAME_LENGTH_MAX)
    if len(edit.note or "") > NOTE_LENGTH_MAX:
        return NameTooLong(NOTE_LENGTH_MAX)
    wrong = check_birthday(edit.birthday) if edit.birthday is not None else None
    if isinstance(wrong, NoSuchDay):
        return BirthdayRefused(wrong.month, wrong.day)
    now = shop.now()
    fields = _changed_fields(member, edit)
    if not fields:
        return Changed(with_profile(shop, work, member, None, now))
    edited = replace(member, person=msgspec.structs.replace(member.person, **fields))
    work.members.update(edited)
    folded = _write_edit(shop, work, member_id, fields, now)
    details = {"fields": ",".join(sorted(fields))}
    record(shop=shop, work=work, now=now, act="profile_edited", subject=member_id, details=details)
    return Changed(with_profile(shop, work, edited, folded, now))


def _changed_fields(member: Member, edit: ProfileEdit) -> dict[str, ProfileValue]:
    """What is really another value now, by field."""
    wanted = {
        name: value.strip() if isinstance(value, str) else value
        for name in ("name", "salutation", "birthday", "note", "email", "messages")
        if (value := getattr(edit, name)) is not None
    }
    return {name: value for name, value in wanted.items() if value != getattr(member.person, name)}


def _write_edit(
    shop: Shop,
    work: UnitOfWork,
    member_id: str,
    fields: Mapping[str, ProfileValue],
    now: Moment,
) -> MemberAccount | None:
    """The edit as it will be sent: by field and time, so that none is lost to another till's."""
    values = work.member_keys.seal(member_id, msgspec.json.encode(fields))
    fact = ProfileEditRequested(
        **_origin(shop, work, member_id, now), fields=tuple(sorted(fields)), values=values
    )
    return write_fact(shop=shop, work=work, fact=fact)


def _origin(shop: Shop, work: UnitOfWork, member_id: str, now: Moment) -> FactOrigin:
    state = shop.desk.state
    day, _ = fact_day(work, state.program, now, state.last_moment)
    return origin(shop=shop, now=now, day=day, member=member_id)


@dataclass(frozen=True, slots=True)
class CardReplaced:
    """The new card; the old one finds its member, but no longer serves."""

    state: TillState
    card_code: str
    old_card_masked: str


def replace_card(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> CardReplaced | MemberUnknown | Refusal:
    """Give a member a new card (lost, copied). Needs the right.

    Changes: members, facts, audit.
    """
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
    fact = CardIssued(**_origin(shop, work, member_id, now), card=code, replaces=member.card_code)
    folded = write_fact(shop=shop, work=work, fact=fact)
    record(shop=shop, work=work, now=now, act="card_replaced", subject=member_id)
    shown = with_profile(shop, work, renewed, folded, now)
    return CardReplaced(shown, code, masked(old) if isinstance(old, Code) else "")
