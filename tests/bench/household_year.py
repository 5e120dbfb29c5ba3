"""A year of households that shop: what the two evaluations are given, real or made up.

Owns: the visits and baskets of households by day, read from the Complete Journey or made up by
chance with a seed. Does not own: what is evaluated (churn.py, recommendation.py).

Weeks are of seven days from 1 January: week 40 ends with day 279 (days from 0), the last twelve
full weeks are the days 280 to 363, and what is left of the year belongs to no week.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from app.commands.replay.source import SourceMissing, read_baskets

WEEK_DAYS = 7
SPLIT = 40 * WEEK_DAYS
"""Nothing that happened on this day or later is known when something is said."""
END = 52 * WEEK_DAYS
FIRST_DAY = date(2017, 1, 1)
"""Of the data; only differences of days count."""


@dataclass(frozen=True, slots=True)
class Bought:
    """One basket: the day of the year, who, and which products, each once."""

    day: int
    household: str
    products: tuple[str, ...]


@dataclass(frozen=True)
class Year:
    """All baskets, in order of time."""

    name: str
    baskets: Sequence[Bought]

    @cached_property
    def visits(self) -> Mapping[str, Sequence[int]]:
        """The day of every basket of each household, in order."""
        found: dict[str, list[int]] = {}
        for basket in self.baskets:
            found.setdefault(basket.household, []).append(basket.day)
        return found


def day_of(number: int) -> date:
    """A day of the year as the shop's calendar says it."""
    return FIRST_DAY + timedelta(days=number)


def complete_journey() -> Year | SourceMissing:
    """2,469 households of a grocery chain in 2017; needs the package that `replay` needs."""
    baskets = read_baskets()
    if isinstance(baskets, SourceMissing):
        return baskets
    rows = ((day, str(household), products) for day, household, products in baskets)
    return Year(
        "Complete Journey",
        [Bought(day, who, tuple(map(str, products))) for day, who, products in rows],
    )


def made_up_year(households: int, seed: int = 7) -> Year:
    """Households with rhythms and habits of their own; some stop coming, and slow down before."""
    chance = Random(seed)
    baskets = [
        basket for number in range(households) for basket in _life(f"household-{number:04}", chance)
    ]
    baskets.sort(key=lambda basket: (basket.day, basket.household))
    return Year(f"made up, {households} households", baskets)


def _life(name: str, chance: Random) -> Iterator[Bought]:
    gap = chance.choice((3, 4, 6, 9, 14))
    staples = [(_any_product(chance), chance.choice((1, 2, 3))) for _ in range(6)]
    end = chance.randrange(60, 364) if chance.random() < 1 / 3 else 364
    day, visit = chance.randrange(20), 0
    while day < end:
        visit += 1
        usual = [product for product, every in staples if visit % every == 0]
        others = [_any_product(chance) for _ in range(3)]
        yield Bought(day, name, tuple(dict.fromkeys((*usual, *others))))
        slower = 2 if end < 364 and day > end - 60 else 1
        day += max(1, int(chance.gauss(gap * slower, gap / 4)))


def _any_product(chance: Random) -> str:
    """Some are taken more often than others."""
    return f"product-{int(300 * chance.random() ** 2):03}"
