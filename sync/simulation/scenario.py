"""One seed: a world is made, lives its hours, is healed, and has to come to rest.

Owns: putting the parts together, the big misfortunes (backups, clones, clocks, a lost server), the
drain, the result. Does not own: any part, many seeds (commands/simulate.py).
"""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from app.domain.settings import Identity
from sync.server.database import sqlite_engine
from sync.server.migrations import bring_up
from sync.simulation.agreement import Agreeing
from sync.simulation.invariant import Checks
from sync.simulation.network import Network
from sync.simulation.owner import Place
from sync.simulation.ports import Room
from sync.simulation.profile import Profile
from sync.simulation.server import STORES, Server
from sync.simulation.server_file import FILE
from sync.simulation.shop import Shops
from sync.simulation.till import Around, Till
from sync.simulation.violated import Violated
from sync.simulation.world import HOUR_MS, MINUTE_MS, World

DRAIN_HOURS = 24
FINAL_LOOK_MS = 10 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Result:
    """How a seed went."""

    seed: int
    profile: str
    violated: str = ""
    tills: int = 0
    stores: int = 0
    hours: int = 0
    facts: int = 0
    faults: int = 0
    fingerprint: str = ""
    trace: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.violated


class Templates:
    """An empty till's file and an empty server's, made once and copied for every world."""

    def __init__(self, room: Room, folder: Path) -> None:
        self.room, self.folder = room, folder
        self.till, self.server = folder / "till", folder / "server"
        room.make_till(self.till)
        self.server.mkdir()
        path = self.server / FILE
        engine = sqlite_engine(lambda: room.connect_server(path), room.server_driver, pool_size=1)
        bring_up(engine)
        engine.dispose()


@dataclass(slots=True)
class Parts:
    """Everything of one world; what a mutant may put something else in the place of."""

    world: World
    profile: Profile
    server: Server
    network: Network
    shops: Shops
    checks: Checks
    agreeing: Agreeing
    tills: list[Till] = field(default_factory=list)


Mutate = Callable[[Parts], None]


def run_seed(
    seed: int, profile: Profile, templates: Templates, mutate: Mutate | None = None
) -> Result:
    """Live through one seed; the same every time."""
    folder = Path(tempfile.mkdtemp(prefix="seed-", dir=templates.folder))
    world = World(seed, profile.begins_days)
    parts: Parts | None = None
    was_on = gc.isenabled()
    gc.disable()  # a world is let go of as a whole
    try:
        parts = _make(world, profile, templates, folder)
        if mutate is not None:
            mutate(parts)
        violated = _live(parts)
    finally:
        for till in parts.tills if parts is not None else ():
            till.close()
        if parts is not None:
            parts.server.file.close()
        shutil.rmtree(folder, ignore_errors=True)
        if was_on:
            gc.enable()
    return Result(
        seed=seed,
        profile=profile.name,
        violated=violated,
        tills=len(parts.tills),
        stores=len({till.place.store for till in parts.tills}),
        hours=profile.hours,
        facts=parts.shops.facts,
        faults=world.faults,
        fingerprint=world.fingerprint,
        trace=tuple(world.last_lines),
    )


def _make(world: World, profile: Profile, templates: Templates, folder: Path) -> Parts:
    home = folder / "server"
    shutil.copytree(templates.server, home)
    server = Server(world, profile, templates.room, home)
    network, shops = Network(world, profile), Shops(world, profile)
    checks = Checks(server, shops.members, shops.twice, has_ladder=not profile.begins_days)
    server.checks, server.promises = checks.committed, checks.promised
    agreeing = Agreeing(world, Random(world.chance.getrandbits(64)))
    parts = Parts(world, profile, server, network, shops, checks, agreeing)
    for number in range(profile.tills):
        place = Place(f"till-{number + 1}", STORES[number % profile.stores],
                      number % profile.stores + 1, number + 1)  # fmt: skip
        parts.tills.append(_make_till(parts, templates, folder / place.name, place))
    return parts


def _make_till(parts: Parts, templates: Templates, folder: Path, place: Place) -> Till:
    templates.room.copy_till(templates.till, folder)
    identity = Identity(
        tenant="new", store_id=place.store, store_number=place.store_number,
        till_number=place.number, device=place.name,
    )  # fmt: skip
    templates.room.settle_in(folder, identity)
    around = Around(
        parts.world, parts.profile, parts.network, parts.server, templates.room, parts.checks
    )
    return Till(around, folder, place)


def _live(parts: Parts) -> str:
    world = parts.world
    try:
        parts.shops.known_to(parts.tills)
        for till in list(parts.tills):
            _switch_on(parts, till)
            _misfortunes(parts, till)
        _misfortunes_of_server(parts)
        end_ms = parts.profile.hours * HOUR_MS
        while world.now_ms < end_ms and world.step():
            pass
        _drain(parts)
        parts.checks.drained(parts.tills, Random(world.seed))
    except Violated as found:
        return str(found)
    return ""


def _switch_on(parts: Parts, till: Till) -> None:
    till.start()
    parts.network.begin(till.place.name)
    parts.shops.begin(till)
    parts.agreeing.begin(till)


# ---------------------------------------------------------------------- misfortunes


def _misfortunes(parts: Parts, till: Till) -> None:
    world, profile = parts.world, parts.profile
    if world.happens(profile.backup_restored):
        _restore_later(parts, till)
    if world.happens(profile.till_cloned):
        _clone_later(parts, till)
    _jump_clock(parts, till)


def _jump_clock(parts: Parts, till: Till) -> None:
    world, profile = parts.world, parts.profile

    def jump() -> None:
        if parts.network.is_healed:
            return
        if world.happens(profile.clock_jump):
            till.skew_ms += world.chance.randint(-profile.clock_jump_ms, profile.clock_jump_ms)
            world.fault(f"{till.place.name}: the clock jumps")
        _jump_clock(parts, till)

    if profile.clock_jump:
        world.after(HOUR_MS, f"{till.place.name}: an hour", jump)


def _restore_later(parts: Parts, till: Till) -> None:
    """A backup is made at some hour; later the disk is lost."""
    world = parts.world
    hours = parts.profile.hours
    made_ms = world.chance.randint(1, max(1, hours - 8)) * HOUR_MS
    back_ms = made_ms + world.chance.randint(1, 6) * HOUR_MS
    target = till.folder.with_name(f"{till.place.name}-backup")
    kept: list[frozenset[str]] = []

    def make() -> None:
        if till.is_up:
            kept.append(till.back_up(target))

    def restore() -> None:
        if kept and not parts.network.is_healed:
            till.restore(target, kept[0])

    world.after(made_ms, f"{till.place.name}: backup", make)
    world.after(back_ms, f"{till.place.name}: disk lost", restore)


def _clone_later(parts: Parts, till: Till) -> None:
    """Somebody copies the machine for a new till, and forgets that it is one already."""
    world, place = parts.world, till.place
    name, number = f"{place.name}-copy", place.number + len(parts.tills)
    twins = Place(name, place.store, place.store_number, number)

    def clone() -> None:
        if not parts.network.is_healed:
            twin = till.clone(twins)
            parts.tills.append(twin)
            _switch_on(parts, twin)

    at_ms = world.chance.randint(4, max(4, parts.profile.hours - 8)) * HOUR_MS
    world.after(at_ms, f"{place.name}: copied", clone)


def _misfortunes_of_server(parts: Parts) -> None:
    world, profile = parts.world, parts.profile
    if world.happens(profile.members_merged) and len(parts.shops.members) > 1:
        one, other = world.chance.sample(parts.shops.members, 2)
        at_ms = world.chance.randint(4 * HOUR_MS, profile.hours * HOUR_MS)
        world.after(at_ms, "server: two are one", lambda: parts.server.merge(one, other))
    far = Random(f"calendar {world.seed}")
    for _ in range(profile.reviews):
        at_ms = far.randint(profile.hours * HOUR_MS // 4, profile.hours * HOUR_MS)
        world.after(at_ms, "server: a night", parts.server.keep_calendar)
    if profile.joined_twice:
        for hour in range(5, profile.hours, 5):
            look = partial(parts.server.look_at_proposals, far)
            world.after(hour * HOUR_MS, "server: proposals", look)
    if not world.happens(profile.server_restored):
        return
    made_ms = world.chance.randint(2, max(2, profile.hours - 8)) * HOUR_MS
    back_ms = made_ms + world.chance.randint(1, 6) * HOUR_MS
    world.after(made_ms, "server: backup", parts.server.keep_copy)

    def lose() -> None:
        if not parts.network.is_healed:
            parts.server.restore()
            for till in parts.tills:
                parts.agreeing.soon(till)

    world.after(back_ms, "server: machine lost", lose)


# ---------------------------------------------------------------------- coming to rest


def _drain(parts: Parts) -> None:
    """Nothing breaks any more: within a day everything has to be everywhere."""
    world = parts.world
    parts.shops.is_open = False
    parts.network.heal()
    parts.server.file.is_healed = True
    last_night = False
    end_ms = world.now_ms + DRAIN_HOURS * HOUR_MS
    while world.now_ms < end_ms:
        until_ms = world.now_ms + FINAL_LOOK_MS
        world.after(FINAL_LOOK_MS, "is everything there?", lambda: None)
        while world.now_ms < until_ms and world.step():
            pass
        is_quiet = not parts.server.book.held()
        if is_quiet and all(till.is_up and _is_at_rest(parts, till) for till in parts.tills):
            if last_night or not parts.profile.reviews:
                return
            last_night = True
            parts.server.keep_calendar()
    unrest = [
        _unrest(till) for till in parts.tills if not till.is_up or not _is_at_rest(parts, till)
    ]
    raise Violated(f"not drained after {DRAIN_HOURS} hours: {'; '.join(unrest)}")


def _unrest(till: Till) -> str:
    """What a person would look at first."""
    if not till.is_up:
        return f"{till.place.name} is down"
    status = till.heart.core.status
    pending, cursors = till.outbox.backlog().pending, dict(till.inbox.cursors())
    return f"{till.place.name} {status.state} {status.reason}, {pending} pending, at {cursors}"


def _is_at_rest(parts: Parts, till: Till) -> bool:
    backlog, cursors = till.outbox.backlog(), till.inbox.cursors()
    published = parts.server.book.taken.published
    return (
        till.is_enrolled
        and not backlog.pending
        and till.inbox_epoch() == parts.server.epoch
        and all(cursors.get(each, 0) == len(published.get(each, ())) for each in till.streams())
    )
