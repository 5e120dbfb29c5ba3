"""Enrolling in a world: somebody types a code into a till, and again where nothing came of it.

Owns: when, what is asked, taking over the answer. Does not own: the request and what is kept of
the answer (sync/till/credential.py), codes (server.py).
"""

from __future__ import annotations

from functools import partial
from typing import Protocol

from sync import protocol as p
from sync.errors import SyncError
from sync.simulation.errand import Errands, read
from sync.simulation.network import Heard
from sync.simulation.owner import Owner
from sync.simulation.world import HOUR_MS, MINUTE_MS, SECOND_MS
from sync.till.credential import TillCredentials

URL = "https://head-office.example"


class Enrollable(Owner, Protocol):
    """A till that somebody enrols."""

    @property
    def credentials(self) -> TillCredentials: ...

    @property
    def errands(self) -> Errands: ...

    def restart(self) -> None:
        """After an enrolment the heart is a new one."""


class Enrolling:
    """Of one life of one till."""

    def __init__(self, till: Enrollable) -> None:
        self._till = till
        self._is_wished = False

    def wish(self) -> None:
        """Somebody sees that this till has to be enrolled, and does it after a while."""
        if self._is_wished:
            return
        self._is_wished = True
        till = self._till
        hurry = till.network.is_healed or till.life == 1
        wait_ms = SECOND_MS if hurry else till.chance.randint(MINUTE_MS, HOUR_MS)
        what = f"{till.place.name}: somebody enrols it"
        till.world.after(wait_ms, what, partial(self._enrol, till.life))

    def _enrol(self, life: int) -> None:
        till = self._till
        if life != till.life:
            return
        code = till.server.code(till.place.store, till.place.number)
        made: list[p.Enrol] = []
        if not till.guarded(lambda: made.append(till.credentials.request(code, till.place.name))):
            self._again()
            return
        data = p.encoded(made[0])
        till.errands.ask("enrol", lambda reply: reply(till.server.enrol(data)), self._hear)

    def _hear(self, answer: Heard) -> None:
        till, found = self._till, read(answer, p.Enrolled)
        if isinstance(found, SyncError):
            self._again()
        elif till.guarded(lambda: till.credentials.enrolled(found, URL)):
            till.restart()
        else:
            self._again()

    def _again(self) -> None:
        self._is_wished = False
        if self._till.is_up:
            self.wish()
