"""The till that dies while it forgets somebody, or has no room to: each in a process of its own.

Owns: joining the person, erasing her with a kill at a named place, or on a disk that is full.
Does not own: any check (test_kill_erasure.py), how a till is opened (shop.py).
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from app.services.answers import Changed
from app.services.complaint import NewComplaint, take_complaint
from app.services.complaint_act import ComplaintChanged as Settled
from app.services.complaint_act import Result, resolve_complaint
from app.services.complaint_photo import add_photo
from app.services.erasure import ErasureHolds, ask_erasure
from app.services.joining import Joined, NewMember, join_member
from app.services.profile import ProfileEdit, edit_profile
from app.store.database import Database
from app.store.erasure import ErasureRepository
from app.store.errors import StoreError
from app.store.lane import IDLE_S
from app.store.member import MemberRepository
from app.store.member_keys import MemberKeys
from app.store.photo import PhotoRepository
from tests.kill.child import Cashier
from tests.kill.disk_child import ORDER_PLACE, asker
from tests.kill.shop import Place, keys_in_files, open_as_till, sign_in
from tests.store.pages import decrypted_file

NAME, PHONE, NOTE = "欧阳娜娜", "13812345678", "花生过敏"
HER_JAR = b"the jar she broke "
OF_HER = (NAME.encode(), PHONE.encode(), NOTE.encode(), b"ouyangnana", HER_JAR * 3)
PLACES: dict[str, tuple[type, str]] = {
    "when her key goes": (MemberKeys, "destroy"),
    "when her row goes": (MemberRepository, "update"),
    "when her photo goes": (PhotoRepository, "forget"),
    "when the list is written": (ErasureRepository, "_put"),
    "when it holds and the log still has her": (Database, "checkpoint"),
}
"""Where it dies: before this is done, in the middle of everything else."""


def join(folder: Path, pipe: Connection) -> None:
    """She becomes a member, somebody writes down what she must not eat, and she complains: the
    photo of it is kept."""
    keys_in_files()
    with open_as_till(Place(folder), Random(1)) as till:
        sign_in(till)
        cashier = Cashier(till, Random(1), pipe)
        new = NewMember(
            phone=PHONE, name=NAME, consents=frozenset({"membership"}), put_on_basket=False
        )
        joined = cashier.do(join_member, new=new)
        assert isinstance(joined, Joined), joined
        _write_down(cashier.do, joined.member_id, NOTE)
        told = NewComplaint(topic="weight", text="破了", member_id=joined.member_id)
        case = cashier.do(take_complaint, new=told).case_id
        cashier.do(add_photo, case_id=case, data=b"\xff\xd8\xff" + HER_JAR * 200)
        settled = Result(text="道歉", cause="scale", told="phone")
        assert isinstance(cashier.do(resolve_complaint, case_id=case, result=settled), Settled)
        cashier.say(member=joined.member_id)


def _write_down(do: Callable[..., Any], member: str, note: str) -> None:
    """So that the log holds her too, as she was a moment ago."""
    noted = do(edit_profile, member_id=member, edit=ProfileEdit(note=note))
    assert isinstance(noted, Changed), noted


def erase(folder: Path, member: str, place: str, pipe: Connection) -> None:
    """Forget her; killed at the named place (empty: it is not)."""
    keys_in_files()
    with open_as_till(Place(folder), Random(1)) as till:
        sign_in(till)
        _write_down(asker(till), member, f"{NOTE}，忌口")
        if place:
            whose, name = PLACES[place]
            setattr(whose, name, _die)
        cashier = Cashier(till, Random(1), pipe)
        done = cashier.do(ask_erasure, member_id=member, reason="本人要求")
        cashier.say(done=isinstance(done, ErasureHolds))


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


# ------------------------------------------------------------------ on a full disk


def say(**what: object) -> None:
    """One line, at once."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    """`python -m tests.kill.erasure_child FOLDER MEMBER`: there is no room to forget her, then none
    to empty the log, then there is."""
    folder, member = sys.argv[1:]
    keys_in_files()
    disk = Path(os.environ[ORDER_PLACE])
    with open_as_till(Place(Path(folder)), Random(0)) as till:
        do, left = asker(till), _left_in(till)
        sign_in(till)
        _write_down(do, member, f"{NOTE}，忌口")
        disk.write_text("pwrite -wal full", encoding="ascii")
        try:
            do(ask_erasure, member_id=member, reason="本人要求")
        except StoreError as error:
            say(refused=error.code, left=left())
        disk.write_text("pwrite shop.db full", encoding="ascii")
        done = do(ask_erasure, member_id=member, reason="本人要求")
        say(done=isinstance(done, ErasureHolds), left=left())
        disk.unlink()
        until = time.monotonic() + 20
        while left() and time.monotonic() < until:
            time.sleep(2 * IDLE_S)
        say(left=left())


def _left_in(till: Any) -> Callable[[], int]:
    """How much of her can be read in the file and its log."""

    def left() -> int:
        there = decrypted_file(till.store.place.database, till.store.secrets.database_key)
        return sum(each in there for each in OF_HER)

    return left


if __name__ == "__main__":
    main()
