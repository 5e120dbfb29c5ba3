"""A till as its own parts see it: what they may ask of the machine they live in.

Owns: that protocol, where a till stands, what it works with. Does not own: a till (till.py, which
fits it), what only one part asks for (said in that part's file).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol

from sync import event as ev
from sync.back_off import Limits
from sync.simulation.network import Caller, Network
from sync.simulation.server import Server
from sync.simulation.world import HOUR_MS, MINUTE_MS, World
from sync.till.agreement import TillAgreement
from sync.till.inbox import TillInbox
from sync.till.outbox import TillOutbox

LIMITS = Limits(watchdog_ms=HOUR_MS, retry_max_ms=30 * MINUTE_MS, pull_wait_s=7_200)
"""As in a shop, but that a quiet till asks less often: most of a world's time is quiet."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a till stands."""

    name: str
    store: str
    store_number: int
    number: int


@dataclass(slots=True)
class Means:
    """What a till works with; a mutant brings something else."""

    limits: Limits = LIMITS
    outbox: type[TillOutbox] = TillOutbox
    inbox: type[TillInbox] = TillInbox
    agreement: type[TillAgreement] = TillAgreement


class Owner(Protocol):
    """What every part of a till needs of it."""

    @property
    def place(self) -> Place: ...

    @property
    def world(self) -> World: ...

    @property
    def network(self) -> Network: ...

    @property
    def server(self) -> Server: ...

    @property
    def chance(self) -> Random: ...

    @property
    def life(self) -> int:
        """What an older one had asked for is nobody's."""

    @property
    def is_up(self) -> bool: ...

    def now(self) -> ev.Now:
        """As the heart is told the time."""

    def caller(self) -> Caller:
        """Who asks."""

    def hear(self, event: ev.Event) -> None:
        """Something the heart has to know."""

    def guarded(self, act: Callable[[], object]) -> bool:
        """Do it; False where the till died of it, or its disk was full."""

    def die(self) -> None:
        """The process is killed."""
