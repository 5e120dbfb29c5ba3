"""Products: found by barcode, code, name, pinyin and initials.

Owns: the product, product_code, product_reading and product_word tables.
Does not own: prices of a basket (app/domain/pricing.py), importing (services).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, null, select, text, update

from app.domain.money import Money
from app.domain.product import Product
from app.store.changes import Changes
from app.store.pinyin import (
    after,
    normal,
    product_readings,
    typed,
    typed_reading,
    word_query,
    words,
)
from app.store.repository import Prepared, Repository, put_row
from app.store.tables import product, product_code, product_reading

CANDIDATES_MAX = 200
"""How many matches of one kind are looked at; who sees more must type more."""

_ALL: Select[Any] = select(product)
_GET = _ALL.where(product.c.sku == bindparam("key"))
_BY_CODE = _ALL.join(product_code, product_code.c.product_no == product.c.product_no).where(
    product_code.c.code == bindparam("key")
)
_BY_SCALE = _ALL.where(product.c.scale_code == bindparam("key"))
_BY_NUMBERS = _ALL.where(
    product.c.product_no.in_(bindparam("numbers", expanding=True)), product.c.active == 1
)
_CODES = (
    select(product_code.c.product_no, product_code.c.code)
    .where(product_code.c.product_no.in_(bindparam("numbers", expanding=True)))
    .order_by(product_code.c.product_no, product_code.c.place)
)
_PUT = Prepared(put_row(product, "sku", without=["product_no"]).returning(product.c.product_no))
_DROP_CODES = delete(product_code).where(product_code.c.product_no == bindparam("key"))
# A code that moved to another article moves: the catalogue's last word counts.
_ADD_CODE = Prepared(put_row(product_code, "code"))
_FREE_SCALE_CODE = Prepared(
    update(product)
    .where(product.c.scale_code == bindparam("key"), product.c.sku != bindparam("holder"))
    .values(scale_code=null())
)
_DROP_READINGS = delete(product_reading).where(product_reading.c.product_no == bindparam("key"))
_ADD_READING = insert(product_reading)
_DROP_WORDS = text("DELETE FROM product_word WHERE rowid = :number")
_ADD_WORDS = text("INSERT INTO product_word (rowid, words) VALUES (:number, :words)")
_FIND_WORDS = text("SELECT rowid FROM product_word WHERE product_word MATCH :query LIMIT :most")
_PAGE = (
    _ALL.where(product.c.sku > bindparam("after")).order_by(product.c.sku).limit(bindparam("most"))
)
_COUNT = select(func.count()).select_from(product)


def _beginning(column: Any, *wanted: Any) -> Select[Any]:
    return (
        select(*wanted)
        .where(column >= bindparam("low"), column < bindparam("high"))
        .order_by(column)
        .limit(CANDIDATES_MAX)
    )


_BY_SKU_START = _beginning(product.c.sku, product.c.product_no)
_BY_CODE_START = _beginning(product_code.c.code, product_code.c.product_no)
_BY_READING_START = _beginning(
    product_reading.c.reading, product_reading.c.product_no, product_reading.c.from_start
)


class ProductRepository(Repository):
    """The catalogue."""

    def get(self, sku: str) -> Product | None:
        return self._one(_GET, sku)

    def by_barcode(self, code: str) -> Product | None:
        """By GTIN in its shortest form, another printed code, or the sku itself."""
        return self._one(_BY_CODE, code) or self._one(_GET, code)

    def by_scale_code(self, scale_code: str) -> Product | None:
        return self._one(_BY_SCALE, scale_code)

    def page(self, after: str, limit: int) -> Sequence[Product]:
        """Products by sku, from behind `after`."""
        return self._with_codes(
            self._execute(_PAGE, {"after": after, "most": limit}).mappings().all()
        )

    def search(self, text: str, limit: int) -> Sequence[Product]:
        """Active products by code, name, pinyin or initials: the best first.

        The order: the code itself; names that begin so; codes, readings of the whole name and
        readings from a later syllable that begin so; names with these words. Shorter names first.
        """
        numbers: dict[int, int] = {}
        text = typed(text)
        for rank, found in enumerate(self._candidates(text)):
            for number in found:
                numbers.setdefault(number, rank)
        if not numbers:
            return []
        plain = normal(text)
        rows = self._execute(_BY_NUMBERS, {"numbers": list(numbers)}).mappings().all()

        def order(row: Mapping[Any, Any]) -> tuple[bool, bool, int, int, str]:
            name = normal(row["name"])
            exact = row["sku"].lower() == plain
            rank = numbers[row["product_no"]]
            return (not exact, not name.startswith(plain), rank, len(name), row["sku"])

        return self._with_codes(sorted(rows, key=order)[:limit])

    def put(self, new: Product) -> None:
        """Add it or replace it (by sku)."""
        if new.scale_code is not None:
            self._write(_FREE_SCALE_CODE, {"key": new.scale_code, "holder": new.sku})
        returned = self._write(_PUT, _row(new)).fetchone()
        assert returned is not None
        (number,) = returned
        self._execute(_DROP_CODES, {"key": number})
        codes = dict.fromkeys(new.barcodes)
        if codes:
            rows = [
                {"code": code, "product_no": number, "place": place}
                for place, code in enumerate(codes)
            ]
            self._write(_ADD_CODE, rows)
        self._execute(_DROP_READINGS, {"key": number})
        readings = product_readings(new.name)
        if readings:
            pairs = [
                {"reading": reading, "from_start": int(from_start), "product_no": number}
                for reading, from_start in readings.items()
            ]
            self._execute(_ADD_READING, pairs)
        self._execute(_DROP_WORDS, {"number": number})
        self._execute(_ADD_WORDS, {"number": number, "words": words(new.name)})
        self._changed(Changes(products=True))

    def count(self) -> int:
        return int(self._execute(_COUNT).scalar_one())

    def _candidates(self, text: str) -> Iterable[Sequence[int]]:
        """Product numbers by kind of match, the best kind first."""
        reading, query = typed_reading(text), word_query(text)
        if text:
            for prefix in dict.fromkeys((text, text.upper())):
                span = {"low": prefix, "high": after(prefix)}
                yield self._execute(_BY_SKU_START, span).scalars().all()
                yield self._execute(_BY_CODE_START, span).scalars().all()
        if reading:
            span = {"low": reading, "high": after(reading)}
            matches = self._execute(_BY_READING_START, span).all()
            yield [number for number, from_start in matches if from_start]
            yield [number for number, _ in matches]
        if query:
            asked = {"query": query, "most": CANDIDATES_MAX}
            yield self._execute(_FIND_WORDS, asked).scalars().all()

    def _one(self, statement: Select[Any], key: str) -> Product | None:
        row = self._execute(statement, {"key": typed(key)}).mappings().first()
        return None if row is None else self._with_codes([row])[0]

    def _with_codes(self, rows: Sequence[Mapping[Any, Any]]) -> list[Product]:
        codes: dict[int, list[str]] = {row["product_no"]: [] for row in rows}
        for number, code in self._execute(_CODES, {"numbers": list(codes)}):
            codes[number].append(code)
        return [_product(row, tuple(codes[row["product_no"]])) for row in rows]


def _row(new: Product) -> dict[str, object]:
    return {
        "sku": new.sku,
        "name": new.name,
        "category": new.category,
        "unit_price_minor": None if new.unit_price is None else new.unit_price.minor,
        "member_price_minor": None if new.member_price is None else new.member_price.minor,
        "tax_rate": None if new.tax_rate is None else str(new.tax_rate),
        "unit": new.unit,
        "weighed": int(new.weighed),
        "scale_code": new.scale_code,
        "active": int(new.active),
    }


def _money(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor)


def _product(row: Mapping[Any, Any], barcodes: tuple[str, ...]) -> Product:
    return Product(
        sku=row["sku"],
        name=row["name"],
        category=row["category"],
        unit_price=_money(row["unit_price_minor"]),
        barcodes=barcodes,
        member_price=_money(row["member_price_minor"]),
        tax_rate=None if row["tax_rate"] is None else Decimal(row["tax_rate"]),
        unit=row["unit"],
        weighed=bool(row["weighed"]),
        scale_code=row["scale_code"],
        active=bool(row["active"]),
    )
