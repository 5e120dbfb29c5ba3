"""A chain under faults: three tills in two stores sell while everything between them breaks.

    python -m tests.chain.run --sales 10000 --kills 200,50,20 --out DIR

Owns: starting tills, ways, server and PostgreSQL, when each of them is killed or cut off, progress,
going on where a run in DIR stopped, the closing line. Does not own: the tills' lives (till.py), the
faults of the way (way.py), what must hold at the end (checks.py).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import multiprocessing.connection
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from typing import Any, get_args

from tests.chain.checks import Held, Shown, faults, heads, held_by_server
from tests.chain.clock import SharedClock
from tests.chain.live_till import PATIENCE_S, ChainFault, LiveTill, Story
from tests.chain.plan import (
    PARTITION_MS,
    PARTITION_STEPS,
    TICK_MS,
    TICK_S,
    Fault,
    Plan,
)
from tests.chain.postgres import Postgres
from tests.chain.server import ChainServer, free_port
from tests.chain.till import Home
from tests.chain.way import Way
from tests.kill.shop import keys_in_files, make_kill_shop

PLACES = ((1, 1), (1, 2), (2, 1))
"""(store, till) of each."""


class ChainRun:
    """One chain in a folder. `begin`, `live`, `finish`; `close()` it."""

    def __init__(self, folder: Path, plan: Plan, seed: int) -> None:
        self.plan, self._folder, self._seed = plan, folder, seed
        self._chance = Random(seed)
        self._stack = ExitStack()
        self._hands = self._stack.enter_context(ThreadPoolExecutor(1))
        self._mending: Future[None] | None = None
        self._cut: tuple[LiveTill, int, float] | None = None
        self._ticked_s = time.monotonic()
        self.story = Story(folder / "story.jsonl")
        self.tills: list[LiveTill] = []

    @property
    def sold(self) -> int:
        return len(self.story.confirmed)

    def close(self) -> None:
        """Whatever still runs ends now."""
        for till in self.tills:
            if till.process is not None and till.process.is_alive():
                till.process.kill()
                till.process.join(PATIENCE_S)
        self._stack.close()

    # ------------------------------------------------------------------ the beginning

    def begin(self) -> None:
        """Make the chain, or go on with the one in the folder."""
        self._folder.mkdir(parents=True, exist_ok=True)
        made = self._folder / "chain.json"
        known: dict[str, Any] = json.loads(made.read_text()) if made.exists() else {}
        if not known and (self._folder / "moved.clock").exists():
            # An earlier run was broken off before its chain was whole: nothing was sold in it.
            shutil.rmtree(self._folder)
            self._folder.mkdir()
        self.clock = SharedClock(self._folder / "moved.clock")
        self.postgres = self._stack.enter_context(closing(Postgres(self._folder / "postgres")))
        port = known.get("server", free_port())
        self.server = self._stack.enter_context(
            closing(
                ChainServer(
                    self._folder / "server", self.postgres.url, self._folder / "moved.clock", port
                )
            )
        )
        for number, at in enumerate(PLACES):
            way = Way(port, f"{self._seed} {number}", known.get("ways", [0, 0, 0])[number])
            self._stack.callback(way.close)
            home = Home(self._folder / "till-{}-{}".format(*at), self._folder / "moved.clock")
            self.tills.append(LiveTill(home.folder.name, home, way, f"{self._seed} {number}"))
        self.server.keep()
        if not known:
            self._make()
            ports = {"server": port, "ways": [till.way.port for till in self.tills]}
            made.write_text(json.dumps(ports))
            self.story.file.touch()
        self.story.read()
        for till in self.tills:
            till.lives = self.story.counts["till killed"] + self.sold
        self._until_up()

    def _make(self) -> None:
        for till in self.tills:
            till.home.folder.mkdir(exist_ok=True)
            make_kill_shop(till.home.place)
        self._until_up()
        for till, (store, number) in zip(self.tills, PLACES, strict=True):
            till.enrol(self.server.code(store, number))

    def _until_up(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while not self.server.is_up:
            if time.monotonic() > end:
                raise ChainFault("the server does not come up; its log says why")
            self.server.keep()
            time.sleep(0.05)

    # ------------------------------------------------------------------ the trouble

    def live(self, tell: Callable[[], None]) -> None:
        """Sell and break things until there was enough of both; `tell` is called often."""
        for till in self.tills:
            till.way.is_faulty = True
            till.start(self._elsewhere(till), self.plan.pause_s)
        while self.sold < self.plan.sales or not self._is_through():
            self._hear_all(0.05)
            self._pass_time()
            self._break_what_is_due()
            tell()

    def _is_through(self) -> bool:
        done = all(self.story.counts[each] >= self.plan.count(each) for each in get_args(Fault))
        return done and self._cut is None and self._mending is None

    def _elsewhere(self, till: LiveTill) -> list[str]:
        return [card for card, other in self.story.cards.items() if other != till.name]

    def _hear_all(self, seconds: float) -> None:
        pipes = {till.pipe: till for till in self.tills}
        for ready in multiprocessing.connection.wait(list(pipes), seconds):
            till = pipes[ready]
            said = till.hear()
            if said is None:
                raise ChainFault(f"{till.name} ended by itself: {till.process.exitcode}")
            self._take(till, said)
        for till in self.tills:
            if time.monotonic() - till.heard_s > PATIENCE_S:
                raise ChainFault(f"{till.name} hangs")

    def _take(self, till: LiveTill, said: dict[str, Any]) -> None:
        if "sold" in said:
            self.story.note(sold=said["sold"], till=till.name)
        elif "joined" in said:
            self.story.note(card=said["card"], till=till.name)
        elif "asked" in said:
            self.story.counts[f"{said['asked']}: {said['answered']}"] += 1
        elif "refunded" in said:
            self.story.counts["refunds"] += 1

    def _pass_time(self) -> None:
        now_s = time.monotonic()
        if now_s - self._ticked_s >= TICK_S:
            self._ticked_s = now_s
            self.clock.move(TICK_MS)
        if self._cut is None:
            return
        till, step, at_s = self._cut
        if now_s - at_s < self.plan.step_s:
            return
        self.clock.move(PARTITION_MS // PARTITION_STEPS)
        self._cut = (till, step + 1, now_s)
        if step + 1 == PARTITION_STEPS:
            till.way.mend()
            self._cut = None
            self.story.note(done="partition")

    def _break_what_is_due(self) -> None:
        if self._mending is not None and self._mending.done():
            self._mending.result()
            self._mending = None
        self.server.keep()
        if self._is_due("till killed"):
            self._kill_till(self._chance.choice(self.tills))
        if self._is_due("partition") and self._cut is None:
            till = self._chance.choice(self.tills)
            till.way.cut()
            self._cut = (till, 0, time.monotonic())
        # A kill is one only where something runs and has work.
        if self._mending is not None or not self.server.is_up:
            return
        if self._is_due("server killed"):
            self.server.kill()
            self.story.note(done="server killed")
        elif self._is_due("PostgreSQL killed"):
            self.postgres.kill()
            self.story.note(done="PostgreSQL killed")
            self._mending = self._hands.submit(self.postgres.start)

    def _is_due(self, fault: Fault) -> bool:
        return self.plan.is_due(fault, self.story.counts[fault], self.sold)

    def _kill_till(self, till: LiveTill) -> None:
        time.sleep(self._chance.uniform(0, 0.05))
        till.process.kill()
        while (said := till.hear()) is not None:
            self._take(till, said)
        till.process.join(PATIENCE_S)
        self.story.note(done="till killed")
        till.start(self._elsewhere(till), self.plan.pause_s)

    # ------------------------------------------------------------------ the end

    def finish(self) -> Held:
        """Everything is whole again, drains, and is compared. Raises ChainFault."""
        for till in self.tills:
            till.way.is_faulty = False
        self._until_up()
        for till in self.tills:
            self._end_selling(till)
        self._until_still()
        shown = [Shown(name=till.name, **till.ask(do="show")) for till in self.tills]
        for till in self.tills:
            till.tell(do="close")
            till.process.join(PATIENCE_S)
        held = held_by_server(self.postgres.url)
        wrong = faults(self.story.confirmed, shown, held, self.server.verify())
        if wrong:
            raise ChainFault(f"{len(wrong)} faults\n" + "\n".join(wrong[:40]))
        return held

    def _end_selling(self, till: LiveTill) -> None:
        till.tell(do="drain")
        while "pending" not in (said := till.hear() or {"pending": None}):
            self._take(till, said)
        if said["pending"] != 0:
            raise ChainFault(f"{till.name} still has {said['pending']} facts to send")

    def _until_still(self) -> None:
        """Until every till has heard everything, also what the server wrote of its own."""
        for _ in range(50):
            before = heads(self.postgres.url)
            for till in self.tills:
                cursors = till.ask(do="pull", heads=before)["cursors"]
                behind = {each: at for each, at in cursors.items() if at < before.get(each, 0)}
                if behind:
                    raise ChainFault(f"{till.name} does not hear of everything: {behind} {before}")
            time.sleep(1)
            if heads(self.postgres.url) == before:
                return
        raise ChainFault("the streams never come to rest")

    def closing_line(self, held: Held) -> str:
        """What was proved, with counts."""
        ways: Counter[str] = sum((till.way.counts for till in self.tills), Counter())
        counts = ", ".join(
            f"{name} {self.story.counts[name]}" for name in sorted(self.story.counts)
        )
        return (
            f"{self.sold} sales confirmed, each once on the server; {len(held.ops)} facts, "
            f"{len(held.accounts)} accounts equal to their replay and to what the tills show; "
            f"all digests equal. {counts}. On the way: "
            + ", ".join(f"{name} {count}" for name, count in sorted(ways.items()))
            + f". Answered: {dict(held.outcomes)}; exceptions: {dict(held.cases)}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and check; exit code 0 = nothing lost, nothing doubled, everybody agrees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, default=10_000)
    parser.add_argument(
        "--kills", default="200,50,20", metavar="T,S,P", help="of tills, server, PostgreSQL"
    )
    parser.add_argument("--partitions", type=int, default=20, help="of an hour each")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    keys_in_files()
    # Also in the background of a shell: what was begun is ended, and the next run goes on.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(1))
    tills, servers, databases = map(int, asked.kills.split(","))
    plan = Plan(asked.sales, tills, servers, databases, asked.partitions)
    with closing(ChainRun(asked.out.resolve(), plan, asked.seed)) as run:
        try:
            run.begin()
            run.live(_Progress(run).tell)
            closing_line = run.closing_line(run.finish())
        except ChainFault as fault:
            sys.stderr.write(f"{fault}\n")
            return 1
    sys.stdout.write(f"{closing_line}\n")
    return 0


class _Progress:
    """A line now and then."""

    def __init__(self, run: ChainRun) -> None:
        self._run, self._began_s, self._told_s = run, time.monotonic(), 0.0

    def tell(self) -> None:
        now_s = time.monotonic()
        if now_s - self._told_s < 10:
            return
        self._told_s = now_s
        counts = self._run.story.counts
        said = ", ".join(f"{each} {counts[each]}" for each in get_args(Fault))
        sys.stdout.write(f"{now_s - self._began_s:.0f} s: {self._run.sold} sales, {said}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
