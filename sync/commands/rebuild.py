"""`main.py server verify|rebuild`: the server's accounts against the facts it took in.

Owns: the command lines and words. Does not own: comparing and folding (sync/server/rebuild.py).
"""

from __future__ import annotations

import argparse
import json

from msgspec import to_builtins

from app.wording import N_, Wording
from sync.commands.device import DeviceCommand
from sync.commands.exit import FAILED, OK
from sync.server.join import Ready
from sync.server.rebuild import Verified, rebuild, verify

SHOWN_MAX = 20
WHAT = {
    "account": N_("the account of a member is not the sum of his facts"),
    "alias": N_("a merged member leads to the wrong person"),
    "ledger": N_("the ledger differs from the facts"),
    "chain": N_("the chain of a till is broken"),
    "unread": N_("a fact cannot be read"),
    "place": N_("a fact has lost its place"),
}


def _verify_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server verify",
        description=wording.t("Compare accounts, ledger and chains with the facts."),
        epilog=wording.t("Example: {command}", command="main.py server verify --json"),
    )
    parser.add_argument("--json", action="store_true", help=wording.t("for a script"))
    return parser


def _verify(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    tenant = ready.tenant.tenant
    found = ready.database.read(lambda connection: verify(connection, tenant))
    if options.json:
        print(json.dumps(to_builtins(found), indent=2, ensure_ascii=False))
    else:
        _tell(found, wording)
    return OK if found.is_sound else FAILED


def _tell(found: Verified, wording: Wording) -> None:
    counted = {"ops": found.ops, "members": found.members, "places": found.places}
    print(wording.t("Facts: {ops}, members: {members}, places in chains: {places}.", **counted))
    for one in found.differences[:SHOWN_MAX]:
        print(f"{wording.t(WHAT.get(one.what, one.what))}: {one.where}")
    count = len(found.differences)
    if count:
        print(wording.n("{count} difference.", "{count} differences.", count))
    else:
        print(wording.t("Everything agrees."))


def _rebuild_parser(wording: Wording) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog="main.py server rebuild",
        description=wording.t("Fold every account again from the facts, while no till is served."),
        epilog=wording.t("Example: {command}", command="main.py server rebuild"),
    )


def _rebuild(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    del options
    count = ready.database.write(lambda connection: rebuild(connection, ready.tenant.tenant))
    print(wording.n("{count} account was put right.", "{count} accounts were put right.", count))
    return OK


REBUILD_COMMANDS = {
    "verify": DeviceCommand(_verify_parser, _verify),
    "rebuild": DeviceCommand(_rebuild_parser, _rebuild, is_alone=True),
}
