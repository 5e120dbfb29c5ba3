"""A till of the chain from outside: its process, its messages, and the story of all of them.

Owns: starting a life on the same files, hearing what it confirms, what stays written of a run.
Does not own: that life (till.py), when it is killed (run.py).
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chain.till import Day, Home, join_chain, live
from tests.chain.way import Way

PATIENCE_S = 180
QUIET_S = 600

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.chain.till"])


class ChainFault(AssertionError):
    """Something that must never be was found; the message names all of it."""


@dataclass
class LiveTill:
    """One till of the chain: its files, its way, and the process that is alive now."""

    name: str
    home: Home
    way: Way
    seed: str
    lives: int = 0
    process: Any = None
    pipe: Any = None
    heard_s: float = 0.0

    def start(self, elsewhere: Sequence[str], pause_s: float) -> None:
        """A new life on the same files."""
        self.lives += 1
        day = Day(f"{self.seed} {self.lives}", tuple(elsewhere), pause_s)
        self._begin(live, self.home, day)

    def enrol(self, code: str) -> dict[str, Any]:
        """Through its way, so that everything later goes there too."""
        self._begin(join_chain, self.home, f"http://127.0.0.1:{self.way.port}", code)
        said = self.hear()
        self.process.join(PATIENCE_S)
        if said is None or self.process.exitcode != 0:
            raise ChainFault(f"{self.name} could not enrol: {self.process.exitcode}")
        return said

    def _begin(self, target: Callable[..., None], *arguments: object) -> None:
        self.pipe, theirs = _FORKS.Pipe()
        self.process = _FORKS.Process(target=target, args=(*arguments, theirs))
        self.process.start()
        theirs.close()
        self.heard_s = time.monotonic()

    def hear(self) -> dict[str, Any] | None:
        """The next message; None when it is gone and has said everything."""
        if not self.pipe.poll(QUIET_S):
            raise ChainFault(f"{self.name} hangs")
        try:
            said: dict[str, Any] = json.loads(self.pipe.recv_bytes())
        except (EOFError, ConnectionResetError):
            return None
        self.heard_s = time.monotonic()
        return said

    def ask(self, **word: object) -> dict[str, Any]:
        """One word to a till that sells no more, and its answer."""
        self.tell(**word)
        said = self.hear()
        if said is None:
            raise ChainFault(f"{self.name} died at {word['do']}")
        return said

    def tell(self, **word: object) -> None:
        self.pipe.send_bytes(json.dumps(word).encode())


@dataclass
class Story:
    """What was confirmed and what was done, also by earlier runs in the same folder."""

    file: Path
    confirmed: set[str] = field(default_factory=set)
    cards: dict[str, str] = field(default_factory=dict)
    """card -> the till it was given at."""
    counts: Counter[str] = field(default_factory=Counter)

    def read(self) -> None:
        for line in self.file.read_text("utf-8").splitlines():
            self._take(json.loads(line))

    def note(self, **what: object) -> None:
        """Once written it counts."""
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")
        self._take(what)

    def _take(self, what: dict[str, Any]) -> None:
        if "sold" in what:
            if what["sold"] in self.confirmed:
                raise ChainFault(f"confirmed twice: {what['sold']}")
            self.confirmed.add(what["sold"])
        elif "card" in what:
            self.cards[what["card"]] = what["till"]
        else:
            self.counts[what["done"]] += 1
