"""`main.py server`: the central server, and what head office does at its machine.

Owns: the command lines, listening, several workers, the words. Does not own: what the server does
(sync/server), opening the embedded file and its keys (handed in by main.py).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.wording import N_, Wording
from sync.commands.address import ADDRESS_COMMANDS
from sync.commands.device import DEVICE_COMMANDS
from sync.commands.exception_case import CASE_COMMANDS
from sync.commands.exit import BAD_INPUT, NOT_POSSIBLE
from sync.commands.figures import FIGURE_COMMANDS
from sync.commands.grant import GRANT_COMMANDS
from sync.commands.listening import WORKERS_MAX, Listening, Serving, end_with_input, serve
from sync.commands.member import MEMBER_COMMANDS
from sync.commands.message import MESSAGE_COMMANDS
from sync.commands.publish import PUBLISH_COMMANDS
from sync.commands.rebuild import REBUILD_COMMANDS
from sync.commands.server_copy import (
    BACKUP_COMMANDS,
    Copying,
    CopyRoom,
    backup_parser,
    restore_parser,
    run_backup,
    run_restore,
)
from sync.commands.take_in import ExportRoom, take_in_commands
from sync.server.database import ServerDatabase, postgres_engine, sqlite_engine
from sync.server.join import Ready, make_ready
from sync.server.migrations import SchemaTooNew
from sync.server.phone_page import ConsentTexts
from sync.server.secret import ServerSecret
from sync.server.snapshot import SnapshotRoom
from sync.server.tenant import OtherSecret

_COMMANDS = (
    DEVICE_COMMANDS | REBUILD_COMMANDS | GRANT_COMMANDS | PUBLISH_COMMANDS | MEMBER_COMMANDS
    | CASE_COMMANDS | BACKUP_COMMANDS | ADDRESS_COMMANDS | FIGURE_COMMANDS | MESSAGE_COMMANDS
)  # fmt: skip
_ON_COPIES = {
    "backup": (backup_parser, run_backup),
    "restore": (restore_parser, run_restore),
}
DATABASE_VARIABLE = "ZHANGGUI_DATABASE"
POSTGRES = "postgresql+psycopg://"


TOO_NEW = N_("A newer server wrote this database ({found}); update this program first.")
NO_ANSWER = N_("The database does not answer: {address}. Nothing was changed.")


class Keys(Protocol):
    """The server's secret, as the store's opener keeps it."""

    @property
    def secret(self) -> bytes: ...
    @property
    def new_code(self) -> str | None: ...
    @property
    def in_file(self) -> bool: ...


class Embedded(Protocol):
    """The embedded file, as the store's opener opens it."""

    @property
    def keys(self) -> Keys: ...
    @property
    def connect(self) -> Callable[[], Any]: ...
    @property
    def driver(self) -> ModuleType: ...
    @property
    def close(self) -> Callable[[], None]: ...


class SnapshotFiles(Protocol):
    """Where snapshots lie, and how the store opens such a file for writing."""

    @property
    def folder(self) -> Path: ...
    @property
    def connect(self) -> Callable[[Path, bytes], Any]: ...


class ServerRoom(CopyRoom, ExportRoom, Protocol):
    """What main.py hands in: the store's opener."""

    def open_server_file(self, chosen: Path | None, *, serving: bool) -> Embedded:
        """The embedded file of a folder; `serving`: nobody else may listen over it."""

    def open_server_keys(self, chosen: Path | None) -> Keys:
        """The keys alone, for a server on PostgreSQL."""

    def consent_texts(self) -> ConsentTexts:
        """What a customer agrees to who joins on his own phone."""

    def snapshot_files(self, chosen: Path | None) -> SnapshotFiles:
        """Where this server's snapshots lie."""


def run(arguments: Sequence[str], *, room: ServerRoom, wording: Wording) -> int:
    """Serve, or do what the first word says; 0 done, 2 bad input, 3 not possible."""
    words = list(arguments)
    command = (_COMMANDS | take_in_commands(room)).get(words[0]) if words else None
    if command is not None:
        parser = command.parser(wording)
        _common(parser, wording)
        options = parser.parse_args(words[1:])
        run_it, alone = command.run, command.is_alone
        return _with_server(
            options, room, wording, lambda ready: run_it(ready, options, wording), serving=alone
        )
    if words and words[0] in _ON_COPIES:
        return _on_copies(words, room, wording)
    options = _serving(wording).parse_args(words)
    listening = _listening(options, wording)
    if isinstance(listening, str):
        print(listening, file=sys.stderr)
        return BAD_INPUT
    if options.tied:
        end_with_input()
    files = room.snapshot_files(options.dir)
    snapshots = SnapshotRoom(files.folder, files.connect)
    return _with_server(
        options,
        room,
        wording,
        lambda ready: serve(
            Serving(replace(ready, snapshots=snapshots), room.consent_texts()),
            listening,
            _database(options),
            wording,
        ),
        serving=True,
    )


def _on_copies(words: Sequence[str], room: ServerRoom, wording: Wording) -> int:
    """What does not begin with opening the server of the folder."""
    make_parser, run_it = _ON_COPIES[words[0]]
    parser = make_parser(wording)
    _common(parser, wording)
    options = parser.parse_args(words[1:])

    def with_server(opened: argparse.Namespace, work: Callable[[Ready], int]) -> int:
        return _with_server(opened, room, wording, work)

    return run_it(Copying(room, wording, _database(options), with_server), options)


_EXAMPLE_LISTEN = "--listen 127.0.0.1:8765"


def _listening(options: argparse.Namespace, wording: Wording) -> Listening | str:
    """Where and how to listen, or the sentence that says what is wrong with it."""
    if not 1 <= options.workers <= WORKERS_MAX:
        return wording.t("--workers wants a number from 1 to {most}.", most=WORKERS_MAX)
    if options.workers > 1 and _database(options) is None:
        return wording.t("Several workers need PostgreSQL (--database).")
    pair = (options.certificate, options.key)
    if (pair[0] is None) != (pair[1] is None):
        return wording.t("--certificate and --key belong together.")
    for file in pair:
        if file is not None and not file.is_file():
            return wording.t("There is no such file: {file}", file=file)
    parsed = Listening.parse(options.listen, options.workers, options.trust_proxy)
    if parsed is None:
        return wording.t("--listen wants an address and a port: {example}", example=_EXAMPLE_LISTEN)
    return replace(parsed, certificate=options.certificate, key=options.key)


def _with_server(
    options: argparse.Namespace,
    room: ServerRoom,
    wording: Wording,
    work: Callable[[Ready], int],
    *,
    serving: bool = False,
) -> int:
    """Open the database, bring it up to date, do the work, close it."""
    url = _database(options)
    if url is not None and not url.startswith(POSTGRES):
        example = f"{POSTGRES}zhanggui@db.example/zhanggui"
        print(wording.t("--database wants an address such as {example}", example=example),
              file=sys.stderr)  # fmt: skip
        return BAD_INPUT
    if url is None:
        file = room.open_server_file(options.dir, serving=serving)
        with closing(file), closing(
            ServerDatabase(sqlite_engine(file.connect, file.driver))
        ) as database:  # fmt: skip
            return _ready(database, file.keys, options, wording, work)
    _warn_of_password(url, options, wording)
    with closing(ServerDatabase(postgres_engine(url))) as database:
        try:
            database.read(lambda connection: connection.execute(text("SELECT 1")))
        except DBAPIError:
            # Its own words may quote the password.
            print(wording.t(NO_ANSWER, address=url.rpartition("@")[2]), file=sys.stderr)
            return NOT_POSSIBLE
        return _ready(database, room.open_server_keys(options.dir), options, wording, work)


def _ready(
    database: ServerDatabase,
    keys: Keys,
    options: argparse.Namespace,
    wording: Wording,
    work: Callable[[Ready], int],
) -> int:
    _tell_of_keys(keys, wording)
    name = getattr(options, "name", None) or ""
    match make_ready(database, ServerSecret(keys.secret), name=name):
        case Ready() as ready:
            return work(ready)
        case SchemaTooNew(found):
            print(wording.t(TOO_NEW, found=found), file=sys.stderr)
        case OtherSecret():
            print(
                wording.t(
                    "This database was made with the keys of another folder; "
                    "give that folder with --dir. Nothing was changed."
                ),
                file=sys.stderr,
            )
    return NOT_POSSIBLE


def _tell_of_keys(keys: Keys, wording: Wording) -> None:
    """On stderr: the answer of a command stays clean."""
    if keys.new_code is not None:
        print(wording.t("The recovery code of this server, shown only now: {code}",
                        code=keys.new_code), file=sys.stderr)  # fmt: skip
        print(wording.t("Write it down: without it a backup opens on no other machine."),
              file=sys.stderr)  # fmt: skip
    if keys.in_file and keys.new_code is not None:
        print(wording.t("There is no keychain here: the keys lie in a file only you can read."),
              file=sys.stderr)  # fmt: skip


def _warn_of_password(url: str, options: argparse.Namespace, wording: Wording) -> None:
    if options.database and "@" in url and ":" in url.removeprefix(POSTGRES).partition("@")[0]:
        print(
            wording.t(
                "Others here can see the password; put it into {variable} or PGPASSWORD.",
                variable=DATABASE_VARIABLE,
            ),
            file=sys.stderr,
        )


def _database(options: argparse.Namespace) -> str | None:
    return options.database or os.environ.get(DATABASE_VARIABLE) or None


def _common(parser: argparse.ArgumentParser, wording: Wording) -> None:
    parser.add_argument("--dir", type=Path, help=wording.t("the server's folder: file and keys"))
    parser.add_argument(
        "--database",
        metavar="URL",
        help=wording.t("PostgreSQL instead of the embedded file: {url}", url=f"{POSTGRES}..."),
    )


def _serving(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server",
        description=wording.t(
            "Run the central server of a chain. Also: server enrol-code, devices, revoke, take-in, "
            "grants, write-off, publish, merge, part, erase, exceptions, release, public-url, "
            "message, backup, restore, restored, verify, rebuild, figures, segments, members."
        ),
        epilog=wording.t("Example: {command}", command=f"main.py server {_EXAMPLE_LISTEN}"),
    )
    _common(parser, wording)
    parser.add_argument(
        "--listen", default="127.0.0.1:8765", metavar="HOST:PORT", help=wording.t("where to listen")
    )
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help=wording.t("processes (PostgreSQL only)")
    )
    parser.add_argument(
        "--trust-proxy",
        default="",
        metavar="IP,...",
        help=wording.t("proxies whose word about the sender's address counts"),
    )
    parser.add_argument(
        "--tied",
        action="store_true",
        help=wording.t("end when its input ends: for the program that starts it"),
    )
    parser.add_argument("--certificate", type=Path, help=wording.t("PEM file, for HTTPS"))
    parser.add_argument("--key", type=Path, help=wording.t("PEM file of the certificate's key"))
    parser.add_argument("--name", help=wording.t("the chain's name, at the first start"))
    return parser
