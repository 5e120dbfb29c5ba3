"""Receipts behind the figures of a day, and the day hour by hour.

Owns: which receipts a day's figures are made of, as rows; the hours they fall in. Does not own: the
figures (figures.py), finding one sale (refund_search.py). Receipts of other tills are there as far
as this till holds them; whoever shows the list says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.codes import Code, parse_code, receipt_number
from app.domain.member import masked_name
from app.domain.money import Money
from app.domain.paper_glance import hour_at, midnight_of
from app.domain.refund_record import Refund
from app.domain.sale import SaleSummary
from app.services.answers import NotAllowed, SignInFirst
from app.services.desk import allowed
from app.services.ports import UnitOfWork
from app.services.refund_search import staff_name
from app.services.shop import Shop

RECEIPTS_MAX = 500
"""Rows of one list; a busier day is exported instead."""
SALES_A_DAY_MAX = 20_000


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt of a day. `paid`: negative for what was given back."""

    kind: Literal["sale", "refund"]
    receipt_code: str
    at_ms: int
    paid: Money
    line_count: int
    staff_name: str
    member_name: str
    """Masked; empty for a walk-in and for a member without a name."""
    of_member: bool
    store: str = ""
    """Of a receipt of the whole chain."""


@dataclass(frozen=True, slots=True)
class ReceiptsOfDay:
    """The receipts of a day, newest first. `has_more`: there are more than a list shows.

    `paid`: what all of them come to, those too that the list leaves out; sales less refunds.
    """

    day: date
    rows: tuple[ReceiptRow, ...]
    paid: Money
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class HourSums:
    """One hour of a day by the shop's clock, from its midnight: 25 is one o'clock of the next."""

    hour: int
    sales: int
    paid_minor: int
    member_sales: int
    member_paid_minor: int


@dataclass(frozen=True, slots=True)
class HoursOfDay:
    """From the first hour with a sale to the last; empty where nothing was sold."""

    day: date
    hours: tuple[HourSums, ...]


def receipts_of_day(
    *, shop: Shop, work: UnitOfWork, day: date, till: int | None = None
) -> ReceiptsOfDay | SignInFirst | NotAllowed:
    """What was sold and given back on a business day. Changes nothing."""
    refusal = allowed(shop, "x_report")
    if refusal is not None:
        return refusal
    most = SALES_A_DAY_MAX
    found: list[_Paper] = [
        *map(_sold, work.sales.of_day(day, None, most)),
        *map(_back, work.refunds.of_day(day, most)),
    ]
    mine = [each for each in found if _is_of(each.receipt_code, till)]
    mine.sort(key=lambda each: (each.at_ms, each.receipt_code), reverse=True)
    paid = Money(sum(each.paid.minor for each in mine))
    kept = mine[:RECEIPTS_MAX]
    staff = {each: staff_name(work=work, staff_id=each) for each in {e.staff_id for e in kept}}
    names = _names(work, (each.member_id for each in kept))
    rows = tuple(_row(each, staff, names) for each in kept)
    return ReceiptsOfDay(day, rows, paid, len(mine) > len(kept))


def hours_of_day(
    *, shop: Shop, work: UnitOfWork, day: date, till: int | None = None
) -> HoursOfDay | SignInFirst | NotAllowed:
    """The sales of a business day by the hour of the shop's clock. Changes nothing."""
    refusal = allowed(shop, "x_report")
    if refusal is not None:
        return refusal
    zone = shop.desk.state.program.timezone
    midnight = midnight_of(day, zone)
    sums: dict[int, list[int]] = {}
    for each in work.sales.of_day(day, None, SALES_A_DAY_MAX):
        if _is_of(each.receipt_code, till):
            one = sums.setdefault(hour_at(each.sold_ms, midnight, zone), [0, 0, 0, 0])
            one[0] += 1
            one[1] += each.due.minor
            if each.member_id is not None:
                one[2] += 1
                one[3] += each.due.minor
    return hours_between(day, {hour: HourSums(hour, *each) for hour, each in sums.items()})


def hours_between(day: date, by_hour: Mapping[int, HourSums]) -> HoursOfDay:
    """With the hours between that sold nothing."""
    span = range(min(by_hour), max(by_hour) + 1) if by_hour else range(0)
    return HoursOfDay(day, tuple(by_hour.get(hour, HourSums(hour, 0, 0, 0, 0)) for hour in span))


@dataclass(frozen=True, slots=True)
class _Paper:
    """A sale or a refund, as far as a row needs it."""

    kind: Literal["sale", "refund"]
    receipt_code: str
    at_ms: int
    paid: Money
    line_count: int
    staff_id: str
    member_id: str | None


def _sold(sale: SaleSummary) -> _Paper:
    return _Paper(
        "sale", sale.receipt_code, sale.sold_ms, sale.due, sale.line_count, sale.staff_id,
        sale.member_id,
    )  # fmt: skip


def _back(refund: Refund) -> _Paper:
    return _Paper(
        "refund", refund.receipt_code, refund.refunded_ms, -refund.paid, len(refund.pieces),
        refund.staff_id, refund.member_id,
    )  # fmt: skip


def _row(paper: _Paper, staff: Mapping[str, str], names: Mapping[str, str]) -> ReceiptRow:
    member = paper.member_id
    return ReceiptRow(
        paper.kind, paper.receipt_code, paper.at_ms, paper.paid, paper.line_count,
        staff[paper.staff_id], names.get(member or "", ""), member is not None,
    )  # fmt: skip


def _is_of(receipt: str, till: int | None) -> bool:
    if till is None:
        return True
    code = parse_code(receipt)
    return isinstance(code, Code) and receipt_number(code).till == till


def _names(work: UnitOfWork, members: Iterable[str | None]) -> Mapping[str, str]:
    wanted: Sequence[str] = sorted({each for each in members if each is not None})
    found = (work.members.get(each) for each in wanted)
    return {each.member_id: masked_name(each.person.name) for each in found if each is not None}
