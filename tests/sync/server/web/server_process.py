"""`main.py server` as real processes, and its other commands beside it.

Owns: starting, asking, stopping and killing it. Does not own: what is asserted.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
import requests
from urllib3 import Retry

from app.store.folders import KEY_FILE_VARIABLE
from main import main
from sync.protocol import Enrolled, decoded
from tests.sync.server.web.served import Caller

ROOT = Path(__file__).resolve().parents[4]
WAIT_S = 90


@dataclass(frozen=True, slots=True)
class Answered:
    """What a command ended with and what it printed."""

    exit_code: int
    out: str
    err: str


def answer_here(line: Sequence[str], environment: Mapping[str, str]) -> Answered:
    """A command line of Python in this process: one of its own would load everything once more."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as here, redirect_stdout(out), redirect_stderr(err):
        for name, value in environment.items():
            here.setenv(name, value)
        exit_code = main(list(line[2:]))
    return Answered(exit_code, out.getvalue(), err.getvalue())


@dataclass(frozen=True, slots=True)
class ServerHome:
    """Where a server lies; `url` None = the embedded file."""

    folder: Path
    url: str | None = None

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one of the server's commands to its end."""
        return subprocess.run(
            self._line(*words),
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=WAIT_S,
            check=False,
        )

    def answer(self, *words: str) -> Answered:
        """The same in this process."""
        return answer_here(self._line(*words), self._environment())

    def code(self, *, store: int = 1, till: int = 1, more: tuple[str, ...] = ()) -> str:
        """What `enrol-code` prints."""
        said = self.answer("enrol-code", "--store", str(store), "--till", str(till), *more)
        assert said.exit_code == 0, said.err
        return said.out.strip()

    @contextmanager
    def serving(self, *words: str, trusting: Path | None = None) -> Iterator[RunningServer]:
        """The server until the block ends; then it is asked to stop, and must."""
        port = free_port()
        address = f"127.0.0.1:{port}"
        log = self.folder.with_suffix(".log")
        with log.open("ab") as heard:
            process = subprocess.Popen(
                self._line("--listen", address, *words),
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.PIPE if "--tied" in words else None,
                stdout=heard,
                stderr=heard,
                start_new_session=True,
            )
            scheme = "https" if trusting else "http"
            running = RunningServer(process, f"{scheme}://{address}", log)
            try:
                running.wait_until_it_answers(trusting)
                yield running
            finally:
                running.stop()

    def _line(self, *words: str) -> list[str]:
        return [sys.executable, "main.py", "server", *words, "--dir", str(self.folder)]

    def _environment(self) -> dict[str, str]:
        named = {"ZHANGGUI_DATABASE": self.url} if self.url else {}
        return os.environ | {KEY_FILE_VARIABLE: "test", "LANG": "en_GB.UTF-8"} | named


@dataclass(frozen=True, slots=True)
class RunningServer:
    """One that listens."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def wait_until_it_answers(self, trusting: Path | None = None) -> None:
        session = requests.Session()
        verify = True if trusting is None else str(trusting)
        # It needs a moment to import everything: knock until somebody opens.
        knocks = Retry(
            total=None, connect=900, read=10, other=10, backoff_factor=0.1, backoff_max=0.2
        )
        session.mount(self.url, requests.adapters.HTTPAdapter(max_retries=knocks))
        try:
            assert session.get(f"{self.url}/health", timeout=WAIT_S, verify=verify).ok
        except requests.RequestException as error:
            raise AssertionError(self.log.read_text(encoding="utf-8")) from error

    def enrolled(
        self, home: ServerHome, *, store: int = 1, till: int = 1
    ) -> tuple[Caller, Enrolled]:
        """A till that came in by a code of the command line, and proved itself."""
        caller = Caller(self.url)
        answer = caller.post("/enrol", caller.machine.asks(home.code(store=store, till=till)))
        assert answer.status_code == 200, answer.text
        caller.prove()
        return caller, decoded(answer.content, Enrolled)

    @property
    def workers(self) -> set[int]:
        """The processes it started that serve; Python has helpers of its own besides."""
        first = self.process.pid
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        lines = {int(each): Path(f"/proc/{each}/cmdline").read_bytes() for each in children}
        return {each for each, line in lines.items() if b"spawn_main" in line}

    def leave(self) -> None:
        """Whoever started it has ended: a tied server hears that."""
        assert self.process.stdin is not None, "it is not tied"
        self.process.stdin.close()

    def kill(self) -> None:
        """As a power cut: with all its workers."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(WAIT_S)

    def stop(self) -> None:
        """As Ctrl+C. One that does not stop is killed and is a fault."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


def is_gone(pid: int) -> bool:
    """Whether no such process works any more; one nobody waited for is as good as gone."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
