"""The demo of two tills: two stores with a till each and their server, all on this machine.

Owns: making them (the second store knows nobody yet), starting server and second window as
processes of their own, ending both with the first. Does not own: the history (making.py), the
server (its command), the switch that pulls a cable (the sync centre shows it where CABLE lies).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from app.commands.demo.history import HistoryClock
from app.commands.demo.making import STORE, DemoFiles, demo_settings, hand_over, prepare
from app.commands.openings import NOT_POSSIBLE, OpenShop, ShopForCommand
from app.domain.server_answer import Enrolled
from app.domain.settings import Language, Settings
from app.services.enrolment import enrol
from app.services.ports import Clock
from app.services.staff import sign_out
from app.store.folders import Folders
from app.store.place import CABLE
from app.wording import Wording

FIRST, SECOND, OFFICE, PORT = "first", "second", "office", "port"
"""What lies in the demo's folder: two homes of tills, the server's, and where it listens."""
OTHER_STORE: dict[Language, tuple[str, str]] = {
    "zh_CN": ("海淀店", "中关村大街 27 号"), "en": ("Haidian", "27 Zhongguancun Street"),
}  # fmt: skip
PATIENCE_S = 60
END_S = 15

NewShop = Callable[[Path, Settings, Clock], AbstractContextManager[ShopForCommand]]


@dataclass(frozen=True, slots=True)
class TwoRoom:
    """What making and running them needs."""

    files: DemoFiles
    new_shop: NewShop
    open_shop: OpenShop
    program: Sequence[str]
    """How this program is started again."""


class NoServerStarted(Exception):
    """The server does not listen: its port is taken, or it ended by itself."""


def make_two(
    folder: Path, language: Language, room: TwoRoom, tell_first: Callable[[Path], None],
    now: datetime,
) -> None:  # fmt: skip
    """Into an empty folder; `tell_first` makes the first store with its year of history."""
    tell_first(folder / FIRST)
    _make_second(folder / SECOND, language, room, now)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    (folder / PORT).write_text(f"{port}\n", encoding="ascii")
    rules = folder / "rules.toml"
    rules.write_text(room.files.rules(), encoding="utf-8")
    _server(room, folder, "publish", "--program", str(rules))
    codes = [_code(room, folder, number + 1, language) for number in range(2)]
    with server_running(folder, room.program):
        for home, code in zip((FIRST, SECOND), codes, strict=True):
            _enrol(room, folder / home, url_of(folder), code)


def _make_second(home: Path, language: Language, room: TwoRoom, now: datetime) -> None:
    """A new store with the same goods, rules and people: its members are those of the chain."""
    name, address = OTHER_STORE[language]
    settings = msgspec.structs.replace(
        demo_settings(language), store_name=name, store_address=address
    )
    with room.new_shop(home, settings, HistoryClock(now)) as opened:
        shop, lane = opened.shop, opened.lane
        badges = prepare(shop=shop, lane=lane, files=room.files, language=language)
        hand_over(shop=shop, lane=lane, badge=badges.cashier)
        lane.run(lambda work: sign_out(shop=shop, work=work))


def _enrol(room: TwoRoom, home: Path, url: str, code: str) -> None:
    with room.open_shop(home) as opened:
        answer = enrol(shop=opened.shop, address=url, code=code)
        if not isinstance(answer, Enrolled):
            raise TypeError(f"the demo's own till was not let in: {answer!r}")
    (Folders.of(home).data / CABLE).touch()


def _code(room: TwoRoom, folder: Path, store: int, language: Language) -> str:
    name = (STORE, OTHER_STORE)[store - 1][language][0]
    place = ("--store", str(store), "--till", "1", "--store-name", name)
    return _server(room, folder, "enrol-code", *place).strip()


def _server(room: TwoRoom, folder: Path, *words: str) -> str:
    """One command of the server, as its owner types it; what it says."""
    done = subprocess.run(
        _server_command(room.program, folder, *words),
        capture_output=True, text=True, encoding="utf-8", check=True, env=_world(),
    )  # fmt: skip
    return done.stdout


def _server_command(program: Sequence[str], folder: Path, *words: str) -> list[str]:
    return [*program, "server", *words, "--dir", str(folder / OFFICE)]


def _world() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1"}


# ------------------------------------------------------------------ running


def url_of(folder: Path) -> str:
    """Where the demo's server listens."""
    return f"http://127.0.0.1:{_port(folder)}"


def _port(folder: Path) -> int:
    return int((folder / PORT).read_text("ascii"))


def run_two(
    folder: Path,
    language: str,
    program: Sequence[str],
    open_first: Callable[[], int],
    wording: Wording,
) -> int:
    """Both windows and the server, until the first window is closed; its exit code."""
    second = [*program, "demo", "--open", str(folder / SECOND), "--lang", language]
    try:
        with server_running(folder, program), _running(second, folder / "second.log"):
            return open_first()
    except NoServerStarted:
        said = wording.t(
            "The demo's server cannot listen at {address}: end the program that does, or make the "
            "demo anew with --again.",
            address=url_of(folder),
        )
        print(said, file=sys.stderr)
        return NOT_POSSIBLE


@contextmanager
def server_running(folder: Path, program: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """The server of the demo, from when it listens. Raises NoServerStarted."""
    if _answers(_port(folder)):
        raise NoServerStarted
    words = ("--listen", f"127.0.0.1:{_port(folder)}", "--tied")
    with _running(_server_command(program, folder, *words), folder / "office.log") as process:
        end = time.monotonic() + PATIENCE_S
        while not _answers(_port(folder)):
            if process.poll() is not None or time.monotonic() > end:
                raise NoServerStarted
            time.sleep(0.05)
        yield process


def _answers(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _running(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own that ends with this one, also where this one is killed: it holds the
    other end of its input."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, env=_world(), stdin=subprocess.PIPE, stdout=said, stderr=said
        )
    assert process.stdin is not None, "it was asked for"
    try:
        yield process
    finally:
        process.stdin.close()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def end_with_input() -> None:
    """End this program, as a power cut does, once whoever started it has ended."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    threading.Thread(target=wait, name="demo-tied", daemon=True).start()
