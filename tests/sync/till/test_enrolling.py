"""Enrolling while the program ends: nobody waits for a server that does not answer."""

from __future__ import annotations

import threading
from pathlib import Path

from app.devices.machine import SystemClock
from app.domain.server_answer import EnrolAnswer
from app.store.device_key import DeviceKeys
from app.store.keys import KeyVault
from app.store.snapshot import snapshot_events
from sync.till.late import LateTill, TillRoom
from tests.real_shop import copy_shop
from tests.sync.loopback import Asked, Loopback, Said


def test_a_window_that_closes_asks_nobody_any_longer(tmp_path: Path) -> None:
    asked: list[str] = []
    is_asked, goes_on = threading.Event(), threading.Event()

    def slow(request: Asked) -> Said:
        asked.append(request.path)
        is_asked.set()
        goes_on.wait(90)
        return Said(body=b"{}")

    shop = copy_shop(tmp_path / "shop")
    vault = KeyVault(fall_back_folder=tmp_path / "keys", keychain=shop.keychain)
    room = TillRoom(
        shop.store.lane, SystemClock(lambda: None).now, DeviceKeys(vault), snapshot_events,
        tmp_path / "sync",
    )  # fmt: skip
    line = LateTill(room)
    answers: list[EnrolAnswer] = []
    with Loopback(slow) as server:
        enrolling = threading.Thread(
            target=lambda: answers.append(line.enrol(server.url, "8F3K-2M7Q-9TXA"))
        )
        line.start()
        enrolling.start()
        assert is_asked.wait(60)
        line.stop()
        enrolling.join()
        goes_on.set()
    assert [answer.trouble for answer in answers] == ["unreachable"]
    assert asked == ["/v1/enrol"], "it was cut off, and not said once more"
    shop.close()
