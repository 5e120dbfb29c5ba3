"""Settling behind the push what two pushes at once could not see of each other.

Owns: looking once more at sales nobody's account stands for, at returns that know their sale by its
number alone, and at what each refund moved, when both are committed. Does not own: the
rules (app.domain), what a push settles itself (settlement.py), the reading of streams
(price_check.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.domain.facts import (
    SALE_KINDS,
    AnyRefund,
    FirstRefundRecorded,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    read_fact,
)
from app.domain.refund_check import RefundAgrees, check_refund
from app.domain.settlement import settle_pieces
from sync.server import tables as t
from sync.server.exception_case import Finding
from sync.server.rows import find
from sync.server.sale_record import receipt_name, refunds_of, returns_of, sale_of, sales_with
from sync.server.settlement import refunded_twice, returned_beyond
from sync.server.tables import shard_of


def late_findings(
    connection: Connection, tenant: str, rows: Sequence[Mapping[str, Any]], day: date
) -> list[Finding]:
    """What is still to be said of the sales that these ops are, or speak of."""
    found: list[Finding] = []
    for sale_id in sorted(_spoken_of(connection, tenant, rows)):
        sale = sale_of(connection, tenant, sale_id)
        if sale is not None:
            found += _of_one(connection, tenant, sale, day)
    return [each for each in found if not _is_known(connection, tenant, each)]


def _spoken_of(connection: Connection, tenant: str, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Sales with anything linked to them, among these and those that refunds and returns name."""
    sold = {row["op_id"]: row["receipt"] or "" for row in rows if row["kind"] in SALE_KINDS}
    names = {receipt_name(code): op_id for op_id, code in sold.items()} | {
        each: each for each in sold
    }
    keys = [{"shard_key": shard_of(each), "sale": each} for each in sorted(names)]
    spoken = {names[link["sale"]] for link in find(connection, tenant, t.link, keys)}
    facts = [read_fact(row["data"]) for row in rows if row["kind"] not in SALE_KINDS]
    spoken |= {
        each.sale for each in facts if isinstance(each, FirstRefundRecorded | RefundRecorded)
    }
    codes = [each.sale_code for each in facts if isinstance(each, ReturnRecorded)]
    return spoken | (sales_with(connection, tenant, codes) if codes else set())


def _of_one(
    connection: Connection, tenant: str, sale: SaleRecorded, day: date
) -> Iterator[Finding]:
    refunds = refunds_of(connection, tenant, sale.op_id)
    returns = returns_of(connection, tenant, sale.code)
    devices = _devices(connection, tenant, [*refunds, *returns])
    if sale.member is None:  # an account makes its pushes wait for each other
        for correction in settle_pieces(sale, refunds):
            yield from refunded_twice(sale, correction, devices[correction.refund], day)
    for refund in refunds:
        yield from _misworth(sale, refund, devices[refund.op_id], day)
    for each in returned_beyond(sale, refunds, returns, sale.member or "", day):
        yield each if sale.member else replace(each, subject=devices[each.op_id])


def _misworth(sale: SaleRecorded, refund: AnyRefund, device: str, day: date) -> Iterator[Finding]:
    """A refund that moved something else than its pieces are worth: it stands, and somebody looks.

    Pieces that two refunds name are another finding, and undone.
    """
    found = check_refund(sale, refund)
    if isinstance(found, RefundAgrees):
        return
    yield Finding(
        "refund_differs", sale.member or device, refund.op_id, day,
        points=found.points_beyond, money_minor=found.paid_minor - found.expected_minor,
        text=(
            ("sale", sale.op_id),
            ("total", str(found.paid_minor)), ("expected", str(found.expected_minor)),
            ("taken_back", str(found.taken_back)),
            ("expected_taken_back", str(found.expected_taken_back)),
            ("given_back", str(found.given_back)),
            ("expected_given_back", str(found.expected_given_back)),
        ),
    )  # fmt: skip


def _devices(
    connection: Connection, tenant: str, facts: Iterable[AnyRefund | ReturnRecorded]
) -> dict[str, str]:
    keys = [{"shard_key": shard_of(each.op_id), "op_id": each.op_id} for each in facts]
    columns = (t.op.c.op_id, t.op.c.device)
    return {
        row["op_id"]: row["device"] for row in find(connection, tenant, t.op, keys, columns=columns)
    }


def _is_known(connection: Connection, tenant: str, finding: Finding) -> bool:
    """Whoever pushed the other side may stand in the case: it is the same all the same."""
    key = {"case_id": finding.case_id, "op_id": finding.op_id}
    return bool(find(connection, tenant, t.exception_case, [key]))
