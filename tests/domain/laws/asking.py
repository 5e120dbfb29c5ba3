"""Asking the product: the one place where the laws meet price().

Owns: handing a drawn sale to the real price(). Does not own: the sale, the laws.
"""

from __future__ import annotations

from collections.abc import Callable

from app.domain.conditions import Context
from app.domain.pricing import price
from app.domain.quote import Quote
from tests.domain.laws.generator import Sale


def ask_price(sale: Sale) -> Quote:
    """The real price of a drawn sale."""
    return ask_with(price, sale)


def ask_with(pricer: Callable[..., Quote], sale: Sale) -> Quote:
    """The price of a drawn sale by this price(), which may be a faulty copy."""
    context = Context(store=sale.store, identified_by=sale.identified_by)
    return pricer(sale.basket, sale.view, sale.program, sale.at, context)
