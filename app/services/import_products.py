"""Importing the catalogue from a table file: read, check, then put in small units of work.

Owns: the columns of a products file and what makes a row a product.
Does not own: encodings and headers (table_file.py), the command's words (app/commands).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from stdnum import ean

from app.domain.money import Money, parse_amount
from app.domain.product import Product
from app.domain.scanning import shortest_gtin
from app.services.ports import Lane, UnitOfWork
from app.services.table_file import (
    CellError,
    CellProblem,
    Layout,
    Row,
    Table,
    Unreadable,
    read_table,
)

LAYOUT = Layout(
    required=("sku", "name", "price"),
    optional=("barcode", "category", "unit", "member_price", "tax_rate", "weighed", "scale_code"),
)
BATCH_COUNT_MAX = 200
"""Rows in one unit of work: short, so that a sale never waits for an import."""

_YES = {"yes", "y", "1", "true", "是"}
_NO = {"", "no", "n", "0", "false", "否"}


@dataclass(frozen=True, slots=True)
class ProductsFile:
    """What a file would do: the products it holds and the cells that cannot be taken."""

    encoding: str
    products: tuple[Product, ...]
    errors: tuple[CellError, ...]


class _Cells:
    """The cells of one row, read one by one; what cannot be read is noted, not raised."""

    def __init__(self, row: Row, decimals: int) -> None:
        self._row = row
        self._decimals = decimals
        self.errors: list[CellError] = []

    def text(self, column: str) -> str:
        return self._row.text(column)

    def refuse(self, column: str, problem: CellProblem) -> None:
        self.errors.append(CellError(self._row.number, column, self.text(column), problem))

    def amount(self, column: str) -> Money | None:
        if not (text := self.text(column)):
            return None
        amount = parse_amount(text, self._decimals)
        if isinstance(amount, Money) and amount.minor >= 0:
            return amount
        self.refuse(column, "not_an_amount")
        return None

    def rate(self, column: str) -> Decimal | None:
        if not (text := self.text(column)):
            return None
        rate = parse_amount(text, 4)
        if isinstance(rate, Money) and 0 <= rate.minor < 10_000:
            return Decimal(text)
        self.refuse(column, "not_a_rate")
        return None

    def barcodes(self, column: str) -> tuple[str, ...]:
        codes = tuple(self.text(column).replace(";", " ").split())
        for code in codes:
            # Digits of a GTIN's length claim to be one, so their check digit must be right.
            if code.isdigit() and len(code) in {8, 12, 13, 14} and not ean.is_valid(code):
                self.refuse(column, "bad_barcode")
                return ()
        return tuple(shortest_gtin(code) if ean.is_valid(code) else code for code in codes)

    def yes(self, column: str) -> bool:
        word = self.text(column).lower()
        if word not in _YES | _NO:
            self.refuse(column, "not_yes_or_no")
        return word in _YES

    def scale_code(self, column: str) -> str | None:
        code = self.text(column)
        if code and not (code.isdigit() and len(code) == 5):
            self.refuse(column, "not_a_number")
        return code or None


def read_products(content: bytes, *, decimals: int) -> ProductsFile | Unreadable:
    """What the file would import: a dry run. `decimals` are those of the shop's currency."""
    table = read_table(content, LAYOUT)
    if not isinstance(table, Table):
        return table
    products: list[Product] = []
    errors = list(table.errors)
    for row in table.rows:
        product, problems = _read_row(row, decimals)
        errors.extend(problems)
        if product is not None:
            products.append(product)
    errors.extend(_duplicates(table.rows))
    return ProductsFile(table.encoding, tuple(products), tuple(sorted(errors, key=_place)))


def _read_row(row: Row, decimals: int) -> tuple[Product | None, list[CellError]]:
    cells = _Cells(row, decimals)
    price = cells.amount("price")
    product = Product(
        sku=cells.text("sku"),
        name=cells.text("name"),
        category=cells.text("category"),
        unit_price=price,
        barcodes=cells.barcodes("barcode"),
        member_price=cells.amount("member_price"),
        tax_rate=cells.rate("tax_rate"),
        unit="" if cells.text("unit") in {"pc", "件"} else cells.text("unit"),
        weighed=cells.yes("weighed"),
        scale_code=cells.scale_code("scale_code"),
    )
    return (None if cells.errors else product), cells.errors


def _duplicates(rows: Sequence[Row]) -> Iterator[CellError]:
    """The same sku twice, or one barcode or scale code on two products: the second row is named."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        claims = [("sku", row.text("sku"))]
        if scale_code := row.text("scale_code"):
            claims.append(("scale_code", scale_code))
        claims += [("barcode", code) for code in row.text("barcode").replace(";", " ").split()]
        for claim in claims:
            if claim in first:
                column, value = claim
                yield CellError(row.number, column, value, "duplicate", first[claim])
            else:
                first[claim] = row.number


def _place(error: CellError) -> tuple[int, str]:
    return error.row, error.column


def import_products(*, lane: Lane, products: Sequence[Product]) -> Iterator[int]:
    """Put the products into the catalogue; yields how many are in after each unit of work.

    Stopping between two yields keeps what is in and loses nothing: putting again replaces.
    Changes: products.
    """
    for start in range(0, len(products), BATCH_COUNT_MAX):
        batch = products[start : start + BATCH_COUNT_MAX]

        def put(work: UnitOfWork, batch: Sequence[Product] = batch) -> None:
            for product in batch:
                work.products.put(product)

        lane.run(put)
        yield start + len(batch)
