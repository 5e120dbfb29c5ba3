"""Recommendations, told before every basket after week 40 and looked for in it.

    python -m tests.bench.recommendation          # hit rate at 3, beside the three most sold
    python -m tests.bench.recommendation --speed  # how long the till takes over a real store

Owns: the evaluation: everything is told from data before the basket. Does not own: the ranking
(app/domain/recommendation.py), the data (household_year.py).

Hit rate at 3: the share of baskets of weeks 41 to 52 that hold at least one of three products
named before. A second figure is told with half of a basket rung up, and looked for in the rest.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from app.commands.replay.source import SourceMissing
from app.domain.habit import (
    Habit,
    ProductHabit,
    Visits,
    after_basket,
    after_purchase,
    after_visit,
)
from app.domain.recommendation import MOST, recommend, worth_a_look
from tests.bench.household_year import END, SPLIT, Bought, Year, complete_journey

HALF_LEAST = 4
"""Half of a smaller basket says too little."""


@dataclass
class Memory:
    """What a shop knows so far, kept as its store keeps it."""

    visits: dict[str, Visits] = field(default_factory=dict)
    habits: dict[str, dict[str, Habit]] = field(default_factory=dict)
    products: dict[str, ProductHabit] = field(default_factory=dict)

    def learn(self, basket: Bought) -> None:
        """One basket more."""
        visits = after_visit(self.visits.get(basket.household, Visits()), basket.day)
        self.visits[basket.household] = visits
        own = self.habits.setdefault(basket.household, {})
        for sku in basket.products:
            own[sku] = after_purchase(own.get(sku), sku, visits.count, basket.day)
            known = self.products.get(sku) or ProductHabit(sku)
            self.products[sku] = after_basket(known, basket.products, bought=own[sku])

    def told(self, household: str, day: int, basket: Collection[str] = ()) -> list[str]:
        """What the till would name."""
        habits = self.habits.get(household, {})
        visits = self.visits.get(household, Visits())
        own = worth_a_look(habits.values(), visits, day)
        found = recommend(own, visits, self.products, basket, day)
        return [each.sku for each in found[:MOST]]


@dataclass(frozen=True, slots=True)
class Hits:
    """Of how many baskets, and in how many of them was one of the three."""

    baskets: int
    recommended: int
    most_sold: int
    halves: int
    half_recommended: int
    half_most_sold: int


def evaluate(year: Year, *, every: int = 1) -> Hits:
    """Every basket after week 40 (or only each `every`-th), told from all before it."""
    memory, sold, count = Memory(), Counter[str](), Counter[str]()
    most_sold: list[str] = []
    for number, basket in enumerate(year.baskets):
        if basket.day < SPLIT:
            sold.update(basket.products)
        elif basket.day < END and number % every == 0:
            most_sold = most_sold or [sku for sku, _ in sold.most_common(MOST)]
            _ask(memory, basket, most_sold, count)
        memory.learn(basket)
    return Hits(
        count["baskets"], count["told"], count["sold"],
        count["halves"], count["half_told"], count["half_sold"],
    )  # fmt: skip


def _ask(memory: Memory, basket: Bought, most_sold: Sequence[str], count: Counter[str]) -> None:
    wanted = set(basket.products)
    count["baskets"] += 1
    count["told"] += bool(wanted & set(memory.told(basket.household, basket.day)))
    count["sold"] += bool(wanted & set(most_sold))
    if len(basket.products) < HALF_LEAST:
        return
    half = basket.products[: len(basket.products) // 2]
    rest = wanted - set(half)
    count["halves"] += 1
    count["half_told"] += bool(rest & set(memory.told(basket.household, basket.day, half)))
    count["half_sold"] += bool(rest & set(most_sold))


def report(year: Year, hits: Hits) -> str:
    """For people."""
    whole, halves = max(hits.baskets, 1), max(hits.halves, 1)
    return "\n".join(
        (
            f"{year.name}: {hits.baskets} baskets after week 40",
            f"hit rate at 3, recommended      {hits.recommended / whole:.4f}",
            f"hit rate at 3, most sold        {hits.most_sold / whole:.4f}",
            f"with half of {hits.halves} baskets rung up, looked for in the rest:",
            f"hit rate at 3, recommended      {hits.half_recommended / halves:.4f}",
            f"hit rate at 3, most sold        {hits.half_most_sold / halves:.4f}",
        )
    )


def main(arguments: Sequence[str]) -> int:
    """1 where naming what everybody buys would do as well."""
    if "--speed" in arguments:
        from tests.bench.recommendation_speed import measure

        return measure()
    year = complete_journey()
    if isinstance(year, SourceMissing):
        sys.stderr.write(f"needs the package {year.package}: see main.py replay --help\n")
        return 1
    every = int(arguments[arguments.index("--every") + 1]) if "--every" in arguments else 1
    hits = evaluate(year, every=every)
    sys.stdout.write(f"{report(year, hits)}\n")
    return 0 if hits.recommended > hits.most_sold else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
