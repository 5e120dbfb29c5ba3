"""Staff: who works here, what each role may do, and when a sign-in is refused.

Owns: staff, roles, permissions, who reaches whom, rules of names and PINs, the delays and the lock
after wrong PINs. Does not own: hashing (a port), signing in (app/services/staff.py), the words.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

Permission = Literal[
    "sell", "join_member", "member_note", "reveal_phone", "reprint", "replace_card", "open_drawer",
    "resolve_line", "remove_member", "unlock_staff", "manage_staff", "manage_program",
    "manage_settings", "see_audit", "override_price", "take_over_shift", "x_report",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions; shops may have their own."""

    role_id: str
    permissions: frozenset[Permission]


CASHIER = Role(
    "cashier",
    frozenset({"sell", "join_member", "reprint", "resolve_line", "remove_member", "reveal_phone"}),
)
SUPERVISOR = Role(
    "supervisor",
    CASHIER.permissions
    | {
        "replace_card",
        "member_note",
        "open_drawer",
        "unlock_staff",
        "override_price",
        "take_over_shift",
        "x_report",
    },
)
MANAGER = Role(
    "manager",
    SUPERVISOR.permissions | {"manage_staff", "manage_program", "manage_settings", "see_audit"},
)
AUDITOR = Role("auditor", frozenset({"see_audit", "x_report"}))
ROLES = {role.role_id: role for role in (CASHIER, SUPERVISOR, MANAGER, AUDITOR)}


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One person who works here. `pin_hash` is the hasher's own text, never a PIN."""

    staff_id: str
    name: str
    role: Role
    pin_hash: str | None = None
    badge_code: str | None = None
    member_ids: frozenset[str] = frozenset()
    """The person's own memberships: he may not ring them up."""
    active: bool = True

    def may(self, permission: Permission) -> bool:
        return self.active and permission in self.role.permissions

    def reaches(self, role: Role) -> bool:
        """Whether somebody with this role stands no higher: it holds no right he has not himself.

        Roles have no numbers: a shop's own roles find their place by what they may do. Of two
        roles that each hold a right the other lacks, neither reaches the other.
        """
        return role.role_id == self.role.role_id or role.permissions <= self.role.permissions


@dataclass(frozen=True, slots=True)
class SignInRecord:
    """Wrong PINs in a row of one person, kept over restarts. Times are wall milliseconds."""

    staff_id: str
    failures: int = 0
    wait_until_ms: int = 0
    locked: bool = False
    """Whether `wait_until_ms` is the long lock (a manager may end it early)."""


DELAY_AFTER = 3
DELAYS_MS = (1_000, 2_000, 4_000, 8_000)
LOCK_AFTER = 8
LOCK_MS = 15 * 60 * 1_000
assert DELAY_AFTER < LOCK_AFTER


def after_wrong_pin(record: SignInRecord, now_ms: int) -> SignInRecord:
    """The record after one more wrong PIN: a delay from the third on, the lock at the eighth."""
    failures = record.failures + 1
    if failures >= LOCK_AFTER:
        return replace(record, failures=failures, wait_until_ms=now_ms + LOCK_MS, locked=True)
    if failures < DELAY_AFTER:
        return replace(record, failures=failures)
    delay_ms = DELAYS_MS[min(failures - DELAY_AFTER, len(DELAYS_MS) - 1)]
    return replace(record, failures=failures, wait_until_ms=now_ms + delay_ms)


def wait_ms(record: SignInRecord, now_ms: int) -> int:
    """How long the person still has to wait; never longer than the lock, whatever the clock did."""
    return max(0, min(record.wait_until_ms - now_ms, LOCK_MS))


NameRefusal = Literal["empty", "too_long", "control_signs"]
STAFF_NAME_LENGTH_MAX = 60
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_staff_name(name: str) -> NameRefusal | None:
    """Why a name is refused (its outer blanks do not count); None = it may be used.

    Line breaks, control signs and signs that turn the direction of writing would make one name
    look like another on the sign-in screen, on receipts and in the audit trail.
    """
    bare = name.strip()
    if not bare:
        return "empty"
    if len(bare) > STAFF_NAME_LENGTH_MAX:
        return "too_long"
    return "control_signs" if any(_is_control(sign) for sign in bare) else None


def _is_control(sign: str) -> bool:
    # Signs that Unicode does not know yet stay allowed: rare surnames get new characters.
    return sign in _BIDI_CONTROLS or unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")


PinRefusal = Literal["digits", "length", "too_common", "same_digits"]
PIN_LENGTH_MIN, PIN_LENGTH_MAX = 4, 6
_TOO_COMMON = frozenset({"1234", "12345", "123456", "4321", "54321", "654321"})


def check_pin(pin: str) -> PinRefusal | None:
    """Why a new PIN is refused; None = it may be used."""
    if not (pin.isascii() and pin.isdigit()):
        return "digits"
    if not PIN_LENGTH_MIN <= len(pin) <= PIN_LENGTH_MAX:
        return "length"
    if len(set(pin)) == 1:
        return "same_digits"
    return "too_common" if pin in _TOO_COMMON else None
