"""How customers of a world spend points: kept by the server, by a grant, or within floor limits.

Owns: asking before a sale, what may be spent without an answer, asking for grants and giving them
back. Does not own: the sale (shop.py), the rules (app.domain, the real services and server).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from app.domain.business_day import ShopTime, business_day
from app.domain.facts import GrantReleased
from app.domain.grant import OfflineSpend
from app.domain.ids import RANDOM_BITS, uuid7
from app.domain.redeem_way import taken_of
from sync import protocol as p
from sync.errors import SyncError
from sync.simulation.errand import read
from sync.simulation.network import Heard
from sync.simulation.program import the_program
from sync.simulation.tally import ids_in, read_numbers
from sync.simulation.till import Record, Till
from sync.simulation.world import HOUR_MS, MINUTE_MS, World
from sync.till.event import grant_told

KEPT_S = 900
GRANT_EVERY_MS = 10 * HOUR_MS
GRANT_HOURS = 12
GRANT_POINTS = (200, 9000)
"""A few, or all that the share allows."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What one sale spends, and whose word stands for it."""

    points: int = 0
    reservation: str | None = None
    grant: str | None = None
    spent: OfflineSpend | None = None


NOTHING_SPENT = Spending()
Then = Callable[[Spending], None]


def known_as(till: Till, member: str | None, members: list[str]) -> str | None:
    """His card finds who he is by now, as far as this till has heard."""
    if member is None or member in till.file.shown([member]):
        return member
    shown = till.file.shown(members)
    return next((each for each, one in shown.items() if member in ids_in(one.data)), member)


class Purses:
    """Of all tills of a world."""

    def __init__(self, world: World, chance: Random, members: list[str]) -> None:
        self._world, self._chance, self._members = world, chance, members
        self.program = the_program()

    def _id(self) -> str:
        return uuid7(self._world.true_wall_ms, self._chance.getrandbits(RANDOM_BITS))

    # ------------------------------------------------------------------ before a sale

    def spend(self, till: Till, member: str, sale: str, then: Then) -> None:
        """Some of what is shown; `then` hears how, at once or after the server's answer."""
        shown = till.file.shown([member]).get(member)
        balance = 0 if shown is None else read_numbers(shown.data).points
        if balance <= 0:
            then(NOTHING_SPENT)
            return
        points = self._chance.randint(1, balance)
        if not till.contact.is_there:
            then(self._alone(till, member, sale, points))
            return
        asked = p.Reserve(reservation=self._id(), member=member, points=points, seconds=KEPT_S)

        def hear(answer: Heard) -> None:
            found = read(answer, p.Reserved)
            if isinstance(found, SyncError):
                self._void_later(till, asked.reservation)
                then(self._alone(till, member, sale, points))
            elif found.refusal is None:
                then(Spending(points, reservation=asked.reservation))
            else:
                then(NOTHING_SPENT)

        caller, data = till.caller(), p.encoded(asked)
        till.errands.ask("reserve", lambda reply: reply(till.server.reserve(caller, data)), hear)

    def _alone(self, till: Till, member: str, sale: str, points: int) -> Spending:
        now = till.moment()
        purse = till.file.purse(member, till.contact, now, self.program)
        points = min(points, purse.by_grant + purse.by_floor)
        if points <= 0:
            return NOTHING_SPENT
        taken = taken_of(purse.buckets, min(points, purse.by_grant))
        by_grant = sum(taken.values())
        grant = purse.grant if by_grant else None
        beyond = points - by_grant
        spent = OfflineSpend(sale, member, grant, taken, beyond, now.boot_id, now.monotonic_ms)
        return Spending(points, grant=grant, spent=spent)

    def _void_later(self, till: Till, reservation: str) -> None:
        """What was kept in spite of a lost answer is given free, if the server can be reached."""

        def void() -> None:
            if not till.is_up:
                return
            caller, data = till.caller(), p.encoded(p.Void(reservation=reservation))
            till.errands.ask(
                "void", lambda reply: reply(till.server.void(caller, data)), lambda _: None
            )

        self._world.after(MINUTE_MS, f"{till.place.name}: gives a reservation free", void)

    # ------------------------------------------------------------------ grants

    def begin(self, till: Till) -> None:
        """Now and then a till asks for a part of somebody's points to have offline."""
        wait_ms = round(self._chance.expovariate(1 / GRANT_EVERY_MS))
        self._world.after(wait_ms, f"{till.place.name}: a grant?", partial(self._ask, till))

    def _ask(self, till: Till) -> None:
        if till.network.is_healed:
            return
        self.begin(till)
        if not till.is_up or not till.is_enrolled:
            return
        member = self._chance.choice(self._members)
        points = self._chance.choice(GRANT_POINTS)
        asked = p.GrantWanted(grant=self._id(), member=member, points=points, hours=GRANT_HOURS)

        def hear(answer: Heard) -> None:
            found = read(answer, p.GrantAnswer)
            if isinstance(found, SyncError) or found.given is None:
                return
            told = grant_told(found.given)
            till.guarded(lambda: till.lane.run(lambda work: work.grants.put(told)))

        caller, data = till.caller(), p.encoded(asked)
        till.errands.ask("grant", lambda reply: reply(till.server.grant(caller, data)), hear)
        back_ms = self._chance.randint(1, 2 * GRANT_HOURS) * HOUR_MS
        release = partial(self._release, till, asked.grant, member)
        self._world.after(back_ms, f"{till.place.name}: gives a grant back", release)

    def _release(self, till: Till, grant: str, member: str) -> None:
        if till.network.is_healed or not till.is_up or not till.device:
            return
        now = till.moment()
        fact = GrantReleased(
            op_id=self._id(), store=till.place.store, day=business_day(now, ShopTime()), clock=now,
            member=known_as(till, member, self._members), grant=grant,
        )  # fmt: skip
        till.record(Record(fact, {}, released=grant))
