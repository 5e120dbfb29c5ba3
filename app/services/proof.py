"""Proof of who somebody is: a badge or a PIN, with the delays and the lock after wrong ones.

Owns: the one way a PIN or a badge is looked at, and what is audited where it was wrong. Does not
own: what the person then does (signing in: staff.py, approving: approval.py), the rules of delays
(app/domain/staff.py), hashing (a port). Never says whether the name or the PIN was wrong.

Comparing a PIN takes some 40 ms, in which a scan or a pull would wait for the store lane. So a
window asks `pin_hash_to_compare` in the lane, has `compare_pin` done beside it, and comes back with
what was found. What was found counts only by the record as it stands then: of attempts that race
each other no more are judged than if they had come one by one, and a right PIN that comes back
into a delay or a lock waits like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from app.domain.codes import Code, parse_code
from app.domain.moment import Moment
from app.domain.staff import (
    LOCK_AFTER,
    SignInRecord,
    StaffMember,
    after_wrong_pin,
    wait_ms,
)
from app.services.audit_trail import Act, record
from app.services.ports import UnitOfWork
from app.services.shop import Shop

Purpose = Literal["sign_in", "approval"]


@dataclass(frozen=True, slots=True)
class Proven:
    """It is this person."""

    person: StaffMember


@dataclass(frozen=True, slots=True)
class WrongSignIn:
    """It was not right; `tries_left` until the long lock, `wait_ms` before the next try."""

    tries_left: int
    wait_ms: int


@dataclass(frozen=True, slots=True)
class WaitFirst:
    """Too early: not even looked at. `locked` = the long lock; a manager may end it."""

    wait_ms: int
    locked: bool


@dataclass(frozen=True, slots=True)
class BadgeUnknown:
    """Nobody who works here has this badge."""


@dataclass(frozen=True, slots=True)
class ComparedPin:
    """A PIN that was compared beside the store lane; it counts while that hash is the person's."""

    pin: str = field(repr=False)
    pin_hash: str = field(repr=False)
    is_right: bool = field(repr=False)


TypedPin = str | ComparedPin
"""A bare text is compared in the lane: for whoever works without a window beside him."""


def pin_hash_to_compare(*, shop: Shop, work: UnitOfWork, staff_id: str) -> str | None:
    """What this person's PIN is compared with; None where nothing may be looked at now."""
    if wait_ms(work.staff.sign_in_record(staff_id), shop.now().wall_ms):
        return None
    person = work.staff.get(staff_id)
    return person.pin_hash if person is not None and person.active else None


def compare_pin(*, shop: Shop, pin: str, pin_hash: str) -> ComparedPin:
    """Slow, and touches no store: never call it on the store lane."""
    return ComparedPin(pin, pin_hash, shop.pins.is_right(pin, pin_hash))


def prove_by_pin(
    *, shop: Shop, work: UnitOfWork, staff_id: str, pin: TypedPin, purpose: Purpose
) -> Proven | WrongSignIn | WaitFirst:
    """Look at a PIN. A right one starts the counting anew. Changes: the sign-in record, audit."""
    now = shop.now()
    person = work.staff.get(staff_id)
    kept = work.staff.sign_in_record(staff_id)
    waiting = wait_ms(kept, now.wall_ms)
    if waiting:
        return WaitFirst(waiting, kept.locked)
    right = (
        person is not None
        and person.active
        and person.pin_hash is not None
        and _is_right(shop, pin, person.pin_hash)
    )
    if person is None or not right:
        return _wrong(shop, work, kept, now, purpose)
    work.staff.put_sign_in_record(SignInRecord(staff_id))
    return Proven(person)


def _is_right(shop: Shop, pin: TypedPin, pin_hash: str) -> bool:
    if isinstance(pin, ComparedPin) and pin.pin_hash == pin_hash:
        return pin.is_right
    # His PIN was changed meanwhile: what was found out about the old one says nothing.
    return shop.pins.is_right(pin if isinstance(pin, str) else pin.pin, pin_hash)


def prove_by_badge(
    *, shop: Shop, work: UnitOfWork, badge: str, purpose: Purpose
) -> Proven | WaitFirst | BadgeUnknown:
    """Look at a scanned badge. Whoever is locked out for long stays so. Changes: as by PIN."""
    now = shop.now()
    code = parse_code(badge)
    person = work.staff.by_badge(code.text) if isinstance(code, Code) else None
    if person is None or not person.active:
        details = {"how": "badge"} | _where(purpose)
        record(shop=shop, work=work, now=now, act="sign_in_failed", staff_id="", details=details)
        return BadgeUnknown()
    kept = work.staff.sign_in_record(person.staff_id)
    waiting = wait_ms(kept, now.wall_ms)
    if waiting and kept.locked:
        return WaitFirst(waiting, locked=True)
    work.staff.put_sign_in_record(SignInRecord(person.staff_id))
    return Proven(person)


def _wrong(
    shop: Shop, work: UnitOfWork, kept: SignInRecord, now: Moment, purpose: Purpose
) -> WrongSignIn:
    after = after_wrong_pin(kept, now.wall_ms)
    if work.staff.get(kept.staff_id) is not None:
        work.staff.put_sign_in_record(after)
    act: Act = "sign_in_locked" if after.locked else "sign_in_failed"
    details = {"failures": str(after.failures)} | _where(purpose)
    record(
        shop=shop, work=work, now=now, act=act, subject=kept.staff_id, staff_id="", details=details
    )
    return WrongSignIn(max(0, LOCK_AFTER - after.failures), wait_ms(after, now.wall_ms))


def _where(purpose: Purpose) -> dict[str, str]:
    return {} if purpose == "sign_in" else {"for": purpose}
