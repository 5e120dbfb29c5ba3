"""First-run set-up: from an empty till to the first sale, resumed where it stopped.

Owns: the steps, what each asks and refuses. Does not own: making the encrypted file and its
recovery code (main.py and the store), the screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from app.domain.settings import Language, Look
from app.domain.staff import STAFF_NAME_LENGTH_MAX
from app.services.audit_trail import record
from app.services.ports import UnitOfWork
from app.services.program import (
    NoticeTooShort,
    ProgramAdded,
    ProgramUnreadable,
    VersionKnown,
    put_program,
)
from app.services.shop import Shop
from app.services.staff import NewStaff, PinRefused, StaffRefused, StaffSaved, put_new_staff

SetUpStep = Literal["language", "store", "manager", "rules", "recovery", "done"]
STEPS: tuple[SetUpStep, ...] = ("language", "store", "manager", "rules", "recovery", "done")
NAME_LENGTH_MAX = 60


class RecoveryCodes(Protocol):
    """The recovery code of the store that was just made: shown once, typed back."""

    def shown(self) -> str:
        """The code in groups, as it is written down."""

    def is_right(self, typed: str) -> bool:
        """Whether this opens the store's key."""


@dataclass(frozen=True, slots=True)
class SetUpAt:
    """The step to go on with."""

    step: SetUpStep


@dataclass(frozen=True, slots=True)
class NameMissing:
    """Without a name nobody knows the shop (or the person)."""


@dataclass(frozen=True, slots=True)
class NameTooLong:
    """At most `most` characters."""

    most: int


@dataclass(frozen=True, slots=True)
class NameUnreadable:
    """It holds line breaks or control signs: nobody could tell it from another name."""


@dataclass(frozen=True, slots=True)
class ManagerExists:
    """Somebody is set up already: sign in instead."""


@dataclass(frozen=True, slots=True)
class RecoveryWrong:
    """What was typed back is not the code: nothing is lost, look at the paper again."""


def set_up_at(*, work: UnitOfWork) -> SetUpAt:
    """Where the set-up stopped, also after a crash."""
    kept = work.settings.setup_step()
    return SetUpAt(next((step for step in STEPS if step == kept), "language"))


def choose_language(
    *, shop: Shop, work: UnitOfWork, language: Language, theme: Look = "system"
) -> SetUpAt:
    """Step 1: language and look. Changes: settings."""
    settings = work.settings.read()
    languages = (language,) if settings.receipt_languages in (("zh_CN",), ("en",)) else None
    changed = msgspec.structs.replace(settings, language=language, theme=theme)
    if languages is not None:
        changed = msgspec.structs.replace(changed, receipt_languages=languages)
    work.settings.write(changed)
    return _next(shop, work, "language")


def name_store(
    *, shop: Shop, work: UnitOfWork, name: str, address: str = "", phone: str = ""
) -> SetUpAt | NameMissing | NameTooLong:
    """Step 2: a shop of its own, to be bound to a chain later. Changes: settings."""
    if not name.strip():
        return NameMissing()
    if len(name.strip()) > NAME_LENGTH_MAX:
        return NameTooLong(NAME_LENGTH_MAX)
    settings = msgspec.structs.replace(
        work.settings.read(),
        store_name=name.strip(),
        store_address=address.strip(),
        store_phone=phone.strip(),
        # A shop begins as it should go on: whoever takes money answers for a drawer.
        shifts_required=True,
    )
    work.settings.write(settings)
    return _next(shop, work, "store")


def first_manager(
    *, shop: Shop, work: UnitOfWork, name: str, pin: str
) -> SetUpAt | NameMissing | NameTooLong | NameUnreadable | PinRefused | ManagerExists:
    """Step 3: somebody who may do everything. Changes: staff, audit."""
    if any(person.active for person in work.staff.all_staff()):
        return ManagerExists()
    match put_new_staff(shop=shop, work=work, person=NewStaff(name, "manager", pin)):
        case StaffSaved():
            return _next(shop, work, "manager")
        case StaffRefused(reason="empty"):
            return NameMissing()
        case StaffRefused(reason="too_long"):
            return NameTooLong(STAFF_NAME_LENGTH_MAX)
        case StaffRefused():
            return NameUnreadable()
        case PinRefused() as refused:
            return refused


def choose_rules(
    *, shop: Shop, work: UnitOfWork, toml: str
) -> SetUpAt | ProgramUnreadable | NoticeTooShort:
    """Step 4: the membership rules, from a template that ships. Changes: programs, audit."""
    added = put_program(shop=shop, work=work, toml=toml, shipped=True)
    if isinstance(added, ProgramAdded | VersionKnown):
        return _next(shop, work, "rules")
    return added


def confirm_recovery(
    *, shop: Shop, work: UnitOfWork, codes: RecoveryCodes, typed: str
) -> SetUpAt | RecoveryWrong:
    """Step 5: the code was written down. Changes: set-up is done."""
    if not codes.is_right(typed):
        return RecoveryWrong()
    return _next(shop, work, "recovery")


def _next(shop: Shop, work: UnitOfWork, done: SetUpStep) -> SetUpAt:
    following = STEPS[STEPS.index(done) + 1]
    kept = set_up_at(work=work).step
    # Going back and changing an earlier step does not lose the place reached.
    reached = following if STEPS.index(following) > STEPS.index(kept) else kept
    work.settings.put_setup_step(reached)
    record(shop=shop, work=work, now=shop.now(), act="setup_step", subject=done, staff_id="")
    return SetUpAt(following)
