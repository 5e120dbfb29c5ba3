"""The till that gets killed while it imports members, merges two, keeps a photo.

Owns: beginning each, dying at a named place, going on. Does not own: any check
(test_kill_import.py), how a till is opened (shop.py).
"""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from app.domain.program import Program
from app.domain.program_file import decode_program
from app.services.complaint import NewComplaint, take_complaint
from app.services.complaint_photo import add_photo
from app.services.import_members import MembersFile, read_members
from app.services.joining import Joined, NewMember, join_member
from app.services.member_import import (
    ImportStanding,
    ImportTaken,
    import_standing,
    keep_import,
    keep_rows,
    run_import,
    take_next,
)
from app.services.merge import merge_members
from app.store.audit import AuditRepository
from app.store.member_import import MemberImportRepository
from app.store.photo import PhotoRepository
from tests.kill.child import Cashier
from tests.kill.shop import Place, keys_in_files, open_as_till, sign_in
from tests.real_shop import PROGRAM

COUNT = 90
PICTURE = b"\xff\xd8\xff" + b"a jar with a broken lid" * 3000


def _rows() -> MembersFile:
    program = decode_program(PROGRAM)
    assert isinstance(program, Program)
    lines = [f"1390000{number:04d},顾客{number},{number}" for number in range(COUNT)]
    content = "\n".join(("phone,name,points", *lines)).encode()
    read = read_members(content, program=program, today=program.effective)
    assert isinstance(read, MembersFile)
    return read


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def begin_import(folder: Path, place: str, pipe: Connection) -> None:
    """Keep the file; killed while it is kept ("keeping"), else let run and said."""
    keys_in_files()
    with open_as_till(Place(folder), Random(1)) as till:
        sign_in(till)
        cashier, file = Cashier(till, Random(1), pipe), _rows()
        cashier.do(keep_import, name="members.csv", mapping={}, count=COUNT, faults=())
        cashier.do(keep_rows, rows=file.members[:40])
        if place == "keeping":
            _die()
        cashier.do(keep_rows, rows=file.members[40:])
        cashier.do(run_import)
        cashier.say(begun=True)


def go_on(folder: Path, units: int, place: str, pipe: Connection) -> None:
    """As after a start, nobody signed in; killed in the unit after so many (none: it is not), at
    the named place, or right behind the commit."""
    keys_in_files()
    with open_as_till(Place(folder), Random(1)) as till:
        cashier = Cashier(till, Random(1), pipe)
        found = cashier.do(import_standing)
        assert isinstance(found, ImportStanding), found
        cashier.say(left=found.kept.left)
        while True:
            if units == 0 and place == "in the unit":
                MemberImportRepository.drop_part = _die  # type: ignore[method-assign]  # it dies there
            step = cashier.do(take_next)
            assert isinstance(step, ImportTaken), step
            if units == 0 and place == "behind the commit":
                _die()
            units -= 1
            if step.kept.state == "done":
                cashier.say(left=0)
                return


def two_of_one(folder: Path, pipe: Connection) -> None:
    """The same person twice, and a complaint."""
    keys_in_files()
    with open_as_till(Place(folder), Random(1)) as till:
        sign_in(till)
        cashier = Cashier(till, Random(1), pipe)
        ids = [_join(cashier, name) for name in ("张三", "张 三")]
        new = NewComplaint(topic="weight", text="瓶盖破了", member_id=ids[0])
        case = cashier.do(take_complaint, new=new).case_id
        cashier.say(ids=ids, case=case)


def _join(cashier: Cashier, name: str) -> str:
    new = NewMember(name=name, consents=frozenset({"membership"}), put_on_basket=False)
    joined = cashier.do(join_member, new=new)
    assert isinstance(joined, Joined), joined
    return joined.member_id


PLACES: dict[str, tuple[type[Any], str]] = {
    "the last line of the trail": (AuditRepository, "append"),
    "the photo itself": (PhotoRepository, "put"),
}


def merge(folder: Path, ids: list[str], place: str, pipe: Connection) -> None:
    """Make one of both; killed at the named place (empty: it is not)."""
    _act(folder, place, pipe, merge_members, member_id=ids[0], other_id=ids[1], reason="同一个人")


def photo(folder: Path, case: str, place: str, pipe: Connection) -> None:
    """Keep a photo with the case; killed as above."""
    _act(folder, place, pipe, add_photo, case_id=case, data=PICTURE)


def _act(folder: Path, place: str, pipe: Connection, service: Any, **wanted: Any) -> None:
    keys_in_files()
    with open_as_till(Place(folder), Random(1)) as till:
        sign_in(till)
        if place:
            setattr(*PLACES[place], _die)
        cashier = Cashier(till, Random(1), pipe)
        answer = cashier.do(service, **wanted)
        cashier.say(answer=type(answer).__name__)
