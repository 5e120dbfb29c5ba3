"""The list of members: who fits a choice, who is dormant, where a row stands in an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.member_list import (
    ListChoice,
    ListedMember,
    ListPlace,
    MemberOrder,
    MemberState,
    fits,
    place_of,
    state_of,
)

TODAY = date(2026, 11, 21)
WANG = ListedMember(
    number=7, member_id="wang", joined=date(2025, 3, 1), last_visit=date(2026, 11, 1),
    is_frozen=False, tier="gold", points=2340, spend_minor=473_557, tags=("VIP", "茶友"),
)  # fmt: skip
NEVER = replace(WANG, last_visit=None)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        pytest.param({}, "normal", id="was-here-this-month"),
        pytest.param({"last_visit": date(2026, 8, 24)}, "normal", id="89-days-away"),
        pytest.param({"last_visit": date(2026, 8, 23)}, "dormant", id="90-days-away"),
        pytest.param({"last_visit": None}, "dormant", id="joined-long-ago-and-never-bought"),
        pytest.param(
            {"last_visit": None, "joined": date(2026, 11, 1)}, "normal", id="joined-this-month"
        ),
        pytest.param({"is_frozen": True}, "frozen", id="frozen-whatever-else"),
    ],
)
def test_the_state_of_a_member(change: dict[str, Any], state: MemberState) -> None:
    assert state_of(replace(WANG, **change), TODAY) == state


@pytest.mark.parametrize(
    ("choice", "row", "is_in"),
    [
        pytest.param(ListChoice(), WANG, True, id="nothing-chosen"),
        pytest.param(ListChoice(tier="gold"), WANG, True, id="his-tier"),
        pytest.param(ListChoice(tier="silver"), WANG, False, id="another-tier"),
        pytest.param(ListChoice(state="normal"), WANG, True, id="his-state"),
        pytest.param(ListChoice(state="dormant"), WANG, False, id="another-state"),
        pytest.param(ListChoice(tag="茶友"), WANG, True, id="a-tag-of-his"),
        pytest.param(ListChoice(tag="茶"), WANG, False, id="a-part-of-a-tag-is-none"),
        pytest.param(ListChoice(visited="month"), WANG, True, id="20-days-are-within-30"),
        pytest.param(ListChoice(visited="week"), WANG, False, id="and-not-within-7"),
        pytest.param(ListChoice(visited="away_90"), WANG, False, id="not-away"),
        pytest.param(
            ListChoice(visited="away_90"),
            replace(WANG, last_visit=date(2026, 8, 23)),
            True,
            id="away-for-90",
        ),
        pytest.param(ListChoice(visited="never"), WANG, False, id="bought-something"),
        pytest.param(ListChoice(visited="never"), NEVER, True, id="never-bought"),
        pytest.param(ListChoice(visited="away_180"), NEVER, False, id="never-here-is-not-away"),
    ],
)
def test_who_is_in_the_list(choice: ListChoice, row: ListedMember, is_in: bool) -> None:
    assert fits(row, choice, TODAY) is is_in


def test_a_choice_of_an_order_alone_leaves_nobody_out() -> None:
    assert not ListChoice(order="points").is_narrowed
    assert ListChoice(tag="VIP").is_narrowed


@pytest.mark.parametrize(
    ("order", "row", "value"),
    [
        ("last_visit", WANG, "2026-11-01"),
        ("last_visit", NEVER, ""),
        ("spend", WANG, 473_557),
        ("points", WANG, 2340),
        ("newest", WANG, 7),
    ],
)
def test_where_a_row_stands(order: MemberOrder, row: ListedMember, value: str | int) -> None:
    assert place_of(row, order) == ListPlace(value, 7)
