"""Lines of the basket: ringing up, quantities, removing, clearing, undoing, resolving.

Owns: what a cashier does to lines. Does not own: the moves themselves (basket_moves.py), routing
of scans (scan.py), prices. Nothing scanned is lost: what nobody knows becomes an unresolved line.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as replace_value
from typing import Literal

from msgspec.structs import replace

from app.domain.basket import BasketLine
from app.domain.moment import Moment
from app.domain.open_basket import OpenBasket, OpenLine, Problem
from app.domain.product import Product
from app.domain.quantity import (
    QUANTITY_MAX,
    THOUSAND,
    NotAQuantity,
    Quantity,
    parse_quantity,
    pieces,
    quantity_text,
)
from app.domain.sale_fact import Full, NearlyFull, basket_room
from app.services import basket_moves as moves
from app.services.answers import BasketFull, Changed, LineChanged, NoSuchLine, Refusal
from app.services.audit_trail import record
from app.services.desk import keep, may_change, requote, with_basket
from app.services.entitlement import return_ticks
from app.services.ports import UnitOfWork
from app.services.seating import reseat
from app.services.shop import DeskState, Shop
from app.services.till_state import TillState

ONE = pieces(1)
SCANNED_SHOWN_MAX = 64


@dataclass(frozen=True, slots=True)
class LineUnresolved:
    """The line stands in the basket and blocks payment until it is resolved or removed."""

    state: TillState
    line_id: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class QuantityRefused:
    """The quantity stays as it was. `fixed`: a label said it, with its price; `label`: there is
    no room for another one beside what the label says; `whole_pieces`: no parts; `approved`:
    somebody said yes to so many.
    """

    text: str
    reason: Literal[
        "format", "zero", "negative", "decimals", "size", "fixed", "label", "whole_pieces",
        "approved",
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NothingToUndo:
    """There is no step to take back, or the ten seconds after clearing are over."""


@dataclass(frozen=True, slots=True)
class ProductUnknown:
    """The catalogue has no such product, or it is not sold any more."""

    sku: str


RingUpAnswer = LineChanged | LineUnresolved | QuantityRefused | BasketFull | Refusal
QuantityAnswer = LineChanged | LineUnresolved | QuantityRefused | NoSuchLine | BasketFull | Refusal


def ring_up(
    *, shop: Shop, work: UnitOfWork, code: str, quantity: Quantity = ONE, misread: bool = False
) -> RingUpAnswer:
    """Add goods by barcode, printed code or sku. Changes: the basket."""
    refusal = may_change(shop)
    if refusal:
        return refusal
    product = work.products.by_barcode(code)
    problem: Problem = "bad_check" if misread else "unknown"
    line = line_of(product, code, quantity, problem)
    return place(shop=shop, work=work, line=line)


def line_of(product: Product | None, code: str, quantity: Quantity, problem: Problem) -> OpenLine:
    """The line of what was scanned, with `problem` where the catalogue does not know it."""
    shown = code[:SCANNED_SHOWN_MAX]
    if product is None:
        return OpenLine(line_id="", scanned=shown, quantity=quantity, problem=problem)
    if not product.active:
        return OpenLine(line_id="", scanned=shown, quantity=quantity, problem="inactive")
    if product.unit_price is None:
        return OpenLine(line_id="", scanned=shown, quantity=quantity, problem="no_price")
    goods = BasketLine(
        line_id="",
        sku=product.sku,
        name=product.name,
        category=product.category,
        unit_price=product.unit_price,
        quantity=quantity,
        member_price=product.member_price,
        tax_rate=product.tax_rate,
        weighed=product.weighed,
    )
    return OpenLine(line_id="", scanned=shown, quantity=quantity, goods=goods, unit=product.unit)


def place(*, shop: Shop, work: UnitOfWork, line: OpenLine) -> RingUpAnswer:
    """Put a line on the basket, or one more onto its like, and price it."""
    if line.goods is not None and not _can_be(line, line.quantity):
        return QuantityRefused(quantity_text(line.quantity), "whole_pieces")
    now = shop.now()
    state = shop.desk.state
    placed = moves.place_line(state.basket, line, merge=state.settings.merge_lines)
    fits = _fitted(shop, placed.basket, now)
    if isinstance(fits, BasketFull):
        return fits
    return _keep_line(shop, work, fits, placed.line_id, now, merged=placed.merged)


@dataclass(frozen=True, slots=True)
class _Fits:
    """A basket that was priced and can still become a sale; nothing is written yet."""

    state: DeskState
    near_limit: bool


def _fitted(shop: Shop, basket: OpenBasket, now: Moment) -> _Fits | BasketFull:
    priced = with_basket(shop, shop.desk.state, basket, now)
    seen = priced.seat.view if priced.seat is not None else None
    room = basket_room(priced.basket.to_price(), priced.quote, priced.program, seen)
    return BasketFull() if isinstance(room, Full) else _Fits(priced, isinstance(room, NearlyFull))


def _keep_line(
    shop: Shop, work: UnitOfWork, fits: _Fits, line_id: str, now: Moment, *, merged: bool = False
) -> LineChanged | LineUnresolved:
    shown = keep(shop, work, fits.state, now)
    line = fits.state.basket.line(line_id)
    if line is not None and line.problem is not None:
        return LineUnresolved(shown, line_id, line.problem)
    return LineChanged(shown, line_id, merged, near_limit=fits.near_limit)


def set_quantity(*, shop: Shop, work: UnitOfWork, line_id: str, text: str) -> QuantityAnswer:
    """Set a line's quantity as typed ("3", "0.842"). Changes: the basket, audit where lowered."""
    parsed = parse_quantity(text.strip())
    if isinstance(parsed, NotAQuantity):
        refusal = may_change(shop)
        return refusal or QuantityRefused(text, _reason_of(parsed))
    return _change_quantity(shop, work, line_id, text, parsed)


def step_quantity(*, shop: Shop, work: UnitOfWork, line_id: str, by: int) -> QuantityAnswer:
    """One more (+1) or one fewer (-1), never none. Changes: the basket, audit where lowered."""
    line = shop.desk.state.basket.line(line_id)
    if line is None:
        return may_change(shop) or NoSuchLine(line_id)
    thousandths = line.quantity.thousandths + by * THOUSAND
    if not 0 < thousandths <= QUANTITY_MAX:
        refusal = may_change(shop)
        return refusal or QuantityRefused(str(by), "zero" if thousandths <= 0 else "size")
    return _change_quantity(shop, work, line_id, str(by), Quantity(thousandths))


def _reason_of(
    parsed: NotAQuantity,
) -> Literal["format", "zero", "negative", "decimals", "size"]:
    match parsed.reason:
        case "zero" | "negative" | "decimals" | "size":
            return parsed.reason
        case _:
            return "format"


def _change_quantity(
    shop: Shop, work: UnitOfWork, line_id: str, text: str, quantity: Quantity
) -> QuantityAnswer:
    refusal = may_change(shop)
    if refusal:
        return refusal
    basket = shop.desk.state.basket
    line = basket.line(line_id)
    if line is None:
        return NoSuchLine(line_id)
    if line.label_price or (line.goods is not None and line.goods.serial):
        return QuantityRefused(text, "fixed")
    if line.goods is not None and line.goods.approved_by and quantity > line.quantity:
        return QuantityRefused(text, "approved")
    if not _can_be(line, quantity):
        return QuantityRefused(text, "whole_pieces")
    now = shop.now()
    fits = _fitted(shop, moves.change_line(basket, moves.with_quantity(line, quantity)), now)
    if isinstance(fits, BasketFull):
        return fits
    _record_lowered(shop, work, line, quantity, now)
    return _keep_line(shop, work, fits, line_id, now)


def _can_be(line: OpenLine, quantity: Quantity) -> bool:
    """Whether the goods come in this quantity: what has no unit is sold in whole pieces."""
    by_weight = line.goods is not None and (line.goods.weighed or line.unit != "")
    return quantity.is_pieces or by_weight


def remove_line(*, shop: Shop, work: UnitOfWork, line_id: str) -> Changed | NoSuchLine | Refusal:
    """Take a line out; it can be undone. Changes: the basket, audit."""
    refusal = may_change(shop)
    if refusal:
        return refusal
    basket = shop.desk.state.basket
    line = basket.line(line_id)
    if line is None:
        return NoSuchLine(line_id)
    now = shop.now()
    _record_removed(shop, work, basket, line, now)
    return _kept(shop, work, moves.remove_line(basket, line_id), now)


def _record_removed(
    shop: Shop, work: UnitOfWork, basket: OpenBasket, line: OpenLine, now: Moment
) -> None:
    details = {"sku": line.goods.sku if line.goods else "", "basket": basket.basket_id}
    subject = line.line_id
    record(shop=shop, work=work, now=now, act="line_removed", subject=subject, details=details)


def _record_lowered(
    shop: Shop, work: UnitOfWork, line: OpenLine, now_is: Quantity, now: Moment
) -> None:
    """What goes back onto the shelf piece by piece leaves a trace as a removed line does."""
    if now_is >= line.quantity:
        return
    details = {
        "sku": line.goods.sku if line.goods else "",
        "basket": shop.desk.state.basket.basket_id,
        "from": quantity_text(line.quantity),
        "to": quantity_text(now_is),
    }
    subject = line.line_id
    record(shop=shop, work=work, now=now, act="quantity_lowered", subject=subject, details=details)


def select_line(*, shop: Shop, work: UnitOfWork, line_id: str) -> Changed | NoSuchLine:
    """Put the cursor on another line; survives a restart like the basket does."""
    basket = shop.desk.state.basket
    if basket.line(line_id) is None:
        return NoSuchLine(line_id)
    state = replace_value(shop.desk.state, basket=moves.select_line(basket, line_id))
    return Changed(keep(shop, work, state, shop.now()))


def clear_basket(*, shop: Shop, work: UnitOfWork) -> Changed | Refusal:
    """Empty the basket, its member and choices too; undo works for 10 s. Changes: basket, audit.

    Benefits ticked off for it come back; taken up again, the sale begins without them.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    now = shop.now()
    state = shop.desk.state
    if state.basket.lines:
        details = {"lines": str(len(state.basket.lines)), "total": str(state.quote.total.minor)}
        record(
            shop=shop,
            work=work,
            now=now,
            act="basket_cleared",
            subject=state.basket.basket_id,
            details=details,
        )
    return_ticks(shop=shop, work=work, basket=state.basket, now=now)
    emptied = moves.clear(state.basket, shop.op_id(now), now)
    return Changed(keep(shop, work, _seated(shop, work, emptied, now), now))


def undo_step(*, shop: Shop, work: UnitOfWork) -> Changed | NothingToUndo | Refusal:
    """Take the last step back (Ctrl+Z). Changes: the basket and the member on it, audit.

    Goods and members that go this way leave the same trace as by their own keys.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    now = shop.now()
    basket = shop.desk.state.basket
    if not moves.can_undo(basket, now):
        return NothingToUndo()
    before = moves.undo(basket)
    for line in basket.lines:
        left = before.line(line.line_id)
        if left is None:
            _record_removed(shop, work, basket, line, now)
        else:
            _record_lowered(shop, work, line, left.quantity, now)
    gone = basket.member
    if gone is not None and before.member is None:
        record(shop=shop, work=work, now=now, act="member_removed", subject=gone.member_id)
    return Changed(keep(shop, work, _seated(shop, work, before, now), now))


def _seated(shop: Shop, work: UnitOfWork, basket: OpenBasket, now: Moment) -> DeskState:
    """The state with this basket and the member it names."""
    state = replace_value(shop.desk.state, basket=basket)
    return requote(shop, reseat(shop, work, state, now), now)


def _kept(shop: Shop, work: UnitOfWork, basket: OpenBasket, now: Moment) -> Changed:
    return Changed(keep(shop, work, with_basket(shop, shop.desk.state, basket, now), now))


def resolve_line(
    *, shop: Shop, work: UnitOfWork, line_id: str, sku: str, remember: bool = False
) -> QuantityAnswer | ProductUnknown:
    """Say which product an unresolved line is; `remember` links the code to it for ever.

    Needs the right. Changes: the basket, the catalogue where remembered, audit.
    """
    refusal = may_change(shop, "resolve_line")
    if refusal:
        return refusal
    basket = shop.desk.state.basket
    line = basket.line(line_id)
    if line is None:
        return NoSuchLine(line_id)
    product = work.products.get(sku)
    if product is None or not product.active or product.unit_price is None:
        return ProductUnknown(sku)
    known = line_of(product, line.scanned, line.quantity, "unknown")
    if not _can_be(known, line.quantity):
        return QuantityRefused(quantity_text(line.quantity), "whole_pieces")
    goods = replace_value(known.goods, line_id=line_id) if known.goods else None
    resolved = moves.change_line(basket, replace(known, line_id=line_id, goods=goods))
    now = shop.now()
    fits = _fitted(shop, resolved, now)
    if isinstance(fits, BasketFull):
        return fits
    if remember and line.problem == "unknown" and line.scanned not in product.barcodes:
        work.products.put(replace_value(product, barcodes=(*product.barcodes, line.scanned)))
    details = {"code": line.scanned, "remembered": str(remember)}
    record(shop=shop, work=work, now=now, act="line_resolved", subject=sku, details=details)
    return _keep_line(shop, work, fits, line_id, now)


def add_product(
    *, shop: Shop, work: UnitOfWork, sku: str, quantity: Quantity = ONE
) -> RingUpAnswer | ProductUnknown:
    """Add goods chosen from the search. Changes: the basket."""
    refusal = may_change(shop)
    if refusal:
        return refusal
    product = work.products.get(sku)
    if product is None:
        return ProductUnknown(sku)
    # Not by its code: another article may have this text printed on it.
    return place(shop=shop, work=work, line=line_of(product, product.sku, quantity, "unknown"))
