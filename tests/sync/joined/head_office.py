"""Head office: the real server as a process of its own, on a port of this machine.

Owns: starting it as `main.py server` does, one-time codes, killing it and starting it again.
Does not own: what it answers.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from app.store.folders import KEY_FILE_VARIABLE
from tests.sync.server.web.server_process import answer_here

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 60


class HeadOffice:
    """A server in a folder; `close()` it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def code(self, store: int, till: int) -> str:
        """A one-time code for a till, as the owner reads it out."""
        at = ("--store", str(store), "--till", str(till), "--store-name", "人民路店")
        said = answer_here(self._command("enrol-code", *at), self._world())
        assert said.exit_code == 0, said.err
        return said.out.strip()

    def verify(self) -> int:
        """The exit code of `server verify`: every balance made anew and compared."""
        return answer_here(self._command("verify"), self._world()).exit_code

    def open(self) -> None:
        """Begin to listen; answers when it does."""
        self._process = subprocess.Popen(
            self._command("--listen", f"127.0.0.1:{self._port}"), env=self._world(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        for _ in range(PATIENCE_S * 20):
            assert self._process.poll() is None, "the server ended by itself"
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the server does not listen")

    def close(self) -> None:
        """End it as a power cut does."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, str(ROOT / "main.py"), "server", *words, "--dir", str(self._folder)]

    def _world(self) -> dict[str, str]:
        return {**os.environ, KEY_FILE_VARIABLE: "test", "LC_ALL": "en_GB.UTF-8"}
