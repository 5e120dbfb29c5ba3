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
    SUPERVISOR,
    SignInRecord,
    StaffMember,
    after_wrong_pin,
    check_pin,
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
    assert AUDITOR.permissions == {"see_audit"}
    assert set(ROLES) == {"cashier", "supervisor", "manager", "auditor"}


def test_who_left_may_nothing() -> None:
    person = StaffMember("s1", "李明", MANAGER)
    assert person.may("manage_staff")
    assert not replace(person, active=False).may("manage_staff")
    assert not StaffMember("s2", "钱新", CASHIER).may("manage_staff")
