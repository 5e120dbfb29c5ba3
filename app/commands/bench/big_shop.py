"""The big shop of the benchmark: a million members and fifty thousand products, made once.

Owns: making it in a folder (or finding it there), who and what is in it. Does not own: the made-up
people (store/made_up.py), measuring. Its members have balances without a history: `verify` would
rightly say so; it is a shop for measuring only.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.commands.openings import ShopForCommand
from app.devices.machine import SystemClock
from app.domain.settings import Settings
from app.services.opening import TillOpened
from app.services.opening import open_till as open_desk
from app.services.ports import Clock, UnitOfWork
from app.services.program import ProgramAdded, put_program
from app.services.shop import Shop
from app.services.staff import NewStaff, SignedIn, StaffSaved, put_new_staff, sign_in_with_pin
from app.store.lane import StoreLane
from app.store.made_up import MadeUp, gtin, load, made_members
from app.store.migrations import schema_fingerprint
from app.store.opening import OpenStore

MARK = "bench-is-whole.json"
OURS = "made-for-bench"
SAMPLE_MAX = 20_000
PIN = "2580"

NewShop = Callable[[Path, Settings, Clock], AbstractContextManager[ShopForCommand]]
"""Make an empty store in a folder, with these settings and this clock."""

OpenTill = Callable[[Path], AbstractContextManager[tuple[Shop, OpenStore]]]
"""Open the shop of a folder as the till does: its services and its store."""


class Made(msgspec.Struct, frozen=True):
    """What stands in the mark of a whole shop."""

    members: int
    products: int
    built_s: float
    schema: str
    """The fingerprint of the schema it was made with: another one needs another shop."""


class ForeignFolder(Exception):
    """The folder holds something that no benchmark has made: perhaps a real shop."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the big shop; ids and cards lie all over their indexes."""

    member_id: str
    card: str


@dataclass(frozen=True, slots=True)
class BigShop:
    """The shop on disk and how it was made."""

    folder: Path
    plan: MadeUp
    made: Made

    def people(self) -> list[Person]:
        """Some of the members."""
        some = MadeUp(min(self.plan.members, SAMPLE_MAX), 0, self.plan.seed)
        return [Person(member.member_id, member.card_code) for member in made_members(some)]

    def barcode(self, number: int) -> str:
        """The code of one of the products, counted from 0 and round."""
        return gtin(number % self.plan.products + 1)


def find_big_shop(folder: Path) -> BigShop | None:
    """The whole shop an earlier run has left in this folder."""
    mark = folder / MARK
    if not mark.exists():
        return None
    try:
        made = msgspec.json.decode(mark.read_bytes(), type=Made)
    except msgspec.DecodeError:
        return None
    if made.schema != schema_fingerprint():
        return None
    return BigShop(folder, MadeUp(made.members, made.products), made)


def make_big_shop(
    folder: Path,
    plan: MadeUp,
    *,
    new_shop: NewShop,
    open_till: OpenTill,
    rules: Path,
    on_progress: Callable[[int], None],
) -> BigShop:
    """Make it; `on_progress` hears how many members are in. The mark comes last.

    What an earlier run has left is thrown away; ForeignFolder where it was nobody's of ours.
    """
    begun = time.perf_counter()
    _make_room(folder)
    settings = Settings(store_name="人民路店", mobile_terminal="simulated")
    with new_shop(folder, settings, SystemClock()) as opened:
        opened.lane.run(lambda work: _furnish(opened.shop, work, rules.read_text("utf-8")))
    with open_till(folder) as (_, store):
        load(store.lane, plan, on_progress=on_progress)
    took_s = round(time.perf_counter() - begun, 1)
    made = Made(plan.members, plan.products, took_s, schema_fingerprint())
    (folder / MARK).write_bytes(msgspec.json.encode(made))
    return BigShop(folder, plan, made)


def _make_room(folder: Path) -> None:
    """An empty folder that says what it is for: nothing else is ever removed."""
    ours = folder / OURS
    if folder.exists() and any(folder.iterdir()) and not ours.exists():
        raise ForeignFolder(folder)
    if folder.exists() and ours.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    ours.touch()


def _furnish(shop: Shop, work: UnitOfWork, rules: str) -> None:
    added = put_program(shop=shop, work=work, toml=rules, shipped=True)
    if not isinstance(added, ProgramAdded):
        raise TypeError(f"the rules of the benchmark were refused: {added!r}")
    saved = put_new_staff(shop=shop, work=work, person=NewStaff("李明", "manager", PIN))
    if not isinstance(saved, StaffSaved):
        raise TypeError(f"nobody can work here: {saved!r}")
    work.settings.put_setup_step("done")


def open_and_sign_in(shop: Shop, lane: StoreLane) -> None:
    """The till of the big shop, open, with somebody at it and an empty basket."""

    def start(work: UnitOfWork) -> object:
        work.baskets.clear()
        opened = open_desk(shop=shop, work=work)
        return opened if isinstance(opened, TillOpened) else None

    if lane.submit(start).result() is None:
        raise TypeError("the shop of the benchmark is not whole; remove its folder")
    sign_in(shop, lane)


def sign_in(shop: Shop, lane: StoreLane) -> None:
    """Somebody is at the till."""

    def enter(work: UnitOfWork) -> object:
        person = work.staff.all_staff()[0]
        return sign_in_with_pin(shop=shop, work=work, staff_id=person.staff_id, pin=PIN)

    answer = lane.submit(enter).result()
    if not isinstance(answer, SignedIn):
        raise TypeError(f"nobody could sign in: {answer!r}")
