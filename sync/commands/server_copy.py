"""`main.py server backup|restore|restored`: copies of the server, and beginning again from one.

Owns: the command lines and words. Does not own: copying, checking, opening (the store hands them
in), what a new epoch means to tills (sync/core.py). PostgreSQL is copied by its own tools.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Protocol

from sqlalchemy import Connection

from app.wording import N_, Wording
from sync.commands.device import DeviceCommand
from sync.commands.exit import BAD_INPUT, NOT_POSSIBLE, OK
from sync.commands.member import WHERE_BACKUPS_LIE, erase_again
from sync.server.database import ServerDatabase, sqlite_engine
from sync.server.join import Ready, SystemClock
from sync.server.server_epoch import keep_backup_folder, mark_as_copy, raise_epoch
from sync.server.tenant import all_tenants

Restored = Literal["restored", "exists", "no_backup", "code_wanted", "wrong_code"]
WITH_POSTGRES = N_(
    "PostgreSQL is copied by its own tools, and the folder with the keys by hand:\n"
    "  pg_dump --format=custom --file=FILE DATABASE\n"
    "  pg_restore --clean --if-exists --dbname=DATABASE FILE\n"
    "After a restore: main.py server restored --database URL"
)
NOT_RESTORED = {
    "exists": N_("There is a server in this folder already; nothing was changed."),
    "no_backup": N_("No backup with its .key file is there: {file}"),
    "wrong_code": N_("This is not the recovery code of that server."),
}


class Copy(Protocol):
    """A copy that does not count yet."""

    @property
    def driver(self) -> ModuleType: ...
    def connect(self) -> Any: ...
    def finish(self) -> Path: ...


class CopyRoom(Protocol):
    """What the store's opener can do about copies."""

    def copy_server(self, chosen: Path | None, folder: Path, now: datetime) -> Copy | None:
        """Begin one; None: there is no server."""

    def restore_server(self, chosen: Path | None, backup: Path, code: str | None) -> Restored:
        """Bring one back into a folder without a server."""


@dataclass(frozen=True, slots=True)
class Copying:
    """What these commands stand on. `with_server` opens the restored one and works in it."""

    room: CopyRoom
    wording: Wording
    database: str | None
    with_server: Callable[[argparse.Namespace, Callable[[Ready], int]], int]


def backup_parser(wording: Wording) -> argparse.ArgumentParser:
    """Of `backup`."""
    parser = argparse.ArgumentParser(
        prog="main.py server backup",
        description=wording.t("Copy the server's file while it serves, and check the copy."),
        epilog=wording.t(
            "Example: {command}", command="main.py server backup --to /media/usb/server"
        ),
    )
    parser.add_argument(
        "--to", type=Path, required=True, metavar="FOLDER", help=wording.t("the backup folder")
    )
    return parser


def run_backup(at: Copying, options: argparse.Namespace) -> int:
    """Make one. Raises StoreError."""
    wording = at.wording
    if at.database is not None:
        print(wording.t(WITH_POSTGRES), file=sys.stderr)
        return NOT_POSSIBLE
    folder = options.to.expanduser().absolute()
    copy = at.room.copy_server(options.dir, folder, datetime.now(UTC))
    if copy is None:
        print(wording.t("There is no server in this folder."), file=sys.stderr)
        return BAD_INPUT
    with closing(ServerDatabase(sqlite_engine(copy.connect, copy.driver))) as database:
        database.write(_mark)
    made = copy.finish()
    print(wording.t("Copied and checked: {file}", file=made))

    def remember(ready: Ready) -> int:
        tenant = ready.tenant.tenant
        ready.database.write(lambda c: keep_backup_folder(c, tenant, str(folder)))
        return OK

    return at.with_server(options, remember)


def _mark(connection: Connection) -> None:
    for tenant in all_tenants(connection):
        mark_as_copy(connection, tenant)


def restore_parser(wording: Wording) -> argparse.ArgumentParser:
    """Of `restore`."""
    parser = argparse.ArgumentParser(
        prog="main.py server restore",
        description=wording.t(
            "Bring a server back from a copy. On another machine the recovery code is asked for, "
            "or read from standard input."
        ),
        epilog=wording.t(
            "Example: {command}",
            command="main.py server restore --from /media/usb/server/server-20260529T010000Z.db",
        ),
    )
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        required=True,
        metavar="FILE",
        help=wording.t("the copy"),
    )
    return parser


def run_restore(at: Copying, options: argparse.Namespace) -> int:
    """Bring one back and begin anew from it. Raises StoreError."""
    wording, source = at.wording, options.source.expanduser().absolute()
    done = at.room.restore_server(options.dir, source, None)
    if done == "code_wanted":
        done = at.room.restore_server(options.dir, source, asked_code(wording))
    if done != "restored":
        print(wording.t(NOT_RESTORED[done], file=source), file=sys.stderr)
        return NOT_POSSIBLE if done == "exists" else BAD_INPUT

    def begin(ready: Ready) -> int:
        # Opening it began a new epoch: the copy says of itself that it is one.
        _tell_restored(ready, source.parent, wording)
        return OK

    return at.with_server(options, begin)


def asked_code(wording: Wording) -> str:
    """A recovery code, typed or from standard input: never an argument, which others can see."""
    if sys.stdin.isatty():
        return getpass(wording.t("Recovery code: "))
    return sys.stdin.readline().strip()


def _restored_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server restored",
        description=wording.t(
            "Tell the tills that this database was restored by its own tools: each begins anew and "
            "pushes again what is missing."
        ),
        epilog=wording.t(
            "Example: {command}",
            command="main.py server restored --database postgresql+psycopg://db.example/zhanggui",
        ),
    )
    parser.add_argument("--backups", type=Path, metavar="FOLDER", help=wording.t(WHERE_BACKUPS_LIE))
    return parser


def _restored(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    now_ms, tenant = SystemClock().wall_ms(), ready.tenant.tenant
    ready.database.write(lambda connection: raise_epoch(connection, tenant, now_ms))
    _tell_restored(ready, options.backups, wording)
    return OK


def _tell_restored(ready: Ready, backups: Path | None, wording: Wording) -> None:
    """Forget again who was forgotten since, and say what happens now."""
    count = 0 if backups is None else erase_again(ready, backups.expanduser().absolute())
    print(wording.t("Restored. Every till pushes again what this copy does not know."))
    if count:
        print(
            wording.n(
                "{count} person erased since was erased again.",
                "{count} people erased since were erased again.",
                count,
            )
        )


BACKUP_COMMANDS = {"restored": DeviceCommand(_restored_parser, _restored, is_alone=True)}
