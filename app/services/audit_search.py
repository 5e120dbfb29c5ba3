"""Looking through the audit trail: rows by number, what fits, whose story it is, who may.

Owns: reading the trail for people, in pieces that never hold the lane for long. Does not own:
writing it (audit_trail.py), the chain (app/domain/audit.py), words.

Nothing here changes the trail: what was written is read only. An export is told first (export
row), so that nobody carries the trail away without a trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.audit import AuditEntry, ChainedAuditEntry, TrailBroken, TrailHead, follow_trail
from app.domain.audit_search import AuditCriteria
from app.domain.codes import Code, CodeKind, parse_code
from app.domain.member import Member
from app.domain.note import clean_note
from app.domain.phone import Phone
from app.domain.settings import Identity
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.phone import read_phone
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.trail_context import (
    ShiftThen,
    member_of,
    member_words,
    people_in,
    receipt_of,
    shift_at,
)

NUMBERS_PER_SLICE = 4_000
"""Of a search; a sale that comes meanwhile waits for no more than this."""
ROWS_PER_READ = 200
CHECKED_PER_STEP = 400
SALES_OF_MEMBER_MAX = 300


@dataclass(frozen=True, slots=True)
class TrailSize:
    """How many entries there are, who can have made them, and of which till they are."""

    last: int
    people: tuple[tuple[str, str], ...]
    """Everybody of this shop: id and name, by name."""
    identity: Identity


@dataclass(frozen=True, slots=True)
class TrailSlice:
    """Numbers that fit, newest first. `rest`: so many older ones were not looked at yet."""

    numbers: tuple[int, ...]
    rest: int


@dataclass(frozen=True, slots=True)
class TrailRows:
    """Entries by number; `people`: names of everybody they name, by id."""

    rows: tuple[ChainedAuditEntry, ...]
    people: dict[str, str]


def trail_size(*, shop: Shop, work: UnitOfWork) -> TrailSize | Refusal:
    """How long the trail is. Needs the right to see it. Changes nothing."""
    refusal = allowed(shop, "see_audit")
    if refusal:
        return refusal
    people = sorted((person.name, person.staff_id) for person in work.staff.all_staff())
    named = tuple((staff_id, name) for name, staff_id in people)
    return TrailSize(work.audit.last_number(), named, shop.identity)


def search_trail(
    *, shop: Shop, work: UnitOfWork, criteria: AuditCriteria, newest: int
) -> TrailSlice | Refusal:
    """What fits among the next entries, from `newest` backwards: ask again with what is left.

    Needs the right. Changes nothing.
    """
    refusal = allowed(shop, "see_audit")
    if refusal:
        return refusal
    low = max(1, newest - NUMBERS_PER_SLICE + 1)
    numbers = work.audit.matching(criteria, low, newest) if newest >= low else ()
    return TrailSlice(tuple(numbers), low - 1)


def trail_rows(*, shop: Shop, work: UnitOfWork, numbers: Sequence[int]) -> TrailRows | Refusal:
    """These entries (200 at most). Needs the right. Changes nothing."""
    refusal = allowed(shop, "see_audit")
    if refusal:
        return refusal
    rows = tuple(work.audit.by_numbers(numbers[:ROWS_PER_READ]))
    return TrailRows(rows, people_in(work=work, entries=(row.entry for row in rows)))


# ------------------------------------------------------------------ one entry with its story


@dataclass(frozen=True, slots=True)
class TrailStory:
    """One entry and what belongs to it. `approvers`: who said yes to it, by name.

    `shift`: since when the shift ran in which it happened; None: none did. `receipt`: the printed
    number of the sale it names; `member`: masked name and card of the member it names.
    """

    row: ChainedAuditEntry
    people: dict[str, str]
    approvers: tuple[str, ...]
    shift: ShiftThen | None
    receipt: str
    member: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class NoSuchEntry:
    """No entry has this number."""

    number: int


def trail_story(*, shop: Shop, work: UnitOfWork, number: int) -> TrailStory | NoSuchEntry | Refusal:
    """One entry with its approver, shift, receipt and member. Needs the right. Changes nothing."""
    refusal = allowed(shop, "see_audit")
    if refusal:
        return refusal
    found = work.audit.by_numbers((number,))
    if not found:
        return NoSuchEntry(number)
    row = found[0]
    people = people_in(work=work, entries=(row.entry,))
    return TrailStory(
        row=row,
        people=people,
        approvers=tuple(people.get(each, each) for each in _approvers(row.entry)),
        shift=shift_at(work=work, at_ms=row.entry.at_ms),
        receipt=receipt_of(work=work, entry=row.entry),
        member=member_of(work=work, entry=row.entry),
        identity=shop.identity,
    )


def _approvers(entry: AuditEntry) -> list[str]:
    """Whoever said yes to it."""
    return dict(entry.details).get("approved_by", "").replace(",", " ").split()


# ------------------------------------------------------------------ what somebody looks for


@dataclass(frozen=True, slots=True)
class AboutFound:
    """What the text names: for the criteria, and how to say it. `who`: a colleague's badge."""

    kind: Literal["receipt", "member", "staff", "subject"]
    words: str
    about: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    staff_id: str = ""


@dataclass(frozen=True, slots=True)
class AboutUnknown:
    """No receipt, member, badge or act of this shop is called so."""

    text: str


def find_about(*, shop: Shop, work: UnitOfWork, text: str) -> AboutFound | AboutUnknown | Refusal:
    """A receipt's number, a member's card or phone, a badge, an id of the trail: what is meant?

    Needs the right. Changes nothing.
    """
    refusal = allowed(shop, "see_audit")
    if refusal:
        return refusal
    wanted = text.strip()
    code = parse_code(wanted.replace(" ", "").upper())
    if isinstance(code, Code):
        return _about_code(work, code)
    phone = read_phone(wanted)
    found = work.members.by_phone(phone.e164) if isinstance(phone, Phone) else ()
    if found:
        return _about_member(work, found[0])
    return _about_id(work, wanted)


def _about_id(work: UnitOfWork, wanted: str) -> AboutFound | AboutUnknown:
    """An id of the trail itself, as another screen hands it on."""
    member = work.members.get(wanted)
    if member is not None:
        return _about_member(work, member)
    sale = work.sales.get(wanted)
    if sale is not None:
        return _about_receipt(work, sale.receipt_code)
    if wanted and work.audit.matching(AuditCriteria(about=(wanted,)), 1, work.audit.last_number()):
        return AboutFound("subject", wanted, (wanted,), (wanted,))
    return AboutUnknown(wanted)


def _about_code(work: UnitOfWork, code: Code) -> AboutFound | AboutUnknown:
    match code.kind:
        case CodeKind.RECEIPT:
            return _about_receipt(work, code.text)
        case CodeKind.MEMBER:
            holder = work.members.by_card(code.text)
            member = work.members.get(holder.member_id) if holder is not None else None
            if member is not None:
                return _about_member(work, member)
        case CodeKind.STAFF:
            for person in work.staff.all_staff():
                if person.badge_code == code.text:
                    return AboutFound("staff", person.name, staff_id=person.staff_id)
        case CodeKind.COUPON | CodeKind.PASS:
            pass
    return AboutUnknown(code.text)


def _about_receipt(work: UnitOfWork, receipt: str) -> AboutFound | AboutUnknown:
    """A sale with its refunds, or a refund: also what was done before it was paid."""
    sale = work.sales.by_receipt(receipt)
    if sale is not None:
        named = (receipt, sale.sale_id)
        return AboutFound("receipt", receipt, _ids_of_sale(work, *named), named)
    refund = work.refunds.by_receipt(receipt)
    if refund is not None:
        both = (receipt, refund.refund_id)
        return AboutFound("receipt", receipt, both, both)
    return AboutUnknown(receipt)


def _ids_of_sale(work: UnitOfWork, receipt: str, sale_id: str) -> tuple[str, ...]:
    """The basket bore the id of its sale: discounts, approvals and prints are told under it."""
    refunds = work.refunds.of_sale(sale_id)
    back = [each for refund in refunds for each in (refund.receipt_code, refund.refund_id)]
    return (receipt, sale_id, *back)


def _about_member(work: UnitOfWork, member: Member) -> AboutFound:
    ids = [member.member_id]
    for sale in work.sales.of_member(member.member_id, SALES_OF_MEMBER_MAX):
        ids += [sale.receipt_code, sale.sale_id]
    return AboutFound("member", member_words(member), tuple(ids), (member.member_id,))


# ------------------------------------------------------------------ the chain


@dataclass(frozen=True, slots=True)
class ChainStep:
    """So far the chain was followed. `reached_ms`: when its last entry was written; `last`: how
    long it is; done where the head stands there, or where it is broken.
    """

    head: TrailHead | TrailBroken
    reached_ms: int
    last: int

    @property
    def is_done(self) -> bool:
        return isinstance(self.head, TrailBroken) or self.head.number >= self.last


def check_chain(
    *, shop: Shop, work: UnitOfWork, head: TrailHead, reached_ms: int = 0
) -> ChainStep | Refusal:
    """Follow the chain some entries further. Needs the right. Changes nothing."""
    refusal = allowed(shop, "see_audit")
    if refusal:
        return refusal
    last = work.audit.last_number()
    page = work.audit.entries(head.number, CHECKED_PER_STEP)
    if not page:
        return ChainStep(head, reached_ms, last)
    return ChainStep(follow_trail(page, head), page[-1].entry.at_ms, last)


# ------------------------------------------------------------------ carrying it away

ExportReason = Literal["inspection", "internal_check", "dispute", "other"]
EXPORT_REASONS: tuple[ExportReason, ...] = ("inspection", "internal_check", "dispute", "other")


@dataclass(frozen=True, slots=True)
class ExportTold:
    """The export stands in the trail: now its rows may be read and written."""

    number: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class ExportWordsMissing:
    """ "Other" says nothing by itself."""


def tell_export(
    *,
    shop: Shop,
    work: UnitOfWork,
    criteria: AuditCriteria,
    count: int,
    reason: ExportReason,
    note: str = "",
) -> ExportTold | ExportWordsMissing | Refusal:
    """Put the export into the trail before anything leaves it. Needs the right. Changes: audit."""
    refusal = allowed(shop, "see_audit")
    if refusal:
        return refusal
    words = clean_note(note)
    if reason == "other" and not words:
        return ExportWordsMissing()
    now = shop.now()
    details = {
        "rows": str(count),
        "reason": reason,
        "note": words,
        "staff": criteria.staff_id,
        "group": criteria.group or "",
        "about": criteria.about[0] if criteria.about else "",
        "since": str(criteria.since_ms or ""),
        "until": str(criteria.until_ms or ""),
    }
    told = {name: value for name, value in details.items() if value}
    record(shop=shop, work=work, now=now, act="trail_exported", details=told)
    return ExportTold(work.audit.last_number(), now.wall_ms)
