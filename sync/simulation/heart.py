"""The heart of a till in a world: what it asks for is done a moment later, and it is told the time.

Owns: its events and ticks, what is known of the server. Does not own: the heart itself
(sync/core.py), doing what it asks for (errand.py), the machine around it (till.py).
"""

from __future__ import annotations

from functools import partial
from typing import Protocol

from app.domain.link import NO_CONTACT, Contact
from sync import action as ac
from sync import event as ev
from sync.back_off import Limits
from sync.core import Core
from sync.simulation.enrolling import Enrolling
from sync.simulation.errand import Errands
from sync.simulation.lane import Died, DiskFull
from sync.simulation.owner import Owner
from sync.till.joined import contact_of

SOONEST_MS = 20


class Alive(Owner, Protocol):
    """A till that has a heart."""

    @property
    def errands(self) -> Errands: ...

    @property
    def enrolling(self) -> Enrolling: ...


class Heart:
    """Of one life of one till."""

    def __init__(self, till: Alive, limits: Limits) -> None:
        self._till = till
        self.core = Core(till.chance.random, limits)
        self.contact: Contact = NO_CONTACT
        self._pulled_ms: int | None = None
        self._tick_ms: int | None = None

    def hear(self, event: ev.Event) -> None:
        """Tell the heart; what it asks for is done in a moment."""
        till = self._till
        for action in self.core.step(event, till.now()):
            wait_ms = till.chance.randint(1, 60)
            what = f"{till.place.name}: {type(action).__name__}"
            till.world.after(wait_ms, what, partial(self._do, action, till.life))
        status = self.core.status
        is_news = status.last_pull_ms != self._pulled_ms
        self._pulled_ms = status.last_pull_ms
        heard_ms = till.now().monotonic_ms if is_news else self.contact.heard_monotonic_ms
        self.contact = contact_of(status, heard_ms)
        if status.reason in ("enrol_again", "not_allowed"):
            # Somebody reads the status chip and enrols the till anew, after a while.
            till.enrolling.wish()
        self._tick_later()

    def _tick_later(self) -> None:
        till, now = self._till, self._till.now()
        next_ms = self.core.next_ms(now)
        if next_ms is None:
            return
        wait_ms = max(SOONEST_MS, next_ms - now.monotonic_ms)
        at_ms = till.world.now_ms + wait_ms
        if self._tick_ms is not None and till.world.now_ms < self._tick_ms <= at_ms:
            return
        self._tick_ms = at_ms
        till.world.after(wait_ms, f"{till.place.name}: tick", partial(self._tick, till.life))

    def _tick(self, life: int) -> None:
        if life == self._till.life and self._tick_ms == self._till.world.now_ms:
            self._tick_ms = None
            self.hear(ev.Ticked())

    def _do(self, action: ac.Action, life: int) -> None:
        till = self._till
        if life != till.life:
            return
        try:
            event = till.errands.done(action)
        except Died:
            till.die()
            return
        except DiskFull:
            event = ev.StoreFailed(ac.lane_of(action))
        if event is not None:
            self.hear(event)
