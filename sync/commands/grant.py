"""`main.py server grants|write-off`: what tills may spend offline, and a lost till's part of it.

Owns: the command lines and words. Does not own: grants (sync/server/grant.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime

from app.wording import Wording
from sync.commands.device import DeviceCommand
from sync.commands.exit import BAD_INPUT, OK
from sync.protocol import GrantGiven, decoded
from sync.server.grant import NoSuchGrant, grants_standing, write_off
from sync.server.join import Ready


def _list_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server grants",
        description=wording.t("List what tills may spend offline and have not reported back."),
        epilog=wording.t("Example: {command}", command="main.py server grants --json"),
    )
    parser.add_argument("--json", action="store_true", help=wording.t("for a script"))
    return parser


def _list(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    tenant = ready.tenant.tenant
    rows = ready.database.read(lambda connection: grants_standing(connection, tenant))
    told = []
    for row in rows:
        left = decoded(row["content"], GrantGiven)
        until = datetime.fromtimestamp(left.ends_ms / 1000, UTC).isoformat(timespec="minutes")
        told.append(
            {
                "grant": left.grant,
                "device": row["device"],
                "member": left.member,
                "points_left": sum(left.buckets.values()),
                "coupons": list(left.coupons),
                "until": until,
            }
        )
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return OK
    for each in told:
        print(f"{each['grant']}  {each['device']}  {each['points_left']:>6}  {each['until']}")
    if not told:
        print(wording.t("No till holds anything to spend offline."))
    return OK


def _off_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server write-off",
        description=wording.t(
            "Take back what a lost till could spend offline. What it sold by it and still "
            "delivers counts all the same, with an exception."
        ),
        epilog=wording.t(
            "Example: {command}", command="main.py server write-off 019e34a9-be00-..."
        ),
    )
    parser.add_argument("grant", help=wording.t("its id, as main.py server grants shows it"))
    return parser


def _off(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    tenant = ready.tenant.tenant
    done = ready.database.write(lambda connection: write_off(connection, tenant, options.grant))
    if isinstance(done, NoSuchGrant):
        said = wording.t("No till holds such a grant (any more): {id}", id=options.grant)
        print(said, file=sys.stderr)
        return BAD_INPUT
    points = sum(done.left.buckets.values())
    print(
        wording.t(
            "Written off: {points} points of till {device} are free again.",
            points=points,
            device=done.device,
        )
    )
    return OK


GRANT_COMMANDS = {
    "grants": DeviceCommand(_list_parser, _list),
    "write-off": DeviceCommand(_off_parser, _off),
}
