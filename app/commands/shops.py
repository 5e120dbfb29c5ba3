"""Shops for commands: opened as the till opens them, without a window.

Owns: opening the shop of a folder, making an empty one with an identity, and closing them again.
Does not own: joining store, devices and services into a till (handed in by main.py), the store.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from app.commands.fault import words_of
from app.commands.openings import ShopForCommand
from app.devices.machine import SystemClock, SystemIds
from app.domain.settings import Identity, Settings
from app.services.fault_words import FaultWords
from app.services.opening import open_till
from app.services.shop import Shop
from app.store.backups import BackupReason
from app.store.cipher import NotOpened
from app.store.errors import DoNext, StoreUnavailable
from app.store.folders import Folders
from app.store.opening import (
    OpenStore,
    StoreSetting,
    create_store,
    open_store,
    open_with_code,
)
from app.store.recovery_code import RecoveryCode, new_recovery_code, parse_recovery_code
from app.store.unit_of_work import UnitOfWork
from app.store.waiting_lane import WaitingLane
from app.wording import Wording

_log = logging.getLogger(__name__)
PRACTICE_STORE = 36**3 - 1
"""The last number of a store: ZZZ on its receipts."""


class BuiltTill(Protocol):
    """A store joined with devices and services."""

    @property
    def shop(self) -> Shop: ...
    @property
    def store(self) -> OpenStore: ...
    def close(self) -> None: ...


Build = Callable[[OpenStore], BuiltTill]


def identity_and_settings(work: UnitOfWork) -> tuple[Identity, Settings]:
    """A store that has no identity yet becomes a shop of its own; a chain renumbers it later.

    A practice till is of a store that no chain has: its receipts are never taken for real ones.
    """
    identity, settings = work.device.read(), work.settings.read()
    if identity is None:
        ids, now = SystemIds(), SystemClock().now()
        tenant, store_id, device = (ids.op_id(now.wall_ms) for _ in range(3))
        number = PRACTICE_STORE if settings.is_training else 1
        identity = Identity(
            tenant=tenant, store_id=store_id, store_number=number, till_number=1, device=device
        )
        work.device.write(identity)
    return identity, settings


def open_or_create(setting: StoreSetting) -> OpenStore:
    """The store that is there, or a new one at the first start. Raises StoreError."""
    now = datetime.now(UTC)
    if setting.place.database.exists():
        return open_store(setting, now=now)
    # Replaced by the code of the set-up, which is shown and typed back.
    return create_store(setting, code=new_recovery_code(), now=now)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no till yet. `asks_code`: the recovery code is the way out."""

    words: FaultWords
    asks_code: bool = False


T = TypeVar("T", bound=BuiltTill)


class OpeningAttempts(Generic[T]):
    """Makes the till of a store that may not open, or may open and not become one."""

    def __init__(
        self, setting: StoreSetting, build: Callable[[OpenStore], T], wording: Wording
    ) -> None:
        self._setting, self._build, self._wording = setting, build, wording
        self.till: T | None = None
        """What an attempt made; None until one did."""

    def attempt(self, typed: str = "") -> Trouble | str | None:
        """Try, with a recovery code where one was typed; None = the till is there.

        A text is what is wrong with the code. After every other answer the file is closed.
        """
        try:
            store = self._store_by_code(typed) if typed else open_or_create(self._setting)
            if isinstance(store, str):
                return store
            self.till = self._build(store)
        except StoreUnavailable as fault:
            _log.warning("the till does not open: %s", fault)
            asks_code = fault.next is DoNext.TYPE_RECOVERY_CODE
            return Trouble(words_of(fault, self._wording), asks_code)
        except Exception as fault:  # noqa: BLE001 (behind it there is nobody who could say it)
            _log.exception("the till does not open")
            return Trouble(words_of(fault, self._wording))
        return None

    def _store_by_code(self, typed: str) -> OpenStore | str:
        code = parse_recovery_code(typed)
        if not isinstance(code, RecoveryCode):
            return self._wording.t("This is not a whole recovery code; look at the paper again.")
        opened = open_with_code(self._setting, code=code, now=datetime.now(UTC))
        if isinstance(opened, NotOpened):
            return self._wording.t("This code does not open this shop; nothing was changed.")
        return opened


def close_for_the_day(till: BuiltTill) -> None:
    """Make the closing backup and close; without the backup where its folder is gone."""
    try:
        till.store.back_up(BackupReason.CLOSE, now=datetime.now(UTC))
    except (StoreUnavailable, OSError):
        # Every confirmed sale is in the file itself; the next night makes the copy.
        _log.warning("no backup at closing", exc_info=True)
    finally:
        till.close()


@contextmanager
def open_shop(chosen: Path | None, *, build: Build) -> Iterator[ShopForCommand]:
    """The shop of a folder for a command: opened as the till opens it, nobody signed in."""
    folders = Folders.of(chosen)
    till = build(open_store(folders.setting(), now=datetime.now(UTC)))
    try:
        lane = WaitingLane(till.store.lane)
        lane.run(lambda work: open_till(shop=till.shop, work=work))
        yield ShopForCommand(till.shop, lane, folders.data, till.store.damage)
    finally:
        till.close()


@contextmanager
def new_shop(home: Path, settings: Settings, *, build: Build) -> Iterator[ShopForCommand]:
    """An empty shop in a folder of its own: its key lies beside it, in a file."""
    folders = Folders.of(home)
    store = create_store(made_setting(home), code=new_recovery_code(), now=datetime.now(UTC))
    lane = WaitingLane(store.lane)
    lane.run(lambda work: work.settings.write(settings))
    till = build(store)
    try:
        yield ShopForCommand(till.shop, lane, folders.data, store.damage)
    finally:
        till.close()


def made_setting(home: Path) -> StoreSetting:
    """Where a shop that `new_shop` has made lies: its key is in a file beside it."""
    return Folders.of(home).setting(key_in_file=True)


@contextmanager
def open_made_shop(home: Path, *, build: Build) -> Iterator[tuple[Shop, OpenStore]]:
    """A shop that `new_shop` has made, with its store: for those who time its lane."""
    till = build(open_store(made_setting(home), now=datetime.now(UTC)))
    try:
        yield till.shop, till.store
    finally:
        till.close()
