"""What the server tells, put into the till's store, each event by its kind.

Owns: the translation of events into the till's own values. Does not own: cursors (inbox.py), the
tables (app/store), what screens make of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, assert_never

import msgspec

from app.domain.complaint_fact import ComplaintOpened, ComplaintStepped, SolutionNoted
from app.domain.confirmed import ConfirmedMember
from app.domain.erasure import TillReport
from app.domain.erasure_fact import ErasureDone, ErasureEnded, PersonErased
from app.domain.facts import FactHead, read_fact, read_head
from app.domain.grant import PassKey, PointGrant, Promised
from app.domain.member import PersonalData
from app.domain.money import Money
from app.domain.outbox import MemberSecret
from app.domain.product import Product
from app.domain.staff import Role, StaffMember
from app.domain.stored_fact import KnownFact
from app.domain.stored_program import StoredProgram
from app.domain.survey_fact import SurveyAnswered
from sync.protocol import (
    AnswerChanged,
    CatalogueChanged,
    CatalogueItem,
    Commanded,
    Event,
    FactKnown,
    GrantEnded,
    GrantGiven,
    MemberConfirmed,
    PassKeysChanged,
    ProgramPublished,
    Promise,
    SealedFactKnown,
    StaffChanged,
    StaffCleared,
)
from sync.till.outbox import answer_told
from sync.till.ports import TillWork
from sync.till.settling import end_paid, settle

_PERSON = msgspec.json.Decoder(PersonalData)
_OF_ERASURES = frozenset(
    str(kind.__struct_config__.tag) for kind in (PersonErased, ErasureDone, ErasureEnded)
)
_OF_COMPLAINTS = frozenset(
    str(kind.__struct_config__.tag) for kind in (ComplaintOpened, ComplaintStepped, SolutionNoted)
)
_ANSWERED = str(SurveyAnswered.__struct_config__.tag)
_Right = PassKeysChanged | GrantGiven | GrantEnded
_Other = (
    ProgramPublished
    | CatalogueChanged
    | StaffChanged
    | FactKnown
    | SealedFactKnown
    | AnswerChanged
    | Commanded
    | _Right
)


def take_in(work: TillWork, events: Sequence[Event], *, server_epoch: int, at_ms: int) -> None:
    """Apply events in their order; accounts all together, as the store takes them best.

    Of one member the newest version counts, wherever it stands, so their order to the others
    plays no part.
    """
    members = [member_told(each) for each in events if isinstance(each, MemberConfirmed)]
    if members:
        work.confirmed.tell(work.arrivals.welcome(members, server_epoch), server_epoch)
        end_paid(work, members, at_ms)
    for event in events:
        if isinstance(event, MemberConfirmed):
            continue
        _take_one(work, event, at_ms)


def _take_one(work: TillWork, event: _Other, at_ms: int) -> None:
    match event:
        case ProgramPublished():
            work.programs.tell(
                StoredProgram(event.id, event.version, event.announced, event.effective, event.toml)
            )
        case CatalogueChanged():
            for item in event.items:
                work.products.put(_product(item))
        case StaffChanged():
            for person in event.staff:
                work.staff.tell(_staff(person))
        case FactKnown() | SealedFactKnown():
            _take_known(work, event)
        case AnswerChanged():
            settle(work, [answer_told(event.answer)], at_ms=at_ms, decided=True)
        case Commanded():
            pass  # the heart obeys before the cursor passes it (core.py)
        case PassKeysChanged() | GrantGiven() | GrantEnded():
            _take_right(work, event)
        case never:
            assert_never(never)


def _take_right(work: TillWork, event: _Right) -> None:
    match event:
        case PassKeysChanged():
            work.grants.put_pass_keys(
                [PassKey(key.key_id, key.public, key.from_ms, key.until_ms) for key in event.keys]
            )
        case GrantGiven():
            work.grants.put(grant_told(event))
        case GrantEnded():
            work.grants.end(event.grant, event.why)
        case never:
            assert_never(never)


def grant_told(event: GrantGiven) -> PointGrant:
    """A grant as the store keeps it."""
    return PointGrant(
        event.grant,
        event.member,
        event.buckets,
        event.coupons,
        event.entitlements,
        event.ends_ms,
    )


def _take_known(work: TillWork, event: FactKnown | SealedFactKnown) -> None:
    if isinstance(event, SealedFactKnown):
        keys = [MemberSecret(key.member, key.key_id, key.secret) for key in event.keys]
        work.member_keys.learn(keys)
        event = event.fact
    take_fact(work, event)


def take_fact(work: TillWork, event: FactKnown) -> bool:
    """Keep a sale or refund of another till, an answer about one, or what concerns a tier, or
    forget whom an erasure names; False where nothing of it concerns this till.
    """
    head = read_head(event.data)
    if not isinstance(head, FactHead):
        return False
    if head.kind in _OF_ERASURES:
        return _take_erasure(work, event)
    if head.kind in _OF_COMPLAINTS:
        return _take_complaint(work, event)
    if head.kind == _ANSWERED:
        answered = read_fact(event.data)
        return isinstance(answered, SurveyAnswered) and work.surveys.take(answered)
    if head.kind.startswith("tier_"):
        return work.tier_changes.put(event.data, counted=True)
    return work.known_facts.put(
        KnownFact(head.op_id, event.device, event.epoch, event.dseq, event.day, event.data)
    )


def _take_complaint(work: TillWork, event: FactKnown) -> bool:
    """A case of this store or of one of its members, or an entry of the library."""
    match read_fact(event.data):
        case SolutionNoted() as noted:
            return work.solutions.take(noted)
        case ComplaintOpened() | ComplaintStepped() as fact:
            return work.complaints.take(fact)
        case _:
            return False


def _take_erasure(work: TillWork, event: FactKnown) -> bool:
    """Forget whom head office forgot; keep which till says it has done so."""
    match read_fact(event.data):
        case PersonErased() as erased:
            return work.erasures.take(erased)
        case ErasureDone() as done:
            work.erasures.report(
                TillReport(done.erasure, event.device, done.clock.wall_ms, done.was_known)
            )
            return True
        case ErasureEnded() as ended:
            work.erasures.end(ended.erasure, ended.clock.wall_ms)
            return True
        case _:
            return False


def member_told(event: MemberConfirmed) -> ConfirmedMember:
    """A member as the store takes him over."""
    person = None if event.profile is None else _PERSON.decode(event.profile)
    return ConfirmedMember(
        member_id=event.member,
        version=event.version,
        account=event.account,
        days=event.days,
        cards=event.cards,
        cards_in_use=event.cards_in_use,
        status=event.status,
        home_store=event.home_store,
        person=person,
        secrets=tuple([MemberSecret(key.member, key.key_id, key.secret) for key in event.keys]),
        promises=tuple([_promised(each) for each in event.promises]),
        referrer=event.referrer,
    )


def _promised(said: Promise) -> Promised:
    return Promised(
        said.id, said.device, said.points, said.coupons, said.entitlements, said.ends_ms
    )


def _product(item: CatalogueItem) -> Product:
    return Product(
        sku=item.sku,
        name=item.name,
        category=item.category,
        unit_price=None if item.unit_price_minor is None else Money(item.unit_price_minor),
        barcodes=item.codes,
        member_price=None if item.member_price_minor is None else Money(item.member_price_minor),
        tax_rate=None if item.tax_rate is None else Decimal(item.tax_rate),
        unit=item.unit,
        weighed=item.weighed,
        scale_code=item.scale_code,
        active=item.active,
    )


def _staff(person: StaffCleared) -> StaffMember:
    # Permissions are compared as text: one this program does not know grants nothing.
    permissions: frozenset[Any] = frozenset(person.permissions)
    return StaffMember(
        staff_id=person.staff,
        name=person.name,
        role=Role(person.role, permissions),
        pin_hash=person.pin_hash,
        badge_code=person.badge,
        member_ids=frozenset(person.members),
        active=person.active,
    )
