"""Charged prices: what was really asked for goods in the last seven days.

Owns: which list prices may stand struck through beside a lower one. Does not own: prices, where
they are shown (ui/customer_display).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.money import Money
from app.domain.quantity import THOUSAND
from app.services.ports import UnitOfWork
from app.services.shop import Shop

DAYS = 7
_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class ChargedPrices:
    """By sku: the quantities (in thousandths) and amounts sold without anything taken off."""

    sold: Mapping[str, frozenset[tuple[int, int]]] = field(default_factory=dict)

    def holds(self, sku: str, unit_price: Money) -> bool:
        """Whether somebody paid this unit price, so that it may be struck through."""
        return any(
            (unit_price.minor * quantity * 2 + THOUSAND) // (2 * THOUSAND) == amount
            for quantity, amount in self.sold.get(sku, ())
        )


def charged_prices(*, shop: Shop, work: UnitOfWork) -> ChargedPrices:
    """What goods of this till were sold for, in full, within the last seven days."""
    since_ms = shop.now().wall_ms - DAYS * _DAY_MS
    found: dict[str, set[tuple[int, int]]] = {}
    for sku, quantity, amount in work.sales.sold_in_full(since_ms):
        found.setdefault(sku, set()).add((quantity, amount))
    return ChargedPrices({sku: frozenset(pairs) for sku, pairs in found.items()})
