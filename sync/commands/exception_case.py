"""`main.py server exceptions|release`: what head office has to look at, and lets through.

Owns: the command lines and words. Does not own: finding exceptions (sync/server), what a release
does (sync/server/release.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import msgspec
from sqlalchemy import Connection

from app.wording import Wording
from sync.commands.device import DeviceCommand
from sync.commands.exit import BAD_INPUT, OK
from sync.server.device import NoSuchDevice, read_device
from sync.server.exception_case import NoSuchCase, cases_open, close_case
from sync.server.join import Ready, SystemClock
from sync.server.release import Released, quarantined, release
from sync.server.sender import Sender


def _list_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server exceptions",
        description=wording.t(
            "List what somebody has to look at, with everything the tills did; --close puts one "
            "aside."
        ),
        epilog=wording.t(
            "Example: {command}",
            command='main.py server exceptions --close 019e34a9-be00-... --by "Wang"',
        ),
    )
    parser.add_argument("--json", action="store_true", help=wording.t("for a script"))
    parser.add_argument("--close", metavar="CASE", help=wording.t("this one was looked at"))
    parser.add_argument("--by", default="", help=wording.t("who answers for it"))
    parser.add_argument("--note", default="", help=wording.t("what was found"))
    return parser


def _list(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    if options.close is not None:
        return _close(ready, options, wording)
    tenant = ready.tenant.tenant
    rows = ready.database.read(lambda connection: cases_open(connection, tenant))
    if options.json:
        print(json.dumps([_as_json(row) for row in rows], ensure_ascii=False, indent=2))
        return OK
    for row in rows:
        print(f"{row['day']}  {row['kind']:<22} {row['points']:>7}  {row['case_id']}")
    if not rows:
        print(wording.t("There is nothing to look at."))
    return OK


def _as_json(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("case_id", "kind", "subject", "day", "points", "op_id")}
    return told | {"money_minor": row["money_minor"], "story": msgspec.json.decode(row["story"])}


def _close(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    tenant, now_ms = ready.tenant.tenant, SystemClock().wall_ms()
    if not options.by:
        print(wording.t("--close wants --by: who answers for it."), file=sys.stderr)
        return BAD_INPUT
    done = ready.database.write(
        lambda connection: close_case(
            connection, tenant, options.close, (options.by, options.note), now_ms
        )
    )
    if isinstance(done, NoSuchCase):
        print(wording.t("No such exception is open: {id}", id=options.close), file=sys.stderr)
        return BAD_INPUT
    print(wording.t("Put aside."))
    return OK


def _release_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server release",
        description=wording.t(
            "Let count what a till pushed while it was revoked or its chain was broken, or what an "
            "older server could not read."
        ),
        epilog=wording.t("Example: {command}", command="main.py server release 019e34a9-be00-..."),
    )
    parser.add_argument("device", help=wording.t("its id, as main.py server devices shows it"))
    return parser


def _release(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    tenant, now_ms = ready.tenant.tenant, SystemClock().wall_ms()

    def work(connection: Connection) -> Released | NoSuchDevice:
        device = read_device(connection, tenant, options.device)
        if isinstance(device, NoSuchDevice):
            return device
        held = quarantined(connection, tenant, device.device)
        sender = Sender(tenant, device.device, device.store)
        return release(connection, sender, held, now_ms, ready.house)

    done = ready.database.write(work)
    if isinstance(done, NoSuchDevice):
        print(wording.t("Nobody is enrolled under this id: {id}", id=options.device),
              file=sys.stderr)  # fmt: skip
        return BAD_INPUT
    print(wording.n("{count} released.", "{count} released.", len(done.op_ids)))
    if done.passed_over:
        left = len(done.passed_over)
        print(
            wording.n(
                "{count} cannot be read yet and waits for a newer program.",
                "{count} cannot be read yet and wait for a newer program.",
                left,
            )
        )
    return OK


CASE_COMMANDS = {
    "exceptions": DeviceCommand(_list_parser, _list),
    "release": DeviceCommand(_release_parser, _release),
}
