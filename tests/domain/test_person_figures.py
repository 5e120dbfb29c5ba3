"""Lives, cohorts and merged ids: the same whatever order they are told in."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.months import Month
from app.domain.person_figures import (
    NO_CELL,
    CohortCell,
    DayVisit,
    PersonLife,
    cell_changes,
    cells_of,
    cohort_lines,
    life_of,
    moved,
    persons_of,
)
from tests.domain.heart_builders import on

VISITS = st.lists(
    st.builds(
        DayVisit,
        st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        st.integers(0, 3),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
        st.integers(0, 1),
    ),
    max_size=20,
)


def test_a_life_is_its_days() -> None:
    life = life_of(
        [
            DayVisit(on("2026-03-02"), 2, 5000),
            DayVisit(on("2026-01-15"), 1, 1000),
            DayVisit(on("2026-03-20"), 0, 0, 700, 1),
            DayVisit(on("2026-04-01")),
        ]
    )
    assert (life.first, life.last, life.contact) == (
        on("2026-01-15"), on("2026-03-02"), on("2026-04-01"),
    )  # fmt: skip
    assert [(each.sales, each.net_minor, each.returned) for each in life.months] == [
        (1, 1000, 0),
        (2, 4300, 1),
    ]
    january, march = (Month.of(on(day)).index for day in ("2026-01-01", "2026-03-01"))
    assert cells_of(life) == {
        (january, january): CohortCell(1, 0, 1000, 0),
        (january, march): CohortCell(1, 1, 5000, 700),
    }


def test_whoever_never_bought_is_in_no_cohort() -> None:
    assert cells_of(life_of([DayVisit(on("2026-03-20"), 0, 0, 700)])) == {}
    assert life_of([]) == PersonLife()


@given(VISITS, VISITS)
def test_changes_lead_from_one_to_the_other(one: list[DayVisit], other: list[DayVisit]) -> None:
    before, after = life_of(one), life_of(other)
    assert life_of(reversed(one)) == before
    table = dict(cells_of(before))
    for key, change in cell_changes(before, after).items():
        table[key] = table.get(key, NO_CELL).plus(change)
    assert {key: cell for key, cell in table.items() if cell != NO_CELL} == {
        key: cell for key, cell in cells_of(after).items() if cell != NO_CELL
    }


def test_cohorts_stand_in_lines_up_to_the_last_month() -> None:
    first = Month.of(on("2026-01-01"))
    cells = {
        (first.index, first.index): CohortCell(2, 0, 300, 0),
        (first.index, first.index + 2): CohortCell(1, 1, 100, 50),
        (first.index + 5, first.index + 5): CohortCell(9, 0, 1, 0),
    }
    [line] = cohort_lines(cells, first, first.plus(2))
    assert (line.month, line.members) == (first, 2)
    assert [cell.active for cell in line.later] == [2, 0, 1]
    assert [line.net_minor(months) for months in range(3)] == [300, 300, 350]


@pytest.mark.parametrize(
    ("merged", "persons"),
    [
        pytest.param([("b", "a")], {"b": "a"}, id="one into another"),
        pytest.param([("c", "b"), ("b", "a")], {"b": "a", "c": "a"}, id="a chain of merges"),
        pytest.param([("a", "a")], {}, id="into himself"),
        pytest.param([("a", "b"), ("b", "a")], {"a": "b", "b": "a"}, id="a ring ends"),
        pytest.param([], {}, id="nobody"),
    ],
)
def test_merged_ids_stand_for_the_survivor(
    merged: list[tuple[str, str]], persons: dict[str, str]
) -> None:
    assert persons_of(merged) == persons


def test_who_is_touched_by_merging_and_parting() -> None:
    assert moved({}, {"b": "a"}) == {"a", "b"}
    assert moved({"b": "a"}, {"b": "c"}) == {"a", "b", "c"}
    assert moved({"b": "a"}, {"b": "a"}) == set()
