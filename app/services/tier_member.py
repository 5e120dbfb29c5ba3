"""One member at the tier desk: how he stands, what is missing, the history, what may be done.

Owns: reading that, and the words under his key. Does not own: acts (tier_change.py), the lists
(tier_desk.py). Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import msgspec

from app.domain.account import MemberAccount
from app.domain.fact_parts import Sealed
from app.domain.facts import SALE_KINDS, SaleRecorded, read_fact
from app.domain.ids import OpId
from app.domain.member import Member
from app.domain.months import Month
from app.domain.program import Program, Text, Trial
from app.domain.rights import Allowed, judge_act
from app.domain.tier_change import TierEvent, Words, history, steps_up, yearly_cost
from app.domain.tier_desk import way_to
from app.domain.tier_fact import (
    TierDecided,
    TierGranted,
    TierGrantedByHand,
    TierGrantEnded,
    TierGrantRevoked,
    TierRequested,
    TierReviewed,
    TrialGiven,
    photos_of,
)
from app.domain.tiers import Standing, TierGap, standing
from app.domain.view import to_keep
from app.services.answers import MemberUnknown, Refusal
from app.services.desk import allowed, program_in_force, today
from app.services.ports import UnitOfWork
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop
from app.services.tier_port import TierFact
from app.services.trial import trials_for

_TIER_KINDS = ("tier_granted.", "tier_grant_revoked.", "tier_reviewed.", "trial_given.")
NO_WORDS = Words()
_REACH = 12
"""Months a tier given by hand lasts where nobody says otherwise: to the end of that month."""


@dataclass(frozen=True, slots=True)
class TierChoice:
    """A tier he could be given. `steps` above what the rules give; `alone`: the role may."""

    tier: str
    name: Text
    steps: int
    cost_minor: int
    alone: bool


@dataclass(frozen=True, slots=True)
class EventStory:
    """A step of the history with who did it and what was written, as far as is known here."""

    event: TierEvent
    by: str = ""
    approved_by: str = ""
    reason_type: str = ""
    words: Words = NO_WORDS
    hidden: bool = False
    """Something was written under a key that is not here."""


@dataclass(frozen=True, slots=True)
class TierOfMember:
    """Everything the desk shows of one member."""

    member: Member
    standing: Standing
    tier: Text
    percent: int
    missing: tuple[TierGap, ...]
    to_keep: tuple[TierGap, ...]
    """What the review at the end of this tier would miss; one of them is enough."""
    choices: tuple[TierChoice, ...]
    events: tuple[EventStory, ...]
    trials: tuple[Trial, ...]
    """Tiers he may try, once each."""
    grants: tuple[OpId, ...]
    """By hand and not ended, the newest first: what can be undone."""
    today: date
    last_day: date
    """Suggested end of a new grant."""
    program: Program
    photos: tuple[tuple[OpId, str], ...] = ()
    """Beside requests and grants, the newest first: the fact and the photo."""


def tier_of_member(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> TierOfMember | MemberUnknown | Refusal:
    """How a member stands and how he came there. Needs the right to join members."""
    refusal = allowed(shop, "join_member")
    if refusal:
        return refusal
    member = survivor(work, work.members.get(member_id))
    if member is None or member.status != "active":
        return MemberUnknown(member_id)
    state, now = shop.desk.state, shop.now()
    program = program_in_force(state.programs, today(state.program, now))
    day = today(program, now)
    account = account_of_member(work, member.member_id)
    stands = standing(account, program, day)
    percent, missing = way_to(account, program, stands, day)
    return TierOfMember(
        member=member,
        standing=stands,
        tier=program.tiers[stands.rank].name,
        percent=percent,
        missing=missing,
        to_keep=to_keep(account, program, stands),
        choices=_choices(shop, account, program, stands, day),
        events=_stories(work, member, account),
        trials=trials_for(account, program, day),
        grants=_standing_grants(account, day),
        today=day,
        last_day=Month.of(day).plus(_REACH).last_day,
        program=program,
        photos=_photos(work, {member.member_id, *account.includes}),
    )


def _photos(work: UnitOfWork, ids: Iterable[str]) -> tuple[tuple[OpId, str], ...]:
    facts = reversed(work.tier_changes.of_members(sorted(ids)))
    return tuple((fact.op_id, each.photo) for fact in facts for each in photos_of(fact))


def _words_of(work: UnitOfWork, member_id: str, sealed: Sealed | None) -> tuple[Words, bool]:
    """What was written, and whether it is hidden: its key is not here."""
    if sealed is None:
        return Words(), False
    plain = work.member_keys.unseal(member_id, sealed)
    return (Words(), True) if plain is None else (msgspec.json.decode(plain, type=Words), False)


def _choices(
    shop: Shop, account: MemberAccount, program: Program, stands: Standing, day: date
) -> tuple[TierChoice, ...]:
    """From the one he has (for longer) upwards; the entry tier is given by nobody."""
    staff, rights = shop.desk.state.staff, shop.desk.state.rights
    found = []
    for rank in range(max(1, stands.rank), len(program.tiers)):
        tier = program.tiers[rank]
        steps = steps_up(account, program, tier.id, day)
        role = staff.role.role_id if staff is not None else ""
        alone = isinstance(judge_act(rights, role, "tier_grant", steps), Allowed)
        cost = yearly_cost(account, program, stands, tier.id, day)
        found.append(TierChoice(tier.id, tier.name, steps, cost, alone))
    return tuple(found)


def _standing_grants(account: MemberAccount, day: date) -> tuple[OpId, ...]:
    today_is = day.toordinal()
    return tuple(
        op_id
        for op_id, grant in sorted(account.grants.items(), reverse=True)
        if op_id not in account.revoked and grant.until >= today_is
    )


# ------------------------------------------------------------------ history


def _stories(work: UnitOfWork, member: Member, account: MemberAccount) -> tuple[EventStory, ...]:
    ids = sorted({member.member_id, *account.includes})
    facts = {fact.op_id: fact for fact in _facts(work, ids)}
    versions = {op_id: version for op_id, fact in facts.items() if (version := _version(fact))}
    versions |= _sale_versions(work, {**account.crossings, **account.packs})
    befores = {
        op_id: fact.before for op_id, fact in facts.items() if isinstance(fact, TierGrantedByHand)
    }
    asked = [fact for fact in facts.values() if isinstance(fact, TierRequested)]
    decided = [fact for fact in facts.values() if isinstance(fact, TierDecided)]
    events = history(account, versions, befores, asked, decided)
    ended = {fact.undoes: fact for fact in facts.values() if isinstance(fact, TierGrantEnded)}
    return tuple(_story(work, event, facts, ended.get(event.op_id)) for event in events)


def _facts(work: UnitOfWork, ids: Iterable[str]) -> Iterable[TierFact | TrialGiven]:
    """Those told by the stream, and this till's own of before there was a desk."""
    for member_id in ids:
        for stored in work.facts.of_member(member_id):
            if stored.kind.startswith(_TIER_KINDS):
                fact = read_fact(stored.data)
                if isinstance(fact, TierGranted | TierGrantRevoked | TierReviewed | TrialGiven):
                    yield fact
    yield from work.tier_changes.of_members(list(ids))


def _version(fact: TierFact | TrialGiven) -> str:
    if isinstance(fact, TierReviewed | TierRequested | TierGrantedByHand | TrialGiven):
        return fact.program.version
    return ""


def _sale_versions(work: UnitOfWork, sales: Iterable[OpId]) -> dict[OpId, str]:
    """By which rules a tier was reached, of sales this till has."""
    found = {}
    for sale in sales:
        stored = work.facts.get(sale)
        fact = read_fact(stored.data) if stored and stored.kind in SALE_KINDS else None
        if isinstance(fact, SaleRecorded):
            found[sale] = fact.program.version
    return found


def _story(
    work: UnitOfWork,
    event: TierEvent,
    facts: dict[OpId, TierFact | TrialGiven],
    ended: TierGrantEnded | None,
) -> EventStory:
    fact = ended if ended is not None else facts.get(event.op_id)
    if fact is None:
        return EventStory(event)
    approved = getattr(fact, "approved_by", ())
    words, hidden = _words_of(work, fact.member or "", getattr(fact, "words", None))
    if isinstance(fact, TierGranted | TierGrantRevoked) and fact.reason:
        words = Words(fact.reason, getattr(fact, "evidence", ()))
    return EventStory(
        event,
        by=_name(work, fact.staff),
        approved_by=_name(work, approved[0] if approved else None),
        reason_type=getattr(fact, "reason_type", "") or getattr(fact, "why", ""),
        words=words,
        hidden=hidden,
    )


def _name(work: UnitOfWork, staff_id: str | None) -> str:
    """A colleague of another store is not known by name here."""
    person = work.staff.get(staff_id) if staff_id else None
    return person.name if person is not None else (staff_id or "")
