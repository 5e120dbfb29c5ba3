"""Processor time of server and database: what a busy machine cannot blur.

Owns: counting it. Does not own: what is counted.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

import psutil  # type: ignore[import-untyped]  # its types are a package of their own

from tests.bench.chain_made import Office
from tests.sync.server.web.server_process import RunningServer


class Work:
    """From its making on, the connections opened later included."""

    def __init__(self, office: Office, server: RunningServer | None = None) -> None:
        self._pids = {
            "server": (server or office.server).process.pid,
            "postgres": office.postgres.pid,
        }
        self._before = {name: _worked(pid) for name, pid in self._pids.items()}

    def us_each(self, count: int) -> dict[str, int]:
        """Microseconds since the beginning, for each of so many."""
        return {
            name: round(sum((_worked(pid) - self._before[name]).values()) * 1e6 / count)
            for name, pid in self._pids.items()
        }


def _worked(pid: int | None) -> Counter[Any]:
    """Seconds of each process of a family, by its id and birth."""
    first = psutil.Process(pid)
    worked: Counter[Any] = Counter()
    for each in (first, *first.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # one of those that clean up behind the others
            times = each.cpu_times()
            worked[each.pid, each.create_time()] = times.user + times.system
    return worked
