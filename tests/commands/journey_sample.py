"""A small journey in the shape of the real one: every quirk of the data in a few dozen baskets.

Owns: the sample. Does not own: any expectation. Amounts are cents, as journey.py reads them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from app.commands.replay.journey import COLUMNS, Article, Campaign, Journey

SOUP, MILK, GAS, YOGURT, NEVER_PRICED, NO_ROW = 1, 2, 3, 4, 5, 5978656
MANY = range(1000, 1170)
ARTICLES = (
    Article(SOUP, "SOUP 10 OZ", "SOUP"),
    Article(MILK, "MILK 1 GA", "FLUID MILK PRODUCTS"),
    Article(GAS, "GASOLINE-REG UNLEADED", "COUPON/MISC ITEMS", "gal"),
    Article(YOGURT, "YOGURT 6 OZ", "YOGURT"),
    Article(NEVER_PRICED, "FREE SAMPLE", "OTHER"),
    *(Article(number, f"THING {number}", "OTHER") for number in MANY),
)
DAY = datetime(2023, 3, 1, 9, tzinfo=UTC)
PLAIN, SAVER, BIG = 11, 12, 13
"""Households: one buys plainly, one with coupons up to gold, one too much for one sale."""
NEAR, FAR = 330, 51_000
"""Stores; the second has a number that no receipt could hold."""


@dataclass
class Writing:
    """The columns as they fill."""

    columns: dict[str, array[int]] = field(
        default_factory=lambda: {name: array("q") for name in COLUMNS}
    )
    baskets: int = 0

    def basket(
        self, household: int, store: int, after: timedelta, lines: Iterable[tuple[int, ...]]
    ) -> None:
        """Lines are (product, quantity, sales, retail, coupon, match); zeros may be left out."""
        self.baskets += 1
        at_ms = int((DAY + after).timestamp()) * 1000
        for line in lines:
            product, quantity, *money = line
            sales, retail, coupon, match = (*money, 0, 0, 0)[:4]
            row = (
                household, store, self.baskets, product, quantity, sales, retail, coupon, match,
                at_ms,
            )  # fmt: skip
            for name, value in zip(COLUMNS, row, strict=True):
                self.columns[name].append(value)


def sample() -> Writing:
    """All columns of the sample."""
    writing = Writing()
    _quirks(writing)
    _a_year_of_saving(writing)
    many = [(number, 1, 150, 40, 30, 10) for number in MANY]
    writing.basket(BIG, NEAR, timedelta(days=50), many)
    return writing


def _quirks(writing: Writing) -> None:
    hour = timedelta(hours=1)
    writing.basket(PLAIN, NEAR, 0 * hour, [(SOUP, 1, 100), (MILK, 2, 399, 100)])
    writing.basket(PLAIN, NEAR, 0 * hour, [(MILK, 1, 249)])  # the same second
    writing.basket(PLAIN, FAR, 1 * hour, [(GAS, 9951, 2528), (GAS, 0, 0, 0, 0, 0)])
    writing.basket(PLAIN, NEAR, 2 * hour, [(SOUP, 0, 0, 0, 100), (SOUP, 0, 50)])
    writing.basket(PLAIN, NEAR, 3 * hour, [(NO_ROW, 0, 0, 0, 0), (SOUP, 0, 0, 0, 55)])
    writing.basket(PLAIN, NEAR, 4 * hour, [(NO_ROW, 1, 1996), (NEVER_PRICED, 3, 0)])
    writing.basket(PLAIN, NEAR, 5 * hour, [(YOGURT, 2, 100, 20, 150, 50), (SOUP, 144, 14400)])
    writing.basket(PLAIN, NEAR, 6 * hour, [(NEVER_PRICED, 1, 0)])


def _a_year_of_saving(writing: Writing) -> None:
    """Through silver and gold, on Tuesdays and weekends, with yogurts enough for the bundle."""
    for week in range(1, 40):
        drinks = [(MILK, 50 + week % 7, 12_500), (GAS, 8000, 2000)]
        after = timedelta(days=7 * week + week % 5)
        store = NEAR if week % 3 else FAR
        writing.basket(SAVER, store, after, [(SOUP, 3, 290, 10), (YOGURT, 6, 500), *drinks])


def campaigns() -> tuple[Campaign, ...]:
    """Three of the chain's campaigns by their numbers, one before the first basket."""
    return (
        Campaign(27, "Type A", date(2023, 2, 8), date(2023, 3, 26), (SAVER, PLAIN)),
        Campaign(1, "Type B", date(2023, 3, 3), date(2023, 4, 9), (SAVER, 99)),
        Campaign(6, "Type C", date(2023, 4, 19), date(2023, 5, 21), (SAVER, BIG)),
    )


def journey(limit: int | None = None) -> Journey:
    """The sample as the command reads it."""
    return Journey.of(sample().columns, ARTICLES, campaigns(), limit)
