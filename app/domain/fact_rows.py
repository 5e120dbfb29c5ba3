"""Rows from facts: the look-up records of sales, refunds and shifts, as what is true tells them.

Owns: those translations; pure. Refunds, returns and closed shifts are first written by them too;
a sale is first written from its basket (checkout.py), and a test compares the two.
Does not own: writing rows (services and store).
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.cash_count import CashCount
from app.domain.codes import Code, parse_code, receipt_number
from app.domain.fact_parts import FactAdjustment, FactTender
from app.domain.facts import (
    FirstRefundRecorded,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    ShiftClosed,
    ShiftOpened,
)
from app.domain.money import Money
from app.domain.payment import Tender
from app.domain.program import Program
from app.domain.quantity import Quantity
from app.domain.quote import Adjustment
from app.domain.receipt import Receipt
from app.domain.refund_record import Refund
from app.domain.sale import Sale, SaleLine
from app.domain.shift import ClosedShift, SavedCount, Shift
from app.domain.stored_program import OfferUse


def sequence_of(code: str) -> int:
    """The number of its day that a receipt's code names."""
    read = parse_code(code)
    assert isinstance(read, Code), f"{code}: a fact's code was made by us"
    return receipt_number(read).sequence


def sale_of(fact: SaleRecorded, sequence: int) -> Sale:
    """The sale as the till's tables keep it."""
    paid = sum(tender.amount_minor for tender in fact.tenders)
    return Sale(
        sale_id=fact.op_id,
        receipt_code=fact.code,
        sequence=sequence,
        business_day=fact.day,
        sold_ms=fact.clock.wall_ms,
        staff_id=fact.staff or "",
        program_id=fact.program.id,
        program_version=fact.program.version,
        lines=tuple(_lines(fact)),
        order_adjustments=tuple(
            _adjustment(each, _shares(each), fact.program.version) for each in fact.adjustments
        ),
        tenders=tuple(_tenders(fact.tenders, fact.receipt)),
        total=Money(fact.total_minor),
        list_total=Money(fact.list_total_minor),
        tax=Money(sum(row.tax_minor for row in fact.tax)),
        round_off=Money(fact.round_off_minor),
        due=Money(paid),
        member_id=fact.member,
        identified_by=fact.identified_by,
        points_earned=fact.points_earned,
        points_redeemed=fact.points_spent,
        shift_id=fact.shift,
    )


def _lines(fact: SaleRecorded) -> Iterator[SaleLine]:
    """Names stand in the receipt, whose lines are those of the fact in the same order."""
    printed = fact.receipt.lines
    for place, line in enumerate(fact.lines):
        yield SaleLine(
            number=place + 1,
            line_id=line.line_id,
            sku=line.sku,
            name=printed[place].name if place < len(printed) else line.sku,
            quantity=Quantity(line.quantity_thousandths),
            list_amount=Money(line.list_minor),
            net=Money(line.net_minor),
            tax=Money(line.tax_minor),
            points_earned=line.points_earned,
            points_spent=line.points_spent,
            gift_of=line.gift_of,
            adjustments=tuple(
                _adjustment(each, ((line.line_id, Money(each.amount_minor)),), fact.program.version)
                for each in line.adjustments
            ),
        )


def _shares(each: FactAdjustment) -> tuple[tuple[str, Money], ...]:
    return tuple((line_id, Money(share)) for line_id, share in each.by_line)


def _adjustment(
    each: FactAdjustment, by_line: tuple[tuple[str, Money], ...], version: str
) -> Adjustment:
    return Adjustment(
        rule=each.rule,
        version=each.version or version,
        kind=each.kind,
        amount=Money(each.amount_minor),
        by_line=by_line,
        coupon_id=each.coupon,
        chosen_by_hand=each.by_hand,
    )


def _tenders(tenders: tuple[FactTender, ...], receipt: Receipt) -> Iterator[Tender]:
    printed = receipt.tenders
    for place, tender in enumerate(tenders):
        received = tender.amount_minor if tender.received_minor is None else tender.received_minor
        yield Tender(
            kind=tender.kind,
            amount=Money(tender.amount_minor),
            received=Money(received),
            change=Money(tender.change_minor),
            attempt_id=tender.attempt,
            reference=tender.reference,
            detail=printed[place].detail if place < len(printed) else "",
        )


def offer_uses_of(fact: SaleRecorded, program: Program) -> tuple[OfferUse, ...]:
    """What each offer with a budget gave in this sale, as checkout counted it."""
    limited = {
        offer.id
        for offer in program.offers
        if offer.budget.uses or offer.budget.amount or offer.budget.uses_per_member
    }
    given: dict[str, list[FactAdjustment]] = {}
    for each in (*[each for line in fact.lines for each in line.adjustments], *fact.adjustments):
        if each.rule in limited:
            given.setdefault(each.rule, []).append(each)
    return tuple(
        OfferUse(
            rule,
            max(1, len({each.coupon for each in changes if each.coupon})),
            -sum(each.amount_minor for each in changes),
        )
        for rule, changes in sorted(given.items())
    )


def refund_of(fact: FirstRefundRecorded | RefundRecorded, sequence: int) -> Refund:
    """The refund of a sale as the till's tables keep it."""
    return Refund(
        refund_id=fact.op_id,
        receipt_code=fact.code,
        sequence=sequence,
        business_day=fact.day,
        refunded_ms=fact.clock.wall_ms,
        staff_id=fact.staff or "",
        sale_id=fact.sale,
        sale_code=fact.sale_code,
        worth=Money(sum(piece.amount_minor for piece in fact.pieces)),
        paid=Money(sum(tender.amount_minor for tender in fact.tenders)),
        kept_back=Money(fact.kept_back_minor),
        last_piece=fact.last_piece,
        pieces=fact.pieces,
        member_id=fact.member,
        shift_id=fact.shift,
        exchanged_for=fact.exchanged_for if isinstance(fact, RefundRecorded) else None,
    )


def return_of(fact: ReturnRecorded, sequence: int) -> Refund:
    """The return without a receipt as the till's tables keep it."""
    return Refund(
        refund_id=fact.op_id,
        receipt_code=fact.code,
        sequence=sequence,
        business_day=fact.day,
        refunded_ms=fact.clock.wall_ms,
        staff_id=fact.staff or "",
        sale_id=None,
        sale_code=fact.sale_code,
        worth=Money(sum(each.amount_minor for each in fact.goods)),
        paid=Money(sum(tender.amount_minor for tender in fact.tenders)),
        kept_back=Money(0),
        last_piece=False,
        shift_id=fact.shift,
    )


def shift_opened(fact: ShiftOpened) -> Shift:
    """The shift as it was opened."""
    staff = fact.staff or ""
    return Shift(
        fact.op_id,
        fact.day,
        fact.clock.wall_ms,
        staff,
        staff,
        fact.currency,
        Money(fact.float_minor),
        name=fact.name,
    )


def counts_of(fact: ShiftClosed, round_: int) -> Iterator[SavedCount]:
    """The counts that its Z names; which of them were set aside, no fact tells."""
    for count in fact.end.counts:
        yield SavedCount(
            number=count.number,
            round=round_,
            at_ms=count.at_ms,
            staff_id=count.staff,
            count=CashCount(count.pieces),
            expected=Money(count.expected_minor),
        )


def closed_shift_of(fact: ShiftClosed, shift: Shift) -> ClosedShift:
    """The closed shift as the list of Zs keeps it."""
    report, end = fact.report, fact.end
    return ClosedShift(
        shift_id=shift.shift_id,
        z_id=fact.op_id,
        number=fact.number,
        business_day=fact.shift_day,
        opened_ms=shift.opened_ms,
        closed_ms=fact.clock.wall_ms,
        closed_by=fact.staff or "",
        sales=report.sales.count,
        paid=Money(report.sales.paid_minor),
        paid_back=Money(report.refunds.paid_minor),
        expected=Money(report.cash.expected_minor),
        counted=Money(end.counted_minor),
        left=Money(end.left_minor),
    )
