"""Finding products: what the drop list under the till's input line shows.

Owns: the best hits for a typed text. Does not own: searching (a repository), adding (lines.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.money import Money
from app.domain.product import Product
from app.services.ports import UnitOfWork
from app.services.shop import Shop

HITS_MAX = 8


@dataclass(frozen=True, slots=True)
class ProductHit:
    """One row of the list. `unit_price` None = no price yet, it cannot be sold."""

    sku: str
    name: str
    code: str
    """Its first printed code, else the sku."""
    unit: str
    unit_price: Money | None
    member_price: Money | None


@dataclass(frozen=True, slots=True)
class ProductsFound:
    """The best matches for `text`, the best first; empty where nothing fits."""

    text: str
    hits: tuple[ProductHit, ...]


def find_products(*, shop: Shop, work: UnitOfWork, text: str) -> ProductsFound:
    """Look goods up as typed: code, pinyin initials, name. Changes nothing."""
    wanted = text.strip()
    found = work.products.search(wanted, HITS_MAX) if wanted else ()
    return ProductsFound(text, tuple(_hit(product) for product in found))


def _hit(product: Product) -> ProductHit:
    return ProductHit(
        sku=product.sku,
        name=product.name,
        code=product.barcodes[0] if product.barcodes else product.sku,
        unit=product.unit,
        unit_price=product.unit_price,
        member_price=product.member_price,
    )
