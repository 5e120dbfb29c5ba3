"""Recording a refund: fact, account, rows, coupons and shares, audit - one transaction.

Owns: what is written together when goods came back. Does not own: taking the money out
(refund_payment.py), what it comes to (app/domain/refund.py). Drawer and paper follow the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from msgspec import structs
from msgspec.structs import replace as replace_struct

from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.effects import EntitlementBack
from app.domain.fact_parts import FactTender
from app.domain.fact_rows import refund_of
from app.domain.facts import (
    FullRefundRecorded,
    FullSaleRecorded,
    PackRefundRecorded,
    RefundRecorded,
)
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.money import ZERO, Money
from app.domain.open_refund import RefundAttempt
from app.domain.refund import PointsMoved, RefundQuote
from app.domain.refund_payout import Payout
from app.domain.refund_receipt import RefundReceipt
from app.services.audit_trail import record
from app.services.desk import keep, requote
from app.services.entitlement import days_of_ticks
from app.services.fact_writer import fact_day, write_fact
from app.services.pieces_kept import use_kept
from app.services.ports import UnitOfWork
from app.services.refund_authority import settle_sale
from app.services.refund_receipt import refund_receipt
from app.services.refund_state import Judged
from app.services.seating import reseat
from app.services.shop import Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class RecordedRefund:
    """What was recorded."""

    refund_id: OpId
    receipt: RefundReceipt
    paid: Money
    cash: Money
    coupons: tuple[str, ...]
    points: PointsMoved


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The new goods: the sale the refund pays for, and with how much."""

    sale_id: OpId
    credit: Money


def record_refund(
    *,
    shop: Shop,
    work: UnitOfWork,
    judged: Judged,
    attempts: Sequence[RefundAttempt],
    now: Moment,
    exchanged: Exchanged | None = None,
) -> RecordedRefund:
    """Write the refund and all that belongs to it; the open refund is gone with it.

    The caller has checked that all money by terminals is back.
    Changes: refunds, facts, accounts, coupons, audit.
    """
    case = judged.desk.case
    sequence = work.sales.next_sequence(case.day)
    tenders = _tenders(judged, attempts, exchanged)
    paper = refund_receipt(
        shop=shop,
        judged=judged,
        code=code_of_day(shop, case.day, sequence),
        tenders=tenders,
        cashier=work.staff.get(judged.begun.staff_id),
        now=now,
    )
    fact = _fact(shop, judged, paper, tenders, now)
    fact = replace_struct(fact, reservation=use_kept(work=work, judged=judged))
    if exchanged is not None:
        fact = replace_struct(fact, exchanged_for=exchanged.sale_id)
    days = {case.sale.op_id: case.sold_on}
    if isinstance(case.sale, FullSaleRecorded):
        days |= days_of_ticks(work=work, ticks=case.sale.ticked)
    write_fact(shop=shop, work=work, fact=fact, account=case.account, days=days)
    work.refunds.add(refund_of(fact, sequence))
    work.refunds.clear_open()
    settled = settle_sale(shop=shop, work=work, desk=judged.desk, refund=fact, now=now)
    _audit(shop, work, fact, now)
    _hand_over(shop, work, fact, paper)
    paid, points = Money(paper.paid_minor), judged.quote.points
    return RecordedRefund(fact.op_id, paper, paid, _cash(fact), settled.coupons, points)


def code_of_day(shop: Shop, day: date, sequence: int) -> str:
    """The receipt number in the till's own series."""
    here = shop.identity
    number = ReceiptNumber(here.store_number, here.till_number, here.epoch, day, sequence)
    return receipt_code(number).text


def refreshed_till(shop: Shop, work: UnitOfWork, now: Moment) -> TillState:
    """The till after a refund: the member on the basket has other points now."""
    state = shop.desk.state
    _, late = fact_day(work, state.program, now, state.last_moment)
    if late is None:
        state = replace(state, last_moment=now)
    if state.attempt is None and state.seat is not None:
        state = requote(shop, reseat(shop, work, state, now), now)
    return keep(shop, work, state, now)


def _tenders(
    judged: Judged, attempts: Sequence[RefundAttempt], exchanged: Exchanged | None
) -> tuple[FactTender, ...]:
    tenders = [_tender(payout, attempts) for payout in judged.payouts.each]
    if exchanged is not None and exchanged.credit:
        tenders.append(
            FactTender(
                kind="other", amount_minor=exchanged.credit.minor, reference=exchanged.sale_id
            )
        )
    return tuple(tenders)


def _tender(payout: Payout, attempts: Sequence[RefundAttempt]) -> FactTender:
    if payout.part is None:
        return FactTender(kind=payout.kind, amount_minor=payout.amount_minor)
    place = payout.part.tender
    attempt = next(each for each in attempts if each.tender == place and each.state == "approved")
    assert attempt.amount.minor == payout.amount_minor, attempt.attempt_id
    return FactTender(
        kind=payout.kind,
        amount_minor=payout.amount_minor,
        attempt=attempt.attempt_id,
        reference=attempt.reference,
    )


def _fact(
    shop: Shop,
    judged: Judged,
    paper: RefundReceipt,
    tenders: tuple[FactTender, ...],
    now: Moment,
) -> RefundRecorded:
    case, quote, begun = judged.desk.case, judged.quote, judged.begun
    state, member = shop.desk.state, judged.desk.member
    fact = RefundRecorded(
        op_id=begun.refund_id,
        store=shop.identity.store_id,
        day=case.day,
        clock=now,
        staff=begun.staff_id,
        member=member.member_id if member is not None else None,
        effects=quote.effects,
        code=paper.code,
        sale=case.sale.op_id,
        sale_code=case.sale.code,
        pieces=quote.pieces,
        last_piece=quote.last_piece,
        settled_minor=quote.settled_minor,
        tenders=tenders,
        round_off_minor=quote.round_off_minor,
        cash_rest_minor=judged.payouts.rest_minor,
        points_earned=quote.points.taken,
        points_spent=quote.points.returned,
        points_kept=quote.points.kept,
        kept_back_minor=quote.kept_back_minor,
        coupons=quote.coupons,
        shift=state.shift.shift_id if state.shift is not None else None,
        approved_by=begun.approved_by,
        receipt=paper,
    )
    return _in_shape(fact, quote, paper)


def _in_shape(fact: RefundRecorded, quote: RefundQuote, paper: RefundReceipt) -> RefundRecorded:
    """In the shape that holds all of it; the first that does."""
    has_uses = any(isinstance(effect, EntitlementBack) for effect in quote.effects)
    has_batch = any(line.lot or line.expires for line in paper.lines)
    if quote.packs:
        return PackRefundRecorded(**structs.asdict(fact), packs=quote.packs)
    return FullRefundRecorded(**structs.asdict(fact)) if has_uses or has_batch else fact


def _cash(fact: RefundRecorded) -> Money:
    cash = [tender.amount_minor for tender in fact.tenders if tender.kind == "cash"]
    return Money(sum(cash)) if cash else ZERO


def _audit(shop: Shop, work: UnitOfWork, fact: RefundRecorded, now: Moment) -> None:
    details = {
        "sale": fact.sale_code,
        "paid": str(sum(tender.amount_minor for tender in fact.tenders)),
        "reasons": ",".join(sorted({piece.reason for piece in fact.pieces})),
    }
    if fact.approved_by:
        details["approved_by"] = ",".join(fact.approved_by)
    record(
        shop=shop, work=work, now=now, act="refund",
        subject=fact.code, details=details, staff_id=fact.staff,
    )  # fmt: skip


def _hand_over(shop: Shop, work: UnitOfWork, fact: RefundRecorded, paper: RefundReceipt) -> None:
    """After the commit: the drawer for cash, the paper."""
    settings = shop.desk.state.settings
    if _cash(fact) and settings.drawer:
        work.after_commit(shop.drawer.open_drawer)
    if settings.printer:
        work.after_commit(lambda: shop.printer.print_receipt(paper))
