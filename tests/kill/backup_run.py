"""Kill runs over backup and journal: the till is killed (-9) while both are written, then burns.

    python -m tests.kill.backup_run --times 100 --out DIR

After each kill the backup folder alone has to bring the shop back: every backup that has its name
is sound, the restored till verifies, and of the confirmed sales only the last second may be
missing. Each fifth time the data folder is really deleted and the restored till goes on.

Owns: those kills and checks, the closing line. Does not own: the till that is killed
(backup_child.py), the restore.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import main as program
from app.domain.facts import SALE_KINDS
from app.store.database import connect_reader, quick_check
from app.store.folders import Folders
from app.store.opening import open_store
from app.store.recovery_code import RecoveryCode
from app.store.restore import FoundShop, find_shop
from app.store.unit_of_work import UnitOfWork
from tests.kill.backup_child import restore, sell_and_back_up
from tests.kill.run import _Child
from tests.kill.shop import Place, keys_in_files, make_kill_shop

LONGEST_S = 1.2
BURNS_EVERY = 5
PATIENCE_S = 1.0
"""What may be missing: the last second before the kill."""


@dataclass(slots=True)
class BackupKills:
    """One shop, killed many times while it is copied."""

    place: Place
    chance: Random
    code: RecoveryCode | None = None
    sold: dict[str, float] = field(default_factory=dict)
    """Confirmed and not known to be missing: when, on the clock of this machine."""
    kills: int = 0
    burnt: int = 0
    missing: int = 0
    oldest_missing_s: float = 0.0
    backups_checked: int = 0
    confirmed: int = 0

    def begin(self) -> None:
        self.place.folder.mkdir(parents=True, exist_ok=True)
        self.code = make_kill_shop(self.place)

    def kill_once(self) -> list[str]:
        """One kill and everything checked after it; the faults found."""
        child = _Child(sell_and_back_up, self.place.folder, f"{self.kills}-{self.chance.random()}")
        child.wait_until_selling()
        time.sleep(self.chance.uniform(0, LONGEST_S))
        at = time.monotonic()
        child.kill()
        self.kills += 1
        new = {each["sold"]: each["at"] for each in child.heard if "sold" in each}
        self.confirmed += len(new)
        self.sold |= new
        faults = self.unsound_backups()
        if self.kills % BURNS_EVERY == 0:
            self.burnt += 1
            shutil.rmtree(self.place.shop / "store")
            shutil.rmtree(self.place.shop / "keys")
            return faults + self.restored(self.folder, self.place.shop, at, goes_on=True)
        return faults + self.restore_a_copy(at)

    def restore_a_copy(self, at: float) -> list[str]:
        """Elsewhere, and from a copy: a restored till writes into the folder it came from."""
        copied, home = self.place.folder / "copied", self.place.folder / "new machine"
        shutil.copytree(self.folder, copied)
        try:
            return self.restored(copied, home, at, goes_on=False)
        finally:
            shutil.rmtree(copied)
            shutil.rmtree(home, ignore_errors=True)

    def kill_a_restore(self) -> list[str]:
        """A restore that is killed leaves its place empty, or the shop whole."""
        copied, home = self.place.folder / "copied", self.place.folder / "new machine"
        shutil.copytree(self.folder, copied)
        assert self.code is not None
        child = _Child(restore, copied, home, self.code.text)
        child.wait_until_selling()
        time.sleep(self.chance.uniform(0, 0.6))
        child.process.kill()
        child.hear_out()
        try:
            if (home / "store" / "shop.db").exists():
                said, answer = _run("verify", "--dir", str(home))
                return [] if answer == 0 else [f"killed restore: {said}"]
            return self.restored(copied, home, time.monotonic(), goes_on=False)
        finally:
            shutil.rmtree(copied)
            shutil.rmtree(home, ignore_errors=True)

    @property
    def folder(self) -> Path:
        return self.place.shop / "backups"

    def unsound_backups(self) -> list[str]:
        """What has a backup's name is one, whenever the till was killed."""
        assert self.code is not None
        found = find_shop(self.folder, self.code)
        if not isinstance(found, FoundShop):
            return [f"after kill {self.kills}: {found}"]
        for backup in found.backups:
            reader = connect_reader(backup.path, found.secrets.database_key, immutable=True)
            try:
                quick_check(reader)
            finally:
                reader.close()
        self.backups_checked += len(found.backups)
        return []

    def restored(self, folder: Path, home: Path, at: float, *, goes_on: bool) -> list[str]:
        assert self.code is not None
        said, answer = _run(
            "restore", "--from", str(folder), "--dir", str(home), typed=self.code.text
        )
        if answer != 0:
            return [f"after kill {self.kills}: restore answers {answer}: {said}"]
        kept = self.standing(home)
        gone = [sale for sale in self.sold if sale not in kept]
        ages = [at - self.sold[sale] for sale in gone]
        if goes_on:
            self.missing += len(gone)
            for sale in gone:
                del self.sold[sale]
        self.oldest_missing_s = max([self.oldest_missing_s, *ages])
        late = [sale for sale, age in zip(gone, ages, strict=True) if age > PATIENCE_S]
        # What is missing is the end: never one out of the middle.
        order = list(self.sold) + (gone if goes_on else [])
        ends = set(order[len(order) - len(gone) :])
        holes = [sale for sale in gone if sale not in ends]
        doubled = [] if len(kept) == len(set(kept)) else ["a sale stands twice"]
        return (
            [f"after kill {self.kills}: {sale} is lost, older than a second" for sale in late]
            + [f"after kill {self.kills}: {sale} is missing before others" for sale in holes]
            + doubled
        )

    def standing(self, home: Path) -> list[str]:
        """What of the confirmed a shop holds: its sales."""
        store = open_store(Folders.of(home).setting(), now=datetime.now(UTC))
        try:
            return store.lane.read(_sale_facts).result()
        finally:
            store.close()

    def closing_line(self) -> str:
        """What was proved, with counts."""
        return (
            f"{self.kills} kills while a backup and the journal were written: {self.confirmed} "
            f"sales confirmed, {self.backups_checked} backups found sound, {self.kills} restores "
            f"verified, {self.burnt} of them over a deleted data folder; in these {self.missing} "
            f"sales missing; the oldest missing one of all was confirmed "
            f"{self.oldest_missing_s:.2f} s before its kill; 0 doubled"
        )


def _run(*words: str, typed: str = "") -> tuple[str, int]:
    """A command of main.py: what it said, and its exit code."""
    keyboard, sys.stdin = sys.stdin, io.StringIO(typed)
    try:
        with redirect_stdout(io.StringIO()) as said, redirect_stderr(said):
            answer = program.main(list(words))
    finally:
        sys.stdin = keyboard
    return said.getvalue(), answer


def _sale_facts(work: UnitOfWork) -> list[str]:
    facts = (
        fact for epoch in work.facts.epochs() for fact in work.facts.of_epoch(epoch, 0, 1_000_000)
    )
    return [fact.op_id for fact in facts if fact.kind in SALE_KINDS]


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, restore and check; exit code 0 = at most the last second was ever missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    keys_in_files()
    os.nice(5)
    run = BackupKills(Place(asked.out.resolve()), Random(asked.seed))
    run.begin()
    while run.kills < asked.times:
        faults = run.kill_once()
        if run.kills % 10 == 0:
            faults += run.kill_a_restore()
            sys.stdout.write(f"{run.closing_line()}\n")
            sys.stdout.flush()
        if faults:
            sys.stderr.write("\n".join(faults) + "\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
