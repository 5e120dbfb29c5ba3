"""The server's own encrypted file: opened as the till's is, for the program that main.py starts.

Owns: where the file and its keys lie, making both at the first start, one server a file.
Does not own: tables and transactions (sync/server, which never imports this: main.py hands it in).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType

from platformdirs import user_data_path

from app.store.cipher import StoreSecrets, new_secrets
from app.store.database import check_library, connect_writer
from app.store.errors import FolderNotWritable, KeyMissing, StoreError
from app.store.folders import Folders
from app.store.instance_lock import InstanceLock
from app.store.keys import Found, KeyHome, KeyVault
from app.store.opening import StoreSetting
from app.store.place import StorePlace
from app.store.recovery_code import new_recovery_code
from app.store.server_copy import Restored, ServerCopy, restore_copy
from app.store.sqlcipher import SqlCipherConnection, dbapi
from app.store.wrapped_key import new_key_id, read_wrapped, wrap, write_wrapped

FILE_NAME = "server.db"


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """The server's secret on this machine, and what has to be said about it."""

    secret: bytes = field(repr=False)
    """32 bytes: tokens, codes and sealed columns depend on it."""
    new_code: str | None = field(repr=False)
    """The recovery code of keys that were made just now: to be written down; told once."""
    in_file: bool
    """There is no keychain here: whoever reads the folder reads the keys. To be said aloud."""


@dataclass(frozen=True, slots=True)
class ServerFile:
    """The embedded database: as many connections as are asked for."""

    keys: ServerKeys
    connect: Callable[[], SqlCipherConnection]
    driver: ModuleType
    close: Callable[[], None]


@dataclass(frozen=True, slots=True)
class SnapshotFiles:
    """Where the server's snapshots lie, and how each is opened for writing with its own key."""

    folder: Path
    connect: Callable[[Path, bytes], SqlCipherConnection]


def snapshot_files(chosen: Path | None) -> SnapshotFiles:
    """Beside the server's own file; each under a key of its own that stands nowhere."""
    return SnapshotFiles(server_folder(chosen) / "snapshots", connect_writer)


def server_folder(chosen: Path | None) -> Path:
    """The folder a server lies in."""
    if chosen is not None:
        return chosen.expanduser().resolve()
    return user_data_path("zhanggui-server", appauthor=False)


def open_server_keys(chosen: Path | None) -> ServerKeys:
    """The keys alone, for a server on PostgreSQL. Raises StoreUnavailable."""
    return _keys(_setting(chosen))[0]


def open_server_file(chosen: Path | None, *, serving: bool) -> ServerFile:
    """The embedded database, made where there is none. Raises StoreUnavailable.

    `serving`: only one server may listen over one file; commands look in beside it.
    """
    check_library()
    setting = _setting(chosen)
    keys, secrets = _keys(setting)
    lock = InstanceLock(setting.place.lock_file) if serving else None

    def connect() -> SqlCipherConnection:
        try:
            return connect_writer(setting.place.database, secrets.database_key)
        except StoreError as error:
            # The engine knows the driver's own error: full and busy mean there what they mean
            # everywhere else.
            if isinstance(error.__cause__, dbapi.Error):
                raise error.__cause__ from None
            raise

    def close() -> None:
        if lock is not None:
            lock.release()

    return ServerFile(keys, connect, dbapi, close)


def copy_server(chosen: Path | None, folder: Path, now: datetime) -> ServerCopy | None:
    """Begin a copy in `folder`, beside a server that may be serving; None: there is no server.

    Raises StoreError.
    """
    check_library()
    setting = _setting(chosen)
    if not setting.place.database.exists():
        return None
    _, secrets = _keys(setting)
    return ServerCopy.begin(setting.place, secrets.database_key, folder, now)


def restore_server(chosen: Path | None, backup: Path, code: str | None) -> Restored:
    """Bring a copy back into a folder that holds no server. Raises StoreError."""
    check_library()
    return restore_copy(backup, _setting(chosen), code)


def _setting(chosen: Path | None) -> StoreSetting:
    folder = server_folder(chosen)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderNotWritable(str(error), folder=str(folder)) from error
    # Of the till's folders only the choice of the keychain is wanted: the names are the server's.
    till = Folders(folder, folder / "keys", folder / "backups").setting()
    return StoreSetting(StorePlace(folder / FILE_NAME), till.vault, till.backups)


def _keys(setting: StoreSetting) -> tuple[ServerKeys, StoreSecrets]:
    place = setting.place
    if place.key_file.exists():
        kept = setting.vault.read(read_wrapped(place.key_file).key_id)
        if not isinstance(kept, Found):
            raise KeyMissing("the keychain of this machine has no entry for this server")
        return _told(kept.secrets, kept.home, None), kept.secrets
    if place.database.exists():
        raise KeyMissing(f"{place.key_file.name} is missing", file=place.key_file.name)
    return _new_keys(place, setting.vault)


def _new_keys(place: StorePlace, vault: KeyVault) -> tuple[ServerKeys, StoreSecrets]:
    secrets, key_id, code = new_secrets(), new_key_id(), new_recovery_code()
    # Wrapped before kept before used: at no moment is there a file without its key.
    write_wrapped(place.key_file, wrap(key_id, secrets, code))
    return _told(secrets, vault.keep(key_id, secrets), code.grouped), secrets


def _told(secrets: StoreSecrets, home: KeyHome, code: str | None) -> ServerKeys:
    return ServerKeys(secrets.device_secret, code, in_file=home is KeyHome.FILE)
