"""One limit of a role: as it is typed, put among the others, and what nobody has said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.limit import (
    LIMIT_MINOR_MAX,
    LIMIT_POINTS_MAX,
    LIMIT_STEPS_MAX,
    NOTHING,
    default_limit,
    limit_of,
    read_limit,
    with_limit,
    write_limit,
)
from app.domain.rights import (
    DEFAULT_RIGHTS,
    UNITS,
    WHOLE_RATE,
    Act,
    Limit,
    Rights,
    RoleRights,
    check_rights,
)
from app.domain.setting_kind import ValueRefused

TENTH = Limit(verdict="up_to", up_to=1_000)
VALUED = tuple(act for act, unit in UNITS.items() if unit != "none")
MOST = {
    "rate": WHOLE_RATE,
    "money": LIMIT_MINOR_MAX,
    "points": LIMIT_POINTS_MAX,
    "steps": LIMIT_STEPS_MAX,
}


def test_what_ships_is_read_and_put_back() -> None:
    assert limit_of(DEFAULT_RIGHTS, "cashier", "line_discount") == TENTH
    assert default_limit("cashier", "line_discount") == TENTH
    other = with_limit(DEFAULT_RIGHTS, "cashier", "line_discount", Limit(verdict="allowed"))
    assert limit_of(other, "cashier", "line_discount") == Limit(verdict="allowed")
    assert limit_of(other, "supervisor", "line_discount").up_to == 2_000
    assert with_limit(other, "cashier", "line_discount", TENTH) == DEFAULT_RIGHTS


def test_a_role_of_the_shop_has_no_default() -> None:
    assert default_limit("trainee", "line_discount") is None


def test_what_nobody_has_said_is_nothing_and_is_said_with_the_next_change() -> None:
    old = Rights(roles=(RoleRights(role_id="cashier", limits={"reprint": TENTH}),))
    assert limit_of(old, "cashier", "void_sale") == NOTHING
    assert limit_of(old, "nobody", "void_sale") == NOTHING
    said = with_limit(old, "cashier", "reprint", Limit(verdict="allowed"))
    assert limit_of(said, "cashier", "void_sale") == NOTHING
    faults = {problem.fault for problem in check_rights(said, frozenset({"cashier"}))}
    assert "limit_missing" not in faults


@pytest.mark.parametrize(
    ("act", "typed", "value"),
    [
        pytest.param("line_discount", "10", 1_000, id="ten percent"),
        pytest.param("line_discount", " １２.5% ", 1_250, id="full-width figures and a sign"),
        pytest.param("line_discount", "100", 10_000, id="all of it"),
        pytest.param("refund_amount", "200", 20_000, id="money"),
        pytest.param("refund_amount", "0.5", 50, id="half a yuan"),
        pytest.param("points_limit", "5000", 5_000, id="points"),
    ],
)
def test_what_is_typed_is_a_value_of_the_act(act: Act, typed: str, value: int) -> None:
    assert read_limit(act, typed, 2) == value


@pytest.mark.parametrize(
    ("act", "typed", "why"),
    [
        pytest.param("line_discount", "101", ValueRefused("out_of_range", 0, 100), id="over all"),
        pytest.param("line_discount", "ten", ValueRefused("not_a_number", 0, 100), id="a word"),
        pytest.param("line_discount", "-1", ValueRefused("not_a_number", 0, 100), id="below 0"),
        pytest.param("refund_amount", "", ValueRefused("not_an_amount", 0, LIMIT_MINOR_MAX),
                     id="nothing"),
        pytest.param("refund_amount", "1000000.01",
                     ValueRefused("amount_too_high", 0, LIMIT_MINOR_MAX), id="too much"),
        pytest.param("points_limit", "1.5", ValueRefused("not_a_number", 0, LIMIT_POINTS_MAX),
                     id="half a point"),
        pytest.param("points_limit", "10000001",
                     ValueRefused("out_of_range", 0, LIMIT_POINTS_MAX), id="too many points"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_limit_is_refused(act: Act, typed: str, why: ValueRefused) -> None:
    assert read_limit(act, typed, 2) == why


@given(act=st.sampled_from(VALUED), value=st.integers(0, LIMIT_MINOR_MAX))
def test_a_value_that_is_written_is_read_again(act: Act, value: int) -> None:
    kept = min(value, MOST[UNITS[act]])
    assert read_limit(act, write_limit(act, kept, 2), 2) == kept


def test_an_act_without_a_unit_has_no_value() -> None:
    with pytest.raises(KeyError):
        write_limit("reprint", 1, 2)
    with pytest.raises(KeyError):
        read_limit("self_approval", "1", 2)


def test_whoever_may_say_yes_to_himself_is_a_limit_of_his_role() -> None:
    assert limit_of(DEFAULT_RIGHTS, "manager", "self_approval") == NOTHING
    own = with_limit(DEFAULT_RIGHTS, "manager", "self_approval", Limit(verdict="allowed"))
    assert limit_of(own, "manager", "self_approval") == Limit(verdict="allowed")
    assert limit_of(own, "cashier", "self_approval") == NOTHING
    assert with_limit(own, "manager", "self_approval", NOTHING) == DEFAULT_RIGHTS
    assert default_limit("manager", "self_approval") == NOTHING
    assert default_limit("trainee", "self_approval") is None


def test_badge_and_pin_are_asked_from_one_sum_on_for_all_roles() -> None:
    assert limit_of(DEFAULT_RIGHTS, "", "both_above") == Limit(verdict="up_to", up_to=50_000)
    never = with_limit(DEFAULT_RIGHTS, "", "both_above", NOTHING)
    assert never.both_above_minor is None
    assert limit_of(never, "cashier", "both_above") == NOTHING
    again = with_limit(never, "", "both_above", Limit(verdict="up_to", up_to=50_000))
    assert again == DEFAULT_RIGHTS
    assert default_limit("", "both_above") == Limit(verdict="up_to", up_to=50_000)
    assert read_limit("both_above", "800", 2) == 80_000
    assert write_limit("both_above", 80_000, 2) == "800.00"
