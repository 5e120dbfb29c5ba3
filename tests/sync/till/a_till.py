"""A till that is joined to the wire: the real shop, the real store, the real translation.

Owns: joining them as main.py does, and facts with points nobody else has. Does not own: a server.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.domain.effects import Effect, Gained
from app.domain.facts import PointsAdjusted
from app.services.fact_origin import calendar_origin
from app.services.fact_writer import write_fact
from app.store.device_key import DeviceKeys
from app.store.keys import KeyVault
from app.store.snapshot import snapshot_events
from app.store.unit_of_work import UnitOfWork
from sync.protocol import encoded
from sync.till.clock import TillClock
from sync.till.credential import TillCredentials
from sync.till.inbox import TillInbox
from sync.till.outbox import TillOutbox
from tests.real_shop import DAY, copy_shop
from tests.sync.till.small_server import SmallServer

NO_FILE = Path("no file")
URL = "https://head-office.example"


class SyncedTill:
    """人民路店 with its ends of the wire."""

    def __init__(self, folder: Path | None = None) -> None:
        self.snapshot: list[tuple[str, bytes]] = []
        self._own_folder = None if folder else Path(tempfile.mkdtemp(prefix="zhanggui-till-"))
        self.shop = copy_shop(folder or self._own_folder)  # type: ignore[arg-type] # one of both
        self.shop.sign_in()
        lane, clock = self.shop.store.lane, TillClock(self.shop.clock.now)
        vault = KeyVault(
            fall_back_folder=self.shop.store.place.folder / "keys", keychain=self.shop.keychain
        )
        self.outbox = TillOutbox(lane, clock)
        self.inbox = TillInbox(lane, clock, self._rows)
        self.credentials = TillCredentials(lane, clock, DeviceKeys(vault))

    def _rows(self, path: Path, key: bytes) -> Iterable[bytes]:
        if path != NO_FILE:
            return snapshot_events(path, key)
        return [b"\n".join(event for _, event in self.snapshot)]

    def begin_anew(self, server: SmallServer) -> None:
        """What the heart does where it does not know the server's epoch: what the server has not
        is pushed again, then everything it says is taken from a snapshot.
        """
        for epoch in range(1, self.shop.shop.identity.epoch + 1):
            self.outbox.push_again(epoch, len(server.chains.get(epoch, [])))
        stream = f"store:{server.store}"
        self.snapshot = [(stream, encoded(server.told(each))) for each in sorted(server.accounts)]
        self.inbox.adopt(NO_FILE, b"", {stream: len(server.stream)}, server.epoch)

    def close(self) -> None:
        self.shop.close()
        if self._own_folder:
            shutil.rmtree(self._own_folder)

    def enrol(self, server: SmallServer) -> None:
        """By a code; the till is joined anew, as at its next start."""
        request = self.credentials.request("code", "收银机 02")
        self.credentials.enrolled(server.enrolled(request), URL)
        identity = self.run(lambda work: work.device.read())
        self.shop.shop = replace(self.shop.shop, identity=identity)

    def run(self, work: Any) -> Any:
        return self.shop.store.lane.run(work)

    def adjust(self, member: str, *effects: Effect) -> str:
        """A fact on a member, written as services write them; its op_id."""
        shop = self.shop.shop
        now = shop.now()

        def write(work: UnitOfWork) -> str:
            fact = PointsAdjusted(
                **calendar_origin(shop=shop, now=now, day=DAY, member=member),
                effects=effects,
                reason="",
            )
            write_fact(shop=shop, work=work, fact=fact)
            return fact.op_id

        return str(self.run(write))

    def gain(self, member: str, points: int) -> str:
        return self.adjust(member, Gained(points=points, expires_in=12))

    def shown_points(self, member: str) -> int:
        """What the account row that screens read holds."""
        account = self.run(lambda work: work.accounts.get(member))
        return 0 if account is None else sum(account.gained.values())
