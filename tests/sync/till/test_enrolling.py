"""Enrolling: nobody waits at the end of the program, and the trail is kept with the adoption."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

from app.devices.machine import SystemClock
from app.domain.server_answer import EnrolAnswer
from app.services.enrolment import enrol
from app.store.device_key import DeviceKeys
from app.store.keys import KeyVault
from app.store.snapshot import snapshot_events
from sync.protocol import Enrolled, encoded
from sync.till.late import LateTill, TillRoom
from tests.real_shop import RealShop, copy_shop
from tests.sync.loopback import Asked, Loopback, Said


def line_of(shop: RealShop, folder: Path) -> LateTill:
    vault = KeyVault(fall_back_folder=folder / "keys", keychain=shop.keychain)
    room = TillRoom(
        shop.store.lane, SystemClock(lambda: None).now, DeviceKeys(vault), snapshot_events,
        folder / "sync",
    )  # fmt: skip
    return LateTill(room)


def test_a_window_that_closes_asks_nobody_any_longer(tmp_path: Path) -> None:
    asked: list[str] = []
    is_asked, goes_on = threading.Event(), threading.Event()

    def slow(request: Asked) -> Said:
        asked.append(request.path)
        is_asked.set()
        goes_on.wait(90)
        return Said(body=b"{}")

    shop = copy_shop(tmp_path / "shop")
    line = line_of(shop, tmp_path)
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


def test_a_till_whose_trail_cannot_be_written_is_no_other_till(tmp_path: Path) -> None:
    shop = copy_shop(tmp_path / "shop")
    shop.open()
    shop.sign_in()
    at_desk = replace(shop.shop, server=line_of(shop, tmp_path))
    before = shop.store.lane.run(lambda work: work.device.read())
    given = Enrolled(
        tenant="renmin", device="till-09", epoch=3, store="renmin-road", store_number=7,
        till_number=9, claim_secret=bytes(32), server_ms=0, server_epoch=1,
    )  # fmt: skip
    full = "CREATE TRIGGER no_room BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
    with Loopback(lambda asked: Said(body=encoded(given))) as server:
        done = partial(enrol, shop=at_desk, address=server.url, code="8F3K-2M7Q-9TXA")
        shop.store.lane.run(lambda work: work.connection.exec_driver_sql(full))
        assert done().trouble == "not_kept"
        now = shop.store.lane.run(lambda work: (work.device.read(), work.enrolment.read()))
        assert now == (before, None)
        shop.store.lane.run(lambda work: work.connection.exec_driver_sql("DROP TRIGGER no_room"))
        assert done().trouble is None
    here = shop.store.lane.run(lambda work: work.device.read())
    assert here is not None
    entries = shop.store.lane.run(lambda work: work.audit.entries())
    noted = [each.entry for each in entries if each.entry.action == "till_enrolled"]
    assert [(each.staff_id, each.subject) for each in noted] == [(shop.staff["李明"], here.device)]
    assert dict(noted[0].details) == {"store": "7", "till": "9", "epoch": str(here.epoch)}
    shop.close()
