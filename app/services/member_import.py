"""An import of members as the desk does it: kept until it is done, going on after a restart.

Owns: beginning, a few rows at a time, stopping, dropping the rest, how it stands. Does not own:
what a row is and what becomes of it (import_members.py), reading the file, the screen.
A part of the rows goes in the same unit of work in which its members come: a till that dies in
between doubles nobody and loses nobody. Members come in the name of whoever began it, whoever is
signed in meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import msgspec

from app.domain.member_import import KeptImport, RowFault
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.import_members import ImportRefused, MemberRow, take_rows
from app.services.ports import UnitOfWork
from app.services.shop import Desk, Shop
from app.services.table_file import CellError, CellProblem

ROWS_A_PART = 20
"""So many are written in one unit of work: a sale waits for no more."""
ROWS_KEPT_A_UNIT = 2_000
NAME_MAX = 200
KEPT_DAYS = 30
"""Of one that somebody stopped."""
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class NoImport:
    """None is on its way."""


@dataclass(frozen=True, slots=True)
class ImportUnderWay:
    """Another one is on its way: it goes on, or the rest of it is dropped first."""

    standing: KeptImport


@dataclass(frozen=True, slots=True)
class ImportStanding:
    """How it stands, with every cell to look at so far; `by`: the name of who began it."""

    kept: KeptImport
    faults: tuple[CellError, ...]
    by: str


@dataclass(frozen=True, slots=True)
class ImportTaken:
    """After a few rows. `known`: those of them who were members already; `faults`: what was good in
    some when the file was read and is not any more: they stay out and do not count."""

    kept: KeptImport
    known: tuple[CellError, ...]
    faults: tuple[CellError, ...] = ()


def keep_import(
    *,
    shop: Shop,
    work: UnitOfWork,
    name: str,
    mapping: Mapping[str, str],
    count: int,
    faults: Sequence[CellError],
) -> KeptImport | ImportUnderWay | ImportRefused | Refusal:
    """Begin to keep a file's good rows (`keep_rows` brings them). Needs the right.

    Changes: imports.
    """
    refusal = allowed(shop, "manage_settings")
    if refusal:
        return refusal
    if not shop.has_room():
        return ImportRefused("no_room")
    before = work.member_imports.read()
    if before is not None and before.left and before.state != "kept":
        return ImportUnderWay(before)
    work.member_imports.clear()
    staff = shop.desk.state.staff
    assert staff is not None, "he was asked for his right"
    kept = KeptImport(
        name[-NAME_MAX:], shop.now().wall_ms, staff.staff_id, count, dict(mapping), left=count
    )
    work.member_imports.put(kept)
    work.member_imports.add_faults(map(_fault, faults))
    return kept


def keep_rows(*, shop: Shop, work: UnitOfWork, rows: Sequence[MemberRow]) -> NoImport | None:
    """Put some more of its rows away, before any is taken in. Changes: imports."""
    kept = work.member_imports.read()
    if kept is None or kept.state != "kept":
        return NoImport()
    for start in range(0, len(rows), ROWS_A_PART):
        some = rows[start : start + ROWS_A_PART]
        work.member_imports.add_part(len(some), msgspec.json.encode(list(some)))
    return None


def run_import(*, shop: Shop, work: UnitOfWork) -> KeptImport | NoImport | Refusal:
    """Take its rows in from now on (`take_next`), from the first or where it was stopped. Needs the
    right. Changes: imports, audit."""
    refusal = allowed(shop, "manage_settings")
    if refusal:
        return refusal
    kept = work.member_imports.read()
    if kept is None or not kept.left:
        return NoImport()
    staff = shop.desk.state.staff
    assert staff is not None, "he was asked for his right"
    kept = replace(kept, state="running", asked_by=staff.staff_id)
    work.member_imports.put(kept)
    details = {"count": str(kept.left)}
    record(shop=shop, work=work, now=shop.now(), act="import_begun", details=details)
    return kept


def take_next(*, shop: Shop, work: UnitOfWork) -> ImportTaken | ImportRefused | NoImport:
    """Make members of the next few rows; who is known already is named and stays as he is, and a
    row whose day passed while it waited, or whose tier left the program, is one to look at.

    Nobody has to be signed in: it goes on in the name of whoever let it run, as long as he may.
    Changes: members, facts, accounts, imports, audit.
    """
    kept = work.member_imports.read()
    part = work.member_imports.first_part()
    if kept is None or kept.state != "running":
        return NoImport()
    who = work.staff.get(kept.asked_by)
    if who is None or not who.may("manage_settings") or not shop.has_room():
        work.member_imports.put(replace(kept, state="stopped"))
        return ImportRefused("no_room" if who and who.may("manage_settings") else "no_right")
    known: tuple[CellError, ...] = ()
    faults: tuple[CellError, ...] = ()
    if part is not None:
        place, data = part
        rows = msgspec.json.decode(data, type=list[MemberRow])
        stand_in = replace(shop, desk=Desk(replace(shop.desk.state, staff=who, locked=False)))
        out = take_rows(shop=stand_in, work=work, rows=rows)
        known = tuple(each for each in out if each.problem == "already_known")
        faults = tuple(each for each in out if each.problem != "already_known")
        work.after_commit(lambda: _bound(shop, stand_in))
        work.member_imports.drop_part(place)
        work.member_imports.add_faults(map(_fault, out))
        # As the rows whose fault was seen when the file was read: they are none of the count.
        stays_out = len({each.row for each in faults})
        kept = replace(
            kept, left=kept.left - len(rows), count=kept.count - stays_out,
            known=kept.known + len(known),
        )  # fmt: skip
    if not kept.left:
        kept = _ended(shop, work, kept)
    work.member_imports.put(kept)
    return ImportTaken(kept, known, faults)


def stop_import(*, shop: Shop, work: UnitOfWork) -> KeptImport | NoImport:
    """What is in stays in; it goes on when somebody lets it run again. Changes: imports."""
    kept = work.member_imports.read()
    if kept is None or not kept.left:
        return NoImport()
    kept = replace(kept, state="stopped")
    work.member_imports.put(kept)
    return kept


def drop_import(*, shop: Shop, work: UnitOfWork) -> KeptImport | NoImport | Refusal:
    """Nothing more of it comes, and nothing of its rows stays here. Needs the right.

    Changes: imports, audit.
    """
    refusal = allowed(shop, "manage_settings")
    if refusal:
        return refusal
    kept = work.member_imports.read()
    if kept is None:
        return NoImport()
    if kept.left and kept.state != "kept":
        _ended(shop, work, kept)
    work.member_imports.clear()
    return kept


def forget_old_import(*, shop: Shop, work: UnitOfWork) -> bool:
    """Nobody went on with it for a month: the people in it are not kept here for ever; whether it
    was so. Changes: imports, audit."""
    kept = work.member_imports.read()
    if kept is None or kept.state == "running":
        return False
    if shop.now().wall_ms - kept.asked_ms < KEPT_DAYS * DAY_MS:
        return False
    if kept.left and kept.state == "stopped":
        _ended(shop, work, kept)
    work.member_imports.clear()
    return True


def close_import(*, shop: Shop, work: UnitOfWork) -> NoImport:
    """Somebody was told what came of it. Changes: imports."""
    kept = work.member_imports.read()
    if kept is not None and kept.state == "done":
        work.member_imports.clear()
    return NoImport()


def import_standing(*, shop: Shop, work: UnitOfWork) -> ImportStanding | NoImport:
    """What was on its way when the till was started. One whose rows were not all kept is none: it
    had not begun. Changes: imports."""
    kept = work.member_imports.read()
    if kept is None:
        return NoImport()
    if kept.state == "kept":
        work.member_imports.clear()
        return NoImport()
    who = work.staff.get(kept.asked_by)
    faults = tuple(_cell(each) for each in work.member_imports.faults())
    return ImportStanding(kept, faults, who.name if who is not None else "")


def _ended(shop: Shop, work: UnitOfWork, kept: KeptImport) -> KeptImport:
    """All rows were looked at, or nobody wants the rest."""
    details = {"count": str(kept.done - kept.known)}
    record(
        shop=shop, work=work, now=shop.now(), act="members_imported", details=details,
        staff_id=kept.asked_by,
    )  # fmt: skip
    work.member_imports.end_rows()
    return replace(kept, state="done")


def _bound(shop: Shop, stand_in: Shop) -> None:
    """What was written bounds the till, too."""
    last = stand_in.desk.state.last_moment
    if last is not None:
        shop.desk.bound_by(last)


def _fault(error: CellError) -> RowFault:
    return RowFault(error.row, error.column, error.problem, error.other_row)


def _cell(fault: RowFault) -> CellError:
    return CellError(fault.row, fault.column, "", cast(CellProblem, fault.problem), fault.other_row)
