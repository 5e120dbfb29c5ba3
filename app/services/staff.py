"""Staff at the till: signing in by PIN or badge, locking, changing the cashier, their PINs.

Owns: who is at the till, who works here, and what is audited of it. Does not own: looking at a
PIN or a badge (proof.py), the rules of delays, names and PINs (app/domain/staff.py).

Rank: who may manage staff adds people, changes roles and gives PINs only up to his own role, so
that nobody can lift himself or a friend above himself, or sign in as somebody above him. Colleagues
of the same role may: a manager's forgotten PIN needs another manager. One's own PIN is always one's
own; nobody changes his own role, so a shop never loses its last manager that way. The lock after
wrong PINs is ended within one's reach too: else whoever may end it could try a manager's PIN for
ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from app.domain.codes import CodeKind, random_code
from app.domain.staff import (
    ROLES,
    NameRefusal,
    PinRefusal,
    Role,
    SignInRecord,
    StaffMember,
    check_pin,
    check_staff_name,
    wait_ms,
)
from app.services.answers import Changed, NotAllowed, Refusal, SignInFirst
from app.services.audit_trail import record
from app.services.desk import allowed, keep
from app.services.ports import UnitOfWork
from app.services.proof import BadgeUnknown as BadgeUnknown  # noqa: PLC0414 - an answer of here
from app.services.proof import Proven, TypedPin, prove_by_badge, prove_by_pin
from app.services.proof import WaitFirst as WaitFirst  # noqa: PLC0414 - an answer of here
from app.services.proof import WrongSignIn as WrongSignIn  # noqa: PLC0414 - an answer of here
from app.services.shop import Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class SignedIn:
    """This person works here now; an open basket stayed as it was."""

    state: TillState
    staff_id: str


@dataclass(frozen=True, slots=True)
class StaffTile:
    """One name on the sign-in screen."""

    staff_id: str
    name: str
    role_id: str
    has_pin: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class StaffSaved:
    """Added or changed; `badge_code` where a new badge was made."""

    staff_id: str
    badge_code: str | None = None


@dataclass(frozen=True, slots=True)
class PinRefused:
    """The new PIN is too easy or has the wrong form."""

    reason: PinRefusal


@dataclass(frozen=True, slots=True)
class StaffRefused:
    """What was typed about a person cannot be kept; `field` names it."""

    field: Literal["name", "role_id"]
    reason: NameRefusal | Literal["unknown"]


@dataclass(frozen=True, slots=True)
class RankTooHigh:
    """This role stands above whoever is signed in: somebody who has it has to do this."""

    role_id: str


@dataclass(frozen=True, slots=True)
class OwnRole:
    """Nobody changes his own role: a colleague who may has to do it."""


@dataclass(frozen=True, slots=True)
class StaffUnknown:
    """Nobody with this id works here."""

    staff_id: str


SignInAnswer = SignedIn | WrongSignIn | WaitFirst | BadgeUnknown


def staff_tiles(*, shop: Shop, work: UnitOfWork) -> tuple[StaffTile, ...]:
    """Who may sign in here, by name as a Chinese reader looks for it: 李 王 张 赵."""
    now = shop.now()
    tiles = []
    for person in sorted(work.staff.all_staff(), key=reading_order):
        if person.active:
            kept = work.staff.sign_in_record(person.staff_id)
            locked = kept.locked and wait_ms(kept, now.wall_ms) > 0
            tiles.append(
                StaffTile(
                    person.staff_id,
                    person.name,
                    person.role.role_id,
                    person.pin_hash is not None,
                    locked,
                )
            )
    return tuple(tiles)


def reading_order(person: StaffMember) -> bytes:
    """Where a Chinese reader looks for a name."""
    # GB encodings put the everyday characters in the order of their pinyin; code points do not,
    # and a dictionary of readings costs a quarter of a second before the first sign-in.
    return person.name.encode("gb18030", "replace")


def sign_in_with_pin(*, shop: Shop, work: UnitOfWork, staff_id: str, pin: TypedPin) -> SignInAnswer:
    """Sign in by name tile and PIN. Changes: staff on the till, the sign-in record, audit."""
    proof = prove_by_pin(shop=shop, work=work, staff_id=staff_id, pin=pin, purpose="sign_in")
    return _signed_in(shop, work, proof.person, "pin") if isinstance(proof, Proven) else proof


def sign_in_with_badge(*, shop: Shop, work: UnitOfWork, badge: str) -> SignInAnswer:
    """Sign in (or change the cashier) by a scanned badge. Changes: staff on the till, audit."""
    proof = prove_by_badge(shop=shop, work=work, badge=badge, purpose="sign_in")
    return _signed_in(shop, work, proof.person, "badge") if isinstance(proof, Proven) else proof


def lock_till(*, shop: Shop, work: UnitOfWork) -> Changed:
    """Lock the screen; basket and cashier stay. Changes: the till's lock, audit."""
    now = shop.now()
    if not shop.desk.state.locked:
        record(shop=shop, work=work, now=now, act="locked")
    return Changed(keep(shop, work, replace(shop.desk.state, locked=True), now))


def sign_out(*, shop: Shop, work: UnitOfWork) -> Changed:
    """Nobody is at the till any more; the basket stays. Changes: staff on the till, audit."""
    now = shop.now()
    record(shop=shop, work=work, now=now, act="signed_out")
    return Changed(keep(shop, work, replace(shop.desk.state, staff=None, locked=True), now))


def unlock_staff(
    *, shop: Shop, work: UnitOfWork, staff_id: str
) -> StaffSaved | StaffUnknown | RankTooHigh | Refusal:
    """End the lock of a person who mistyped too often. Needs the right and his rank.

    Changes: his sign-in record, audit.
    """
    refusal = allowed(shop, "unlock_staff")
    if refusal:
        return refusal
    person = work.staff.get(staff_id)
    if person is None:
        return StaffUnknown(staff_id)
    if too_high := _out_of_reach(shop, person.role):
        return too_high
    work.staff.put_sign_in_record(SignInRecord(staff_id))
    record(shop=shop, work=work, now=shop.now(), act="unlocked_staff", subject=staff_id)
    return StaffSaved(staff_id)


@dataclass(frozen=True, slots=True)
class NewStaff:
    """A person to add: `pin` None = badge only, `with_badge` makes a new badge."""

    name: str
    role_id: str
    pin: str | None = None
    with_badge: bool = False
    member_ids: frozenset[str] = frozenset()


def add_staff(
    *, shop: Shop, work: UnitOfWork, person: NewStaff
) -> StaffSaved | StaffRefused | PinRefused | RankTooHigh | Refusal:
    """Add somebody who works here, up to one's own rank. Needs the right. Changes: staff, audit."""
    refusal = allowed(shop, "manage_staff")
    if refusal:
        return refusal
    role = ROLES.get(person.role_id)
    if role is not None and (too_high := _out_of_reach(shop, role)):
        return too_high
    return put_new_staff(shop=shop, work=work, person=person)


def put_new_staff(
    *, shop: Shop, work: UnitOfWork, person: NewStaff
) -> StaffSaved | StaffRefused | PinRefused:
    """Add somebody without asking who is signed in: for the set-up and ready shops only."""
    unreadable = check_staff_name(person.name)
    if unreadable is not None:
        return StaffRefused("name", unreadable)
    role = ROLES.get(person.role_id)
    if role is None:
        return StaffRefused("role_id", "unknown")
    if person.pin is not None:
        why = check_pin(person.pin)
        if why is not None:
            return PinRefused(why)
    now = shop.now()
    badge = random_code(CodeKind.STAFF, shop.ids.code_bits()).text if person.with_badge else None
    staff = StaffMember(
        staff_id=shop.op_id(now),
        name=person.name.strip(),
        role=role,
        pin_hash=shop.pins.hash_pin(person.pin) if person.pin is not None else None,
        badge_code=badge,
        member_ids=person.member_ids,
    )
    work.staff.put(staff)
    details = {"role": person.role_id}
    saved = staff_changed(shop=shop, work=work, staff_id=staff.staff_id, details=details)
    return replace(saved, badge_code=badge)


def change_pin(
    *, shop: Shop, work: UnitOfWork, staff_id: str, pin: str
) -> StaffSaved | PinRefused | StaffUnknown | RankTooHigh | Refusal:
    """Give a PIN; for others than oneself with the right and the rank. Changes: staff, audit."""
    state = shop.desk.state
    if state.staff is None or state.locked:
        return SignInFirst()
    is_own = state.staff.staff_id == staff_id
    if not is_own and not state.staff.may("manage_staff"):
        return NotAllowed("manage_staff")
    person = work.staff.get(staff_id)
    if person is None:
        return StaffUnknown(staff_id)
    if not is_own and (too_high := _out_of_reach(shop, person.role)):
        return too_high
    why = check_pin(pin)
    if why is not None:
        return PinRefused(why)
    work.staff.put(replace(person, pin_hash=shop.pins.hash_pin(pin)))
    work.staff.put_sign_in_record(SignInRecord(staff_id))
    return staff_changed(shop=shop, work=work, staff_id=staff_id, details={"what": "pin"})


def change_role(
    *, shop: Shop, work: UnitOfWork, staff_id: str, role_id: str
) -> StaffSaved | StaffRefused | StaffUnknown | RankTooHigh | OwnRole | Refusal:
    """Give a colleague another role; both his old and his new one within one's own rank.

    Needs the right. Changes: staff, audit.
    """
    refusal = allowed(shop, "manage_staff")
    if refusal:
        return refusal
    person = work.staff.get(staff_id)
    if person is None:
        return StaffUnknown(staff_id)
    if signed_in_staff(shop=shop).staff_id == staff_id:
        return OwnRole()
    role = ROLES.get(role_id)
    if role is None:
        return StaffRefused("role_id", "unknown")
    if too_high := _out_of_reach(shop, person.role) or _out_of_reach(shop, role):
        return too_high
    work.staff.put(replace(person, role=role))
    details = {"what": "role", "before": person.role.role_id, "after": role_id}
    return staff_changed(shop=shop, work=work, staff_id=staff_id, details=details)


def staff_changed(
    *, shop: Shop, work: UnitOfWork, staff_id: str, details: Mapping[str, str]
) -> StaffSaved:
    """What was changed of a colleague stands in the trail, and is saved. Changes: audit."""
    now = shop.now()
    record(shop=shop, work=work, now=now, act="staff_changed", subject=staff_id, details=details)
    return StaffSaved(staff_id)


def signed_in_staff(*, shop: Shop) -> StaffMember:
    """Whoever is at the till; for behind a check that somebody is."""
    staff = shop.desk.state.staff
    assert staff is not None, "asked only behind a check of who is signed in"
    return staff


def _out_of_reach(shop: Shop, role: Role) -> RankTooHigh | None:
    return None if signed_in_staff(shop=shop).reaches(role) else RankTooHigh(role.role_id)


def _signed_in(shop: Shop, work: UnitOfWork, person: StaffMember, how: str) -> SignedIn:
    now = shop.now()
    record(
        shop=shop,
        work=work,
        now=now,
        act="signed_in",
        staff_id=person.staff_id,
        details={"how": how},
    )
    state = replace(shop.desk.state, staff=person, locked=False)
    return SignedIn(keep(shop, work, state, now), person.staff_id)
