"""The log of devices: the last twenty, from any thread, without a word of what was in them."""

from __future__ import annotations

import threading
from dataclasses import astuple

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.device_log import EVENTS_MAX, DeviceLog


def test_the_last_twenty_stay_newest_first(qtbot: QtBot) -> None:
    log = DeviceLog()
    log.now_ms = lambda: 7
    for count in range(25):
        log.note("scanner", "heard", count)
    assert len(log.events) == EVENTS_MAX == 20
    assert [event.count for event in log.events[:2]] == [24, 23]
    assert astuple(log.events[0]) == (7, "scanner", "heard", 24)


def test_a_state_is_told_once_until_it_is_another(qtbot: QtBot) -> None:
    log = DeviceLog()
    for state in ("ready", "ready", "paper_out", "paper_out", "ready"):
        log.note_state("printer", state)
    assert [event.what for event in log.events] == ["ready", "paper_out", "ready"]


def test_a_printer_tells_from_its_own_thread(qtbot: QtBot) -> None:
    log = DeviceLog()
    heard_on: list[threading.Thread] = []
    log.changed.connect(lambda: heard_on.append(threading.current_thread()))
    teller = threading.Thread(target=log.note, args=("printer", "paper_out"))
    with qtbot.waitSignal(log.changed, timeout=10_000):
        teller.start()
    teller.join()
    QApplication.processEvents()
    assert [event.what for event in log.events] == ["paper_out"]
    assert heard_on == [threading.main_thread()]
