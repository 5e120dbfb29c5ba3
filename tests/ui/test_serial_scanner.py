"""The serial scanner over a real terminal line: ends, rubbish, pulled out and put back."""

from __future__ import annotations

import itertools
import os
import pty
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

import main
from app.commands.joined_till import Till
from app.devices.print_queue import PrintQueue
from app.devices.printers import NoPrinter
from tests.real_shop import MILK as GOODS
from tests.real_shop import RealShop
from tests.ui.keys import scan
from tests.ui.one_application import one_router
from ui.application import Application
from ui.scan_burst import Heard, HeardPart, HeardTooMuch, HeardTwice, ScanSettings
from ui.scan_router import ScanRouter
from ui.serial_scanner import LineCutter, SerialScanner, listen

MILK = "6901234567892"
WAIT_MS = 20_000
GS1 = "]C1010690123456789210AB7\x1d17261231"


class Cable:
    """A scanner in one hand: what it sends arrives at `path`, which outlives a pulled plug."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ends: tuple[int, int] | None = None

    def plug_in(self) -> None:
        ours, theirs = pty.openpty()
        self._ends = ours, theirs
        self.path.symlink_to(os.ttyname(theirs))

    def pull_out(self) -> None:
        if self._ends is not None:
            self.path.unlink()
            for end in self._ends:
                os.close(end)
            self._ends = None

    def send(self, data: bytes) -> None:
        assert self._ends is not None
        os.write(self._ends[0], data)

    def __enter__(self) -> Self:
        self.plug_in()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.pull_out()


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    with Cable(tmp_path / "ttyScanner") as plugged:
        yield plugged


@pytest.fixture
def router(qapp: QApplication) -> Iterator[ScanRouter]:
    with one_router() as made:
        yield made


@pytest.fixture
def heard(router: ScanRouter) -> list[str | int]:
    found: list[str | int] = []
    router.scanned.connect(found.append)
    router.refused.connect(found.append)
    return found


@pytest.fixture
def scanner(router: ScanRouter, cable: Cable) -> Iterator[SerialScanner]:
    made = listen(router, f"serial:{cable.path}:115200", router)
    assert made is not None
    assert made.is_there
    yield made
    made.stop()


@pytest.mark.parametrize(
    "end", ["\r", "\n", "\r\n", "\t", ""], ids=["CR", "LF", "CRLF", "Tab", "none"]
)
@pytest.mark.parametrize("code", [MILK, GS1, "M46J 1F3C 9E0F 44"], ids=["EAN", "GS1", "blanks"])
def test_a_code_arrives_as_from_the_keyboard(
    scanner: SerialScanner, cable: Cable, heard: list[str | int], qtbot: QtBot, code: str, end: str
) -> None:
    cable.send((code + end).encode("ascii"))
    qtbot.waitUntil(lambda: bool(heard))
    qtbot.wait(200)
    assert heard == [code]


def test_a_code_in_pieces_is_one_code(
    scanner: SerialScanner, cable: Cable, heard: list[str | int], qtbot: QtBot
) -> None:
    for piece in (b"6901", b"2345", b"67892", b"\r"):
        cable.send(piece)
        qtbot.wait(10)
    cable.send(b"\n6901234500012\r\n")
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == [MILK, "6901234500012"]


def test_rubbish_is_refused_and_the_next_code_is_heard(
    scanner: SerialScanner, cable: Cable, heard: list[str | int], qtbot: QtBot
) -> None:
    cable.send(b"\xfe\x80\x0069012\xff4567892\r\n")
    cable.send(MILK.encode() + b"\r\n")
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == [16, MILK]


def test_a_piece_that_never_ends_is_refused(
    scanner: SerialScanner, cable: Cable, heard: list[str | int], qtbot: QtBot
) -> None:
    cable.send(b"690")
    qtbot.waitUntil(lambda: bool(heard))
    cable.send(MILK.encode() + b"\r\n")
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == [3, MILK]


def test_pulled_out_and_put_back_it_is_heard_again(
    scanner: SerialScanner, cable: Cable, heard: list[str | int], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(scanner.there_changed) as gone:
        cable.send(b"69012")
        cable.pull_out()
    assert gone.args == [False]
    with qtbot.waitSignal(scanner.there_changed) as back:
        cable.plug_in()
    assert back.args == [True]
    cable.send(MILK.encode() + b"\r\n")
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [MILK], "what was on the line when it broke is forgotten"


def test_a_scanner_that_is_plugged_in_later_is_found(
    router: ScanRouter, tmp_path: Path, heard: list[str | int], qtbot: QtBot
) -> None:
    cable = Cable(tmp_path / "ttyLate")
    scanner = SerialScanner(router, str(cable.path))
    scanner.start()
    assert not scanner.is_there
    with cable:
        qtbot.waitUntil(lambda: scanner.is_there)
        cable.send(MILK.encode() + b"\r")
        qtbot.waitUntil(lambda: heard == [MILK])
        scanner.stop()


def test_keyboard_and_serial_scanners_work_side_by_side(
    scanner: SerialScanner, cable: Cable, heard: list[str | int], qtbot: QtBot
) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    qtbot.waitUntil(field.isActiveWindow)
    scan(field, "6901234500012")
    cable.send(MILK.encode() + b"\r\n")
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert sorted(map(str, heard)) == ["6901234500012", MILK]
    assert field.text() == ""


def test_the_scanner_of_the_settings_signs_in_and_rings_up(
    real_shop: RealShop, application: Application, cable: Cable, qtbot: QtBot
) -> None:
    settings = msgspec.structs.replace(
        real_shop.shop.desk.state.settings, scanner=f"serial:{cable.path}", scan_gap_ms=100
    )
    real_shop.use_settings(settings)
    till = Till(real_shop.shop, real_shop.store, PrintQueue(NoPrinter()))
    opened, unsubscribe = main._join_window(application, till)
    qtbot.addWidget(opened.window)
    with qtbot.waitSignal(opened.opened, timeout=WAIT_MS):
        opened.start()
    assert application.router.settings.max_gap_ms == 100
    qtbot.waitUntil(opened.window.isActiveWindow)
    cable.send(real_shop.badges["李明"].encode() + b"\r\n")
    qtbot.waitUntil(lambda: opened.parts.state.staff is not None, timeout=WAIT_MS)
    cable.send(GOODS.encode() + b"\r\n")
    qtbot.waitUntil(lambda: bool(opened.parts.state.lines), timeout=WAIT_MS)
    assert [line.scanned for line in opened.parts.state.lines] == [GOODS]
    unsubscribe()
    opened.close()
    till.printing.close()


@pytest.mark.parametrize("gap_ms", range(15, 151))
def test_every_gap_of_the_settings_gives_a_scanner(gap_ms: int) -> None:
    settings = ScanSettings.for_gap(gap_ms)
    assert settings.max_gap_ms == gap_ms
    assert min(300, 2 * gap_ms) <= settings.idle_flush_ms


@pytest.mark.parametrize("setting", ["", "keyboard", "serial:", "usb:04b8:0e15"])
def test_settings_that_name_no_scanner(router: ScanRouter, setting: str) -> None:
    assert listen(router, setting, QObject()) is None


@given(data=st.binary(max_size=600), cuts=st.lists(st.integers(0, 600), max_size=8))
def test_however_bytes_are_cut_the_same_is_heard(data: bytes, cuts: list[int]) -> None:
    whole, pieces = LineCutter(ScanSettings()), LineCutter(ScanSettings())
    places = [0, *sorted(cut for cut in cuts if cut <= len(data)), len(data)]
    in_pieces = [
        outcome
        for start, end in itertools.pairwise(places)
        for outcome in pieces.feed(data[start:end], 0)
    ]
    assert in_pieces == list(whole.feed(data, 0))
    assert pieces.silence(500) == whole.silence(500)
    for outcome in in_pieces:
        if isinstance(outcome, Heard):
            assert outcome.text.encode("ascii") in data.replace(b"\x02", b"").replace(b"\x03", b"")


def test_the_same_code_at_once_is_one_scan() -> None:
    cutter = LineCutter(ScanSettings())
    line = MILK.encode() + b"\r\n"
    assert list(cutter.feed(line, 0)) == [Heard(MILK)]
    assert list(cutter.feed(line, 250)) == [HeardTwice()]
    assert list(cutter.feed(line, 501)) == [Heard(MILK)]


def test_longer_than_any_code_is_refused_by_its_length() -> None:
    cutter = LineCutter(ScanSettings())
    assert list(cutter.feed(b"7" * 600 + b"\r", 0)) == [HeardTooMuch(600)]
    assert list(cutter.feed(b"   \r", 0)) == [HeardPart(3)]
    assert cutter.silence(100) is None
