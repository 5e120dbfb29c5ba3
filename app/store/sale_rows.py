"""A sale as rows, and rows as a sale.

Owns: that translation. Does not own: the statements (sale.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from app.domain.money import Money
from app.domain.payment import Tender
from app.domain.quantity import Quantity
from app.domain.quote import Adjustment
from app.domain.sale import Sale, SaleLine

Row = Mapping[Any, Any]


def sale_row(done: Sale, epoch: int) -> dict[str, object]:
    """The row of the sale itself."""
    return {
        "sale_id": done.sale_id,
        "receipt_code": done.receipt_code,
        "epoch": epoch,
        "business_day": done.business_day.isoformat(),
        "sequence": done.sequence,
        "sold_ms": done.sold_ms,
        "staff_id": done.staff_id,
        "shift_id": done.shift_id,
        "member_id": done.member_id,
        "identified_by": done.identified_by,
        "program_id": done.program_id,
        "program_version": done.program_version,
        "total_minor": done.total.minor,
        "list_total_minor": done.list_total.minor,
        "tax_minor": done.tax.minor,
        "round_off_minor": done.round_off.minor,
        "due_minor": done.due.minor,
        "points_earned": done.points_earned,
        "points_redeemed": done.points_redeemed,
        "line_count": len(done.lines),
    }


def line_rows(done: Sale) -> list[dict[str, object]]:
    """One row per line."""
    return [
        {
            "sale_id": done.sale_id,
            "number": line.number,
            "line_id": line.line_id,
            "sku": line.sku,
            "name": line.name,
            "quantity_thousandths": line.quantity.thousandths,
            "list_minor": line.list_amount.minor,
            "net_minor": line.net.minor,
            "tax_minor": line.tax.minor,
            "points_earned": line.points_earned,
            "points_spent": line.points_spent,
            "gift_of": line.gift_of,
        }
        for line in done.lines
    ]


def adjustment_rows(done: Sale) -> list[dict[str, object]]:
    """One row per adjustment: those of the lines in their order, then those of the order."""
    placed: list[tuple[int | None, Adjustment]] = [
        (line.number, adjustment) for line in done.lines for adjustment in line.adjustments
    ]
    placed += [(None, adjustment) for adjustment in done.order_adjustments]
    return [
        {
            "sale_id": done.sale_id,
            "number": number,
            "line_number": line_number,
            "rule": adjustment.rule,
            "version": adjustment.version,
            "kind": adjustment.kind,
            "amount_minor": adjustment.amount.minor,
            "by_line": _shares_text(adjustment.by_line),
            "coupon_id": adjustment.coupon_id,
            "chosen_by_hand": int(adjustment.chosen_by_hand),
        }
        for number, (line_number, adjustment) in enumerate(placed, start=1)
    ]


def tender_rows(done: Sale) -> list[dict[str, object]]:
    """One row per tender, in the order they were given."""
    return [
        {
            "sale_id": done.sale_id,
            "number": number,
            "kind": tender.kind,
            "amount_minor": tender.amount.minor,
            "received_minor": tender.received.minor,
            "change_minor": tender.change.minor,
            "attempt_id": tender.attempt_id,
            "reference": tender.reference,
            "detail": tender.detail,
        }
        for number, tender in enumerate(done.tenders, start=1)
    ]


def sale_of(
    row: Row, *, lines: Sequence[Row], adjustments: Sequence[Row], tenders: Sequence[Row]
) -> Sale:
    """A sale read back; its own assertions check the sums a second time."""
    return Sale(
        sale_id=row["sale_id"],
        receipt_code=row["receipt_code"],
        sequence=row["sequence"],
        business_day=date.fromisoformat(row["business_day"]),
        sold_ms=row["sold_ms"],
        staff_id=row["staff_id"],
        program_id=row["program_id"],
        program_version=row["program_version"],
        lines=tuple(_line(line, adjustments) for line in lines),
        order_adjustments=_adjustments(adjustments, of_line=None),
        tenders=tuple(map(_tender, tenders)),
        total=Money(row["total_minor"]),
        list_total=Money(row["list_total_minor"]),
        tax=Money(row["tax_minor"]),
        round_off=Money(row["round_off_minor"]),
        due=Money(row["due_minor"]),
        member_id=row["member_id"],
        identified_by=row["identified_by"],
        points_earned=row["points_earned"],
        points_redeemed=row["points_redeemed"],
        shift_id=row["shift_id"],
    )


def _line(row: Row, adjustments: Sequence[Row]) -> SaleLine:
    return SaleLine(
        number=row["number"],
        line_id=row["line_id"],
        sku=row["sku"],
        name=row["name"],
        quantity=Quantity(row["quantity_thousandths"]),
        list_amount=Money(row["list_minor"]),
        net=Money(row["net_minor"]),
        tax=Money(row["tax_minor"]),
        points_earned=row["points_earned"],
        points_spent=row["points_spent"],
        gift_of=row["gift_of"],
        adjustments=_adjustments(adjustments, of_line=row["number"]),
    )


def _adjustments(rows: Iterable[Row], *, of_line: int | None) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            rule=row["rule"],
            version=row["version"],
            kind=row["kind"],
            amount=Money(row["amount_minor"]),
            by_line=_shares_of(row["by_line"]),
            coupon_id=row["coupon_id"],
            chosen_by_hand=bool(row["chosen_by_hand"]),
        )
        for row in rows
        if row["line_number"] == of_line
    )


def _tender(row: Row) -> Tender:
    return Tender(
        kind=row["kind"],
        amount=Money(row["amount_minor"]),
        received=Money(row["received_minor"]),
        change=Money(row["change_minor"]),
        attempt_id=row["attempt_id"],
        reference=row["reference"],
        detail=row["detail"],
    )


def _shares_text(by_line: tuple[tuple[str, Money], ...]) -> str:
    pairs = [(line_id, amount.minor) for line_id, amount in by_line]
    return msgspec.json.encode(pairs).decode()


def _shares_of(stored: str) -> tuple[tuple[str, Money], ...]:
    pairs = msgspec.json.decode(stored, type=tuple[tuple[str, int], ...])
    return tuple((line_id, Money(minor)) for line_id, minor in pairs)
