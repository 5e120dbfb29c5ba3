"""The window's budgets, in a process of its own: cold start, memory, scan to screen, no block.

Owns: what that process does once its window is open, and reading its answer from outside.
Does not own: the window (handed in as `Watched`), Qt. Offscreen unless a platform is chosen.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Protocol

from app.commands.bench.at_the_till import LINES, a_pull
from app.commands.bench.big_shop import PIN, BigShop
from app.commands.bench.figures import Figure, median_ms, percentile_ms
from app.store.opening import OpenStore

READY = "ready"
STARTS = 3
_NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}


class Watched(Protocol):
    """An open window under a stopwatch (ui/stopwatch.py)."""

    def wait_until_open(self) -> None: ...
    def sign_in(self, pin: str) -> None: ...
    def clear(self) -> None: ...
    def scan_ns(self, code: str) -> int: ...
    def begin_beat(self) -> None: ...
    def end_beat_ns(self) -> int: ...


WatchWindow = Callable[[Path, Callable[[Watched, OpenStore], None]], int]
"""Open the window of a folder, hand it over once it is shown, close it; the exit code."""


def resident_mb() -> float | None:
    """What this process holds in memory now; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


# ------------------------------------------------------------------ inside the process


def serve_window(big: BigShop, scans: int, watched: Watched, store: OpenStore) -> None:
    """Say when the till is usable, then scan during a pull; one JSON line each."""
    watched.wait_until_open()
    _say({READY: True, "resident_mb": resident_mb(), "cpu_ms": time.process_time() * 1e3})
    watched.sign_in(PIN)
    people, chance, times = big.people(), Random(5), list[int]()
    with a_pull(store.lane, people) as pull:
        watched.begin_beat()
        for number in range(scans):
            if number % LINES == 0:
                watched.clear()
                times.append(watched.scan_ns(chance.choice(people).card))
            times.append(watched.scan_ns(big.barcode(chance.randrange(10**9))))
        longest = watched.end_beat_ns()
    _say(
        {
            "scans": times,
            "longest_ms": longest / 1e6,
            "unit_ms": median_ms(pull),
            "resident_mb": resident_mb(),
        }
    )


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


# ------------------------------------------------------------------ outside


def measure_window(program: Sequence[str], folder: Path, *, scans: int) -> list[Figure]:
    """Start the till as a process, again and again, and hear it.

    The first start is not counted: it leaves the bytecode and the disk cache every later one
    finds, as on a till that was installed yesterday.
    """
    command = [*program, "bench", "--window", str(scans), "--dir", str(folder)]
    environment = _environment(folder)
    starts = [_start(command, environment) for _ in range(STARTS + 1)][1:]
    cold = sorted(start.took_ms for start in starts)
    times = [time_ns for start in starts for time_ns in start.scanned["scans"]]
    platform = environment["QT_QPA_PLATFORM"]
    on_screen = {
        "median_ms": median_ms(times),
        "unit_of_100_accounts_ms": starts[-1].scanned["unit_ms"],
        "scans": len(times),
        "platform": platform,
    }
    ready_cpu = min(start.ready["cpu_ms"] for start in starts)
    figures = [
        Figure(
            "cold_start",
            cold[len(cold) // 2],
            1_500,
            "ms",
            {"starts": len(cold), "fastest_ms": cold[0], "cpu_ms": ready_cpu, "platform": platform},
        ),
        Figure("scan_on_screen", percentile_ms(times, 0.99), 50, "ms", on_screen),
        Figure("gui_blocked", max(start.scanned["longest_ms"] for start in starts), 50, "ms"),
    ]
    memory = [start.ready["resident_mb"] for start in starts]
    if None not in memory:
        after = {"after_scans_mb": max(start.scanned["resident_mb"] for start in starts)}
        figures.insert(1, Figure("memory", max(memory), 250, "MB", after))
    return figures


def _environment(folder: Path) -> dict[str, str]:
    """As a shop starts its till: with bytecode, here kept beside the made shop."""
    kept = {name: value for name, value in os.environ.items() if name not in _NO_BYTECODE}
    wanted = {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.multimedia.*=false"}
    return {**wanted, **kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


@dataclass(frozen=True, slots=True)
class _Start:
    """One life of the process: how long until it was usable, what it said then and at the end."""

    took_ms: float
    ready: dict[str, Any]
    scanned: dict[str, Any]


def _start(command: Sequence[str], environment: dict[str, str]) -> _Start:
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            ready = _hear(process)
            took_ms = (time.perf_counter() - begun) * 1e3
            return _Start(took_ms, ready, _hear(process))
        except BaseException:
            process.kill()
            raise


def _hear(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise ChildProcessError(f"the window ended with {process.wait()}: {sys.executable}")
    said: dict[str, Any] = json.loads(line)
    return said
