"""`main.py server publish`: what head office puts in force - a program, products, staff.

Owns: the command line, reading and checking the files, the words. Does not own: publishing
(sync/server/publish.py), what is wrong with a program (app/domain/program_check.py).
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from app.domain.program import Program
from app.domain.program_check import check_program
from app.domain.program_file import decode_program
from app.domain.program_problem import CURES, Problem
from app.domain.program_speed import slow_at_worst, worst_case_ms
from app.wording import N_, Wording
from sync.commands.device import DeviceCommand
from sync.commands.exit import BAD_INPUT, OK
from sync.protocol import CatalogueItem, StaffCleared
from sync.server.campaign import carry_campaigns
from sync.server.join import Ready, SystemClock
from sync.server.publish import (
    OtherProgram,
    Published,
    publish_catalogue,
    publish_program,
    publish_staff,
    turn_pass_keys,
)
from sync.server.secret import system_chance
from sync.server.tenant import STORE_NUMBER_MAX, new_id, store_numbered

T = TypeVar("T")
NOT_READ = N_("{file}: {reason}")


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server publish",
        description=wording.t("Put a program, products or staff in force at the tills."),
        epilog=wording.t(
            "Example: {command}", command="main.py server publish --program my-shop.toml"
        ),
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--program", metavar="FILE", help=wording.t("a program file (TOML)"))
    what.add_argument(
        "--catalogue", metavar="FILE", help=wording.t("products new or changed, a JSON list")
    )
    what.add_argument(
        "--staff", metavar="FILE", help=wording.t("staff cleared for one store, a JSON list")
    )
    what.add_argument(
        "--pass-keys",
        action="store_true",
        help=wording.t("the next key of member passes, where one is due"),
    )
    parser.add_argument("--store", type=int, metavar="S", help=wording.t("whose staff it is"))
    return parser


def _publish(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    if options.program is not None:
        return _program(ready, options.program, wording)
    if options.catalogue is not None:
        return _catalogue(ready, options.catalogue, wording)
    if options.pass_keys:
        return _pass_keys(ready, wording)
    if options.store is None or not 1 <= options.store <= STORE_NUMBER_MAX:
        said = wording.t("--staff wants --store, a number from 1 to {most}.", most=STORE_NUMBER_MAX)
        print(said, file=sys.stderr)
        return BAD_INPUT
    return _staff(ready, options.staff, options.store, wording)


def _program(ready: Ready, file: str, wording: Wording) -> int:
    toml = _text(file, wording)
    program = None if toml is None else _checked(toml, wording)
    if toml is None or program is None:
        return BAD_INPUT
    tenant, now_ms = ready.tenant.tenant, SystemClock().wall_ms()

    def publish(connection: Connection) -> Published | OtherProgram:
        done = publish_program(connection, tenant, program, toml, now_ms)
        if isinstance(done, Published) and done.told:
            carry_campaigns(connection, tenant, program, now_ms)
        return done

    done = ready.database.write(publish)
    if isinstance(done, OtherProgram):
        print(
            wording.t(
                "Version {version} was published with another text, and sales name it: "
                "give this one another version.",
                version=done.version,
            ),
            file=sys.stderr,
        )
        return BAD_INPUT
    if done.told:
        print(wording.t("Published: version {version}, in force from {day}.",
                        version=program.version, day=program.effective.isoformat()))  # fmt: skip
    else:
        print(wording.t("It stands already, as it is."))
    return OK


def _checked(toml: str, wording: Wording) -> Program | None:
    """The program; None after every mistake was said with its cure."""
    program = decode_program(toml)
    problems = [program] if isinstance(program, Problem) else list(check_program(program))
    if isinstance(program, Program) and not problems:
        slow = slow_at_worst(worst_case_ms(program, time.process_time_ns))
        problems += [slow] if slow else []
    for each in problems:
        cure = wording.t(CURES[each.code], value=each.value, other=each.other)
        print(f"{each.path}: {cure}" if each.path else cure, file=sys.stderr)
    return None if problems or isinstance(program, Problem) else program


def _catalogue(ready: Ready, file: str, wording: Wording) -> int:
    items = _read(file, list[CatalogueItem], wording)
    if items is None:
        return BAD_INPUT
    tenant, now_ms = ready.tenant.tenant, SystemClock().wall_ms()
    count = ready.database.write(
        lambda connection: publish_catalogue(connection, tenant, items, now_ms)
    )
    print(wording.n("{count} product published.", "{count} products published.", count))
    return OK


def _staff(ready: Ready, file: str, number: int, wording: Wording) -> int:
    staff = _read(file, list[StaffCleared], wording)
    if staff is None:
        return BAD_INPUT
    tenant, now_ms = ready.tenant.tenant, SystemClock().wall_ms()
    fresh = new_id(now_ms, system_chance)

    def work(connection: Connection) -> int:
        store = store_numbered(connection, tenant, number, name=None, new=fresh)
        return publish_staff(connection, tenant, store.store, staff, now_ms)

    count = ready.database.write(work)
    print(wording.n("{count} person published.", "{count} people published.", count))
    return OK


def _pass_keys(ready: Ready, wording: Wording) -> int:
    tenant, now_ms = ready.tenant.tenant, SystemClock().wall_ms()
    count = ready.database.write(
        lambda connection: turn_pass_keys(connection, tenant, now_ms, ready.house)
    )
    print(wording.n("{count} key made.", "{count} keys made.", count))
    return OK


def _text(file: str, wording: Wording) -> str | None:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(wording.t(NOT_READ, file=file, reason=str(error)), file=sys.stderr)
        return None


def _read(file: str, kind: type[T], wording: Wording) -> T | None:
    """A list out of a file; None after saying where it is wrong."""
    text = _text(file, wording)
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        print(wording.t(NOT_READ, file=file, reason=str(error)), file=sys.stderr)
        return None


PUBLISH_COMMANDS = {"publish": DeviceCommand(_parser, _publish)}
