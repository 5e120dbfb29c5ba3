"""Many days: `python -m tests.machine.run --examples 5000 --seed 1`.

Owns: drawing them, counting what they came to, and the exit code (1 where a day did not add up,
or the days were too quiet to prove anything). Does not own: the machine (day.py).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

STEPS = 30
TOLD_EVERY = 250
NEEDED = (
    "refund",
    "exchange",
    "held",
    "Z",
    "two tills",
    "by hand",
    "part back",
    "reward",
    "benefit",
)
"""A run means something where one day in twenty has come to each of them."""


def _tell(days: int) -> None:
    if days % TOLD_EVERY == 0:
        sys.stderr.write(f"{days} days\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the days; the first that does not add up is made small and printed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.machine.run",
        description="Invent whole days at one till or two and reckon every fen and point.",
        epilog="exit code 1: a day did not add up, or the days were too quiet",
    )
    parser.add_argument("--examples", type=int, default=5_000, help="how many days")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=STEPS, help="how long a day is at most")
    parser.add_argument("--as-found", action="store_true", help="do not make a bad day small")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.machine.day import AnyDay
    from tests.machine.selling import SEEN

    wanted = settings(
        max_examples=options.examples,
        stateful_step_count=options.steps,
        deadline=None,
        database=None,
        phases=(Phase.generate,) if options.as_found else (Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    began = time.monotonic()
    SEEN.tell = _tell
    try:
        run_state_machine_as_test(seed(options.seed)(AnyDay), settings=wanted)
    except Exception:  # noqa: BLE001 - whatever broke is what this run is for
        sys.stdout.write(traceback.format_exc())
        sys.stdout.write("a day did not add up\n")
        return 1
    quiet = [name for name in NEEDED if SEEN.what[name] * 20 < options.examples]
    told = ", ".join(f"{name} {count}" for name, count in sorted(SEEN.what.items()))
    minutes = (time.monotonic() - began) / 60
    sys.stdout.write(f"{SEEN.days} days, {SEEN.steps} steps looked at: {told}; {minutes:.1f} min\n")
    if quiet:
        sys.stdout.write(f"too quiet: {', '.join(quiet)}\n")
    return 1 if quiet else 0


if __name__ == "__main__":
    sys.exit(main())
