"""PIN rules, permissions by role, the delays and the lock after wrong PINs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.staff import (
    AUDITOR,
    CASHIER,
    LOCK_MS,
    MANAGER,
    ROLES,
    STAFF_NAME_LENGTH_MAX,
    SUPERVISOR,
    Role,
    SignInRecord,
    StaffMember,
    after_wrong_pin,
    check_pin,
    check_staff_name,
    wait_ms,
)

NOW = 1_795_000_000_000


def test_eight_wrong_pins_in_a_row_wait_longer_and_longer_and_then_lock() -> None:
    record, waits = SignInRecord("s1"), []
    for _ in range(9):
        record = after_wrong_pin(record, NOW)
        waits.append(wait_ms(record, NOW))
    assert waits == [0, 0, 1_000, 2_000, 4_000, 8_000, 8_000, LOCK_MS, LOCK_MS]
    assert (record.failures, record.locked) == (9, True)


def test_a_wait_ends_by_itself_and_a_clock_set_back_cannot_stretch_it() -> None:
    record = SignInRecord("s1", failures=8, wait_until_ms=NOW + LOCK_MS, locked=True)
    assert wait_ms(record, NOW + LOCK_MS) == 0
    assert wait_ms(record, NOW - 10 * LOCK_MS) == LOCK_MS


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("2580", None),
        ("258013", None),
        ("258", "length"),
        ("2580139", "length"),
        ("25 80", "digits"),
        ("２５８０", "digits"),
        ("0000", "same_digits"),
        ("123456", "too_common"),
    ],
)
def test_a_new_pin(pin: str, reason: str | None) -> None:
    assert check_pin(pin) == reason


def test_each_role_may_what_the_one_below_may_and_an_auditor_only_looks() -> None:
    assert CASHIER.permissions < SUPERVISOR.permissions < MANAGER.permissions
    assert AUDITOR.permissions == {"see_audit", "x_report"}, "an X changes nothing"
    assert set(ROLES) == {"cashier", "supervisor", "manager", "auditor"}


def test_who_left_may_nothing() -> None:
    person = StaffMember("s1", "李明", MANAGER)
    assert person.may("manage_staff")
    assert not replace(person, active=False).may("manage_staff")
    assert not StaffMember("s2", "钱新", CASHIER).may("manage_staff")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("王芳", None, id="a name"),
        pytest.param("  Mary O'Neil-王  ", None, id="blanks around it"),
        pytest.param("\U00032000三", None, id="a character newer than this Python"),
        pytest.param("王" * STAFF_NAME_LENGTH_MAX, None, id="as long as it may be"),
        pytest.param("王" * (STAFF_NAME_LENGTH_MAX + 1), "too_long", id="one too long"),
        pytest.param("", "empty", id="nothing"),
        pytest.param(" \u3000\t", "empty", id="only blanks"),
        pytest.param("王芳\n店长", "control_signs", id="a line break"),
        pytest.param("王\x1b[31m芳", "control_signs", id="an escape"),
        pytest.param("王\u2028芳", "control_signs", id="a line separator"),
        pytest.param("芳\u202e王", "control_signs", id="written backwards"),
        pytest.param("王\ud800", "control_signs", id="half a character"),
    ],
)
def test_a_name(name: str, reason: str | None) -> None:
    assert check_staff_name(name) == reason


SHIFT_LEADER = Role("shift-leader", frozenset({"sell", "manage_staff"}))
CLERK = Role("clerk", frozenset({"manage_settings"}))
REACH = [
    (MANAGER, {"cashier", "supervisor", "manager", "auditor", "shift-leader", "clerk"}),
    (SUPERVISOR, {"cashier", "supervisor"}),
    (CASHIER, {"cashier"}),
    (AUDITOR, {"auditor"}),
    (SHIFT_LEADER, {"shift-leader"}),
    (CLERK, {"clerk"}),
]


@pytest.mark.parametrize(("mine", "reached"), REACH, ids=[role.role_id for role, _ in REACH])
def test_one_reaches_roles_without_a_right_one_has_not(mine: Role, reached: set[str]) -> None:
    person = StaffMember("s1", "王芳", mine)
    roles = [*ROLES.values(), SHIFT_LEADER, CLERK]
    assert {role.role_id for role in roles if person.reaches(role)} == reached


def test_a_role_that_gained_a_right_stays_within_reach_of_who_has_the_role() -> None:
    as_kept = Role("manager", MANAGER.permissions - {"see_audit"})
    assert StaffMember("s1", "王芳", as_kept).reaches(MANAGER)
