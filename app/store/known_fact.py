"""Sales and refunds of other tills of this store, as long as they can come back here.

Owns: the known_fact table. Does not own: this till's own facts (facts.py), what the bytes say
(app/domain). What is looked up here is read from the bytes: there are no rows beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, insert, select

from app.domain.fact_rows import refund_of, return_of, sale_of, sequence_of
from app.domain.facts import (
    AnyRefund,
    FirstRefundRecorded,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    read_fact,
)
from app.domain.money import Money
from app.domain.refund_record import Refund
from app.domain.sale import Sale, SaleSummary
from app.domain.stored_fact import KnownFact, StoredFact
from app.store.changes import Changes
from app.store.habit_tables import habit_waiting
from app.store.repository import Prepared, Repository, put_row
from app.store.sync_tables import known_fact
from app.store.tables import fact

_PUT = Prepared(put_row(known_fact, "op_id"))
_IS_OWN = Prepared(select(fact.c.op_id).where(fact.c.op_id == bindparam("key")))
_IS_KNOWN = Prepared(select(known_fact.c.op_id).where(known_fact.c.op_id == bindparam("key")))
# Its products become habits behind the scenes (habit.py).
_TO_LEARN = Prepared(insert(habit_waiting).prefix_with("OR IGNORE"))
_GET = select(known_fact).where(known_fact.c.op_id == bindparam("key"))
_BY_RECEIPT = select(known_fact).where(known_fact.c.receipt_code == bindparam("key"))
_OF_SALE = (
    select(known_fact).where(known_fact.c.sale_id == bindparam("key")).order_by(known_fact.c.op_id)
)
_NEWEST = (known_fact.c.wall_ms.desc(), known_fact.c.op_id.desc())
_OF_MEMBER = (
    select(known_fact)
    .where(known_fact.c.member_id == bindparam("key"), known_fact.c.kind == "sale")
    .order_by(*_NEWEST)
    .limit(bindparam("most"))
)
_OF_DAY = (
    select(known_fact)
    .where(known_fact.c.business_day == bindparam("key"), known_fact.c.kind == "sale")
    .order_by(*_NEWEST)
)

Known = SaleRecorded | AnyRefund | ReturnRecorded


class KnownFactRepository(Repository):
    """What other tills sold and took back."""

    def put(self, told: KnownFact) -> bool:
        """Keep it; False where it is this till's own, or nothing that could come back here."""
        read = read_fact(told.data)
        if not isinstance(read, Known) or self._first(_IS_OWN, {"key": told.op_id}):
            return False
        if isinstance(read, SaleRecorded) and self._first(_IS_KNOWN, {"key": told.op_id}) is None:
            self._write(_TO_LEARN, {"op_id": told.op_id})
        self._write(_PUT, _row(told, read))
        self._changed(Changes(sales=True, refunds=True))
        return True

    def get(self, op_id: str) -> StoredFact | None:
        """As a fact of this till would be read; its place is that in the other till's chain."""
        row = self._execute(_GET, {"key": op_id}).first()
        if row is None:
            return None
        kind = str(_read(row).__struct_config__.tag)
        day = date.fromisoformat(row.business_day)
        return StoredFact(row.op_id, kind, row.epoch, row.dseq, b"", day, row.data)

    def sale(self, sale_id: str) -> Sale | None:
        row = self._execute(_GET, {"key": sale_id}).first()
        read = _read(row) if row is not None else None
        return sale_of(read, sequence_of(read.code)) if isinstance(read, SaleRecorded) else None

    def sale_by_receipt(self, receipt_code: str) -> SaleSummary | None:
        return next(self._sales(self._execute(_BY_RECEIPT, {"key": receipt_code}).all()), None)

    def sales_of_member(self, member_id: str, limit: int) -> Sequence[SaleSummary]:
        """Newest first."""
        asked = {"key": member_id, "most": limit}
        return list(self._sales(self._execute(_OF_MEMBER, asked).all()))

    def sales_of_day(self, day: date, due: Money | None, limit: int) -> Sequence[SaleSummary]:
        """Newest first; `due`: only those that cost exactly so much."""
        rows = self._execute(_OF_DAY, {"key": day.isoformat()}).all()
        found = [sale for sale in self._sales(rows) if due is None or sale.due == due]
        return found[:limit]

    def refund(self, refund_id: str) -> Refund | None:
        return next(self._refunds(self._execute(_GET, {"key": refund_id}).all()), None)

    def refund_by_receipt(self, receipt_code: str) -> Refund | None:
        return next(self._refunds(self._execute(_BY_RECEIPT, {"key": receipt_code}).all()), None)

    def refunds_of_sale(self, sale_id: str) -> Sequence[Refund]:
        """In the order of their ids."""
        return list(self._refunds(self._execute(_OF_SALE, {"key": sale_id}).all()))

    def _sales(self, rows: Sequence[Row[Any]]) -> Iterator[SaleSummary]:
        for row in rows:
            read = _read(row)
            if isinstance(read, SaleRecorded):
                yield _summary(read)

    def _refunds(self, rows: Sequence[Row[Any]]) -> Iterator[Refund]:
        for row in rows:
            read = _read(row)
            if isinstance(read, ReturnRecorded):
                yield return_of(read, sequence_of(read.code))
            elif not isinstance(read, SaleRecorded):
                yield refund_of(read, sequence_of(read.code))


def _read(row: Row[Any]) -> Known:
    read = read_fact(row.data)
    assert isinstance(read, Known), row.op_id  # nothing else is kept
    return read


def _row(told: KnownFact, read: Known) -> dict[str, object]:
    is_refund = isinstance(read, FirstRefundRecorded | RefundRecorded)
    kind = "refund" if is_refund else "sale" if isinstance(read, SaleRecorded) else "return"
    return {
        "op_id": told.op_id,
        "kind": kind,
        "device": told.device,
        "epoch": told.epoch,
        "dseq": told.dseq,
        "business_day": told.business_day.isoformat(),
        "wall_ms": read.clock.wall_ms,
        "receipt_code": read.code,
        "sale_id": read.sale if isinstance(read, FirstRefundRecorded | RefundRecorded) else None,
        "member_id": read.member,
        "data": told.data,
    }


def _summary(read: SaleRecorded) -> SaleSummary:
    return SaleSummary(
        sale_id=read.op_id,
        receipt_code=read.code,
        business_day=read.day,
        sold_ms=read.clock.wall_ms,
        staff_id=read.staff or "",
        member_id=read.member,
        due=Money(sum(tender.amount_minor for tender in read.tenders)),
        line_count=len(read.lines),
    )
