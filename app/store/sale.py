"""Finished sales, for look-up: lines, adjustments and tenders in tables of their own.

Owns: the sale, sale_line, sale_adjustment and sale_tender tables.
Does not own: the truth about a sale (its fact), pricing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, insert, select

from app.domain.money import Money
from app.domain.sale import Sale, SaleSummary
from app.store import sale_rows
from app.store.changes import Changes
from app.store.device import DeviceRepository
from app.store.known_fact import KnownFactRepository
from app.store.repository import Prepared, Repository, Transaction
from app.store.tables import refund, sale, sale_adjustment, sale_line, sale_tender

_ADD = Prepared(insert(sale))
_ADD_LINE = Prepared(insert(sale_line))
_ADD_ADJUSTMENT = Prepared(insert(sale_adjustment))
_ADD_TENDER = Prepared(insert(sale_tender))
_GET = select(sale).where(sale.c.sale_id == bindparam("key"))


def _parts(table: Any) -> Select[Any]:
    return select(table).where(table.c.sale_id == bindparam("key")).order_by(table.c.number)


_LINES, _ADJUSTMENTS, _TENDERS = map(_parts, (sale_line, sale_adjustment, sale_tender))
_SUMMARY = select(
    sale.c.sale_id,
    sale.c.receipt_code,
    sale.c.business_day,
    sale.c.sold_ms,
    sale.c.staff_id,
    sale.c.member_id,
    sale.c.due_minor,
    sale.c.line_count,
)
_BY_RECEIPT = _SUMMARY.where(sale.c.receipt_code == bindparam("key"))
# UUIDv7 ids tell the order where two sales share a millisecond.
_NEWEST_FIRST = (sale.c.sold_ms.desc(), sale.c.sale_id.desc())
# By its place in the till's own numbers: a clock set back must not make an older sale the last.
_LATEST = _SUMMARY.order_by(
    sale.c.epoch.desc(), sale.c.business_day.desc(), sale.c.sequence.desc()
).limit(bindparam("most"))
_OF_MEMBER = (
    _SUMMARY.where(sale.c.member_id == bindparam("key"))
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("most"))
)


def _last_sequence(table: Any) -> Any:
    last = select(func.coalesce(func.max(table.c.sequence), 0)).where(
        table.c.epoch == bindparam("in_epoch"), table.c.business_day == bindparam("day")
    )
    return last.scalar_subquery()


# Refunds take their receipt numbers from the same series.
_LAST_SEQUENCE = Prepared(select(func.max(_last_sequence(sale), _last_sequence(refund))))
_OF_MEMBER_AND_DAY = Prepared(
    select(func.count(), func.coalesce(func.sum(sale.c.points_redeemed), 0)).where(
        sale.c.member_id == bindparam("key"), sale.c.business_day == bindparam("day")
    )
)
# A number is told without its till's epoch: the newest of that day is meant.
_BY_SEQUENCE = (
    _SUMMARY.where(sale.c.business_day == bindparam("day"), sale.c.sequence == bindparam("number"))
    .order_by(sale.c.epoch.desc())
    .limit(1)
)
_OF_DAY = (
    _SUMMARY.where(
        sale.c.business_day == bindparam("day"),
        func.coalesce(bindparam("due", type_=Integer), sale.c.due_minor) == sale.c.due_minor,
    )
    .order_by(sale.c.epoch.desc(), sale.c.sequence.desc())
    .limit(bindparam("most"))
)
_LAST_SOLD = select(func.max(sale.c.sold_ms))
_COUNT = select(func.count()).select_from(sale)
_SOLD_IN_FULL = (
    select(sale_line.c.sku, sale_line.c.quantity_thousandths, sale_line.c.list_minor)
    .join(sale, sale.c.sale_id == sale_line.c.sale_id)
    .where(
        sale.c.sold_ms >= bindparam("since"),
        sale_line.c.net_minor == sale_line.c.list_minor,
        sale_line.c.quantity_thousandths > 0,
    )
    .distinct()
)


class SaleRepository(Repository):
    """Sales of this till; look-ups also find those of others that it holds (known_fact.py)."""

    def __init__(self, transaction: Transaction, device: DeviceRepository) -> None:
        super().__init__(transaction)
        self._device = device
        self._known = KnownFactRepository(transaction)

    def add(self, done: Sale) -> None:
        """All rows of a sale. StoreBug where the sale or its receipt number is known."""
        epoch = self._device.epoch()
        self._write(_ADD, sale_rows.sale_row(done, epoch))
        for statement, rows in (
            (_ADD_LINE, sale_rows.line_rows(done)),
            (_ADD_ADJUSTMENT, sale_rows.adjustment_rows(done)),
            (_ADD_TENDER, sale_rows.tender_rows(done)),
        ):
            if rows:
                self._write(statement, rows)
        self._changed(Changes(sales=True))

    def get(self, sale_id: str) -> Sale | None:
        key = {"key": sale_id}
        row = self._execute(_GET, key).mappings().first()
        if row is None:
            return self._known.sale(sale_id)
        return sale_rows.sale_of(
            row,
            lines=self._execute(_LINES, key).mappings().all(),
            adjustments=self._execute(_ADJUSTMENTS, key).mappings().all(),
            tenders=self._execute(_TENDERS, key).mappings().all(),
        )

    def by_receipt(self, receipt_code: str) -> SaleSummary | None:
        row = self._execute(_BY_RECEIPT, {"key": receipt_code}).mappings().first()
        return self._known.sale_by_receipt(receipt_code) if row is None else _summary(row)

    def latest(self, limit: int = 1) -> Sequence[SaleSummary]:
        """Newest first."""
        return [_summary(row) for row in self._execute(_LATEST, {"most": limit}).mappings()]

    def of_member(self, member_id: str, limit: int = 10) -> Sequence[SaleSummary]:
        """Newest first."""
        rows = self._execute(_OF_MEMBER, {"key": member_id, "most": limit}).mappings()
        others = self._known.sales_of_member(member_id, limit)
        return _newest([_summary(row) for row in rows], others)[:limit]

    def by_sequence(self, business_day: date, sequence: int) -> SaleSummary | None:
        """The sale with this number of that day."""
        asked = {"day": business_day.isoformat(), "number": sequence}
        row = self._execute(_BY_SEQUENCE, asked).mappings().first()
        return None if row is None else _summary(row)

    def of_day(
        self, business_day: date, due: Money | None = None, limit: int = 50
    ) -> Sequence[SaleSummary]:
        """Newest first; `due`: only those that cost exactly so much."""
        asked = {
            "day": business_day.isoformat(),
            "due": None if due is None else due.minor,
            "most": limit,
        }
        mine = [_summary(row) for row in self._execute(_OF_DAY, asked).mappings()]
        return _newest(mine, self._known.sales_of_day(business_day, due, limit))[:limit]

    def next_sequence(self, business_day: date) -> int:
        """1 + the highest sequence of this till's epoch on that day."""
        epoch = self._device.epoch()
        asked = {"in_epoch": epoch, "day": business_day.isoformat()}
        row = self._first(_LAST_SEQUENCE, asked)
        return int((row and row[0]) or 0) + 1

    def count_of_member(self, member_id: str, business_day: date) -> int:
        return self._of_day(member_id, business_day)[0]

    def points_spent(self, member_id: str, business_day: date) -> int:
        return self._of_day(member_id, business_day)[1]

    def last_sold_ms(self) -> int | None:
        """The highest wall time of any sale here."""
        last: int | None = self._execute(_LAST_SOLD).scalar()
        return last

    def sold_in_full(self, since_ms: int) -> Sequence[tuple[str, int, int]]:
        """Sku, thousandths and amount of lines since then from which nothing was taken off."""
        rows = self._execute(_SOLD_IN_FULL, {"since": since_ms})
        return [(str(row[0]), int(row[1]), int(row[2])) for row in rows]

    def count(self) -> int:
        """How many sales this store holds."""
        return int(self._execute(_COUNT).scalar_one())

    def _of_day(self, member_id: str, business_day: date) -> tuple[int, int]:
        asked = {"key": member_id, "day": business_day.isoformat()}
        row = self._first(_OF_MEMBER_AND_DAY, asked)
        return (0, 0) if row is None else (int(row[0]), int(row[1]))


def _newest(mine: Sequence[SaleSummary], others: Sequence[SaleSummary]) -> list[SaleSummary]:
    """This till's sales keep their own order; alone they are not sorted by their clock."""
    if not others:
        return list(mine)
    both = (*mine, *others)
    return sorted(both, key=lambda sale: (sale.sold_ms, sale.sale_id), reverse=True)


def _summary(row: Mapping[Any, Any]) -> SaleSummary:
    return SaleSummary(
        sale_id=row["sale_id"],
        receipt_code=row["receipt_code"],
        business_day=date.fromisoformat(row["business_day"]),
        sold_ms=row["sold_ms"],
        staff_id=row["staff_id"],
        member_id=row["member_id"],
        due=Money(row["due_minor"]),
        line_count=row["line_count"],
    )
