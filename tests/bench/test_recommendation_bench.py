"""The evaluation of recommendations runs, small: on made-up households."""

from __future__ import annotations

import pytest

from tests.bench.household_year import Bought, Year, made_up_year
from tests.bench.recommendation import Memory, evaluate, report


@pytest.mark.no_cover
def test_habits_foretell_more_than_what_everybody_buys() -> None:
    year = made_up_year(60)
    hits = evaluate(year, every=2)
    assert hits.baskets > 100
    assert hits.recommended > hits.most_sold > 0
    assert hits.half_recommended > hits.half_most_sold
    assert "hit rate at 3" in report(year, hits)


def test_nothing_is_told_from_what_came_later() -> None:
    first = Bought(1, "a", ("milk",))
    memory = Memory()
    assert memory.told("a", 1) == []
    for day in (1, 8, 15):
        memory.learn(Bought(day, "a", ("milk",)))
    assert memory.told("a", 22) == ["milk"]
    assert memory.told("a", 22, ["milk"]) == []
    assert evaluate(Year("one basket", [first])).baskets == 0
