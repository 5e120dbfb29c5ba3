"""`main.py server enrol-code|devices|revoke`: who may speak to the server.

Owns: the command lines and words. Does not own: codes and devices (sync/server).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from app.wording import Wording
from sync.commands.exit import BAD_INPUT, OK
from sync.server.device import Device, DeviceKind, NoSuchDevice, all_devices, revoke
from sync.server.enrolment import CODE_HOURS, TILL_NUMBER_MAX, Place, make_code
from sync.server.join import Ready, SystemClock
from sync.server.secret import system_chance
from sync.server.tenant import STORE_NUMBER_MAX, new_id, store_numbered


@dataclass(frozen=True, slots=True)
class DeviceCommand:
    """One of them."""

    parser: Callable[[Wording], argparse.ArgumentParser]
    run: Callable[[Ready, argparse.Namespace, Wording], int]
    is_alone: bool = False
    """Not beside a server that listens over the same file."""


def _code_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server enrol-code",
        description=wording.t("Make a code that lets one till or channel in, once."),
        epilog=wording.t(
            "Example: {command}",
            command='main.py server enrol-code --store 3 --till 2 --store-name "Haidian"',
        ),
    )
    store, till = f"1-{STORE_NUMBER_MAX}", f"1-{TILL_NUMBER_MAX}"
    parser.add_argument("--store", type=int, required=True, metavar="S", help=store)
    parser.add_argument("--till", type=int, required=True, metavar="N", help=till)
    parser.add_argument("--store-name", help=wording.t("the store's name on receipts and lists"))
    parser.add_argument(
        "--channel",
        action="store_true",
        help=wording.t("for a web shop or another program: it gets no copy of the members"),
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help=wording.t("the machine that has this number now is revoked by the new one"),
    )
    return parser


def _make_code(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    if not (1 <= options.store <= STORE_NUMBER_MAX and 1 <= options.till <= TILL_NUMBER_MAX):
        print(
            wording.t(
                "Stores are numbered from 1 to {stores}, tills from 1 to {tills}.",
                stores=STORE_NUMBER_MAX,
                tills=TILL_NUMBER_MAX,
            ),
            file=sys.stderr,
        )
        return BAD_INPUT
    code = ready.database.write(lambda connection: _code(connection, ready, options))
    print(code)
    print(
        wording.n(
            "It works once, within {count} hour.",
            "It works once, within {count} hours.",
            CODE_HOURS,
        ),
        file=sys.stderr,
    )
    return OK


def _code(connection: Connection, ready: Ready, options: argparse.Namespace) -> str:
    now_ms, tenant = SystemClock().wall_ms(), ready.tenant.tenant
    fresh = new_id(now_ms, system_chance)
    store = store_numbered(connection, tenant, options.store, name=options.store_name, new=fresh)
    kind: DeviceKind = "channel" if options.channel else "till"
    place = Place(tenant, store.store, options.till, kind, options.replace)
    return make_code(connection, ready.secret, place, now_ms=now_ms, chance=system_chance)


def _list_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server devices",
        description=wording.t("List tills and channels, revoked ones too."),
        epilog=wording.t("Example: {command}", command="main.py server devices --json"),
    )
    parser.add_argument("--json", action="store_true", help=wording.t("for a script"))
    return parser


def _list(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    devices = ready.database.read(lambda connection: all_devices(connection, ready.tenant.tenant))
    if options.json:
        print(json.dumps([_as_json(device) for device in devices], ensure_ascii=False, indent=2))
        return OK
    for device in devices:
        state = wording.t("revoked") if device.is_revoked else wording.t("enrolled")
        place = f"{device.store_number}/{device.till_number}"
        print(f"{place:<8} {device.kind:<8} {state:<8} {device.device}  {device.name}")
    if not devices:
        print(wording.t("No till is enrolled yet: main.py server enrol-code --help"))
    return OK


def _as_json(device: Device) -> dict[str, object]:
    enrolled = datetime.fromtimestamp(device.enrolled_ms / 1000, UTC)
    return {
        "device": device.device,
        "kind": device.kind,
        "store": device.store_number,
        "store_name": device.store_name,
        "till": device.till_number,
        "name": device.name,
        "epoch": device.epoch,
        "enrolled": enrolled.isoformat(timespec="seconds"),
        "revoked": device.is_revoked,
    }


def _revoke_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server revoke",
        description=wording.t(
            "Revoke a till or channel: from now on it may only push, and head office checks what."
        ),
        epilog=wording.t("Example: {command}", command="main.py server revoke 019e34a9-be00-..."),
    )
    parser.add_argument("device", help=wording.t("its id, as main.py server devices shows it"))
    return parser


def _revoke(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    now_ms = SystemClock().wall_ms()
    device = ready.database.write(
        lambda connection: revoke(connection, ready.tenant.tenant, options.device, now_ms=now_ms)
    )
    if isinstance(device, NoSuchDevice):
        print(wording.t("Nobody is enrolled under this id: {id}", id=options.device),
              file=sys.stderr)  # fmt: skip
        return BAD_INPUT
    print(
        wording.t(
            "Revoked: store {store}, till {till}. What it sold offline is still taken and checked.",
            store=device.store_number,
            till=device.till_number,
        )
    )
    return OK


DEVICE_COMMANDS = {
    "enrol-code": DeviceCommand(_code_parser, _make_code),
    "devices": DeviceCommand(_list_parser, _list),
    "revoke": DeviceCommand(_revoke_parser, _revoke),
}
