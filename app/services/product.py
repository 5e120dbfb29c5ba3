"""Products: finding goods as one types.

Owns: what a search shows. Does not own: the search (a repository), ringing up (lines.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.money import Money
from app.domain.product import Product
from app.services.ports import UnitOfWork

HITS_MAX = 8


@dataclass(frozen=True, slots=True)
class ProductHit:
    """One row of the search. Without a price it cannot be sold."""

    sku: str
    name: str
    category: str
    unit_price: Money | None
    member_price: Money | None
    unit: str
    weighed: bool


@dataclass(frozen=True, slots=True)
class ProductsFound:
    """The best matches; `more`: type more letters; `is_code`: the text is the first one's code."""

    hits: tuple[ProductHit, ...]
    more: bool
    is_code: bool = False


def find_products(*, work: UnitOfWork, text: str) -> ProductsFound:
    """Goods by code, name, pinyin or pinyin initials, the eight best. Changes nothing."""
    wanted = text.strip()
    if not wanted:
        return ProductsFound((), more=False)
    found = list(work.products.search(wanted, HITS_MAX + 1))
    exact = work.products.by_barcode(wanted)
    is_code = exact is not None and exact.active
    if exact is not None and is_code:
        found = [exact, *(product for product in found if product.sku != exact.sku)]
    hits = tuple(_hit(product) for product in found[:HITS_MAX])
    return ProductsFound(hits, more=len(found) > HITS_MAX, is_code=is_code)


def _hit(product: Product) -> ProductHit:
    return ProductHit(
        sku=product.sku,
        name=product.name,
        category=product.category,
        unit_price=product.unit_price,
        member_price=product.member_price,
        unit=product.unit,
        weighed=product.weighed,
    )
