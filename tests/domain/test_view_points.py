"""The view in tables: points by month, debts, held points, occasions.

Owns: what an account means on a day, case by case. Does not own: laws over all accounts.
"""

from typing import Any

import pytest

from app.domain import effects as do
from app.domain.account import FoldItem
from app.domain.months import Month
from app.domain.replay import Debt, Gain, HeldPoints, replay
from app.domain.view import GivenTwice
from tests.domain.heart_builders import item, on, op, seen

# gained: (month gained, points, months to live); taken: (month, points)
POINTS = """
  # gained                 taken              as of      | buckets                   debt
    01:100:12                                 2026-06-15 | 2027-01:100                  0
    01:100:12                                 2027-01-31 | 2027-01:100                  0
    01:100:12                                 2027-02-01 |                              0
    01:100:2,02:50:12      02:120             2026-02-20 | 2027-02:30                   0
    01:100:2,02:50:12      02:120             2026-04-01 | 2027-02:30                   0
    01:100:2,02:50:12      04:40              2026-04-20 | 2027-02:10                   0
    01:100:12              02:150             2026-02-20 |                             50
    01:100:12,03:80:12     02:150             2026-03-20 | 2027-03:30                   0
    01:100:12,03:30:12     02:150             2026-03-20 |                             20
    01:-40:12              02:10              2026-02-20 |                             10
    01:100:12              02:-30             2026-02-20 | 2027-01:100                  0
    01:100:1,01:100:3      01:50,02:60,03:20  2026-03-20 | 2026-04:70                   0
"""


def _points_cases() -> list[Any]:
    cases = []
    for row in POINTS.strip().splitlines()[1:]:
        left, right = row.split("|")
        gained, as_of = left[:24].strip(), left.split()[-1]
        taken = left[24:].replace(as_of, "").strip()
        outcome = right.split()
        debt, buckets = int(outcome[-1]), outcome[0] if len(outcome) > 1 else ""
        cases.append(pytest.param(gained, taken, as_of, buckets, debt, id=" ".join(row.split())))
    return cases


@pytest.mark.parametrize(("gained", "taken", "as_of", "buckets", "debt"), _points_cases())
def test_points_by_month(gained: str, taken: str, as_of: str, buckets: str, debt: int) -> None:
    items: list[FoldItem] = []
    for entry in filter(None, gained.split(",")):
        month, points, live = entry.split(":")
        gain = do.Gained(points=int(points), expires_in=int(live))
        items.append(item(len(items), on(f"2026-{month}-10"), gain))
    for entry in filter(None, taken.split(",")):
        month, points = entry.split(":")
        items.append(item(len(items), on(f"2026-{month}-11"), do.Taken(points=int(points))))
    result = seen(as_of, *items)
    left = ",".join(f"{bucket.expires}:{bucket.points.count}" for bucket in result.buckets)
    assert (left, result.debt_points) == (buckets, debt)


def test_debts_are_told_by_the_month_they_were_made_in() -> None:
    result = seen(
        "2026-03-20",
        item(1, on("2026-01-10"), do.Taken(points=30)),
        item(2, on("2026-03-10"), do.Taken(points=20), do.Gained(points=35, expires_in=12)),
    )
    assert result.debts == (Debt(Month.parse("2026-03"), 15),)
    assert result.balance == -15


def test_held_points_vest_after_the_return_window_and_pay_what_was_taken() -> None:
    sale = item(1, on("2026-01-10"), do.HeldGain(points=3000, expires_in=12, usable_in_days=8))
    during = seen("2026-01-17", sale)
    assert during.balance == 0
    assert during.held == (HeldPoints(on("2026-01-18"), Month.parse("2027-01"), 3000),)
    assert seen("2026-01-18", sale).balance == 3000
    assert seen("2026-01-17", sale, item(2, on("2026-01-11"), do.Taken(points=5))).balance == -5


def test_held_points_that_lapse_before_they_vest_are_not_shown() -> None:
    sale = item(1, on("2026-01-28"), do.HeldGain(points=30, expires_in=0, usable_in_days=30))
    assert seen("2026-02-10", sale).held == ()


def test_expiring_points_are_told_in_their_last_three_months() -> None:
    gain = item(1, on("2026-01-10"), do.Gained(points=300, expires_in=10))
    assert seen("2026-08-31", gain).expiring == ()
    (bucket,) = seen("2026-09-01", gain).expiring
    assert (bucket.expires, bucket.points.count) == (Month.parse("2026-11"), 300)


def test_points_spent_today_count_only_today() -> None:
    sale = item(1, on("2026-01-10"), do.Visited(spend_minor=100, points_spent=300))
    assert seen("2026-01-10", sale).points_spent_today == 300
    assert seen("2026-01-11", sale).points_spent_today == 0


def test_an_occasion_counts_once_per_person_for_the_smallest_op_id() -> None:
    second = item(
        2, on("2026-01-10"), do.OccasionGain(occasion="welcome", points=70, expires_in=12)
    )
    first = item(1, on("2026-01-12"), do.OccasionGain(occasion="welcome", points=50, expires_in=12))
    result = seen("2026-01-20", second, first)
    assert result.balance == 50
    assert result.exceptions == (GivenTwice("welcome", (op(1), op(2))),)
    assert result.occasions == {"welcome"}


def test_a_rebate_counts_only_while_its_spend_stands() -> None:
    sale = item(
        1,
        on("2026-03-10"),
        do.Visited(spend_minor=600_000),
        do.OccasionGain(
            occasion="rebate:spring:2026-03-01", points=500, expires_in=12, usable_in_days=8,
            spend_line=500_000, months_back=0, return_days=7,
        ),
    )  # fmt: skip
    assert seen("2026-03-18", sale).balance == 500
    in_time = item(2, on("2026-03-17"), do.Undone(sale=op(1), spend_minor=200_000))
    late = item(2, on("2026-03-18"), do.Undone(sale=op(1), spend_minor=200_000))
    assert seen("2026-03-18", sale, in_time).balance == 0
    assert seen("2026-03-18", sale, late).balance == 500


@pytest.mark.parametrize(
    ("plain", "given_back", "left"),
    [(-40, 100, 60), (100, -40, 60), (-100, 40, 0), (30, 20, 50)],
)
def test_a_month_counts_by_the_sum_of_its_two_parts(plain: int, given_back: int, left: int) -> None:
    month = Month.parse("2026-06")
    gains = [Gain(month.index, plain), Gain(month.index, given_back, prolonged=True)]
    result = replay(gains, {}, on("2026-05-10"))
    assert [bucket.points.count for bucket in result.buckets] == [left][: left > 0]
    assert result.prolonged.get(month, 0) == min(left, max(0, given_back))
