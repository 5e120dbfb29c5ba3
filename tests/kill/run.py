"""Kill runs: a till is killed (-9) at random moments of its sales, again and again, on one file.

    python -m tests.kill.run --times 500 --out DIR

Owns: starting a real till in a process of its own, the moment of the kill, looking and verifying
after each, the story in DIR/kills.jsonl by which a run goes on where it stopped, the closing line.
Does not own: the sales (child.py), what must hold (checks.py).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from app.store.recovery_code import RecoveryCode
from tests.kill.checks import Confirmed, Found, Told, faults, look
from tests.kill.child import sell, verify
from tests.kill.shop import Place, keys_in_files, make_kill_shop

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 120
"""A till that says nothing for so long hangs: that is a fault too."""
LONGEST_S = {"start": 0.3, "selling": 0.8, "paying": 0.012}
"""The kill falls at most so long after the moment it waits for."""
SALES_AT_LAST = 5

# Forked from a server that has only imported: each till is a process of its own, and starts as
# fast as it opens its file. A plain fork would copy this process' threads and open files.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.kill.child"])


@dataclass(frozen=True, slots=True)
class Killed:
    """One kill: where it fell, and what the till had said until then."""

    number: int
    moment: str
    lines: tuple[dict[str, Any], ...]


class KillFault(AssertionError):
    """Something that must never be was found; the message names all of it."""


class _Child:
    """A process of its own, forked from the server; its messages arrive also after its death."""

    def __init__(self, target: Callable[..., None], *arguments: object) -> None:
        ours, theirs = _FORKS.Pipe(duplex=False)
        self.process = _FORKS.Process(target=target, args=(*arguments, theirs))
        self.process.start()
        theirs.close()
        self._pipe = ours
        self.heard: list[dict[str, Any]] = []

    def next_message(self) -> dict[str, Any] | None:
        """The next message; None when the process is gone and has said everything."""
        if not self._pipe.poll(PATIENCE_S):
            raise KillFault(f"the till hangs; it said at last {self.heard[-3:]}")
        try:
            self.heard.append(json.loads(self._pipe.recv_bytes()))
        except EOFError:
            return None
        return self.heard[-1]

    def wait_until_selling(self) -> None:
        while (message := self.next_message()) is not None and "selling" not in message:
            pass

    def wait_for_payments(self, count: int) -> None:
        """Until it has begun to pay so often."""
        while count and (message := self.next_message()) is not None:
            count -= message.get("trying") == "pay"

    def kill(self) -> None:
        """-9, and hear what it had said before."""
        self.process.kill()
        self.hear_out()
        if self.process.exitcode != -signal.SIGKILL:
            raise KillFault(f"the till ended by itself with {self.process.exitcode}")

    def finish(self) -> None:
        """Let it end by itself."""
        self.hear_out()
        if self.process.exitcode != 0:
            raise KillFault(f"the process failed with {self.process.exitcode}")

    def hear_out(self) -> None:
        while self.next_message() is not None:
            pass
        self.process.join(PATIENCE_S)


def kill_once(place: Place, number: int, chance: Random) -> Killed:
    """Start a till, let it sell, kill it at a random moment."""
    child = _Child(sell, place.folder, f"{number}-{chance.random()}", None)
    moment = chance.choices(("start", "selling", "paying"), (1, 4, 5))[0]
    if moment != "start":
        child.wait_until_selling()
    if moment == "paying":
        child.wait_for_payments(chance.randint(1, 6))
    time.sleep(chance.uniform(0, LONGEST_S[moment]))
    child.kill()
    return Killed(number, moment, tuple(child.heard))


# ------------------------------------------------------------------ the story of a run


class KillRun:
    """One shop, killed many times. After each kill `main.py verify` runs in a forked process,

    each `bare_every` times as a command started from nothing.
    """

    def __init__(self, place: Place, *, bare_every: int) -> None:
        self.place = place
        self.told = Told()
        self.kills = 0
        self.counts = dict.fromkeys(
            ("at start", "at selling", "at paying", "in flight kept", "in flight undone",
             "baskets recovered", "attempts found", "main.py verify"), 0,
        )  # fmt: skip
        self._bare_every = bare_every
        self._before: frozenset[str] = frozenset()

    def begin(self) -> RecoveryCode | None:
        """Make the shop, or read the story of one that was begun. Answers a new shop's code."""
        self.place.folder.mkdir(parents=True, exist_ok=True)
        if not self.place.story.exists():
            code = make_kill_shop(self.place)
            self.place.story.touch()
            return code
        for line in self.place.story.read_text("utf-8").splitlines():
            self._remember(json.loads(line))
        # Whatever a till did whose run was broken off: nobody heard of it, so it is a given.
        self._before = frozenset(look(self.place).sales)
        return None

    def _remember(self, kill: dict[str, Any]) -> None:
        self.kills = kill["kill"]
        self.counts = kill["counts"]
        for sale_id, code, due in kill["sold"]:
            self.told.sold[sale_id] = Confirmed(sale_id, code, due)
        self.told.joined.update(kill["joined"])
        self.told.attempts.update(kill["attempts"])
        self.told.exceptions.update(kill["exceptions"])

    def kill_and_look(self, chance: Random) -> Killed:
        """One kill with everything that has to be checked after it. Raises KillFault."""
        killed = kill_once(self.place, self.kills + 1, chance)
        sold, joined = set(self.told.sold), set(self.told.joined)
        attempts, exceptions = set(self.told.attempts), set(self.told.exceptions)
        self.told.begin_run()
        for line in killed.lines:
            self.told.hear(line)
        found = self._check(f"kill {killed.number} ({killed.moment})")
        self.kills = killed.number
        self._count(killed, found)
        story = {
            "kill": killed.number,
            "moment": killed.moment,
            "sold": [
                [sale.sale_id, sale.code, sale.due_minor]
                for sale in self.told.sold.values()
                if sale.sale_id not in sold
            ],
            "joined": sorted(self.told.joined - joined),
            "attempts": sorted(self.told.attempts - attempts),
            "exceptions": sorted(self.told.exceptions - exceptions),
            "counts": self.counts,
        }
        with self.place.story.open("a", encoding="utf-8") as file:
            file.write(json.dumps(story) + "\n")
        return killed

    def _check(self, where: str, *, at_last: bool = False) -> Found:
        # First the command: like the till at its next start it meets the file as it was left.
        if at_last or (self.kills + 1) % self._bare_every == 0:
            self._verify_bare(where)
        else:
            self._verify_forked(where)
        found = look(self.place)
        wrong = faults(self.told, found, self._before, self.place)
        if wrong:
            raise KillFault(f"{where}: {len(wrong)} faults\n" + "\n".join(wrong[:20]))
        self._before |= found.sales.keys()
        return found

    def _verify_forked(self, where: str) -> None:
        child = _Child(verify, self.place.shop)
        child.finish()
        if child.heard[0]["answer"] != 0:
            raise KillFault(f"{where}: main.py verify: {child.heard}")
        self.counts["main.py verify"] += 1

    def _verify_bare(self, where: str) -> None:
        command = [sys.executable, "main.py", "verify", "--json", "--dir", str(self.place.shop)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise KillFault(f"{where}: main.py verify: {done.stdout}{done.stderr}")
        self.counts["main.py verify"] += 1

    def _count(self, killed: Killed, found: Found) -> None:
        self.counts[f"at {killed.moment}"] += 1
        in_flight = self.told.in_flight_sale()
        if in_flight is not None:
            self.counts["in flight kept" if in_flight in found.sales else "in flight undone"] += 1
        self.counts["baskets recovered"] += bool(found.shape.goods)
        self.counts["attempts found"] += len(found.to_query)

    def finish(self) -> Found:
        """A last till settles what is open, sells a little and closes; everything is checked."""
        child = _Child(sell, self.place.folder, "last", SALES_AT_LAST)
        child.finish()
        self.told.begin_run()
        for line in child.heard:
            self.told.hear(line)
        found = self._check("at the end", at_last=True)
        if found.open_attempts:
            raise KillFault(f"attempts nobody settled: {sorted(found.open_attempts)}")
        return found

    def closing_line(self, found: Found) -> str:
        """What was proved, with counts."""
        tenders = [tender for fact in found.sales.values() for tender in fact.tenders]
        counts = ", ".join(f"{name} {count}" for name, count in self.counts.items())
        return (
            f"{self.kills} kills ({counts}): {len(self.told.sold)} sales confirmed, 0 lost, "
            f"0 doubled; {len(found.sales)} in the file, "
            f"{sum(tender.attempt is not None for tender in tenders)} of them by terminal, "
            f"{sum(found.exceptions.values())} charges without a sale, each one exception; "
            f"{len(found.members)} members; chain and sums sound"
        )


def one_by_one(run: KillRun, times: int, seed: int) -> Iterator[Killed]:
    """Kill until there were so many, going on where an earlier run stopped."""
    while run.kills < times:
        yield run.kill_and_look(Random(f"{seed}-{run.kills}"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill and check; exit code 0 = nothing lost, nothing doubled, in all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bare-every", type=int, default=25)
    asked = parser.parse_args(arguments)
    keys_in_files()
    os.nice(5)
    run = KillRun(Place(asked.out.resolve()), bare_every=asked.bare_every)
    run.begin()
    began = time.monotonic()
    try:
        for killed in one_by_one(run, asked.times, asked.seed):
            if killed.number % 10 == 0:
                sys.stdout.write(
                    f"{killed.number} kills, {len(run.told.sold)} sales confirmed, "
                    f"{time.monotonic() - began:.0f} s\n"
                )
                sys.stdout.flush()
        closing = run.closing_line(run.finish())
    except KillFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.write(f"{closing}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
