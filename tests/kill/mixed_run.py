"""Kill runs over refund, Z and backup together: one till does them all and is killed (-9) anywhere.

    python -m tests.kill.mixed_run --times 300 --out DIR

After each kill nothing that was confirmed is lost or doubled: sales, refunds, Zs, what the bank
gave back; every backup is sound; the store verifies. Each fifth time the data folder is deleted
and the shop comes back from backup, journal and recovery code with at most the last second
missing, and goes on.

Owns: the moment of the kill, what must hold after it, the closing line. Does not own: the till
that is killed (mixed_child.py), backups and the restore (backup_run.py).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from app.domain.facts import RefundRecorded, SaleRecorded, ShiftClosed, read_fact
from app.services.verify import VerifyReport, verify_store
from app.store.folders import Folders
from app.store.opening import open_store
from app.store.unit_of_work import UnitOfWork
from app.store.waiting_lane import WaitingLane
from tests.kill.backup_run import BackupKills
from tests.kill.bank import read_ledger
from tests.kill.mixed_child import keep_shop
from tests.kill.run import _Child
from tests.kill.shop import Place, keys_in_files, open_as_till

BURNS_EVERY = 5
MOMENTS = ("refund", "exchange", "count", "close", "close", "backup", "backup", "any")
LONGEST_S = {"any": 0.6, "backup": 0.05}
"""How long after its moment the kill comes at most; else 20 ms."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file says after a kill, over all its epochs."""

    facts: tuple[Any, ...]
    z_rows: tuple[int, ...]
    open_refund: str
    tries: frozenset[str]
    """Tries of the open refund to give money back by a terminal."""
    faults: tuple[str, ...]

    def of(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]


def _facts(work: UnitOfWork) -> list[Any]:
    stored = (
        each for epoch in work.facts.epochs() for each in work.facts.of_epoch(epoch, 0, 10**6)
    )
    return [read_fact(each.data) for each in stored]


def look(place: Place) -> Kept:
    """Open the shop as the next start would, read it, run the verify service."""
    with open_as_till(place, Random(0)) as till:
        report = VerifyReport()
        lane = WaitingLane(till.store.lane)
        for _ in verify_store(lane=lane, identity=till.shop.identity, report=report):
            pass
        faults = tuple(f"verify: {each.what} {each.where}" for each in report.faults)
        return lane.run(lambda work: _kept(work, faults))


def _kept(work: UnitOfWork, faults: tuple[str, ...]) -> Kept:
    begun = work.refunds.load_open()
    tries = work.refunds.attempts_of(begun.refund_id) if begun is not None else ()
    return Kept(
        facts=tuple(_facts(work)),
        z_rows=tuple(each.number for each in reversed(work.shifts.closed(10**6))),
        open_refund=begun.refund_id if begun is not None else "",
        tries=frozenset(each.attempt_id for each in tries),
        faults=faults,
    )


@dataclass(slots=True)
class MixedKills(BackupKills):
    """One shop; `sold` are all confirmed things: sales, refunds, and Zs by their shift."""

    moments: Counter[str] = field(default_factory=Counter)
    in_copies: int = 0
    """Kills that left a copy unfinished."""
    gone_with_fire: set[str] = field(default_factory=set)
    """What the bank gave back in the last second before a fire: no till knows of it any more."""

    def kill_once(self) -> list[str]:
        child = _Child(keep_shop, self.place.folder, f"{self.kills}-{self.chance.random()}", None)
        moment = self.chance.choice(MOMENTS)
        child.wait_until_selling()
        steps = self.chance.randint(1, 4) if moment not in LONGEST_S else 0
        while steps and (message := child.next_message()) is not None:
            steps -= message.get("trying") == moment
        if moment == "backup":
            self._wait_for_a_copy()
        time.sleep(self.chance.uniform(0, LONGEST_S.get(moment, 0.02)))
        at = time.monotonic()
        child.kill()
        self.in_copies += self._is_copying()
        self.kills += 1
        self.moments[moment] += 1
        new = dict(_confirmed(child.heard))
        self.confirmed += len(new)
        faults = [f"{each} is confirmed twice" for each in new if each in self.sold]
        self.sold |= new
        faults += self.unsound_backups()
        if self.kills % BURNS_EVERY == 0:
            faults += self._burn(at)
        return faults + list(self.faults(look(self.place)))

    def _is_copying(self) -> bool:
        return any(self.folder.glob("unfinished-*.db"))

    def _wait_for_a_copy(self) -> None:
        until = time.monotonic() + 5
        while not self._is_copying() and time.monotonic() < until:
            time.sleep(0.001)

    def _burn(self, at: float) -> list[str]:
        self.burnt += 1
        shutil.rmtree(self.place.shop / "store")
        shutil.rmtree(self.place.shop / "keys")
        faults = self.restored(self.folder, self.place.shop, at, goes_on=True)
        unknown = self._unknown_back(look(self.place))
        given = [each for each in self._given_back() if each not in self.gone_with_fire]
        if unknown and given[-len(unknown) :] != unknown:
            faults.append(f"the till forgot what was given back before others: {unknown}")
        self.gone_with_fire |= set(unknown)
        return faults

    def faults(self, kept: Kept) -> Iterator[str]:
        """What is lost, doubled or half there."""
        yield from kept.faults
        twice = [op_id for op_id, n in Counter(fact.op_id for fact in kept.facts).items() if n > 1]
        yield from (f"fact {op_id} stands twice" for op_id in twice)
        zs = [fact.number for fact in kept.of(ShiftClosed)]
        if zs != list(range(1, len(zs) + 1)) or list(kept.z_rows) != zs:
            yield f"Zs are numbered {zs}, rows {kept.z_rows}"
        standing = set(_names(kept.facts))
        yield from (f"{name} is lost" for name in self.sold if name not in standing)
        refunds = kept.of(RefundRecorded)
        if kept.open_refund in {fact.op_id for fact in refunds}:
            yield f"refund {kept.open_refund} is open and done"
        sales = {fact.op_id: fact for fact in kept.of(SaleRecorded)}
        for fact in refunds:
            new = sales.get(fact.exchanged_for or "")
            paid_by = [t.reference for t in new.tenders if t.kind == "other"] if new else []
            if fact.exchanged_for is not None and paid_by != [fact.op_id]:
                yield f"refund {fact.op_id} stands without its new goods"
        yield from (f"given back and not known: {each}" for each in self._unknown_back(kept))

    def _given_back(self) -> list[str]:
        """What the bank says it gave back, oldest first."""
        charges = [each for each in read_ledger(self.place.ledger) if each.approved]
        given = [each.attempt_id for each in charges if each.amount_minor < 0]
        assert len(given) == len(set(given)), "the bank gave back twice for one try"
        return given

    def _unknown_back(self, kept: Kept) -> list[str]:
        recorded = {tender.attempt for fact in kept.of(RefundRecorded) for tender in fact.tenders}
        known = recorded | kept.tries | self.gone_with_fire
        return [each for each in self._given_back() if each not in known]

    def standing(self, home: Path) -> list[str]:
        store = open_store(Folders.of(home).setting(), now=datetime.now(UTC))
        try:
            return list(_names(store.lane.read(_facts).result()))
        finally:
            store.close()

    def closing_line(self) -> str:
        told = ", ".join(f"{name} {count}" for name, count in sorted(self.moments.items()))
        return (
            f"{self.kills} kills during refund, Z and backup ({told}): {self.confirmed} sales, "
            f"refunds and Zs confirmed, {self.in_copies} copies left unfinished, "
            f"{self.backups_checked} backups found sound, {self.burnt} "
            f"data folders deleted and restored with {self.missing} of them missing, the oldest "
            f"confirmed {self.oldest_missing_s:.2f} s before its kill; 0 lost else, 0 doubled"
        )


def _confirmed(heard: Sequence[dict[str, Any]]) -> Iterator[tuple[str, float]]:
    """Everything somebody was told of, and when."""
    for each in heard:
        if "sold" in each:
            yield each["sold"], each["at"]
        elif "refunded" in each:
            yield each["refunded"], each["at"]
        elif "z" in each:
            yield f"Z of {each['of']}", each["at"]


def _names(facts: Sequence[Any]) -> Iterator[str]:
    for fact in facts:
        if isinstance(fact, SaleRecorded | RefundRecorded):
            yield fact.op_id
        elif isinstance(fact, ShiftClosed):
            yield f"Z of {fact.shift}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, burn, restore and check; 0 = at most a last second was lost, and nothing doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    keys_in_files()
    os.nice(5)
    run = MixedKills(Place(asked.out.resolve()), Random(asked.seed))
    run.begin()
    while run.kills < asked.times:
        faults = run.kill_once()
        if run.kills % 25 == 0 or run.kills == asked.times:
            sys.stdout.write(f"{run.closing_line()}\n")
            sys.stdout.flush()
        if faults:
            sys.stderr.write("\n".join(faults) + "\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
