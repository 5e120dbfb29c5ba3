"""The scanner follows changed settings at once, and comes back from whoever borrowed it."""

from __future__ import annotations

import os
import pty
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.settings import Settings
from tests.ui.one_application import one_router
from ui.scan_router import ScanRouter
from ui.scanner_line import ScannerLine, scan_settings

MILK = "6901234567892"


@pytest.fixture
def router(qapp: QApplication) -> Iterator[ScanRouter]:
    with one_router() as made:
        yield made


@pytest.fixture
def line(router: ScanRouter) -> Iterator[ScannerLine]:
    owner = QObject()
    made = ScannerLine(router, owner)
    yield made
    made.close()
    owner.deleteLater()


@pytest.fixture
def cables() -> Iterator[list[tuple[int, str]]]:
    """Two ports: the end to send at, and the port's name."""
    pairs = [pty.openpty() for _ in range(2)]
    yield [(ours, os.ttyname(theirs)) for ours, theirs in pairs]
    for pair in pairs:
        for end in pair:
            os.close(end)


def hears(line: ScannerLine) -> bool:
    return line.serial is not None and line.serial.is_there


def test_speed_and_prefix_are_in_force_at_once(line: ScannerLine, router: ScanRouter) -> None:
    line.follow(Settings(scan_gap_ms=90))
    assert router.settings == scan_settings(90, 0)
    line.follow(Settings(scan_gap_ms=90, scan_prefix=2))
    assert router.settings.prefix == "\x02"


def test_unchanged_settings_leave_keys_in_hand_alone(line: ScannerLine, router: ScanRouter) -> None:
    """Every snapshot comes by here, also one in the middle of a scan."""
    line.follow(Settings())
    detector = router._detector
    line.follow(Settings(store_name="人民路店"))
    assert router._detector is detector


def test_another_port_is_heard_and_the_old_one_given_back(
    line: ScannerLine, router: ScanRouter, cables: list[tuple[int, str]], qtbot: QtBot
) -> None:
    heard: list[str] = []
    router.scanned.connect(heard.append)
    told: list[object] = []
    line.serial_changed.connect(told.append)
    (first, first_port), (second, second_port) = cables
    line.follow(Settings(scanner=f"serial:{first_port}"))
    os.write(first, MILK.encode() + b"\r")
    qtbot.waitUntil(lambda: heard == [MILK])
    line.follow(Settings(scanner=f"serial:{second_port}"))
    os.write(first, b"M1\r")
    os.write(second, b"6901028000888\r")
    qtbot.waitUntil(lambda: heard == [MILK, "6901028000888"])
    line.follow(Settings())
    assert line.serial is None
    assert len(told) == 3 and told[-1] is None


def test_what_was_lent_comes_back_as_the_settings_say_meanwhile(
    line: ScannerLine, router: ScanRouter, cables: list[tuple[int, str]]
) -> None:
    port = cables[0][1]
    line.follow(Settings(scanner=f"serial:{port}"))
    line.lend()
    assert not hears(line)
    line.try_out(scan_settings(120, ord("~")), "")
    line.follow(Settings(scan_gap_ms=60, scanner=f"serial:{port}"))
    assert router.settings == scan_settings(120, ord("~")), "it is lent"
    line.take_back()
    assert router.settings == scan_settings(60, 0)
    assert hears(line)
