"""The small journey in figures, beside the plainest addition: no pandas is needed for this one.

`python -m tests.figures.against_pandas` does the same for the whole published year.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.commands.replay.journey import Journey, moment_of
from app.domain.figures import Days
from app.services.figures import slice_figures
from tests.commands import journey_sample
from tests.figures.against_pandas import stand_at
from tests.figures.year import is_sold, member_id, paid_minor, write_year
from tests.real_shop import RealShop, copy_shop
from tests.services.figure_shop import counted, judged


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RealShop, Journey]]:
    """The sample written, counted and judged on the day after its last basket."""
    shop, journey = copy_shop(tmp_path_factory.mktemp("year")), journey_sample.journey()
    write_year(shop, journey)
    stand_at(shop, _days(journey).last + timedelta(days=1))
    counted(shop)
    judged(shop)
    yield shop, journey
    shop.close()


def _sales(journey: Journey) -> list[tuple[int, Any, int]]:
    """Household, day and money of every basket in which anything was sold."""
    return [
        (one.household, moment_of(one.at_ms).date(), sum(map(paid_minor, one.lines)))
        for one in journey.baskets()
        if any(map(is_sold, one.lines))
    ]


def _days(journey: Journey) -> Days:
    days = [day for _, day, _ in _sales(journey)]
    return Days(min(days), max(days))


def test_sums_and_ratios_of_every_day_and_of_all(year: tuple[RealShop, Journey]) -> None:
    shop, journey = year
    whole = _days(journey)
    spans = [whole, *(Days(day, day) for day in sorted({day for _, day, _ in _sales(journey)}))]
    for days in spans[:40]:
        sold = [sale for sale in _sales(journey) if sale[1] in days]
        until = [sale for sale in _sales(journey) if sale[1] <= days.last]
        by_member = Counter(household for household, _, _ in sold)
        told = {
            each.id: (each.numerator, each.denominator)
            for each in shop.do(slice_figures, days=days, till=None)
        }
        money = sum(minor for _, _, minor in sold)
        assert told["sales"] == (len(sold), 1)
        assert told["paid"] == (money, 1)
        assert told["arpu"] == (money, len(by_member))
        twice = sum(1 for count in by_member.values() if count > 1)
        assert told["repeat_rate"] == (twice, len(by_member))
        ever = sum(minor for _, _, minor in until)
        assert told["lifetime_value"] == (ever, len({who for who, _, _ in until}))


def test_recency_frequency_and_money_of_every_member(year: tuple[RealShop, Journey]) -> None:
    shop, journey = year
    theirs: dict[str, list[Any]] = defaultdict(lambda: [None, 0, 0])
    today = _days(journey).last + timedelta(days=1)
    for household, day, minor in _sales(journey):
        row = theirs[member_id(household)]
        row[0] = (today - day).days
        row[1] += 1
        row[2] += minor
    kept = "SELECT person, recency_days, frequency, money_minor FROM figure_segment"
    rows = shop.do(lambda shop, work: work.driver.execute(kept).fetchall())
    assert {row[0]: list(row[1:]) for row in rows} == dict(theirs)
