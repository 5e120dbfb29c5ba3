"""Reports beside what they add up: the facts of their shift, and the papers of its customers.

Owns: that comparison, by sums of its own. Does not own: accounts and money (books.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.domain.facts import RefundRecorded, ReturnRecorded, SaleRecorded
from app.domain.refund_receipt import RefundReceipt
from app.domain.shift_report import shift_of
from app.domain.shift_sums import ShiftReport
from tests.machine.hands import Hands


def report_faults(
    report: ShiftReport, shift_id: str, all_facts: Sequence[Any], hands: Hands
) -> Iterator[str]:
    """A report is the sum of its facts and of the papers its customers hold."""
    facts = [fact for fact in all_facts if shift_of(fact) == shift_id]
    sales = [fact for fact in facts if isinstance(fact, SaleRecorded)]
    backs = [fact for fact in facts if isinstance(fact, RefundRecorded | ReturnRecorded)]
    if _told(report) != _added(sales, backs):
        yield f"report {_told(report)}, facts {_added(sales, backs)}"
    paper = hands.shop.paper
    sold = {each.code: each.due_minor for each in paper.receipts}
    given = {each.code: each.paid_minor for each in paper.others if isinstance(each, RefundReceipt)}
    due = sum(sold[sale.code] for sale in sales)
    paid = sum(given[back.code] for back in backs)
    if (due, paid) != (report.sales.paid_minor, report.refunds.paid_minor):
        yield f"papers {due} and {paid}, report {report.sales.paid_minor}"


def _told(report: ShiftReport) -> tuple[Any, ...]:
    sales, refunds = report.sales, report.refunds
    return (
        (sales.count, sales.list_total_minor, sales.total_minor, sales.round_off_minor),
        {each.tender: (each.amount_minor, each.count) for each in sales.tenders},
        (sales.points_earned, sales.points_spent, sales.of_members),
        (refunds.count, refunds.amount_minor, refunds.kept_back_minor, refunds.round_off_minor),
        (refunds.cash_rest_minor, refunds.points_taken_back, refunds.points_given_back),
        {each.tender: (each.amount_minor, each.count) for each in refunds.tenders},
    )


def _added(sales: Sequence[SaleRecorded], backs: Sequence[Any]) -> tuple[Any, ...]:
    linked = [back for back in backs if isinstance(back, RefundRecorded)]
    loose = [back for back in backs if isinstance(back, ReturnRecorded)]
    worth = sum(piece.amount_minor for back in linked for piece in back.pieces)
    worth += sum(goods.amount_minor for back in loose for goods in back.goods)
    return (
        (
            len(sales),
            sum(line.list_minor for sale in sales for line in sale.lines),
            sum(line.net_minor for sale in sales for line in sale.lines),
            sum(sale.round_off_minor for sale in sales),
        ),
        _tenders(sales),
        (
            sum(line.points_earned for sale in sales for line in sale.lines),
            sum(line.points_spent for sale in sales for line in sale.lines),
            sum(sale.member is not None for sale in sales),
        ),
        (
            len(backs),
            worth,
            sum(back.kept_back_minor for back in linked),
            sum(back.round_off_minor for back in backs),
        ),
        (
            sum(back.cash_rest_minor for back in linked),
            sum(back.points_earned for back in linked),
            sum(back.points_spent for back in linked),
        ),
        _tenders(backs),
    )


def _tenders(facts: Sequence[Any]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for tender in (tender for fact in facts for tender in fact.tenders):
        amount, count = sums.get(tender.kind, (0, 0))
        sums[tender.kind] = amount + tender.amount_minor, count + 1
    return sums
