"""An import at the desk, answer by answer: real services on a real store, held back one by one, as
a lane does that has other work before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.domain.program import Program
from app.domain.program_file import decode_program
from app.services.import_members import ImportRefused, MemberRow, MembersFile, read_members
from app.services.member_import import DAY_MS, KEPT_DAYS, NoImport, forget_old_import
from app.store.errors import DiskFull
from tests.real_shop import DAY, PROGRAM, RealShop
from ui.member_import.errand import ImportBroke, ImportErrand
from ui.window_parts import WindowParts

pytestmark = pytest.mark.usefixtures("qtbot")  # it rests on timers
ROWS = 50


class HeldLane:
    """The part of a window that an errand asks; nothing is answered before `answer`."""

    def __init__(self, shop: RealShop) -> None:
        self._shop = shop
        self.waiting: list[tuple[Callable[..., Any], dict[str, Any], Any, Any]] = []
        self.faults: list[BaseException] = []
        self.on_fault = self.faults.append

    @property
    def asked(self) -> list[str]:
        return [service.__name__ for service, *_ in self.waiting]

    def ask(
        self,
        service: Callable[..., Any],
        on_done: Any = None,
        *,
        on_error: Any = None,
        **wanted: Any,
    ) -> None:
        self.waiting.append((service, wanted, on_done, on_error))

    def answer(self, error: BaseException | None = None) -> None:
        service, wanted, on_done, on_error = self.waiting.pop(0)
        if error is not None:
            on_error(error)
            return
        answer = self._shop.do(service, **wanted)
        if on_done is not None:
            on_done(answer)

    def answer_until(self, name: str) -> None:
        while self.asked[0] != name:
            self.answer()


class Desk:
    """An errand, what it asks and what it says."""

    def __init__(self, shop: RealShop) -> None:
        self.lane, self.root = HeldLane(shop), QObject()
        self.errand = ImportErrand(cast(WindowParts, self.lane), self.root)
        self.said: list[object] = []
        for signal in (self.errand.refused, self.errand.found):
            signal.connect(self.said.append)
        self.errand.stands.connect(lambda *told: self.said.append(told))


@pytest.fixture
def manager(real_shop: RealShop) -> RealShop:
    real_shop.sign_in("王芳")
    return real_shop


def rows() -> tuple[MemberRow, ...]:
    program = decode_program(PROGRAM)
    assert isinstance(program, Program)
    content = "phone\n" + "".join(f"139{number:08}\n" for number in range(ROWS))
    read = read_members(content.encode(), program=program, today=DAY)
    assert isinstance(read, MembersFile)
    return read.members


def begun(shop: RealShop) -> Desk:
    """The first rows are on their way."""
    desk = Desk(shop)
    desk.errand.prepare(rows(), (), "members.csv")
    desk.errand.begin()
    desk.lane.answer_until("take_next")
    return desk


def test_stopped_and_gone_on_with_while_rows_are_on_their_way(
    manager: RealShop, qtbot: QtBot
) -> None:
    desk = begun(manager)
    desk.errand.stop()
    desk.errand.begin()
    desk.lane.answer()  # the rows under way
    assert desk.lane.asked == ["stop_import", "run_import"], "the store stops behind those rows"
    desk.errand.stop()
    desk.errand.begin()
    desk.lane.answer_until("run_import")
    desk.lane.answer()
    assert desk.lane.asked == ["stop_import", "run_import"], "also while it is let run anew"
    while desk.errand.state == "running":
        qtbot.wait_until(lambda: bool(desk.lane.waiting))
        desk.lane.answer()
    assert (desk.errand.state, desk.errand.taken, desk.said) == ("done", ROWS, [])


def test_a_fault_is_not_called_a_full_disk_and_it_goes_on_where_it_stood(manager: RealShop) -> None:
    desk = begun(manager)
    for error, said in ((KeyError("tier"), ImportBroke()), (DiskFull(), ImportRefused("no_room"))):
        desk.lane.answer(error)
        assert (desk.said, desk.lane.faults) == ([said], [error])
        assert desk.errand.state == "stopped"
        desk.said.clear()
        desk.lane.faults.clear()
        desk.errand.begin()
        desk.lane.answer_until("take_next")
    desk.lane.answer()
    assert desk.errand.taken == 20


def test_one_that_was_stopped_stands_after_a_restart_and_is_not_kept_for_ever(
    manager: RealShop,
) -> None:
    desk = begun(manager)
    desk.lane.answer()
    desk.errand.stop()
    desk.lane.answer()
    desk = Desk(manager)  # as after a start
    desk.errand.look()
    desk.lane.answer()
    assert desk.said == [("members.csv", 20, ROWS)]
    assert (desk.errand.state, desk.lane.asked) == ("stopped", [])
    manager.clock.go_on(milliseconds=(KEPT_DAYS + 1) * DAY_MS)
    assert manager.do(forget_old_import)
    desk.errand.begin()
    desk.lane.answer()
    assert desk.said[1:] == [NoImport()]
    assert (desk.errand.state, desk.errand.count) == ("none", 0), "another file may be chosen"
