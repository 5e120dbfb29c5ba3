"""Given prices: what a line costs because somebody says so, in place of the program's line price.

Owns: putting given prices on lines of the open basket, with the right it needs and the trail it
leaves. Does not own: what a given price does to the total (app/domain/pricing.py), limits and
reasons of overrides by hand. Used where prices were recorded elsewhere: `main.py replay`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as replace_value

from msgspec.structs import replace

from app.domain.basket import GivenPrice
from app.domain.money import total
from app.domain.open_basket import OpenBasket
from app.domain.sale_fact import Full, basket_room
from app.services import basket_moves as moves
from app.services.answers import BasketFull, Changed, NoSuchLine, Refusal
from app.services.audit_trail import record
from app.services.desk import keep, may_change, with_basket
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class LineNotResolved:
    """Nobody knows yet what the line is: resolve it first."""

    line_id: str


def give_prices(
    *, shop: Shop, work: UnitOfWork, prices: Mapping[str, GivenPrice]
) -> Changed | NoSuchLine | LineNotResolved | BasketFull | Refusal:
    """Put a given price on each line named, all of them or none. Needs the right.

    A later change of the line's quantity drops its given price. Changes: the basket, audit.
    """
    refusal = may_change(shop, "override_price")
    if refusal:
        return refusal
    basket = _with_prices(shop.desk.state.basket, prices)
    if not isinstance(basket, OpenBasket):
        return basket
    now = shop.now()
    priced = with_basket(shop, shop.desk.state, basket, now)
    seen = priced.seat.view if priced.seat is not None else None
    room = basket_room(priced.basket.to_price(), priced.quote, priced.program, seen)
    if isinstance(room, Full):
        return BasketFull()
    net = total(price.net for price in prices.values())
    details = {"lines": str(len(prices)), "net": str(net.minor)}
    record(
        shop=shop, work=work, now=now, act="prices_given", subject=basket.basket_id, details=details
    )
    return Changed(keep(shop, work, priced, now))


def _with_prices(
    basket: OpenBasket, prices: Mapping[str, GivenPrice]
) -> OpenBasket | NoSuchLine | LineNotResolved:
    changed = []
    for line_id, price in prices.items():
        line = basket.line(line_id)
        if line is None:
            return NoSuchLine(line_id)
        if line.goods is None or not line.is_resolved:
            return LineNotResolved(line_id)
        goods = replace_value(line.goods, given=price, use_points_price=False)
        changed.append(replace(line, goods=goods))
    return moves.change_lines(basket, changed)
