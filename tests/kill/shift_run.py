"""Kill runs over shifts: a till is killed (-9) close to opening, counting and closing, on one file.

    python -m tests.kill.shift_run --times 100 --out DIR

Owns: the moment of the kill, looking after each, what must hold of Zs. Does not own: the till that
is killed (shift_child.py), the shop (shop.py).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from app.domain.facts import SALE_KINDS, ShiftClosed, read_fact
from app.domain.shift import ClosedShift, Shift
from app.services.verify import Fault, VerifyReport, verify_store
from app.store.unit_of_work import UnitOfWork
from app.store.waiting_lane import WaitingLane
from tests.kill.run import _Child
from tests.kill.shift_child import keep_shifts
from tests.kill.shop import Place, keys_in_files, make_kill_shop, open_as_till


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file says of shifts after a kill."""

    rows: tuple[ClosedShift, ...]
    current: Shift | None
    zs: tuple[ShiftClosed, ...]
    sales: frozenset[str]
    faults: tuple[Fault, ...]


def look(place: Place) -> Kept:
    """Open the shop as the next start would, read its shifts, run the verify service."""
    with open_as_till(place, Random(0)) as till:
        report = VerifyReport()
        lane = WaitingLane(till.store.lane)
        for _ in verify_store(lane=lane, identity=till.shop.identity, report=report):
            pass
        return lane.run(lambda work: _read(work, tuple(report.faults)))


def _read(work: UnitOfWork, faults: tuple[Fault, ...]) -> Kept:
    stored = work.facts.all_facts(0, 1_000_000)
    facts = [read_fact(each.data) for each in stored if each.kind == "shift_closed.1"]
    return Kept(
        rows=tuple(reversed(work.shifts.closed(100_000))),
        current=work.shifts.current(),
        zs=tuple(fact for fact in facts if isinstance(fact, ShiftClosed)),
        sales=frozenset(each.op_id for each in stored if each.kind in SALE_KINDS),
        faults=faults,
    )


@dataclass(slots=True)
class ShiftKills:
    """A run on one file: what tills have said, and what must hold after each kill."""

    place: Place
    chance: Random
    kills: int = 0
    zs: set[int] = field(default_factory=set)
    """Numbers of Zs somebody was told of."""
    sold: set[str] = field(default_factory=set)

    def begin(self) -> None:
        keys_in_files()
        make_kill_shop(self.place)

    def kill_once(self) -> list[str]:
        """Start a till, kill it close to a step of its shifts; everything that must not be."""
        child = _Child(keep_shifts, self.place.folder, f"{self.kills}-{self.chance.random()}", None)
        wanted = self.chance.choice(("open", "count", "close", "close", "close"))
        steps = self.chance.randint(1, 3)
        while steps and (message := child.next_message()) is not None:
            steps -= message.get("trying") == wanted
        time.sleep(self.chance.uniform(0, 0.015))
        child.kill()
        self.kills += 1
        self.zs |= {message["z"] for message in child.heard if "z" in message}
        self.sold |= {message["sold"] for message in child.heard if "sold" in message}
        return self.faults(look(self.place), child.heard)

    def faults(self, kept: Kept, heard: Sequence[dict[str, Any]]) -> list[str]:
        """What is lost, doubled or half there."""
        numbers = [z.number for z in kept.zs]
        found = [f"verify: {fault.what} {fault.where}" for fault in kept.faults]
        if numbers != list(range(1, len(numbers) + 1)):
            found.append(f"Zs are numbered {numbers}")
        if [row.number for row in kept.rows] != numbers:
            found.append(f"rows {[row.number for row in kept.rows]}, facts {numbers}")
        found += [f"Z {number} is lost" for number in self.zs - set(numbers)]
        found += [f"sale {sale} is lost" for sale in self.sold - kept.sales]
        if len(numbers) > len(self.zs) + self.kills:
            found.append("more Zs than were ever under way")
        under_way = [message["of"] for message in heard if message.get("trying") == "close"][-1:]
        current = kept.current
        was_closing = current is not None and under_way == [current.shift_id]
        if was_closing and not (current and current.is_counting and current.counts):
            found.append("a shift that was being closed has lost its count")
        return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill so often; 1 where something was lost, doubled or half there."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill.shift_run")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    run = ShiftKills(Place(options.out), Random(options.seed))
    run.begin()
    bad = 0
    for _ in range(options.times):
        for fault in run.kill_once():
            bad += 1
            sys.stdout.write(f"kill {run.kills}: {fault}\n")
    kept = look(run.place)
    sys.stdout.write(
        f"{run.kills} kills of shifts: {len(kept.zs)} Zs, {len(kept.sales)} sales, {bad} faults\n"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
