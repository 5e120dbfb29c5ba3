"""Copies of the server's file: made while it serves, checked before they count, brought back.

Owns: a copy's name, its check, the wrapped key that goes along, opening one on another machine.
Does not own: the copying itself (backups.py), what a restored server has to tell its tills (sync).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Literal

from app.store.backups import copy_beside
from app.store.cipher import NotOpened, StoreSecrets
from app.store.database import connect_reader, connect_writer, quick_check
from app.store.errors import FolderNotWritable
from app.store.keys import Found
from app.store.opening import StoreSetting
from app.store.place import StorePlace
from app.store.recovery_code import NotARecoveryCode, parse_recovery_code
from app.store.sqlcipher import SqlCipherConnection, dbapi
from app.store.wrapped_key import WrappedKey, read_wrapped, sync_folder, write_whole

Restored = Literal["restored", "exists", "no_backup", "code_wanted", "wrong_code"]


@dataclass(frozen=True, slots=True)
class ServerCopy:
    """A copy that does not count yet: something may still be written into it, then `finish`."""

    source: StorePlace
    key: bytes = field(repr=False)
    path: Path
    driver: ModuleType = dbapi

    @staticmethod
    def begin(source: StorePlace, key: bytes, folder: Path, now: datetime) -> ServerCopy:
        """Copy the whole file as it is at one moment; nobody waits for it. Raises StoreError."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FolderNotWritable(str(error), folder=str(folder)) from error
        copy = ServerCopy(source, key, folder / f"server-{now:%Y%m%dT%H%M%SZ}.db")
        copy.unfinished.unlink(missing_ok=True)
        copy_beside(source.database, key, copy.unfinished, lambda _done, _all: None)
        return copy

    @property
    def unfinished(self) -> Path:
        """Its name until it was checked."""
        return self.path.with_suffix(".part")

    def connect(self) -> SqlCipherConnection:
        """A connection into the copy. Raises StoreError."""
        return connect_writer(self.unfinished, self.key)

    def finish(self) -> Path:
        """Check every page, give it its name and its wrapped key. Raises StoreError."""
        _check(self.unfinished, self.key)
        write_whole(StorePlace(self.path).key_file, self.source.key_file.read_bytes())
        self.unfinished.replace(self.path)
        sync_folder(self.path.parent)
        return self.path


def restore_copy(backup: Path, setting: StoreSetting, code: str | None) -> Restored:
    """Put a copy where a server's file belongs and nothing is yet. `code`: the recovery code, where
    this machine's keychain does not know the server. Raises StoreError (a damaged copy).
    """
    place, beside = setting.place, StorePlace(backup).key_file
    if place.database.exists() or place.key_file.exists():
        return "exists"
    if not (backup.is_file() and beside.is_file()):
        return "no_backup"
    wrapped = read_wrapped(beside)
    secrets = _opened(wrapped, setting, code)
    if not isinstance(secrets, StoreSecrets):
        return secrets
    unfinished = place.database.with_suffix(".part")
    try:
        shutil.copyfile(backup, unfinished)
        unfinished.chmod(0o600)
    except OSError as error:
        raise FolderNotWritable(str(error), folder=str(place.folder)) from error
    _check(unfinished, secrets.database_key)
    write_whole(place.key_file, beside.read_bytes())
    setting.vault.keep(wrapped.key_id, secrets)
    unfinished.replace(place.database)
    sync_folder(place.folder)
    return "restored"


def _opened(
    wrapped: WrappedKey, setting: StoreSetting, code: str | None
) -> StoreSecrets | Literal["code_wanted", "wrong_code"]:
    kept = setting.vault.read(wrapped.key_id)
    if isinstance(kept, Found):
        return kept.secrets
    if code is None:
        return "code_wanted"
    parsed = parse_recovery_code(code)
    secrets = NotOpened() if isinstance(parsed, NotARecoveryCode) else wrapped.open(parsed)
    return "wrong_code" if isinstance(secrets, NotOpened) else secrets


def _check(path: Path, key: bytes) -> None:
    reader = connect_reader(path, key, immutable=True)
    try:
        quick_check(reader)
    finally:
        reader.close()
