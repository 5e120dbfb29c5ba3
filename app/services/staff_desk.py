"""The staff desk: who works here as a manager sees it, and what changes when somebody does.

Owns: the list, a person's last acts, another name, a new badge, leaving and coming back. Does not
own: signing in, adding, PINs and roles (staff.py), what roles may do (rights.py), words.

A badge is a key: an old one is never printed again, a new one makes it worthless.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.audit import ChainedAuditEntry
from app.domain.audit_search import AuditCriteria
from app.domain.codes import CodeKind, random_code
from app.domain.staff import ROLES, StaffMember, check_staff_name, wait_ms
from app.services.answers import NotAllowed, Refusal, SignInFirst
from app.services.audit_search import NUMBERS_PER_SLICE
from app.services.desk import allowed
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.staff import (
    OwnRole,
    RankTooHigh,
    StaffRefused,
    StaffSaved,
    StaffUnknown,
    reading_order,
    signed_in_staff,
    staff_changed,
)
from app.services.trail_context import people_in

ACTS_MAX = 30
_SLICES = 3
"""A person's last acts are looked for among so many slices of the trail, newest first."""


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One person. `can_change`: whoever is signed in may change him, and it is not he himself."""

    staff_id: str
    name: str
    role_id: str
    has_pin: bool
    has_badge: bool
    is_active: bool
    is_locked: bool
    is_oneself: bool
    can_change: bool


@dataclass(frozen=True, slots=True)
class StaffDesk:
    """Who works here, then who has left; by name. `roles`: those that may be given."""

    people: tuple[PersonSeen, ...]
    roles: tuple[str, ...]
    may_manage: bool


@dataclass(frozen=True, slots=True)
class LastActs:
    """What somebody did last at this till, newest first. `people`: names the acts need, by id."""

    staff_id: str
    rows: tuple[ChainedAuditEntry, ...]
    people: dict[str, str]


StaffChange = StaffSaved | StaffRefused | StaffUnknown | RankTooHigh | OwnRole | Refusal


def staff_desk(*, shop: Shop, work: UnitOfWork) -> StaffDesk | Refusal:
    """Everybody. Needs the right to unlock a colleague, or to manage them. Changes nothing."""
    refusal = allowed(shop, "unlock_staff")
    if isinstance(refusal, NotAllowed):
        refusal = allowed(shop, "manage_staff")
    if refusal:
        return refusal
    me = signed_in_staff(shop=shop)
    now_ms = shop.now().wall_ms

    def seen(person: StaffMember) -> PersonSeen:
        kept = work.staff.sign_in_record(person.staff_id)
        is_oneself = person.staff_id == me.staff_id
        return PersonSeen(
            staff_id=person.staff_id,
            name=person.name,
            role_id=person.role.role_id,
            has_pin=person.pin_hash is not None,
            has_badge=person.badge_code is not None,
            is_active=person.active,
            is_locked=kept.locked and wait_ms(kept, now_ms) > 0,
            is_oneself=is_oneself,
            can_change=not is_oneself and me.may("manage_staff") and me.reaches(person.role),
        )

    people = sorted(work.staff.all_staff(), key=lambda one: (not one.active, reading_order(one)))
    roles = tuple(role_id for role_id, role in ROLES.items() if me.reaches(role))
    return StaffDesk(tuple(seen(each) for each in people), roles, me.may("manage_staff"))


def last_acts(*, shop: Shop, work: UnitOfWork, staff_id: str) -> LastActs | Refusal:
    """What he did last. Needs the right to see the trail. Changes nothing."""
    refusal = allowed(shop, "see_audit")
    if refusal:
        return refusal
    wanted, newest = AuditCriteria(staff_id=staff_id), work.audit.last_number()
    numbers: list[int] = []
    for _ in range(_SLICES):
        low = max(1, newest - NUMBERS_PER_SLICE + 1)
        if newest < low or len(numbers) >= ACTS_MAX:
            break
        numbers += work.audit.matching(wanted, low, newest)
        newest = low - 1
    rows = tuple(work.audit.by_numbers(numbers[:ACTS_MAX]))
    return LastActs(staff_id, rows, people_in(work=work, entries=(row.entry for row in rows)))


def rename_staff(*, shop: Shop, work: UnitOfWork, staff_id: str, name: str) -> StaffChange:
    """Another name from now on; receipts that were printed keep the old one. Changes: staff, audit.

    Needs the right to manage staff, and the person's rank; one's own name may be mended too.
    """
    person = _person(shop, work, staff_id, also_oneself=True)
    if not isinstance(person, StaffMember):
        return person
    unreadable = check_staff_name(name)
    if unreadable is not None:
        return StaffRefused("name", unreadable)
    work.staff.put(replace(person, name=name.strip()))
    details = {"what": "name", "before": person.name, "after": name.strip()}
    return staff_changed(shop=shop, work=work, staff_id=staff_id, details=details)


def renew_badge(*, shop: Shop, work: UnitOfWork, staff_id: str) -> StaffChange:
    """A new badge, to be printed now: whatever badge he had opens nothing any more.

    Needs the right to manage staff, and the person's rank; one's own may be lost too. Changes:
    staff, audit. The answer carries the code, once.
    """
    person = _person(shop, work, staff_id, also_oneself=True)
    if not isinstance(person, StaffMember):
        return person
    badge = random_code(CodeKind.STAFF, shop.ids.code_bits()).text
    work.staff.put(replace(person, badge_code=badge))
    saved = staff_changed(shop=shop, work=work, staff_id=staff_id, details={"what": "badge"})
    return replace(saved, badge_code=badge)


def let_go(*, shop: Shop, work: UnitOfWork, staff_id: str) -> StaffChange:
    """He works here no more: neither PIN nor badge opens anything; what he did stays his.

    Needs the right to manage staff, and the person's rank; nobody lets himself go, so that
    somebody with the right is always left. Changes: staff, audit.
    """
    person = _person(shop, work, staff_id)
    if not isinstance(person, StaffMember):
        return person
    work.staff.put(replace(person, active=False, pin_hash=None, badge_code=None))
    return staff_changed(shop=shop, work=work, staff_id=staff_id, details={"what": "left"})


def take_back(*, shop: Shop, work: UnitOfWork, staff_id: str) -> StaffChange:
    """He works here again, in his old role; he needs a new PIN or badge. Changes: staff, audit."""
    person = _person(shop, work, staff_id)
    if not isinstance(person, StaffMember):
        return person
    work.staff.put(replace(person, active=True))
    return staff_changed(shop=shop, work=work, staff_id=staff_id, details={"what": "returned"})


def _person(
    shop: Shop, work: UnitOfWork, staff_id: str, *, also_oneself: bool = False
) -> StaffMember | StaffUnknown | RankTooHigh | OwnRole | NotAllowed | SignInFirst:
    refusal = allowed(shop, "manage_staff")
    if refusal:
        return refusal
    person = work.staff.get(staff_id)
    if person is None:
        return StaffUnknown(staff_id)
    me = signed_in_staff(shop=shop)
    if me.staff_id == staff_id:
        return person if also_oneself else OwnRole()
    return person if me.reaches(person.role) else RankTooHigh(person.role.role_id)
