"""Processor time of server and database: what a busy machine cannot blur.

Owns: counting it. Does not own: what is counted.
"""

from __future__ import annotations

from typing import Any

import psutil  # type: ignore[import-untyped]  # its types are a package of their own

from tests.bench.chain_made import Office
from tests.sync.server.web.server_process import RunningServer


class Work:
    """From its making on."""

    def __init__(self, office: Office, server: RunningServer | None = None) -> None:
        self._server = _family((server or office.server).process.pid)
        self._database = _family(office.postgres.pid)
        self._before = self._now()

    def us_each(self, count: int) -> dict[str, int]:
        """Microseconds since the beginning, for each of so many."""
        return {
            name: round((now - self._before[name]) * 1e6 / count)
            for name, now in self._now().items()
        }

    def _now(self) -> dict[str, float]:
        return {
            "server": sum(map(_worked, self._server)),
            "postgres": sum(map(_worked, self._database)),
        }


def _family(pid: int | None) -> list[Any]:
    first = psutil.Process(pid)
    return [first, *first.children(recursive=True)]


def _worked(process: Any) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # one of those that clean up behind the others
        return 0.0
    return float(times.user + times.system)
