"""Refund: choosing what of a sale comes back, piece by piece, until it is confirmed.

Owns: beginning, choosing by line and by scan, reasons, giving up. Does not own: the money
(refund_payment.py), finding the sale (refund_search.py), what is shown (refund_state.py).

The open refund is kept after every act: a kill loses nothing. While a terminal was asked to give
money back nothing may be chosen otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from app.domain.facts import FactLine
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.open_refund import ChosenBack, OpenRefund, RefundReason
from app.domain.quantity import THOUSAND, Quantity
from app.domain.refund import pieces_left
from app.domain.scanning import (
    BadCheckDigit,
    Gs1Item,
    Gtin,
    InternalCode,
    UnknownCode,
    WeighedItem,
    classify,
)
from app.services.answers import DiskNearlyFull, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.ports import UnitOfWork
from app.services.refund_along import is_paid_beside, take_credit_off
from app.services.refund_case import RefundDesk, refund_desk
from app.services.refund_search import AllBackAlready, done_refunds
from app.services.refund_state import (
    RefundState,
    caught_up,
    is_binding,
    is_counted,
    quantity_of,
    refund_state,
)
from app.services.scan import scan_rules
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class RefundChanged:
    """Done; the refund as it is now. `line_id`: the line that was changed."""

    state: RefundState
    line_id: str | None = None


@dataclass(frozen=True, slots=True)
class RefundOpenAlready:
    """Another refund is not finished: finish it or give it up."""

    state: RefundState


@dataclass(frozen=True, slots=True)
class NoOpenRefund:
    """No refund is open (any more)."""


@dataclass(frozen=True, slots=True)
class RefundGivenUp:
    """Nothing came back; another sale can be chosen."""


@dataclass(frozen=True, slots=True)
class NoSuchSale:
    """This till has no such sale."""

    sale_id: OpId


@dataclass(frozen=True, slots=True)
class TooManyBack:
    """More than can still come back of this line: only `left` can."""

    line_id: str
    left: Quantity


@dataclass(frozen=True, slots=True)
class WholePiecesOnly:
    """This line is counted in pieces."""

    line_id: str


@dataclass(frozen=True, slots=True)
class NoSuchRefundLine:
    """The sale has no such line, or none with these goods."""

    text: str


@dataclass(frozen=True, slots=True)
class MoneyMoves:
    """Money moves already - given back by a terminal, or taken for the new goods of an exchange:
    finish this refund as it is."""

    state: RefundState


BeginAnswer = RefundChanged | AllBackAlready | NoSuchSale | RefundOpenAlready | Refusal
ChooseAnswer = (
    RefundChanged
    | TooManyBack
    | WholePiecesOnly
    | NoSuchRefundLine
    | MoneyMoves
    | NoOpenRefund
    | Refusal
)


def begin_refund(*, shop: Shop, work: UnitOfWork, sale_id: OpId) -> BeginAnswer:
    """Open a refund of a sale; nothing is chosen yet. Changes: the open refund."""
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    now = shop.now()
    other = work.refunds.load_open()
    if other is not None:
        return RefundOpenAlready(_shown(shop, work, other, now))
    if not shop.has_room():
        return DiskNearlyFull()
    desk = refund_desk(shop, work, sale_id, now)
    if desk is None:
        return NoSuchSale(sale_id)
    staff = shop.desk.state.staff
    begun = OpenRefund(
        refund_id=shop.op_id(now),
        sale_id=sale_id,
        opened_ms=now.wall_ms,
        staff_id=staff.staff_id if staff is not None else "",
    )
    state = refund_state(shop=shop, work=work, begun=begun, desk=desk)
    if all(line.left.thousandths == 0 for line in state.lines):
        return AllBackAlready(state.sale, done_refunds(work=work, sale_id=sale_id))
    work.refunds.save_open(begun)
    return RefundChanged(state)


def open_refund(*, shop: Shop, work: UnitOfWork) -> RefundChanged | NoOpenRefund:
    """The refund that is not finished, also after a restart. Changes nothing."""
    begun = work.refunds.load_open()
    if begun is None:
        return NoOpenRefund()
    return RefundChanged(_shown(shop, work, begun, shop.now()))


def choose_back(
    *,
    shop: Shop,
    work: UnitOfWork,
    line_id: str,
    quantity: Quantity,
    reason: RefundReason | None = None,
) -> ChooseAnswer:
    """So much of a line comes back (zero: nothing of it). A reason said before is kept.

    Changes: the open refund.
    """
    return _change(shop, work, line_id, quantity, reason)


def give_reason(
    *, shop: Shop, work: UnitOfWork, line_id: str, reason: RefundReason
) -> ChooseAnswer:
    """Say why a chosen line comes back. Changes: the open refund."""
    return _change(shop, work, line_id, None, reason)


def scan_back(*, shop: Shop, work: UnitOfWork, text: str) -> ChooseAnswer:
    """Goods were scanned: one more of their line comes back, of a weight what the label says.

    Changes: the open refund.
    """
    begun = work.refunds.load_open()
    if begun is None:
        return NoOpenRefund()
    sku, weight = _goods_of(shop, work, text)
    desk = refund_desk(shop, work, begun.sale_id, shop.now())
    assert desk is not None, "a refund was opened of a sale that is there"
    lot, serial = _batch_of(shop, text)
    lines = [
        line
        for line in desk.case.sale.lines
        if line.sku == sku
        and line.lot in ("", lot or line.lot)
        and line.serial in ("", serial or line.serial)
    ]
    if not lines:
        return NoSuchRefundLine(text)
    begun, _ = caught_up(begun, desk)
    return _scanned(shop, work, begun, desk, (lines, weight))


def cancel_refund(
    *, shop: Shop, work: UnitOfWork
) -> RefundGivenUp | NoOpenRefund | MoneyMoves | Refusal:
    """Give up the open refund; nothing came back. Changes: the open refund, audit."""
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    begun = work.refunds.load_open()
    if begun is None:
        return NoOpenRefund()
    now = shop.now()
    if money_moves(work=work, begun=begun) or is_paid_beside(shop.desk.state):
        return MoneyMoves(_shown(shop, work, begun, now))
    take_credit_off(shop=shop, work=work, now=now)
    work.refunds.clear_open()
    record(shop=shop, work=work, now=now, act="refund_given_up", subject=begun.sale_id)
    return RefundGivenUp()


def money_moves(*, work: UnitOfWork, begun: OpenRefund) -> bool:
    """Whether a terminal gave money back for it, or may have."""
    return any(is_binding(attempt) for attempt in work.refunds.attempts_of(begun.refund_id))


def _shown(shop: Shop, work: UnitOfWork, begun: OpenRefund, now: Moment) -> RefundState:
    desk = refund_desk(shop, work, begun.sale_id, now)
    assert desk is not None, "a refund was opened of a sale that is there"
    return refund_state(shop=shop, work=work, begun=begun, desk=desk)


def _change(
    shop: Shop,
    work: UnitOfWork,
    line_id: str,
    quantity: Quantity | None,
    reason: RefundReason | None,
) -> ChooseAnswer:
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    begun = work.refunds.load_open()
    if begun is None:
        return NoOpenRefund()
    desk = refund_desk(shop, work, begun.sale_id, shop.now())
    assert desk is not None, "a refund was opened of a sale that is there"
    if money_moves(work=work, begun=begun) or is_paid_beside(shop.desk.state):
        return MoneyMoves(refund_state(shop=shop, work=work, begun=begun, desk=desk))
    begun, _ = caught_up(begun, desk)
    line = next((each for each in desk.case.sale.lines if each.line_id == line_id), None)
    before = begun.of_line(line_id)
    if line is None or (quantity is None and before is None):
        return NoSuchRefundLine(line_id)
    if quantity is None:
        count = before.count if before is not None else 0
    else:
        counted = _count_of(line, quantity, desk)
        if not isinstance(counted, int):
            return counted
        count = counted
    kept = reason or (before.reason if before is not None else None)
    return _keep(shop, work, _with_line(begun, ChosenBack(line_id, count, kept)), desk, line_id)


def _count_of(
    line: FactLine, quantity: Quantity, desk: RefundDesk
) -> int | TooManyBack | WholePiecesOnly:
    """A quantity as a number of the line's pieces."""
    left = pieces_left(line, desk.case.past)
    if not is_counted(line):
        count = quantity.thousandths
    elif quantity.is_pieces:
        count = quantity.pieces
    else:
        return WholePiecesOnly(line.line_id)
    return count if count <= left else TooManyBack(line.line_id, quantity_of(line, left))


def _with_line(begun: OpenRefund, chosen: ChosenBack) -> OpenRefund:
    others = [each for each in begun.chosen if each.line != chosen.line]
    if chosen.count:
        places = [each.line for each in begun.chosen]
        place = places.index(chosen.line) if chosen.line in places else len(others)
        others.insert(place, chosen)
    # Whatever was approved was approved for other goods.
    return replace(
        begun,
        chosen=tuple(others),
        in_cash=(),
        approved=(),
        approved_by=(),
        points_kept=None,
        seen=None,
        packs=None,
    )


def _keep(
    shop: Shop, work: UnitOfWork, begun: OpenRefund, desk: RefundDesk, line_id: str | None
) -> RefundChanged:
    take_credit_off(shop=shop, work=work, now=shop.now())
    work.refunds.save_open(begun)
    return RefundChanged(refund_state(shop=shop, work=work, begun=begun, desk=desk), line_id)


def _goods_of(shop: Shop, work: UnitOfWork, text: str) -> tuple[str, Quantity | None]:
    """The sku that a scan names, and the weight its label says."""
    scanned = classify(text, scan_rules(shop.desk.state.settings))
    match scanned:
        case WeighedItem(item_code, weight):
            product = work.products.by_scale_code(item_code)
        case Gs1Item(gtin, _, weight):
            product = work.products.by_barcode(gtin)
        case Gtin(code) | InternalCode(code) | UnknownCode(code) | BadCheckDigit(code):
            product, weight = work.products.by_barcode(code), None
        case _:
            product, weight = None, None
    grams = Quantity(int(weight * THOUSAND)) if weight is not None else None
    return (product.sku if product is not None else text, grams)


def _batch_of(shop: Shop, text: str) -> tuple[str, str]:
    """Batch and serial number that a label names: goods of another one were not sold here."""
    scanned = classify(text, scan_rules(shop.desk.state.settings))
    if not isinstance(scanned, Gs1Item):
        return "", ""
    return scanned.lot or "", scanned.serial or ""


def _scanned(
    shop: Shop,
    work: UnitOfWork,
    begun: OpenRefund,
    desk: RefundDesk,
    goods: tuple[list[FactLine], Quantity | None],
) -> ChooseAnswer:
    """One more of the first line of these goods that has more to give."""
    lines, weight = goods
    answer: ChooseAnswer = NoSuchRefundLine(lines[0].sku)
    for line in lines:
        before = begun.of_line(line.line_id)
        already = quantity_of(line, before.count if before is not None else 0)
        if is_counted(line):
            more = Quantity(THOUSAND)
        elif weight is not None:
            more = weight
        else:
            # Weighed goods without a label: the whole line, to be lowered by hand.
            more = Quantity(pieces_left(line, desk.case.past) - already.thousandths)
        answer = _change(shop, work, line.line_id, already + more, None)
        if not isinstance(answer, TooManyBack):
            return answer
    return answer
