"""Exceptions: which entries of the trail raise one, which of them grow, and how one is decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.audit import AuditEntry
from app.domain.exception_case import (
    ODD_ACTS,
    CaseEnd,
    Concerned,
    ExceptionCase,
    agreed,
    case_of,
    case_of_day,
    case_of_difference,
    case_of_fork,
    case_of_rejection,
    closed,
    paid,
    points_at_stake,
    rejected_case,
)
from app.domain.outbox import Difference


def entry(act: str, *, subject: str = "m1", **details: str) -> AuditEntry:
    return AuditEntry(1_700, "li", act, subject, tuple(sorted(details.items())))


@pytest.mark.parametrize("act", ODD_ACTS)
def test_an_odd_act_raises_a_case_with_its_story(act: str) -> None:
    case = case_of(7, entry(act, day="2026-11-21"))
    assert case is not None
    assert (case.kind, case.staff_id, case.subject, case.at_ms) == (
        ODD_ACTS[act], "li", "m1", 1_700,
    )  # fmt: skip
    assert case.story == (("day", "2026-11-21"),)


def test_an_everyday_act_raises_none() -> None:
    assert case_of(7, entry("sale")) is None


def test_what_counts_up_is_one_case_a_day_that_grows() -> None:
    sixth = case_of(7, entry("many_sales_of_member", day="2026-11-21", sales="6"))
    seventh = case_of(9, entry("many_sales_of_member", day="2026-11-21", sales="7"))
    tomorrow = case_of(12, entry("many_sales_of_member", day="2026-11-22", sales="6"))
    assert sixth and seventh and tomorrow
    assert sixth.case_id == seventh.case_id != tomorrow.case_id


def test_what_happens_is_a_case_each_time() -> None:
    first, second = (case_of(number, entry("own_membership_refused")) for number in (7, 8))
    assert first and second
    assert first.case_id != second.case_id


def test_a_case_is_decided_once() -> None:
    case = case_of(7, entry("self_approval"))
    assert case is not None
    first = CaseEnd("accepted", "wang", 2_000)
    decided = closed(case, first)
    assert decided.end == first
    assert closed(decided, CaseEnd("followed_up", "zhao", 3_000)) == decided


def test_points_spent_at_two_tills_are_a_case_with_both_sides() -> None:
    said = {"by": "spending", "other_store": "城东店", "other_till": "1", "other_points": "500"}
    found = Difference(kind="overdraft", case="overdraft:s2", points=-40, text=said)
    concerned = Concerned("s2", "li", "m1", "R001020101T000021", 500, 1_600)
    case = case_of_difference(concerned, found, 1_700)
    assert case is not None
    assert (case.case_id, case.kind, case.staff_id) == ("sync:overdraft:s2", "overdraft", "li")
    assert dict(case.story) == {
        "member": "m1", "receipt": "R001020101T000021", "points": "-40", "spent_here": "500",
        "here_at": "1600", "other_store": "城东店", "other_till": "1", "other_points": "500",
    }  # fmt: skip


def test_another_price_says_by_how_much() -> None:
    said = {"total": "13643", "expected": "13043", "earned": "204", "expected_earned": "196"}
    found = Difference(kind="price_differs", case="price_differs:s2", text=said)
    case = case_of_difference(Concerned("s2"), found, 1_700)
    assert case is not None
    assert case.story == (("difference", "600"),)


def test_a_correction_that_costs_nobody_anything_is_no_case() -> None:
    assert case_of_difference(Concerned("s2"), Difference(kind="day_changed", case="d"), 9) is None


def an_overdraft(**changes: str) -> ExceptionCase:
    said = {"by": "spending", "version": "7"} | changes
    found = Difference(kind="overdraft", case="overdraft:s2", points=-40, text=said)
    case = case_of_difference(Concerned("s2", "li", "m1"), found, 2_000)
    assert case is not None
    return case


@pytest.mark.parametrize(
    ("debt", "version", "is_paid"),
    [
        pytest.param(0, 8, True, id="a later account owes nothing"),
        pytest.param(0, 7, True, id="the very account of the overdraft: more came with it"),
        pytest.param(0, 6, False, id="an account from before says nothing"),
        pytest.param(5, 9, False, id="five points are missing still"),
    ],
)
def test_an_overdraft_settles_itself_once_it_was_paid(
    debt: int, version: int, is_paid: bool
) -> None:
    case = an_overdraft()
    end = CaseEnd("accepted", "", 3_000) if is_paid else None
    assert paid(case, debt, version, 3_000).end == end


def test_nothing_else_settles_itself() -> None:
    other = replace(an_overdraft(), kind="coupon_used_twice")
    old = an_overdraft(version="")
    assert paid(other, 0, 9, 3_000) == other
    assert paid(old, 0, 9, 3_000) == old
    decided = closed(an_overdraft(), CaseEnd("followed_up", "wang", 2_500))
    assert paid(decided, 0, 9, 3_000) == decided


def test_what_sync_cannot_settle_is_a_case_by_its_own_name() -> None:
    request = Concerned("r1", "li", "m1")
    case = case_of_rejection(request, "merge_requested.1", "merge_frozen", 1_700)
    assert (case.case_id, case.kind, case.subject) == (
        rejected_case("r1"),
        "request_rejected",
        "r1",
    )
    assert dict(case.story) == {
        "member": "m1", "request": "merge_requested.1", "code": "merge_frozen",
    }  # fmt: skip
    assert case_of_fork(2, 17, 1_700).case_id == "chain_forked:2"
    day = case_of_day("2026-11-21", 1_700)
    assert (day.case_id, day.end) == ("days_differ:2026-11-21", None)
    assert agreed(day, 1_800).end == CaseEnd("accepted", "", 1_800)


def test_a_wrong_clock_is_one_case_a_day() -> None:
    first, second = (case_of(n, entry("clock_drift", what="ClockDrifts")) for n in (7, 9))
    behind = case_of(11, entry("clock_behind"))
    assert first and second and behind
    assert first.case_id == second.case_id == behind.case_id == "clock_wrong:0"


@pytest.mark.parametrize(
    ("kind", "story", "points"),
    [("overdraft", {"points": "-40"}, 40), ("overdraft", {}, 0),
     ("floor_exceeded", {"spent": "700", "allowed": "500"}, 200),
     ("grant_exceeded", {"spent_here": "300"}, 300), ("price_differs", {"points": "9"}, 0)],
)  # fmt: skip
def test_how_many_points_are_at_stake(kind: Any, story: dict[str, str], points: int) -> None:
    case = ExceptionCase("c", kind, 1, "", "s", tuple(story.items()))
    assert points_at_stake(case) == points
