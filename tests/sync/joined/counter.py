"""A counter: a real shop whose till belongs to a real server, by the line that main.py makes.

Owns: joining both, enrolling, selling by services, waiting until it is in step. Does not own: the
server (head_office.py), the shop (tests/real_shop.py), windows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
import pytest

from app.devices.machine import SystemClock
from app.devices.pass_signature import is_signed
from app.domain.account import MemberAccount
from app.domain.link import Link
from app.domain.product import Product
from app.domain.server_answer import EnrolAnswer, Enrolled
from app.services.checkout import SaleDone
from app.services.enrolment import enrol
from app.services.payment import pay_cash
from app.services.program import ProgramAdded, put_program
from app.services.scan import scan_code
from app.services.staff import NewStaff, StaffSaved, put_new_staff
from app.store.changes import Changes
from app.store.device_key import DeviceKeys
from app.store.keys import KeyVault
from app.store.snapshot import snapshot_events
from app.store.unit_of_work import UnitOfWork
from sync.ports import Applied, Hole, OtherServer
from sync.protocol import PullAnswer
from sync.till.inbox import TillInbox
from sync.till.late import LateTill
from sync.till.room import TillRoom
from tests.real_shop import (
    IDENTITY,
    MILK,
    PINS,
    PRODUCTS,
    PROGRAM,
    RealShop,
    bare_shop,
    copy_shop,
)
from tests.sync.joined.head_office import HeadOffice
from tests.sync.joined.office_here import OfficeHere
from tests.sync.joined.story_time import StoryTime

PATIENCE_S = 90.0
"""How long a test waits for what has to come; it fails then, and asserts no time otherwise."""


class Counter:
    """One till of the chain. `close()` it."""

    def __init__(self, shop: RealShop, folder: Path, *, story: StoryTime | None = None) -> None:
        """`story`: the time of the tests' story goes on instead of this machine's."""
        self.real, self.folder = shop, folder
        store = shop.store
        vault = KeyVault(fall_back_folder=folder / "keys", keychain=shop.keychain)
        offset = self._offset_ms
        in_story = None if story is None else story.till(offset)
        self.clock = SystemClock(offset) if in_story is None else in_story
        self.room = TillRoom(
            store.lane, self.clock.now, DeviceKeys(vault), snapshot_events, folder / "sync",
            has_cable=True,
        )  # fmt: skip
        self.line = LateTill(self.room)
        self.real.shop = replace(shop.shop, clock=self.clock, server=self.line, is_signed=is_signed)
        if in_story is not None:
            self.real.clock = in_story
        store.lane.subscribe(self._wake)
        self.do_open()
        self.line.start()

    def _offset_ms(self) -> int | None:
        return self.line.contact().offset_ms

    def _wake(self, changes: Changes, initiator: object) -> None:
        if changes.outbox:
            self.line.wake()

    def do_open(self) -> None:
        self.real.open()
        self.real.sign_in()

    def close(self) -> None:
        self.line.stop()
        self.real.close()

    def start_again(self) -> None:
        """The program ends and is started again; the till's file stays open, which costs less."""
        self.line.stop()
        self.line = LateTill(self.room)
        self.real.shop = replace(self.real.shop, server=self.line)
        self.do_open()
        self.line.start()

    def enrol(self, office: HeadOffice | OfficeHere, code: str) -> EnrolAnswer:
        """As the page does it; the desk goes on as who it is from now on."""
        answer = enrol(shop=self.real.shop, address=office.url, code=code, name="收银机 02")
        if isinstance(answer, Enrolled):
            self.real.shop = replace(self.real.shop, identity=answer.identity)
        return answer

    def do(self, service: Callable[..., Any], **wanted: Any) -> Any:
        return self.real.do(service, **wanted)

    def sell(self, *codes: str) -> SaleDone:
        """Ring up and take exactly what is due in cash."""
        for code in codes:
            self.do(scan_code, text=code)
        done = self.do(pay_cash)
        assert isinstance(done, SaleDone), done
        return done

    def pending(self) -> int:
        return int(self.real.store.lane.run(lambda work: work.outbox.count()).pending)

    def account(self, member: str) -> MemberAccount | None:
        """As screens read it."""
        return self.real.store.lane.run(lambda work: work.accounts.get(member))

    def link(self) -> Link | None:
        return self.line.link()

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """What the server tells stays on its way, as on a slow line; it is heard afterwards."""
        arrived, take_over = Event(), TillInbox.apply

        def apply(inbox: TillInbox, answer: PullAnswer) -> Applied | Hole | OtherServer:
            if inbox._lane is self.room.lane:
                arrived.wait(PATIENCE_S)
            return take_over(inbox, answer)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TillInbox, "apply", apply)
            try:
                yield
            finally:
                arrived.set()

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait for it."""
        end = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < end, f"waited in vain: {what}; {self.link()}"
            time.sleep(0.05)

    def until_sent(self) -> None:
        self.until(lambda: self.pending() == 0, "everything is sent")

    def until_online(self) -> None:
        self.until(lambda: self.line.contact().is_there, "online")
        self.until(lambda: self.line.contact().heard_monotonic_ms is not None, "all is heard")


def first_counter(folder: Path, *, story: StoryTime | None = None) -> Counter:
    """人民路店 with its members and their past."""
    folder.mkdir()
    return Counter(copy_shop(folder), folder, story=story)


def other_counter(
    folder: Path, *, device: str = "till-03", story: StoryTime | None = None
) -> Counter:
    """A second till of the shop: the same goods, rules and people, and no member yet."""
    folder.mkdir()
    made = bare_shop(folder)
    identity = msgspec.structs.replace(IDENTITY, till_number=3, device=device)
    lane = made.store.lane
    lane.run(lambda work: work.device.write(identity))
    for product in PRODUCTS:
        lane.run(partial(_put, product=product))
    made.shop = replace(made.shop, identity=identity)
    assert isinstance(made.do(put_program, toml=PROGRAM), ProgramAdded)
    for name, role in (("李明", "cashier"), ("王芳", "manager")):
        person = NewStaff(name, role, PINS[name], with_badge=True)
        saved = made.do(put_new_staff, person=person)
        assert isinstance(saved, StaffSaved)
        assert saved.badge_code is not None
        made.staff[name], made.badges[name] = saved.staff_id, saved.badge_code
    return Counter(made, folder, story=story)


def _put(work: UnitOfWork, product: Product) -> None:
    work.products.put(product)


__all__ = ["MILK", "Counter", "first_counter", "other_counter"]
