"""Verifying refunds: each has its row, no piece came back twice, no sale gave more than it took.

Owns: those checks, over the facts as they are read. Does not own: the other checks (verify.py),
the words (app/commands/verify.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from app.domain.facts import (
    Fact,
    FirstRefundRecorded,
    FullRefundRecorded,
    PackRefundRecorded,
    PiecesSettled,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    read_fact,
)
from app.domain.pieces import Interval, intervals_of, subtract
from app.domain.refund_record import Refund
from app.services.ports import Lane, UnitOfWork
from app.services.refund_case import refunds_of

Finding = tuple[str, str]
"""What does not agree (a stable code), and where."""
SALES_PER_UNIT = 50
REFUND_KINDS = frozenset(
    str(kind.__struct_config__.tag)
    for kind in (
        FirstRefundRecorded,
        RefundRecorded,
        FullRefundRecorded,
        PackRefundRecorded,
        ReturnRecorded,
    )
)


class RefundCheck:
    """Hears every fact in order; at the end looks at each sale of which something came back."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._sales: dict[str, None] = {}
        self._settled: dict[str, list[Interval]] = {}
        self.refunds = 0

    def hear(self, fact: Fact, row: Refund | None) -> Iterator[Finding]:
        """Look at one fact; `row`: what the list of refunds says of it."""
        match fact:
            case RefundRecorded() | FirstRefundRecorded():
                self._sales[fact.sale] = None
                yield from self._row(fact, row, fact.sale)
            case ReturnRecorded():
                yield from self._row(fact, row, None)
            case PiecesSettled():
                self._settled.setdefault(fact.sale, []).extend(intervals_of(fact.pieces))
            case _:
                return

    def _row(
        self,
        fact: RefundRecorded | FirstRefundRecorded | ReturnRecorded,
        row: Refund | None,
        sale: str | None,
    ) -> Iterator[Finding]:
        self.refunds += 1
        paid = sum(tender.amount_minor for tender in fact.tenders)
        if row is None:
            yield "refund.no_row", fact.op_id
        elif (row.receipt_code, row.sale_id, row.paid.minor) != (fact.code, sale, paid) or (
            not isinstance(fact, ReturnRecorded) and row.pieces != fact.pieces
        ):
            yield "refund.row_differs", fact.op_id

    def end(self) -> Iterator[Finding]:
        """What only all refunds of a sale together can say."""
        sales = list(self._sales)
        for start in range(0, len(sales), SALES_PER_UNIT):
            part = sales[start : start + SALES_PER_UNIT]
            yield from self._lane.run(partial(self._look, part))
        rows = self._lane.run(lambda work: work.refunds.count())
        if rows != self.refunds:
            yield "refund.count", f"{rows} rows, {self.refunds} facts"

    def _look(self, sales: list[str], work: UnitOfWork) -> list[Finding]:
        return [finding for sale_id in sales for finding in self._of_sale(work, sale_id)]

    def _of_sale(self, work: UnitOfWork, sale_id: str) -> Iterator[Finding]:
        stored = work.facts.get(sale_id)
        sale = read_fact(stored.data) if stored is not None else None
        if not isinstance(sale, SaleRecorded):
            yield "refund.no_sale", sale_id
            return
        refunds = refunds_of(work, sale_id)
        pieces = {line.line_id: Interval(line.line_id, 0, line.pieces) for line in sale.lines}
        taken: list[Interval] = []
        for interval in (each for refund in refunds for each in intervals_of(refund.pieces)):
            whole = pieces.get(interval.line)
            if whole is None or interval.end > whole.end:
                yield "refund.pieces", sale_id
            elif self._is_twice(sale_id, interval, taken):
                yield "refund.twice", sale_id
            taken.append(interval)
        paid = sum(tender.amount_minor for tender in sale.tenders)
        if not self._settled.get(sale_id) and sum(each.settled_minor for each in refunds) > paid:
            yield "refund.too_much", sale_id

    def _is_twice(self, sale_id: str, interval: Interval, taken: list[Interval]) -> bool:
        """Whether pieces came back before, and nobody has settled that."""
        before = subtract(interval, subtract(interval, taken))
        settled = self._settled.get(sale_id, [])
        return any(subtract(each, settled) for each in before)
