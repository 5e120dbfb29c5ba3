"""Products: what the shop sells, as the catalogue says today.

Owns: the catalogue record and what a till may do with it. Does not own: prices of a basket
(pricing.py), how products are found (a repository), the words of units.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import Money


@dataclass(frozen=True, slots=True)
class Product:
    """One article. Prices are per `unit`; for weighed goods per kilogram.

    `unit_price` None = the catalogue has no price yet: it cannot be sold (never at zero).
    """

    sku: str
    name: str
    category: str
    unit_price: Money | None
    barcodes: tuple[str, ...] = ()
    """GTINs in their shortest form (scanning.Gtin) and other printed codes of the article."""
    member_price: Money | None = None
    tax_rate: Decimal | None = None
    """A fraction; None = the program's default."""
    unit: str = ""
    """A unit's word such as "kg"; empty for pieces."""
    weighed: bool = False
    scale_code: str | None = None
    """The five digits a scale prints into its labels (scanning.WeighedItem.item_code)."""
    active: bool = True
