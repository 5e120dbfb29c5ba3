"""Exceptions: which entries of the trail raise one, which of them grow, and how one is decided."""

from __future__ import annotations

import pytest

from app.domain.audit import AuditEntry
from app.domain.exception_case import ODD_ACTS, CaseEnd, case_of, closed


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
