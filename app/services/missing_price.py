"""A missing price: goods the catalogue knows without one, sold at a price somebody types.

Owns: typing it, with the right or an approval, and the trail. Does not own: the catalogue, which
stays without a price (the manager's desk), other prices by hand (discount.py). There is no sale for
nothing: a price of zero is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as replace_value
from functools import partial

from msgspec.structs import replace

from app.domain.money import ZERO, Money
from app.domain.open_basket import OpenLine
from app.domain.product import Product
from app.domain.sale_fact import Full, basket_room
from app.services import basket_moves as moves
from app.services.answers import BasketFull, LineChanged, NoSuchLine, Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import keep, may_change, with_basket
from app.services.lines import line_of
from app.services.open_approval import Approval, Wanted
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class PriceNotMissing:
    """The line has a price, or nobody knows what it is: this is not what it lacks."""

    line_id: str


@dataclass(frozen=True, slots=True)
class PriceRefused:
    """Nothing is sold for nothing."""

    price: Money


PriceTypedAnswer = (
    LineChanged
    | NoSuchLine
    | PriceNotMissing
    | PriceRefused
    | BasketFull
    | ClearanceRefusal
    | Refusal
)


def type_price(
    *,
    shop: Shop,
    work: UnitOfWork,
    line_id: str,
    unit_price: Money,
    approval: Approval | None = None,
) -> PriceTypedAnswer:
    """Say what one unit of goods without a price costs, for this line. Changes: the basket, audit.

    Member prices and offers apply to it as to every list price.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    state = shop.desk.state
    line = state.basket.line(line_id)
    if line is None:
        return NoSuchLine(line_id)
    product = _product_of(work, line)
    if product is None:
        return PriceNotMissing(line_id)
    if unit_price <= ZERO:
        return PriceRefused(unit_price)
    wanted = Wanted(
        act="missing_price",
        asked=unit_price.minor,
        effect=ZERO,
        subject=state.basket.basket_id,
        after=str(unit_price.minor),
    )
    then = partial(type_price, line_id=line_id, unit_price=unit_price)
    cleared = clearance(shop=shop, work=work, wanted=wanted, then=then, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    return _priced(shop, work, line, replace_value(product, unit_price=unit_price), cleared)


def _product_of(work: UnitOfWork, line: OpenLine) -> Product | None:
    """The goods of a line that lack nothing but a price."""
    if line.problem != "no_price":
        return None
    product = work.products.by_barcode(line.scanned) or work.products.by_scale_code(line.scanned)
    lacks = product is not None and product.active and product.unit_price is None
    return product if lacks else None


def _priced(
    shop: Shop, work: UnitOfWork, line: OpenLine, product: Product, cleared: Cleared
) -> LineChanged | BasketFull:
    now, state = shop.now(), shop.desk.state
    known = line_of(product, line.scanned, line.quantity, "unknown")
    goods = replace_value(known.goods, line_id=line.line_id) if known.goods is not None else None
    basket = moves.change_line(state.basket, replace(known, line_id=line.line_id, goods=goods))
    priced = with_basket(shop, state, basket, now)
    seen = priced.seat.view if priced.seat is not None else None
    room = basket_room(priced.basket.to_price(), priced.quote, priced.program, seen)
    if isinstance(room, Full):
        return BasketFull()
    price = product.unit_price
    details = {"line": line.line_id, "price": str(price.minor if price is not None else 0)}
    details |= {"approved_by": cleared.approved_by} if cleared.approved_by else {}
    record(shop=shop, work=work, now=now, act="price_typed", subject=product.sku, details=details)
    return LineChanged(keep(shop, work, priced, now), line.line_id)
