"""The shelf: the catalogue of the replayed chain, with prices found in the data.

Owns: codes, the price a product is listed at, the quick item. Does not own: importing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.commands.replay.journey import Article, Journey
from app.domain.money import Money, divide_half_up
from app.domain.product import Product

QUICK_ITEM = "QUICK"
"""What the cashier resolves a code to that nobody knows: its price is typed in."""
NAME_LENGTH_MAX = 60


def code_of(product: int) -> str:
    """The printed code of a product: the chain's own, so that none looks like a GTIN."""
    return f"J{product:08d}"


def store_id(store: int) -> str:
    """A store of the chain as facts name it."""
    return f"store-{store}"


def store_of(store: str) -> int:
    """The number of a store as the data names it."""
    return int(store.removeprefix("store-"))


def products_of(journey: Journey, *, only_sold: bool) -> list[Product]:
    """The catalogue; `only_sold`: just the articles of these baskets (for a short run)."""
    listed, paid = _prices(journey)
    articles: Iterable[Article] = journey.articles.values()
    if only_sold:
        sold = {journey.columns["product"][row] for row in journey.rows(len(journey.order))}
        articles = [article for article in articles if article.product in sold]
    quick = Product(QUICK_ITEM, "Quick item", "OTHER", Money(0))
    return [quick, *(_product(article, listed, paid) for article in articles)]


def _product(article: Article, listed: dict[int, int], paid: dict[int, int]) -> Product:
    price, loyal = listed.get(article.product), paid.get(article.product)
    member = loyal if price is not None and loyal is not None and loyal < price else None
    return Product(
        sku=code_of(article.product),
        name=article.name[:NAME_LENGTH_MAX],
        category=article.category,
        unit_price=None if price is None else Money(price),
        barcodes=(code_of(article.product),),
        member_price=None if member is None else Money(member),
        unit=article.unit,
        weighed=bool(article.unit),
    )


def _prices(journey: Journey) -> tuple[dict[int, int], dict[int, int]]:
    """For each product its most frequent list price a unit, and what members most often paid."""
    listed: dict[int, Counter[int]] = {}
    paid: dict[int, Counter[int]] = {}
    columns = journey.columns
    for row in journey.rows(len(journey.order)):
        product, quantity = columns["product"][row], columns["quantity"][row]
        member_amount = columns["sales"][row] + columns["match"][row]
        amount = member_amount + columns["retail"][row]
        if quantity <= 0 or amount <= 0:
            continue
        article = journey.articles.get(product)
        factor = 1000 if article is not None and article.unit else 1
        listed.setdefault(product, Counter())[divide_half_up(amount * factor, quantity)] += 1
        paid.setdefault(product, Counter())[divide_half_up(member_amount * factor, quantity)] += 1
    return _most_frequent(listed), _most_frequent(paid)


def _most_frequent(prices: dict[int, Counter[int]]) -> dict[int, int]:
    """The price met most often; of several the lowest."""
    return {
        product: min(counts, key=lambda price: (-counts[price], price))
        for product, counts in prices.items()
    }
