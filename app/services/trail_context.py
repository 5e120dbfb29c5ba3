"""Trail context: what belongs to an entry of the trail: people, shift, receipt, member, coupon.

Owns: finding them by what the entry names. Does not own: the entry (app/domain/audit.py), who may
read it (audit_search.py, exception_case.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.audit import AuditEntry
from app.domain.codes import Code, CodeKind, masked, parse_code
from app.domain.member import Member, masked_name
from app.domain.offer import Text
from app.domain.program import Program
from app.services.member_panel import card_masked
from app.services.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class ShiftThen:
    """The shift of an entry. `number`: of its Z; 0 = it is still open."""

    opened_ms: int
    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class CouponThen:
    """The coupon of an entry. `code`: masked, as whoever holds the whole one may use it; `name`: of
    its offer, None where this till does not know (any more) what it is worth."""

    code: str
    name: Text | None = None


def shift_at(*, work: UnitOfWork, at_ms: int) -> ShiftThen | None:
    """The shift that ran at a moment; None = none did."""
    current = work.shifts.current()
    if current is not None and current.opened_ms <= at_ms:
        return ShiftThen(current.opened_ms, 0, current.name)
    before: int | None = None
    while page := work.shifts.closed(100, before):
        for shift in page:
            if shift.opened_ms <= at_ms <= shift.closed_ms:
                return ShiftThen(shift.opened_ms, shift.number)
        if page[-1].opened_ms <= at_ms:
            break
        before = page[-1].number
    return None


def receipt_of(*, work: UnitOfWork, entry: AuditEntry) -> str:
    """The printed number of the sale or refund it names; empty for none."""
    code = parse_code(entry.subject)
    if isinstance(code, Code) and code.kind is CodeKind.RECEIPT:
        return code.text
    sale = work.sales.get(entry.subject) if entry.subject else None
    named = dict(entry.details)
    return sale.receipt_code if sale is not None else named.get("receipt") or named.get("sale", "")


def member_of(*, work: UnitOfWork, entry: AuditEntry) -> str:
    """The member it names, masked; empty for none."""
    for each in (entry.subject, dict(entry.details).get("member", "")):
        member = work.members.get(each) if each else None
        if member is not None:
            return member_words(member)
    return ""


def member_words(member: Member) -> str:
    """Masked name and card."""
    return f"{masked_name(member.person.name)} {card_masked(member)}".strip()


def people_in(*, work: UnitOfWork, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """The names of everybody these entries name, by id."""
    known = {person.staff_id: person.name for person in work.staff.all_staff()}
    named: set[str] = set()
    for entry in entries:
        named |= {entry.staff_id, entry.subject}
        for _, value in entry.details:
            named.update(value.replace(",", " ").split())
    return {staff_id: name for staff_id, name in known.items() if staff_id in named}


def coupon_of(
    *, work: UnitOfWork, entry: AuditEntry, programs: Sequence[Program]
) -> CouponThen | None:
    """The coupon it names; None for none. `programs`: every known version, the newest last."""
    coupon = dict(entry.details).get("coupon", "")
    if not coupon:
        return None
    code = parse_code(coupon)
    shown = masked(code) if isinstance(code, Code) else f"****{coupon[-4:]}"
    owner = work.coupons.owner(coupon) or dict(entry.details).get("member", "")
    account = work.accounts.get(owner)
    issued = account.coupons.get(coupon) if account is not None else None
    if issued is None:
        return CouponThen(shown)
    offers = (program.offer(issued.offer) for program in reversed(programs))
    return CouponThen(shown, next((offer.name for offer in offers if offer is not None), None))
