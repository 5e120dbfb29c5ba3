"""`main.py simulate`: many worlds, each from its seed, until one of them shows a fault.

Owns: which seeds, on how many processes, what is written down, going on where it stopped, the
sentence at the end. Does not own: a world (sync/simulation), the files in it (handed in).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from app.wording import N_, Wording
from sync.commands.exit import BAD_INPUT, NOT_POSSIBLE, OK
from sync.simulation.mutant import MUTANTS
from sync.simulation.ports import Room
from sync.simulation.profile import BY_NAME, PROFILES, Profile
from sync.simulation.scenario import Result, Templates, run_seed
from sync.simulation.shrink import regression, shrunk

SAYS = N_("Let made-up chains of shops live through every kind of trouble, and add up the points.")
EXAMPLE = N_("Example: main.py simulate --seeds 1..100 --profile storm --jobs 2")
LEAST = {"tills": 3, "stores": 2, "hours": 48, "facts": 150, "faults": 10}
"""A run that is easier than this on average proves nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for."""

    seeds: range
    profiles: tuple[str, ...]
    mutant: str | None
    jobs: int
    log: Path | None
    resume: bool
    trace: bool


def run(arguments: Sequence[str], *, room: ModuleType, wording: Wording) -> int:
    """Run the seeds; 0 where nothing was violated (of a mutant: where it was found)."""
    wanted = _wanted(arguments, wording)
    if isinstance(wanted, int):
        return wanted
    done = _known(wanted) if wanted.resume else []
    todo = _todo(wanted, {(each.profile, each.seed) for each in done})
    log = None if wanted.log is None else wanted.log.open("a", encoding="utf-8")
    if log is not None:
        print(json.dumps({"commit": _commit(), "mutant": wanted.mutant}), file=log, flush=True)
    began = time.monotonic()
    fresh = 0
    with closing(_results(room.ROOM, wanted, todo)) as results:
        for result in results:
            done.append(result)
            fresh += 1
            if log is not None:
                print(json.dumps(_row(result), ensure_ascii=False), file=log, flush=True)
            _progress(len(done), len(done) - fresh + len(todo), sum(not r.is_good for r in done))
            if not result.is_good:
                _say(result, room.ROOM, wanted, wording)
                if wanted.mutant:
                    break
    print(file=sys.stderr)
    if log is not None:
        log.close()
    return _summed_up(done, fresh / max(time.monotonic() - began, 0.001), wanted, wording)


def _wanted(arguments: Sequence[str], wording: Wording) -> Wanted | int:
    parser = argparse.ArgumentParser(
        prog="main.py simulate", description=wording.t(SAYS), epilog=wording.t(EXAMPLE)
    )
    add = parser.add_argument
    add("--seeds", default="1..20", help=wording.t("from..to, both included"))
    add("--profile", default="all", choices=["all", *BY_NAME], help=wording.t("how bad it gets"))
    add("--mutant", choices=sorted(MUTANTS), help=wording.t("plant this mistake; it must be found"))
    add("--jobs", type=int, default=os.cpu_count() or 1, help=wording.t("processes at a time"))
    add("--log", type=Path, help=wording.t("a file to write every seed to"))
    add("--resume", action="store_true", help=wording.t("leave out the seeds in the log"))
    add("--trace", action="store_true", help=wording.t("show what happened last"))
    given = parser.parse_args(arguments)
    first, _, last = given.seeds.partition("..")
    if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
        print(wording.t("--seeds: two numbers as in 1..100"), file=sys.stderr)
        return BAD_INPUT
    if given.resume and given.log is None:
        print(wording.t("--resume: name the log with --log"), file=sys.stderr)
        return BAD_INPUT
    profiles = tuple(PROFILES) if given.profile == "all" else (given.profile,)
    if given.mutant and given.profile == "all":
        profiles = (MUTANTS[given.mutant].profile,)
    seeds = range(int(first), int(last) + 1)
    return Wanted(
        seeds, profiles, given.mutant, max(1, given.jobs), given.log, given.resume, given.trace
    )


def _todo(wanted: Wanted, known: set[tuple[str, int]]) -> list[tuple[str, int]]:
    """Each seed in one profile, by turns: a hundred seeds see them all."""
    pairs = [(wanted.profiles[seed % len(wanted.profiles)], seed) for seed in wanted.seeds]
    return [pair for pair in pairs if pair not in known]


def _results(
    room: Room, wanted: Wanted, todo: list[tuple[str, int]]
) -> Generator[Result, None, None]:
    if wanted.jobs == 1:
        for name, seed in todo:
            yield one_seed(room, name, seed, wanted.mutant)
        return
    # Not by `with`: at its end it takes back that what waits is cancelled.
    pool = ProcessPoolExecutor(wanted.jobs)
    try:
        waiting = [pool.submit(one_seed, room, name, seed, wanted.mutant) for name, seed in todo]
        for each in waiting:
            yield each.result()
    finally:
        pool.shutdown(cancel_futures=True)


def one_seed(room: Room, profile: str, seed: int, mutant: str | None) -> Result:
    """One world, in this process."""
    plant = None if mutant is None else MUTANTS[mutant].plant
    return run_seed(seed, BY_NAME[profile], _templates(room), plant)


_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


_MADE: list[Templates] = []


def _templates(room: Room) -> Templates:
    """Made once in each process."""
    if not _MADE:
        _FOLDERS.append(tempfile.TemporaryDirectory(prefix="zhanggui-worlds-"))
        _MADE.append(Templates(room, Path(_FOLDERS[-1].name) / "made"))
    return _MADE[0]


# ---------------------------------------------------------------------- what is written down


def _row(result: Result) -> dict[str, object]:
    names = ("seed", "profile", "violated", "tills", "stores", "hours", "facts", "faults")
    return {name: getattr(result, name) for name in names} | {"print": result.fingerprint}


def _known(wanted: Wanted) -> list[Result]:
    """What the log says of the seeds asked for."""
    if wanted.log is None or not wanted.log.exists():
        return []
    found = []
    for line in wanted.log.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "seed" in row and row["seed"] in wanted.seeds and row["profile"] in wanted.profiles:
            fingerprint = row.pop("print")
            found.append(Result(**row, fingerprint=fingerprint))
    return found


def _commit() -> str:
    """Of this program, where it runs out of its repository."""
    folder = Path(__file__).parent
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            cwd=folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return said.stdout.strip()


def _progress(done: int, all_: int, bad: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{all_}  {bad} x", end="", file=sys.stderr, flush=True)


def _say(result: Result, room: Room, wanted: Wanted, wording: Wording) -> None:
    print(f"\n{result.profile} {result.seed}: {result.violated}")
    if wanted.trace:
        print("\n".join(result.trace))
    if wanted.mutant is None:
        again = f"main.py simulate --seeds {result.seed}..{result.seed} --profile {result.profile}"
        print(wording.t("To see it again: {command}").format(command=f"{again} --trace"))
        print(smallest(room, BY_NAME[result.profile], result))


def smallest(room: Room, profile: Profile, result: Result) -> str:
    """The failing world made as small as it still fails, as a line to keep."""
    found = shrunk(
        result.seed, profile, lambda tried: run_seed(result.seed, tried, _templates(room))
    )
    return regression(result.seed, profile, found)


def _summed_up(done: list[Result], pace: float, wanted: Wanted, wording: Wording) -> int:
    bad = [each for each in done if not each.is_good]
    if not done:
        print(wording.t("There was nothing to do."))
        return OK
    means = {name: sum(getattr(r, name) for r in done) / len(done) for name in LEAST}
    said = ", ".join(f"{name} {value:.1f}" for name, value in means.items())
    print(
        wording.t("{seeds} seeds, {bad} violated, {pace} seeds/s; on average {means}").format(
            seeds=len(done), bad=len(bad), pace=f"{pace:.2f}", means=said
        )
    )
    if wanted.mutant:
        print(wording.t("The mistake was found.") if bad else wording.t("It was NOT found."))
        return OK if bad else NOT_POSSIBLE
    easy = [name for name, least in LEAST.items() if means[name] < least]
    if easy:
        print(wording.t("Too easy to prove anything: {what}").format(what=", ".join(easy)))
    return NOT_POSSIBLE if bad or easy else OK
