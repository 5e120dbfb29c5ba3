"""The journey: the baskets of a year as columns of whole numbers, and as baskets in order of time.

Owns: the shape of the data in this product, exact cents. Does not own: reading the package
(source.py), what a till makes of a line (ringing.py).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

EXACT_WITHIN = 1e-6
"""How far a recorded amount may be from a whole number of cents: float noise, nothing more."""
COLUMNS = (
    "household", "store", "basket", "product", "quantity", "sales", "retail", "coupon", "match",
    "at_ms",
)  # fmt: skip


class NotExactError(Exception):
    """An amount of the data is not a whole number of cents: nothing could agree to the cent."""


def exact_cents(values: Iterable[float]) -> array[int]:
    """Amounts as cents; NotExactError where rounding would change one."""
    cents: array[int] = array("q")
    for value in values:
        whole = round(value * 100)
        if abs(value * 100 - whole) > EXACT_WITHIN:
            raise NotExactError(f"{value!r} is not a whole number of cents")
        cents.append(whole)
    return cents


@dataclass(frozen=True, slots=True)
class Article:
    """A product row. `unit` is empty for pieces; else its quantities are thousandths of it."""

    product: int
    name: str
    category: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign of the chain, with the households it went to."""

    number: int
    kind: str
    starts: date
    ends: date
    households: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """One line as recorded, amounts in cents: what was paid, and what three discounts took off."""

    product: int
    quantity: int
    sales: int
    retail: int
    coupon: int
    match: int


@dataclass(frozen=True, slots=True)
class RecordedBasket:
    """One basket: who, where, when (milliseconds since 1970), and its lines in file order."""

    basket: int
    household: int
    store: int
    at_ms: int
    lines: tuple[RecordedLine, ...]


@dataclass(frozen=True)
class Journey:
    """All of it. `columns` has one entry per line; `order` the lines of each basket, by time."""

    columns: Mapping[str, Sequence[int]]
    articles: Mapping[int, Article]
    campaigns: tuple[Campaign, ...] = ()
    order: Sequence[tuple[int, ...]] = field(default=())

    @staticmethod
    def of(
        columns: Mapping[str, Sequence[int]],
        articles: Iterable[Article],
        campaigns: Iterable[Campaign] = (),
        limit: int | None = None,
    ) -> Journey:
        """Sort the baskets by time (ties by basket id); `limit` keeps the first so many."""
        rows: dict[int, list[int]] = {}
        for row, basket in enumerate(columns["basket"]):
            rows.setdefault(basket, []).append(row)
        at_ms = columns["at_ms"]
        baskets = sorted(rows, key=lambda basket: (at_ms[rows[basket][0]], basket))
        kept = tuple(tuple(rows[basket]) for basket in baskets[:limit])
        by_product = {article.product: article for article in articles}
        return Journey(columns, by_product, tuple(campaigns), kept)

    def basket(self, number: int) -> RecordedBasket:
        """The basket at a place in time."""
        columns, rows = self.columns, self.order[number]
        first = rows[0]
        return RecordedBasket(
            columns["basket"][first],
            columns["household"][first],
            columns["store"][first],
            columns["at_ms"][first],
            tuple(
                RecordedLine(
                    columns["product"][row], columns["quantity"][row], columns["sales"][row],
                    columns["retail"][row], columns["coupon"][row], columns["match"][row],
                )
                for row in rows
            ),
        )  # fmt: skip

    def baskets(self) -> Iterator[RecordedBasket]:
        """Every basket, in order of time."""
        return (self.basket(number) for number in range(len(self.order)))

    def rows(self, baskets: int) -> Iterator[int]:
        """The lines of the first so many baskets."""
        return (row for rows in self.order[:baskets] for row in rows)

    @property
    def households(self) -> dict[int, datetime]:
        """Every household of these baskets with the moment of its first one."""
        found: dict[int, datetime] = {}
        for rows in self.order:
            household = self.columns["household"][rows[0]]
            if household not in found:
                found[household] = moment_of(self.columns["at_ms"][rows[0]])
        return found


def moment_of(at_ms: int) -> datetime:
    """The recorded time of day; the data says no zone, so the shop's clock shows UTC."""
    return datetime.fromtimestamp(at_ms // 1000, tz=UTC)
