"""`main.py server take-in`: the facts of a till that went away before it could push them.

Owns: the command line and words. Does not own: opening the file (handed in by main.py), counting
its facts (sync/server/taken_in.py).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from app.domain.pending_export import ExportedPart, ExportHead
from app.wording import N_, Wording
from sync.commands.device import DeviceCommand
from sync.commands.exit import BAD_INPUT, FAILED, OK
from sync.commands.server_copy import asked_code
from sync.server.device import Device, NoSuchDevice, read_device
from sync.server.enrolment import TILL_NUMBER_MAX
from sync.server.join import Ready, SystemClock
from sync.server.secret import system_chance
from sync.server.sender import Sender
from sync.server.taken_in import AtTill, TakenIn, TakingIn, sender_of_export
from sync.server.tenant import STORE_NUMBER_MAX, new_id, store_numbered

REFUSED_SHOWN = 20
NOT_OPENED = {
    "not_there": N_("There is no such file: {file}"),
    "not_one": N_("This is no export of a till: {file}"),
    "not_a_code": N_("This is not a whole recovery code; look at the paper again."),
    "wrong_code": N_("This is not the recovery code of that till."),
    "torn": N_("The file is torn or was changed; nothing was taken in. Copy it again: {file}"),
}


class Exported(Protocol):
    """What a till exported, as the store opened it; `parts` can be read more than once."""

    head: ExportHead

    def parts(self) -> Iterable[ExportedPart]: ...


class ExportRoom(Protocol):
    """What main.py hands in."""

    def exported_by(self, path: Path, code: str) -> Exported | str:
        """The export in a file; or why it does not open, as in NOT_OPENED."""


def take_in_commands(room: ExportRoom) -> dict[str, DeviceCommand]:
    """The command, with what opens the file."""
    return {"take-in": DeviceCommand(_parser, partial(_take_in, room))}


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server take-in",
        description=wording.t(
            "Take in what a till exported before it was removed. Its recovery code is asked for, "
            "or read from standard input. Every record counts once, also if that till comes back."
        ),
        epilog=wording.t(
            "Example: {command}",
            command="main.py server take-in /media/usb/zhanggui-pending-till-02.sealed",
        ),
    )
    parser.add_argument("file", type=Path, help=wording.t("the file that the till wrote"))
    store, till = f"1-{STORE_NUMBER_MAX}", f"1-{TILL_NUMBER_MAX}"
    parser.add_argument("--store", type=int, metavar="S", help=store)
    parser.add_argument("--till", type=int, metavar="N", help=till)
    return parser


def _take_in(room: ExportRoom, ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    if not _place_is_right(options):
        print(
            wording.t("--store and --till belong together: the numbers the till had."),
            file=sys.stderr,
        )
        return BAD_INPUT
    found = room.exported_by(options.file.expanduser(), asked_code(wording))
    if isinstance(found, str):
        print(wording.t(NOT_OPENED[found], file=options.file), file=sys.stderr)
        return BAD_INPUT
    sender = ready.database.write(lambda connection: _sender(connection, ready, found, options))
    if isinstance(sender, NoSuchDevice):
        said = wording.t(
            "This server does not know that till ({device}, till {till} of {store}). Say under "
            "which numbers it counts: --store S --till N",
            device=found.head.device,
            till=found.head.till_number,
            store=found.head.store_name,
        )
        print(said, file=sys.stderr)
        return BAD_INPUT
    taking = TakingIn(ready.database, sender, ready.house, SystemClock().wall_ms)
    done = taking.hear(found.parts)
    _tell(done, wording)
    return FAILED if done.unheard else OK


def _place_is_right(options: argparse.Namespace) -> bool:
    store: int | None = options.store
    till: int | None = options.till
    if store is None or till is None:
        return store is till
    return 1 <= store <= STORE_NUMBER_MAX and 1 <= till <= TILL_NUMBER_MAX


def _sender(
    connection: Connection, ready: Ready, found: Exported, options: argparse.Namespace
) -> Sender | NoSuchDevice:
    now_ms, tenant = SystemClock().wall_ms(), ready.tenant.tenant
    at = None
    is_known = isinstance(read_device(connection, tenant, found.head.device), Device)
    if options.store is not None and not is_known:
        fresh = new_id(now_ms, system_chance)
        store = store_numbered(connection, tenant, options.store, name=None, new=fresh)
        at = AtTill(store.store, options.till)
    return sender_of_export(
        connection, ready.secret, tenant, found.head, at=at, now_ms=now_ms, chance=system_chance
    )


def _tell(done: TakenIn, wording: Wording) -> None:
    n, t = wording.n, wording.t
    counted = done.answers["accepted"] + done.answers["accepted_adjusted"]
    print(n("{count} record counts now.", "{count} records count now.", counted))
    if done.known:
        print(n("{count} was known already.", "{count} were known already.", done.known))
    if held := done.answers["quarantined"]:
        print(
            n(
                "{count} waits for head office: main.py server release",
                "{count} wait for head office: main.py server release",
                held,
            )
        )
    if done.refused:
        print(n("{count} request was refused.", "{count} requests were refused.",
                len(done.refused)))  # fmt: skip
    for each in done.refused[:REFUSED_SHOWN]:
        print(f"  {each.op_id}  {each.refusal.code if each.refusal else ''}")
    if done.unheard:
        print(
            n(
                "{count} could not be taken in. Keep the file and call support.",
                "{count} could not be taken in. Keep the file and call support.",
                done.unheard,
            ),
            file=sys.stderr,
        )
    elif done.answers["accepted_adjusted"]:
        print(t("What counts otherwise than on its receipt stands under main.py server exceptions"))
