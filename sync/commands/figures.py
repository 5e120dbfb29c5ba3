"""`main.py server figures|segments|members`: what the chain's days and members come to, for a
script.

Owns: the command lines, progress. Does not own: the figures (sync/server/figures.py), their
definitions in words (the tills' screens and exports), the list (sync/server/member_list.py). All
print JSON: numerator and denominator, so that nothing is rounded on the way.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, timedelta
from typing import Any, get_args

from msgspec import to_builtins
from sqlalchemy import Connection

from app.domain.figures import Days, month_of
from app.domain.months import Month
from app.domain.segments import DEFAULT_RULES, SEGMENTS
from app.wording import Wording
from sync.commands.device import DeviceCommand
from sync.commands.exit import BAD_INPUT, FAILED, OK
from sync.server.figure_count import count_unit, so_far
from sync.server.figures import Slice, slice_figures
from sync.server.join import Ready
from sync.server.member_list import ROWS_MAX, ListChoice, ListOrder, ListPlace, list_members
from sync.server.segments import judge_all


def _figures_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server figures",
        description=wording.t("Print the figures of a month of the chain, or of a store, as JSON."),
        epilog=wording.t("Example: {command}", command="main.py server figures --month 2026-11"),
    )
    parser.add_argument("--month", required=True, help=wording.t("such as 2026-11"))
    parser.add_argument("--store", default="", help=wording.t("the id of a store; else the chain"))
    return parser


def _figures(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    try:
        days = month_of(Month.parse(options.month).first_day)
    except ValueError:
        said = wording.t("This is no month: {value}. Write it like 2026-11.", value=options.month)
        print(said, file=sys.stderr)
        return BAD_INPUT
    tenant = ready.tenant.tenant
    _count_all(ready, wording)
    part = Slice(options.store)
    told = ready.database.read(lambda connection: _told(connection, tenant, days, part))
    print(json.dumps(told, indent=2))
    return OK


def _told(connection: Connection, tenant: str, days: Days, part: Slice) -> dict[str, Any]:
    found = slice_figures(connection, tenant, days, part)
    return {
        "first": days.first.isoformat(),
        "last": days.last.isoformat(),
        "store": part.store,
        "figures": {
            each.id: {
                "numerator": each.numerator,
                "denominator": each.denominator,
                "unit": each.unit,
            }
            for each in found
        },
    }


def _segments_parser(wording: Wording) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog="main.py server segments",
        description=wording.t(
            "Score all members of the chain and name their segments. Broken off, the former ones "
            "stay."
        ),
        epilog=wording.t("Example: {command}", command="main.py server segments"),
    )


def _segments(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    del options
    tenant = ready.tenant.tenant
    _count_all(ready, wording)

    def keep_on(done: int, of_all: int) -> bool:
        _progress(wording.t("{done} of {count} members", done=done, count=of_all))
        return True

    today = date.today()  # noqa: DTZ011 - the day where head office is
    found = judge_all(ready.database, tenant, today, DEFAULT_RULES, keep_on)
    if found is None:
        return FAILED
    _progress("")
    counts = {name: found.by_segment.get(name, 0) for name in SEGMENTS}
    told = {
        "as_of": found.as_of.isoformat(),
        "segments": counts,
        "silent": found.silent,
        "refused": found.refused,
    }
    print(json.dumps(told, indent=2))
    return OK


_BOUGHT: dict[str, tuple[int, int]] = {
    "week": (0, 7), "month": (0, 30), "quarter": (0, 90), "away_90": (90, 0), "away_180": (180, 0),
}  # fmt: skip
"""Days ago at least, and at most; 0 = however long."""


def _members_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server members",
        description=wording.t(
            "List the members of the chain, a page at a time, as JSON: masked cards, no names."
        ),
        epilog=wording.t(
            "Example: {command}", command="main.py server members --bought away_90 --rows 100"
        ),
    )
    first, *_ = orders = get_args(ListOrder)
    said = {
        "--order": wording.t("who comes first"),
        "--bought": wording.t("only who bought last so long ago"),
        "--segment": wording.t("one segment as judged last, those with the most money first"),
    }
    parser.add_argument("--order", choices=orders, default=first, help=said["--order"])
    parser.add_argument("--bought", choices=_BOUGHT, help=said["--bought"])
    parser.add_argument("--segment", choices=SEGMENTS, help=said["--segment"])
    most = wording.t("so many rows, {count} at most", count=ROWS_MAX)
    parser.add_argument("--rows", type=int, default=50, metavar="N", help=most)
    parser.add_argument("--after", default="", help=wording.t("go on where the page before ended"))
    return parser


def _members(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    after = ListPlace.of(options.after)
    if options.after and after is None:
        said = wording.t(
            '--after takes what the page before says under "next", as it stands there.'
        )
        print(said, file=sys.stderr)
        return BAD_INPUT
    if options.bought and (options.order == "newest" or options.segment):
        said = wording.t("--bought goes with neither --order newest nor --segment.")
        print(said, file=sys.stderr)
        return BAD_INPUT
    tenant = ready.tenant.tenant
    _count_all(ready, wording)
    today = date.today()  # noqa: DTZ011 - the day where head office is
    choice = ListChoice(options.order, _span(options.bought, today), options.segment)
    page = ready.database.read(
        lambda connection: list_members(
            connection, tenant, choice, today, after=after, rows=options.rows
        )
    )
    told = {"members": page.rows, "next": None if page.place is None else page.place.text}
    print(json.dumps(to_builtins(told), indent=2))
    return OK


def _span(bought: str | None, today: date) -> tuple[date, date] | None:
    if bought is None:
        return None
    least, most = _BOUGHT[bought]
    first = today - timedelta(days=most) if most else date.min
    return first, today - timedelta(days=least)


def _count_all(ready: Ready, wording: Wording) -> None:
    """Whatever the server has not counted behind the scenes yet is counted now."""
    tenant = ready.tenant.tenant
    while ready.database.write(lambda connection: count_unit(connection, tenant)):
        far = ready.database.read(lambda connection: so_far(connection, tenant))
        _progress(
            wording.t("{done} facts counted, {count} left", done=far.counted, count=far.waiting)
        )
    _progress("")


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{words:60}", end="" if words else "\r", file=sys.stderr, flush=True)


FIGURE_COMMANDS = {
    "figures": DeviceCommand(_figures_parser, _figures),
    "segments": DeviceCommand(_segments_parser, _segments),
    "members": DeviceCommand(_members_parser, _members),
}
