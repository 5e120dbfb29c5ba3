"""The complaints part of a program: what nobody could keep to is refused; whose cases go where."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from app.domain.complaint_check import check_complaints
from app.domain.complaint_rules import (
    ComplaintChoice,
    ComplaintProgram,
    ServiceHours,
    TierStep,
    level_of,
    minutes_of,
    rules_of_case,
)
from app.domain.opening_hours import OpeningHours, OpenSpan, open_ms
from app.domain.program import Text
from tests.domain.complaint_story import Shop, told
from tests.domain.heart_builders import a_program

LADDER = [TierStep(id="regular", response_minutes=240), TierStep(id="gold", response_minutes=30)]
SCALE = ComplaintChoice(id="scale", name=Text(zh="秤", en="Scale"))


@pytest.mark.parametrize(
    ("clock", "minutes"),
    [("09:30", 570), ("00:00", 0), ("24:00", 1440), ("24:01", None), ("9:30", None),
     ("09.30", None), ("09:60", None), ("ab:cd", None)],
)  # fmt: skip
def test_times_of_a_day(clock: str, minutes: int | None) -> None:
    assert minutes_of(clock) == minutes


@pytest.mark.parametrize(
    ("part", "code", "path"),
    [
        (ComplaintProgram(), "", ""),
        (ComplaintProgram(senior_tiers=("gold",)), "", ""),
        (ComplaintProgram(medium_minutes=20), "quicker_below", "complaints.medium_minutes"),
        (ComplaintProgram(low_days=4), "quicker_below", "complaints.low_days"),
        (ComplaintProgram(senior_tiers=("ruby",)), "unknown_tier", "complaints.senior_tiers[0]"),
        (ComplaintProgram(hours=(ServiceHours(opens="25:00"),)), "not_open_hours",
         "complaints.hours[0]"),
        (ComplaintProgram(hours=(ServiceHours(closes="09:00"),)), "not_open_hours",
         "complaints.hours[0]"),
        (ComplaintProgram(causes=(SCALE, SCALE)), "duplicate", "complaints.causes[1].id"),
        (ComplaintProgram(topics=()), "names_nothing_to_choose", "complaints.topics"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it(part: ComplaintProgram, code: str, path: str) -> None:
    found = list(check_complaints(replace(a_program(), complaints=part)))
    assert [(each.code, each.path) for each in found] == ([(code, path)] if code else [])
    assert all(each.cure for each in found)


@pytest.mark.parametrize(
    ("named", "tier", "level"),
    [(None, "gold", 1), (None, "regular", 0), (None, None, 0), (("regular",), "gold", 0),
     (("regular",), "regular", 1), ((), "gold", 0)],
)  # fmt: skip
def test_whose_cases_go_straight_to_a_senior(
    named: tuple[str, ...] | None, tier: str | None, level: int
) -> None:
    assert level_of(ComplaintProgram(senior_tiers=named), LADDER, tier) == level


def test_a_ladder_of_one_tier_has_no_highest() -> None:
    assert level_of(ComplaintProgram(), LADDER[:1], "regular") == 0


def test_hours_that_cannot_be_read_are_left_out() -> None:
    odd = ComplaintProgram(hours=(ServiceHours(opens="late"), ServiceHours()))
    rules = rules_of_case(odd, zone="UTC", response_minutes=30, day=date(2026, 11, 23))
    assert len(rules.hours.spans) == 1


def test_overlapping_hours_count_once() -> None:
    both = OpeningHours(
        zone="UTC", spans=(OpenSpan(opens=540, closes=720), OpenSpan(opens=600, closes=660))
    )
    assert open_ms(both, 0, 86_400_000) == 3 * 3_600_000
    assert open_ms(both, 5, 1) == 0


def test_what_a_case_is_asked_for() -> None:
    case, clocks = told(Shop("gold"), "11-23 10:00 open; 10:05 answer", "11-23 10:10")
    assert case.is_open
    assert case.case_id == case.opened.op_id
    assert case.last == case.events[-1].op_id
    assert clocks.clock("first") is not None
