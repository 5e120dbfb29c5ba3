"""Figures of shifts: the report of the open one (X), the Zs there are, and a Z printed again.

Owns: which facts a report is made of, the paper of an X and of a Z. Does not own: adding up
(app/domain/shift_report.py), closing (shift_close.py), how paper looks (devices).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.facts import Fact, NotAFact, SaleRecorded, ShiftClosed, UnknownFact, read_fact
from app.domain.member import masked_name
from app.domain.moment import Moment
from app.domain.receipt import ReceiptStore
from app.domain.shift import ClosedShift, Shift
from app.domain.shift_paper import ShiftEnd, ShiftPaper, as_copy
from app.domain.shift_report import refunded_sales, shift_report
from app.domain.shift_sums import ShiftReport
from app.services.answers import NotAllowed, OpenShiftFirst, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.ports import UnitOfWork
from app.services.shop import DeskState, Shop


@dataclass(frozen=True, slots=True)
class XReport:
    """The figures of the open shift so far. It has no number and nothing was changed by it."""

    paper: ShiftPaper


@dataclass(frozen=True, slots=True)
class ZReprinted:
    """A Z as it was, marked as a copy; `copy` 2 is the first one printed again."""

    paper: ShiftPaper
    copy: int


@dataclass(frozen=True, slots=True)
class ZUnknown:
    """This till has no such Z."""

    number: int | None


def make_x_report(*, shop: Shop, work: UnitOfWork) -> XReport | OpenShiftFirst | Refusal:
    """The report of the open shift, at any time. Changes: audit only; it is printed.

    It names what has to be in the drawer, so where counts are blind it needs the right.
    """
    state, now = shop.desk.state, shop.now()
    refusal = allowed(shop, "x_report" if state.settings.blind_count else "sell")
    if refusal:
        return refusal
    shift = work.shifts.current()
    if shift is None:
        return OpenShiftFirst("none")
    paper = paper_of(
        shop=shop,
        work=work,
        shift=shift,
        report=report_of_shift(work=work, shift_id=shift.shift_id),
        now=now,
    )
    record(shop=shop, work=work, now=now, act="x_report", subject=shift.shift_id)
    work.after_commit(lambda: shop.printer.print_receipt(paper))
    return XReport(paper)


def reprint_z(
    *, shop: Shop, work: UnitOfWork, number: int | None = None
) -> ZReprinted | ZUnknown | Refusal:
    """Print a Z again from its fact; None = the last one. Changes: audit."""
    refusal = allowed(shop, "reprint")
    if refusal:
        return refusal
    kept = _closed_shift(work, number)
    fact = read_fact(_bytes_of(work, kept)) if kept is not None else None
    if kept is None or not isinstance(fact, ShiftClosed):
        return ZUnknown(number)
    now = shop.now()
    copy = work.audit.count("z_reprinted", kept.z_id) + 2
    details = {"number": str(kept.number), "copy": str(copy)}
    record(shop=shop, work=work, now=now, act="z_reprinted", subject=kept.z_id, details=details)
    again = as_copy(fact.paper, copy)
    work.after_commit(lambda: shop.printer.print_receipt(again))
    return ZReprinted(again, copy)


def closed_shifts(
    *, shop: Shop, work: UnitOfWork, limit: int = 50, before: int | None = None
) -> tuple[ClosedShift, ...] | NotAllowed | Refusal:
    """Closed shifts, newest first; `before`: only Zs with lower numbers. Changes nothing."""
    refusal = allowed(shop, "reprint")
    return refusal or tuple(work.shifts.closed(limit, before))


def _closed_shift(work: UnitOfWork, number: int | None) -> ClosedShift | None:
    if number is not None:
        return work.shifts.by_number(number)
    last = work.shifts.closed(1)
    return last[0] if last else None


def _bytes_of(work: UnitOfWork, kept: ClosedShift) -> bytes:
    stored = work.facts.get(kept.z_id)
    assert stored is not None, "the table refers to the fact"
    return stored.data


def facts_of_shift(*, work: UnitOfWork, shift_id: str) -> list[Fact]:
    """What this program can read of a shift's facts, in the order of the till."""
    found = (read_fact(stored.data) for stored in work.facts.of_shift(shift_id))
    return [fact for fact in found if not isinstance(fact, NotAFact | UnknownFact)]


def report_of_shift(*, work: UnitOfWork, shift_id: str) -> ShiftReport:
    """What a shift's facts come to now."""
    facts = facts_of_shift(work=work, shift_id=shift_id)
    sales = {}
    for sale_id in refunded_sales(facts):
        stored = work.facts.get(sale_id)
        sale = read_fact(stored.data) if stored is not None else None
        if isinstance(sale, SaleRecorded):
            sales[sale_id] = sale
    return shift_report(facts, sales)


def paper_of(
    *,
    shop: Shop,
    work: UnitOfWork,
    shift: Shift,
    report: ShiftReport,
    now: Moment,
    number: int = 0,
    end: ShiftEnd | None = None,
) -> ShiftPaper:
    """The paper of an X (no number, no end) or of a Z."""
    state = shop.desk.state
    settings, program = state.settings, state.program
    opened = Moment(shift.opened_ms, 0, "").local(program.timezone)
    return ShiftPaper(
        store=ReceiptStore(
            name=settings.store_name, address=settings.store_address, phone=settings.store_phone
        ),
        till=f"{shop.identity.till_number:02d}",
        number=number,
        name=shift.name,
        day=shift.business_day.isoformat(),
        opened_at=opened.strftime("%Y-%m-%d %H:%M"),
        opened_by=_name_of(work, shift.opened_by),
        made_at=now.local(program.timezone).strftime("%Y-%m-%d %H:%M"),
        made_by=_signed_in(state),
        zone=program.timezone,
        currency=shift.currency,
        decimals=program.prices.decimals,
        languages=settings.receipt_languages,
        report=report,
        end=end,
        training=settings.is_training,
    )


def _name_of(work: UnitOfWork, staff_id: str) -> str:
    person = work.staff.get(staff_id)
    return masked_name(person.name) if person is not None else ""


def _signed_in(state: DeskState) -> str:
    return masked_name(state.staff.name) if state.staff is not None else ""
