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
from pathlib import Path
from random import Random
from typing import Any, Protocol

from app.commands.bench.at_the_till import LINES, a_pull
from app.commands.bench.big_shop import PIN, BigShop
from app.commands.bench.figures import Figure, median_ms, percentile_ms
from app.store.opening import OpenStore

READY = "ready"
_QUIET = {"QT_LOGGING_RULES": "qt.multimedia.*=false"}


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
    _say({READY: True, "resident_mb": resident_mb()})
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
    """Start the till as a process, twice (the first fills the disk cache), and hear it."""
    command = [*program, "bench", "--window", str(scans), "--dir", str(folder)]
    starts = [_start(command) for _ in range(2)]
    cold_ms, ready, scanned = min(starts, key=lambda start: start[0])
    memory = ready["resident_mb"]
    times = [time_ns for _, _, said in starts for time_ns in said["scans"]]
    figures = [
        Figure("cold_start", cold_ms, 1_500, "ms", {"starts": len(starts), **_platform()}),
        Figure(
            "scan_on_screen",
            percentile_ms(times, 0.99),
            50,
            "ms",
            {
                "median_ms": median_ms(times),
                "unit_of_100_accounts_ms": scanned["unit_ms"],
                "scans": len(times),
                **_platform(),
            },
        ),
        Figure("gui_blocked", max(said["longest_ms"] for _, _, said in starts), 50, "ms"),
    ]
    if memory is not None:
        after = {"after_scans_mb": scanned["resident_mb"]}
        figures.insert(1, Figure("memory", memory, 250, "MB", after))
    return figures


def _platform() -> dict[str, str]:
    return {"platform": os.environ.get("QT_QPA_PLATFORM", "offscreen")}


def _start(command: Sequence[str]) -> tuple[float, dict[str, Any], dict[str, Any]]:
    """(milliseconds to a usable till, what it said then, what it said at the end)."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **_QUIET, **os.environ}
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            ready = _hear(process)
            took_ms = (time.perf_counter() - begun) * 1e3
            return took_ms, ready, _hear(process)
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
