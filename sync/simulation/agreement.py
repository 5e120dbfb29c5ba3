"""Proof of agreement in a world: now and then each till and the server count their days.

Owns: when, and what a green tick is held against. Does not own: counting (sync/till/agreement.py,
sync/server/digest.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from random import Random
from typing import Protocol

from app.domain.facts import FactHead, read_head
from app.domain.moment import Moment
from app.domain.settings import Identity
from sync import protocol as p
from sync.errors import SyncError
from sync.simulation.errand import Errands, read
from sync.simulation.lane import Lane
from sync.simulation.network import Heard, Reply
from sync.simulation.owner import Means, Owner
from sync.simulation.ports import TillFile
from sync.simulation.world import HOUR_MS, MINUTE_MS, World
from sync.till.clock import TillClock
from sync.till.ports import TillWork

EVERY_MS = 3 * HOUR_MS
FACTS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of one comparison: which days are alike, and what the server had then."""

    days: Mapping[date, bool]
    facts: Mapping[str, date]
    """Those of the till that were counted."""
    taken: frozenset[str]


class Counting(Owner, Protocol):
    """A till whose days are counted."""

    @property
    def means(self) -> Means: ...

    @property
    def is_enrolled(self) -> bool: ...

    @property
    def identity(self) -> Identity: ...

    @property
    def lane(self) -> Lane: ...

    @property
    def file(self) -> TillFile: ...

    @property
    def errands(self) -> Errands: ...

    def moment(self) -> Moment:
        """All clocks of this machine."""

    def agreed(self, compared: Compared) -> None:
        """Both sides were held against each other."""


class Agreeing:
    """Of all tills of a world."""

    def __init__(self, world: World, chance: Random) -> None:
        self._world, self._chance = world, chance

    def begin(self, till: Counting) -> None:
        """Somebody looks at the days of this till, again and again."""
        wait_ms = round(self._chance.expovariate(1 / EVERY_MS))
        self._world.after(wait_ms, f"{till.place.name}: do both agree?", partial(self._ask, till))

    def soon(self, till: Counting) -> None:
        """Whoever put a server back looks at once."""
        wait_ms = self._chance.randint(1, 10) * MINUTE_MS
        self._world.after(wait_ms, f"{till.place.name}: agree still?", partial(self._look, till))

    def _ask(self, till: Counting) -> None:
        if till.network.is_healed:
            return
        self.begin(till)
        self._look(till)

    def _look(self, till: Counting) -> None:
        if till.is_up and till.is_enrolled:
            till.guarded(lambda: self._compare(till))

    def _compare(self, till: Counting) -> None:
        epoch = till.identity.epoch
        agreement = till.means.agreement(till.lane, TillClock(till.moment), epoch)
        asked, caller = agreement.digest(), till.caller()
        facts = till.file.run(partial(_counted, epoch=epoch, dseq=asked.dseq), lambda: None)
        taken: list[frozenset[str]] = []

        def serve(reply: Reply) -> None:
            answer = till.server.compare(caller, asked)
            taken.append(frozenset(till.server.book.taken.op_ids))
            reply(p.encoded(answer))

        def hear(answer: Heard) -> None:
            found = read(answer, p.DigestAnswer)
            if isinstance(found, SyncError):
                return
            days = dict[date, bool]()
            if till.guarded(lambda: days.update(agreement.compare(asked, found))):
                till.agreed(Compared(days, facts, taken[0]))

        till.errands.ask("digest", serve, hear)


def _counted(work: TillWork, epoch: int, dseq: int) -> dict[str, date]:
    found = {}
    for each in work.agreements.answered(epoch, 0, FACTS_MAX):
        head = read_head(each.data)
        if each.dseq <= dseq and isinstance(head, FactHead):
            found[head.op_id] = each.day
    return found
