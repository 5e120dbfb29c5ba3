"""Shops for commands: opened as the till opens them, without a window.

Owns: opening the shop of a folder, making an empty one with an identity, and closing them again.
Does not own: joining store, devices and services into a till (handed in by main.py), the store.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from app.commands.openings import ShopForCommand
from app.devices.machine import SystemClock, SystemIds
from app.domain.settings import Identity, Settings
from app.services.fault_words import FaultWords, fault_words
from app.services.opening import open_till
from app.services.shop import Shop
from app.store.backups import BackupReason
from app.store.cipher import NotOpened
from app.store.errors import StoreUnavailable
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


class BuiltTill(Protocol):
    """A store joined with devices and services."""

    @property
    def shop(self) -> Shop: ...
    @property
    def store(self) -> OpenStore: ...
    def close(self) -> None: ...


Build = Callable[[OpenStore], BuiltTill]


def identity_and_settings(work: UnitOfWork) -> tuple[Identity, Settings]:
    """A store that has no identity yet becomes a shop of its own; a chain renumbers it later."""
    identity = work.device.read()
    if identity is None:
        ids, now = SystemIds(), SystemClock().now()
        tenant, store_id, device = (ids.op_id(now.wall_ms) for _ in range(3))
        identity = Identity(
            tenant=tenant, store_id=store_id, store_number=1, till_number=1, device=device
        )
        work.device.write(identity)
    return identity, work.settings.read()


def open_or_create(setting: StoreSetting) -> OpenStore:
    """The store that is there, or a new one at the first start. Raises StoreError."""
    now = datetime.now(UTC)
    if setting.place.database.exists():
        return open_store(setting, now=now)
    # Replaced by the code of the set-up, which is shown and typed back.
    return create_store(setting, code=new_recovery_code(), now=now)


class OpeningAttempts:
    """Opens a store that would not open: again, or by a typed recovery code."""

    def __init__(self, setting: StoreSetting, wording: Wording) -> None:
        self._setting, self._wording = setting, wording
        self.store: OpenStore | None = None
        """What an attempt opened; None until one did."""

    def words_of(self, fault: StoreUnavailable) -> FaultWords:
        """What happened, what is safe, what to do next."""
        kept, following = fault.kept.value, fault.next.value
        return fault_words(fault.code, kept, following, fault.named, self._wording)

    def attempt(self, typed: str) -> str | None:
        """Try with what was typed ("" = as before); why not, None = it is open."""
        try:
            if typed:
                return self._by_code(typed)
            self.store = open_or_create(self._setting)
        except StoreUnavailable as fault:
            return self.words_of(fault).happened
        return None

    def _by_code(self, typed: str) -> str | None:
        code = parse_recovery_code(typed)
        if not isinstance(code, RecoveryCode):
            return self._wording.t("This is not a whole recovery code; look at the paper again.")
        opened = open_with_code(self._setting, code=code, now=datetime.now(UTC))
        if isinstance(opened, NotOpened):
            return self._wording.t("This code does not open this shop; nothing was changed.")
        self.store = opened
        return None


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
