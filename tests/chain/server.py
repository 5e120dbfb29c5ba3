"""The central server of a run: `main.py server` as a process, started again whenever it is gone.

Owns: that process, one-time codes, `server verify`. Does not own: what it does.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import main
from app.store.folders import KEY_FILE_VARIABLE

ROOT = Path(__file__).resolve().parents[2]


class ChainServer:
    """Listens on `port` over the PostgreSQL at `url`. `close()` it."""

    def __init__(self, folder: Path, url: str, clock_file: Path, port: int) -> None:
        self._folder, self._url, self._clock_file, self.port = folder, url, clock_file, port
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Start it if it does not run: a database that was away may have ended it."""
        if self._process is None or self._process.poll() is not None:
            with self._folder.with_suffix(".log").open("ab") as log:
                self._process = subprocess.Popen(
                    self._line("--listen", f"127.0.0.1:{self.port}"),
                    cwd=ROOT,
                    env=self._world(),
                    stdout=log,
                    stderr=log,
                )

    @property
    def is_up(self) -> bool:
        """Whether somebody listens."""
        with socket.socket() as knock:
            return knock.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def kill(self) -> None:
        """As a power cut."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    close = kill

    def code(self, store: int, till: int) -> str:
        """A one-time code, as head office reads it out."""
        exit_code, said = self._run("enrol-code", "--store", str(store), "--till", str(till))
        assert exit_code == 0, said
        return said.strip()

    def verify(self) -> dict[str, Any]:
        """`server verify --json`: every account folded anew, in one thread, from the facts."""
        exit_code, said = self._run("verify", "--json")
        found: dict[str, Any] = json.loads(said)
        return found | {"exit": exit_code}

    def _run(self, *words: str) -> tuple[int, str]:
        """A command beside the server. In this process: it has imported everything already."""
        at = ("--dir", str(self._folder), "--database", self._url)
        with redirect_stdout(StringIO()) as said, redirect_stderr(StringIO()):
            exit_code = main.main(["server", *words, *at])
        return exit_code, said.getvalue()

    def _line(self, *words: str) -> list[str]:
        here = ("--dir", str(self._folder))
        clock = str(self._clock_file)
        return [sys.executable, "-m", "tests.chain.server_child", clock, *words, *here]

    def _world(self) -> dict[str, str]:
        named = {"ZHANGGUI_DATABASE": self._url, KEY_FILE_VARIABLE: "test"}
        return os.environ | named | {"LC_ALL": "en_GB.UTF-8"}


def free_port() -> int:
    """One that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
