"""The basket: a sale that is not paid yet, as values.

Owns: lines as scanned and typed, and the choices that price it. Does not own: prices (pricing.py),
how the open basket survives a kill (app/store/basket.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.money import Money
from app.domain.quantity import Quantity


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One resolved line. Prices are per unit of the product, as the catalogue says today."""

    line_id: str
    sku: str
    name: str
    category: str
    unit_price: Money
    quantity: Quantity
    member_price: Money | None = None
    tax_rate: Decimal | None = None
    """A fraction; None = the program's default."""
    weighed: bool = False
    use_points_price: bool = False
    """The customer takes this line at its points price (points plus price)."""


@dataclass(frozen=True, slots=True)
class BasketChoices:
    """What cashier and customer decided; everything left open is found by the search."""

    coupons: tuple[str, ...] | None = None
    """Coupon ids chosen by hand; None = the best ones."""
    refused: frozenset[str] = frozenset()
    """Coupon or offer ids the cashier refused for this sale."""
    codes: tuple[str, ...] = ()
    redeem_points: int | str = 0
    """A number of points, 0, or "max"."""
    gifts: tuple[tuple[str, str], ...] = ()
    """(offer id, sku) for gifts with a choice; absent = the first of the list."""


@dataclass(frozen=True, slots=True)
class Basket:
    """The lines in any order and the choices; pricing does not depend on the order."""

    lines: tuple[BasketLine, ...] = ()
    choices: BasketChoices = field(default_factory=BasketChoices)
