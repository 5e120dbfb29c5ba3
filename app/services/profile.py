"""Profiles: the optional fields after joining, and a new card for a lost one.

Owns: what may be changed at the till. Does not own: joining (joining.py), consents (consents.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

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
TAG_LENGTH_MAX = 20
TAGS_MAX = 10
MANAGER_LENGTH_MAX = 40
_FIELDS = ("name", "salutation", "birthday", "note", "tags", "account_manager", "email", "messages")
OF_THE_DESK = ("tags", "account_manager")
"""Fields that take the right to write about members."""


@dataclass(frozen=True, slots=True)
class ProfileEdit:
    """The optional fields as they should be; None = as before."""

    name: str | None = None
    salutation: Literal["", "mr", "ms"] | None = None
    birthday: BirthdayOn | None = None
    note: str | None = None
    email: str | None = None
    messages: MessageChoice | None = None
    tags: tuple[str, ...] | None = None
    account_manager: str | None = None


@dataclass(frozen=True, slots=True)
class FieldTooLong:
    """A field of the desk was left as it was: so many signs (of tags: so many tags) at most."""

    field: Literal["tags", "tag", "note", "account_manager"]
    most: int


def edit_profile(
    *, shop: Shop, work: UnitOfWork, member_id: str, edit: ProfileEdit
) -> Changed | BirthdayRefused | NameTooLong | FieldTooLong | MemberUnknown | Refusal:
    """Fill in the optional fields after joining; at the desk also what the shop says of a member.

    Changes: members, facts, audit; the seated member.
    """
    of_the_desk = any(getattr(edit, name) is not None for name in OF_THE_DESK)
    refusal = allowed(shop, "member_note" if of_the_desk else "join_member")
    if refusal:
        return refusal
    member = work.members.get(member_id)
    if member is None or member.status != "active":
        return MemberUnknown(member_id)
    if len((edit.name or "").strip()) > MEMBER_NAME_LENGTH_MAX:
        return NameTooLong(MEMBER_NAME_LENGTH_MAX)
    too_long = _too_long(edit)
    if too_long:
        return too_long
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


def _too_long(edit: ProfileEdit) -> FieldTooLong | None:
    tags = tags_of(edit.tags or ())
    if len(tags) > TAGS_MAX:
        return FieldTooLong("tags", TAGS_MAX)
    if any(len(tag) > TAG_LENGTH_MAX for tag in tags):
        return FieldTooLong("tag", TAG_LENGTH_MAX)
    if len(edit.note or "") > NOTE_LENGTH_MAX:
        return FieldTooLong("note", NOTE_LENGTH_MAX)
    if len(edit.account_manager or "") > MANAGER_LENGTH_MAX:
        return FieldTooLong("account_manager", MANAGER_LENGTH_MAX)
    return None


def tags_of(typed: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are kept: without blanks around them, each once, in their order."""
    return tuple(dict.fromkeys(tag for each in typed if (tag := " ".join(each.split()))))


FieldValue = str | BirthdayOn | MessageChoice | tuple[str, ...]


def _changed_fields(member: Member, edit: ProfileEdit) -> dict[str, FieldValue]:
    """What is really another value now, by field."""
    wanted: dict[str, FieldValue] = {
        name: value.strip() if isinstance(value, str) else value
        for name in _FIELDS
        if (value := getattr(edit, name)) is not None
    }
    if edit.tags is not None:
        wanted["tags"] = tags_of(edit.tags)
    return {name: value for name, value in wanted.items() if value != getattr(member.person, name)}


def _write_edit(
    shop: Shop,
    work: UnitOfWork,
    member_id: str,
    fields: Mapping[str, FieldValue],
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
