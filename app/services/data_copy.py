"""A copy of one's data: everything this shop knows of a member, as a file and to read.

Owns: what belongs into it, consents with their times, who looked at the number, the trail of the
copy. Does not own: what is told of habits, complaints and messages (data_copy_parts.py), erasing
(erasure.py), laying it out on paper and writing files (ui). What other stores of a chain know
beyond the account stands with them. It is gathered in small units: nobody who sells waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from uuid import UUID

import msgspec

from app.domain.account import MemberAccount
from app.domain.audit_search import AuditCriteria
from app.domain.effects import ConsentsEnded
from app.domain.erasure_fact import PersonErased
from app.domain.facts import ConsentChanged, MemberErased, read_fact
from app.domain.ids import OpId
from app.domain.member import BirthdayOn, Member
from app.domain.message import MessageChoice
from app.domain.program import Program
from app.domain.sale import Sale, SaleSummary
from app.domain.view import AccountView
from app.services.answers import MemberUnknown, Refusal
from app.services.audit_trail import record
from app.services.data_copy_parts import (
    AnswerCopy,
    ChurnCopy,
    ComplaintCopy,
    EvidenceCopy,
    HabitCopy,
    SegmentCopy,
    SentCopy,
    answers_copied,
    churn_of,
    complaints_of,
    evidence_of,
    habits_of,
    messages_of,
    segment_of,
)
from app.services.desk import today
from app.services.person import Person, judged_today, person_of
from app.services.ports import Lane, UnitOfWork
from app.services.referral import ReferralCopy, referral_copy
from app.services.shop import Shop

PURCHASES_MAX = 5_000
PURCHASES_A_UNIT = 50
REVEALS_LOOKED_AT = 2_000_000
ENTRIES_A_UNIT = 5_000
_ENDING = tuple(
    str(kind.__struct_config__.tag) for kind in (ConsentChanged, MemberErased, PersonErased)
)


class ConsentCopy(msgspec.Struct, frozen=True):
    """One consent as it was given. Times are milliseconds since 1970.

    `withdrawn_ms` None with `is_withdrawn`: at another till, which knows when.
    """

    purpose: str
    given_ms: int
    text_version: str
    text_hash: str
    is_withdrawn: bool = False
    withdrawn_ms: int | None = None


class RevealCopy(msgspec.Struct, frozen=True):
    """Somebody looked at the whole number at this till. `by`: who, as staff are called here."""

    at_ms: int
    by: str
    reason: str


class LineCopy(msgspec.Struct, frozen=True):
    """One line of a purchase; amounts in minor units, quantities in thousandths."""

    name: str
    quantity_thousandths: int
    paid_minor: int


class PurchaseCopy(msgspec.Struct, frozen=True):
    """One purchase."""

    receipt: str
    day: date
    paid_minor: int
    points_earned: int
    points_spent: int
    lines: tuple[LineCopy, ...]


class DataCopy(msgspec.Struct, frozen=True, kw_only=True):
    """Everything, in one value: the file is this as JSON."""

    made_ms: int
    shop: str
    member_ids: tuple[str, ...]
    card: str
    joined: date
    home_store: str
    phone: str | None
    email: str
    name: str
    salutation: str
    birthday: BirthdayOn | None
    note: str
    messages: MessageChoice | None
    """How the member wants to hear of the shop; None: nothing was chosen."""
    tags: tuple[str, ...]
    account_manager: str
    tier: str
    tier_until: date | None
    points: int
    points_held: int
    points_expiring: Mapping[str, int] = field(default_factory=dict)
    coupons: tuple[str, ...] = ()
    currency: str = "CNY"
    spend_minor_in_12_months: int = 0
    consents: tuple[ConsentCopy, ...] = ()
    purchases: tuple[PurchaseCopy, ...] = ()
    number_was_seen: tuple[RevealCopy, ...] = ()
    segment: SegmentCopy | None = None
    """In which group of customers the shop counts the member; None: in none."""
    churn: ChurnCopy | None = None
    """How likely the shop holds it that the member comes no more; None: it was not judged."""
    habits: tuple[HabitCopy, ...] = ()
    """What the member usually takes, as the till remembers it to recommend goods."""
    complaints: tuple[ComplaintCopy, ...] = ()
    evidence: tuple[EvidenceCopy, ...] = ()
    """Photos that were taken for the sake of a tier."""
    answers: tuple[AnswerCopy, ...] = ()
    """What the member said of purchases."""
    sent: SentCopy | None = None
    """Messages the member was sent, as head office told last; None: it was never asked."""
    referral: ReferralCopy | None = None
    """Whether a friend's code was shown at joining, and how many friends the member sent; None:
    neither."""


@dataclass(frozen=True, slots=True)
class CopyGiven:
    """The copy; that it was given stands in the trail."""

    data: DataCopy


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """What the privacy room shows of one member."""

    member: Member
    consents: tuple[ConsentCopy, ...]
    reveals: tuple[RevealCopy, ...]


def privacy_page(
    *, shop: Shop, lane: Lane, member_id: str
) -> PrivacyPage | MemberUnknown | Refusal:
    """Consents and reveals of one member. Off the lane thread. Changes nothing."""
    found = lane.run(partial(_seen, shop, member_id))
    if not isinstance(found, _Seen):
        return found
    person = found.person
    return PrivacyPage(person.member, found.consents, _reveals_of(lane, person.ids))


def copy_of_data(*, shop: Shop, lane: Lane, member_id: str) -> CopyGiven | MemberUnknown | Refusal:
    """Everything known of a member, for himself. Needs the right. Off the lane thread.
    Changes: audit."""
    found = lane.run(partial(_begun, shop, member_id))
    if not isinstance(found, _Seen):
        return found
    ids = found.person.ids
    more = {
        "made_ms": shop.now().wall_ms,
        "member_ids": ids,
        "consents": found.consents,
        "purchases": tuple(_purchases(lane, ids)),
        "number_was_seen": _reveals_of(lane, ids),
        "segment": lane.run(lambda work: segment_of(work=work, ids=ids)),
        "churn": lane.run(lambda work: churn_of(work=work, ids=ids)),
        "habits": lane.run(lambda work: habits_of(work=work, ids=ids)),
        "complaints": tuple(complaints_of(shop=shop, lane=lane, ids=ids)),
        "evidence": lane.run(lambda work: evidence_of(work=work, ids=ids)),
        "answers": lane.run(lambda work: answers_copied(work=work, ids=ids)),
        "sent": lane.run(lambda work: messages_of(work=work, ids=ids)),
        "referral": lane.run(partial(_referral, shop, found.person)),
    }
    assert found.copy is not None, "it was begun"
    return CopyGiven(msgspec.structs.replace(found.copy, **more))


def _referral(shop: Shop, person: Person, work: UnitOfWork) -> ReferralCopy | None:
    day = today(shop.desk.state.program, shop.now())
    return referral_copy(work=work, member=person.member, account=person.account, day=day)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Whose data it is."""

    person: Person
    consents: tuple[ConsentCopy, ...]
    copy: DataCopy | None = None


def _seen(shop: Shop, member_id: str, work: UnitOfWork) -> _Seen | MemberUnknown | Refusal:
    person = person_of(shop=shop, work=work, member_id=member_id)
    if not isinstance(person, Person):
        return person
    return _Seen(person, _consents_of(work, person.ids, person.account))


def _begun(shop: Shop, member_id: str, work: UnitOfWork) -> _Seen | MemberUnknown | Refusal:
    """The trace comes first: nobody carries the copy away without it."""
    found = _seen(shop, member_id, work)
    if not isinstance(found, _Seen):
        return found
    member = found.person.member
    if member.status == "erased":
        return MemberUnknown(member_id)
    seen, program = judged_today(shop=shop, work=work, person=found.person)
    record(shop=shop, work=work, now=shop.now(), act="data_copied", subject=member.member_id)
    return replace(found, copy=_copied(shop, found.person.whole, seen, program))


def copy_bytes(data: DataCopy) -> bytes:
    """The copy as a file that people and programs can read."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"


# ------------------------------------------------------------------ consents, reveals


def _consents_of(
    work: UnitOfWork, ids: Sequence[str], account: MemberAccount
) -> tuple[ConsentCopy, ...]:
    """Every consent, oldest first. Its id says when it was given: it is as old as its fact."""
    ended = _withdrawals(work, ids)
    copies = [
        ConsentCopy(
            purpose=consent.purpose,
            given_ms=_made_ms(consent_id, consent.day),
            text_version=consent.text_version,
            text_hash=consent.text_hash,
            is_withdrawn=consent_id in account.withdrawn,
            withdrawn_ms=ended.get(consent_id),
        )
        for consent_id, consent in account.consents.items()
    ]
    return tuple(sorted(copies, key=lambda each: (each.given_ms, each.purpose)))


def _withdrawals(work: UnitOfWork, ids: Sequence[str]) -> dict[str, int]:
    """When consents ended, of those that ended at this till."""
    found: dict[str, int] = {}
    for member_id in ids:
        for stored in work.facts.of_member_and_kinds(member_id, _ENDING):
            fact = read_fact(stored.data)
            if isinstance(fact, ConsentChanged | MemberErased | PersonErased):
                for effect in fact.effects:
                    if isinstance(effect, ConsentsEnded):
                        found |= dict.fromkeys(effect.consents, fact.clock.wall_ms)
    return found


def _made_ms(consent_id: OpId, day: int) -> int:
    try:
        return UUID(consent_id).int >> 80
    except ValueError:
        # An id that another system gave: the day is all there is.
        return (date.fromordinal(day) - date(1970, 1, 1)).days * 86_400_000


def _reveals_of(lane: Lane, ids: Sequence[str]) -> tuple[RevealCopy, ...]:
    """Who saw the whole number at this till, newest first: a part of the trail at a time."""
    criteria = AuditCriteria(group="reveals", about=tuple(ids))
    high = lane.run(lambda work: work.audit.last_number())
    low = max(1, high - REVEALS_LOOKED_AT)
    found: list[RevealCopy] = []
    while high >= low:
        part = (max(low, high - ENTRIES_A_UNIT + 1), high)
        found += lane.run(partial(_reveals_between, criteria, part))
        high = part[0] - 1
    return tuple(found)


def _reveals_between(
    criteria: AuditCriteria, part: tuple[int, int], work: UnitOfWork
) -> list[RevealCopy]:
    numbers = work.audit.matching(criteria, *part)
    if not numbers:
        return []
    names = {person.staff_id: person.name for person in work.staff.all_staff()}
    return [
        RevealCopy(
            row.entry.at_ms,
            names.get(row.entry.staff_id, row.entry.staff_id),
            dict(row.entry.details).get("reason", ""),
        )
        for row in work.audit.by_numbers(numbers)
    ]


# ------------------------------------------------------------------ the copy


def _copied(shop: Shop, member: Member, seen: AccountView, program: Program) -> DataCopy:
    person = member.person
    return DataCopy(
        made_ms=0,
        shop=shop.desk.state.settings.store_name,
        member_ids=(),
        card=member.card_code,
        joined=member.joined,
        home_store=member.home_store,
        phone=person.phone,
        email=person.email,
        name=person.name,
        salutation=person.salutation,
        birthday=person.birthday,
        note=person.note,
        messages=person.messages,
        tags=member.tags,
        account_manager=member.account_manager,
        tier=seen.tier,
        tier_until=seen.tier_until,
        points=sum(bucket.points.count for bucket in seen.buckets),
        points_held=seen.held_points,
        points_expiring={str(bucket.expires): bucket.points.count for bucket in seen.buckets},
        coupons=tuple(coupon.coupon_id for coupon in seen.coupons),
        currency=program.prices.currency,
        spend_minor_in_12_months=seen.spend_in_window.minor,
    )


def _sales(member_id: str, work: UnitOfWork) -> Sequence[SaleSummary]:
    return work.sales.of_member(member_id, PURCHASES_MAX)


def _purchases(lane: Lane, ids: Sequence[str]) -> Iterator[PurchaseCopy]:
    for member_id in ids:
        rows = lane.run(partial(_sales, member_id))
        for start in range(0, len(rows), PURCHASES_A_UNIT):
            part = [row.sale_id for row in rows[start : start + PURCHASES_A_UNIT]]
            yield from lane.run(partial(_bought, part))


def _bought(sale_ids: Sequence[str], work: UnitOfWork) -> list[PurchaseCopy]:
    sales = (work.sales.get(sale_id) for sale_id in sale_ids)
    return [_purchase(sale) for sale in sales if sale is not None]


def _purchase(sale: Sale) -> PurchaseCopy:
    lines = tuple(
        LineCopy(line.name, line.quantity.thousandths, line.net.minor) for line in sale.lines
    )
    return PurchaseCopy(
        sale.receipt_code, sale.business_day, sale.due.minor, sale.points_earned,
        sale.points_redeemed, lines,
    )  # fmt: skip
