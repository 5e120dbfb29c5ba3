"""Merging two members at the desk: seen before it is done.

Owns: what becomes of both before anybody says yes, who may be the same person, asking head office
or (in a shop of its own) deciding. Does not own: the rules (app/domain/merging.py), the rows
(merge_keeping.py), taking it back (parting.py), head office's decision (sync/server), words (ui).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from app.domain.account import MemberAccount, merge
from app.domain.facts import MembersMerged
from app.domain.member import Member
from app.domain.merge_fact import MergeRequested
from app.domain.merging import (
    MergeFault,
    kept_and_gone,
    merge_fault,
    one_person,
    words_together,
)
from app.domain.moment import Moment
from app.services.answers import MemberUnknown, Refusal
from app.services.audit_trail import record
from app.services.authority import is_own_authority
from app.services.desk import allowed
from app.services.fact_origin import FactOrigin, origin
from app.services.fact_writer import fact_day, write_fact
from app.services.merge_keeping import take_merge
from app.services.merge_side import MergeSide, side_of
from app.services.ports import UnitOfWork
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop
from app.services.words_beside import others_of, with_words_beside

REASON_LENGTH_MAX = 200
CANDIDATES_MAX = 8


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Who stays, who goes into him, and what comes of both. `decided_here`: it holds at once."""

    kept: MergeSide
    gone: MergeSide
    after: MergeSide
    decided_here: bool


@dataclass(frozen=True, slots=True)
class MergeRefused:
    """Nothing changed. in_basket: somebody rings him up at this till just now."""

    why: MergeFault | Literal["in_basket", "reason", "not_merged"]


@dataclass(frozen=True, slots=True)
class Merged:
    """They are one; `member_id` stays."""

    member_id: str


@dataclass(frozen=True, slots=True)
class MergeAsked:
    """Head office decides; until then nothing changes here."""

    member_id: str


MergeAnswer = Merged | MergeAsked | MergeRefused | MemberUnknown | Refusal


# ------------------------------------------------------------------ seen before


def preview_merge(
    *, shop: Shop, work: UnitOfWork, member_id: str, other_id: str
) -> MergePreview | MergeRefused | MemberUnknown | Refusal:
    """What becomes of two members who are made one. Needs the right. Changes nothing."""
    found = _both(shop, work, member_id, other_id)
    if not isinstance(found, _Both):
        return found
    kept, gone = found.kept, found.gone
    mine, theirs = found.accounts
    words = [
        *others_of(work=work, member=kept, account=mine),
        gone.person,
        *others_of(work=work, member=gone, account=theirs),
    ]
    one = words_together(one_person((kept.person, gone.person)), words)
    united = replace(kept, person=one, last_visit=_latest(kept, gone))
    kept = with_words_beside(work=work, member=kept, account=mine)
    gone = with_words_beside(work=work, member=gone, account=theirs)
    return MergePreview(
        kept=side_of(shop=shop, member=kept, account=mine),
        gone=side_of(shop=shop, member=gone, account=theirs),
        after=side_of(shop=shop, member=united, account=merge(mine, theirs)),
        decided_here=is_own_authority(work=work),
    )


def merge_candidates(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> tuple[MergeSide, ...] | MemberUnknown | Refusal:
    """Others who may be the same person: the same number, or the same name. Changes nothing."""
    refusal = allowed(shop, "manage_settings")
    member = survivor(work, work.members.get(member_id))
    if refusal or member is None:
        return refusal or MemberUnknown(member_id)
    person = member.person
    alike = list(work.members.by_phone(person.phone)) if person.phone else []
    named = work.members.search(person.name, CANDIDATES_MAX) if person.name else ()
    alike += [each for each in named if each.person.name == person.name]
    found: dict[str, Member] = {}
    for each in alike:
        one = survivor(work, each)
        if one is not None and one.status == "active" and one.member_id != member.member_id:
            found[one.member_id] = one
    people = list(found.values())[:CANDIDATES_MAX]
    return tuple(
        side_of(shop=shop, member=one, account=account_of_member(work, one.member_id))
        for one in people
    )


@dataclass(frozen=True, slots=True)
class _Both:
    kept: Member
    gone: Member
    accounts: tuple[MemberAccount, MemberAccount]


def _both(
    shop: Shop, work: UnitOfWork, member_id: str, other_id: str
) -> _Both | MergeRefused | MemberUnknown | Refusal:
    """Both as they stand, the one who stays first; or why they cannot be one."""
    refusal = allowed(shop, "manage_settings")
    if refusal:
        return refusal
    one = survivor(work, work.members.get(member_id))
    other = survivor(work, work.members.get(other_id))
    if one is None or other is None:
        return MemberUnknown(member_id if one is None else other_id)
    states = {each.member_id: each.status for each in (one, other)}
    fault = merge_fault(one.member_id, other.member_id, states)
    if fault is not None:
        return MergeRefused(fault)
    if is_rung_up(work=work, members=(one.member_id, other.member_id)):
        return MergeRefused("in_basket")
    people = {each.member_id: each for each in (one, other)}
    kept, gone = (people[each] for each in kept_and_gone(one.member_id, other.member_id))
    accounts = (account_of_member(work, kept.member_id), account_of_member(work, gone.member_id))
    return _Both(kept, gone, accounts)


def is_rung_up(*, work: UnitOfWork, members: Collection[str]) -> bool:
    """Whether one of them is on the open basket of this till."""
    basket = work.baskets.load()
    how = None if basket is None else basket.member
    seated = survivor(work, work.members.get(how.member_id)) if how is not None else None
    return seated is not None and seated.member_id in members


def _latest(kept: Member, gone: Member) -> date | None:
    visits = [day for day in (kept.last_visit, gone.last_visit) if day is not None]
    return max(visits) if visits else None


# ------------------------------------------------------------------ doing it


def merge_members(
    *, shop: Shop, work: UnitOfWork, member_id: str, other_id: str, reason: str
) -> MergeAnswer:
    """Make two members one: here at once where the shop is its own authority, else head office is
    asked. Needs the right. Changes: members, facts, accounts, audit.
    """
    found = _both(shop, work, member_id, other_id)
    if not isinstance(found, _Both):
        return found
    if not reason.strip():
        return MergeRefused("reason")
    now, why = shop.now(), reason.strip()[:REASON_LENGTH_MAX]
    kept, gone = found.kept, found.gone
    if not is_own_authority(work=work):
        fact = MergeRequested(
            **origin_of(shop=shop, work=work, member=kept, now=now),
            other=gone.member_id,
            reason=why,
        )
        write_fact(shop=shop, work=work, fact=fact)
        record(shop=shop, work=work, now=now, act="merge_asked", subject=kept.member_id)
        return MergeAsked(kept.member_id)
    who = said_by(shop=shop)
    merged = MembersMerged(
        **origin_of(shop=shop, work=work, member=gone, now=now),
        into=kept.member_id,
        approved_by=who,
        reason=why,
    )
    write_fact(shop=shop, work=work, fact=merged)
    take_merge(work=work, fact=merged)
    details = {"other": gone.member_id}
    record(
        shop=shop, work=work, now=now, act="members_merged", subject=kept.member_id, details=details
    )
    return Merged(kept.member_id)


def origin_of(*, shop: Shop, work: UnitOfWork, member: Member, now: Moment) -> FactOrigin:
    """Of a fact about this member made now."""
    state = shop.desk.state
    day, _ = fact_day(work, state.program, now, state.last_moment)
    return origin(shop=shop, now=now, day=day, member=member.member_id)


def said_by(*, shop: Shop) -> tuple[str, ...]:
    """Whoever is signed in answers for it."""
    staff = shop.desk.state.staff
    return () if staff is None else (staff.staff_id,)
