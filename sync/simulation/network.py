"""The network of a world: it loses, delays, doubles, swaps, cuts, and lies.

Owns: carrying a request to the server and its answer back, partitions per till. Does not own: what
is in them, trying again (sync.core decides that).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sync.errors import Garbled, SyncError, Unreachable
from sync.simulation.profile import Profile
from sync.simulation.world import SECOND_MS, World

TIMEOUT_MS = 30 * SECOND_MS
"""After this a till gives up waiting, as transport.py does."""

Heard: TypeAlias = "bytes | Failed"
Reply = Callable[[Heard], None]
Serve = Callable[[Reply], None]
"""What the server makes of the request, now or later (a long poll). It may crash (ServerDied)."""


class ServerDied(Exception):
    """The server's process ended while it worked; whether it had committed is its secret."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The request came to nothing that the till could hear."""

    error: SyncError


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, by the public key of the machine."""

    device: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """Whose request it is, what it is, and how long the server may dwell on it."""

    device: str
    what: str
    wait_ms: int = 0


class Network:
    """All lines of a world. A till's line is cut while its partition lasts."""

    def __init__(self, world: World, profile: Profile) -> None:
        self._world = world
        self._profile = profile
        self._cut_until_ms: dict[str, int] = {}
        self.is_healed = False
        """Nothing breaks any more: the run drains."""

    def begin(self, device: str) -> None:
        """Let partitions come to this till's line from now on."""
        every = self._profile.partition_every_ms
        if every is None or self.is_healed:
            return
        wait_ms = round(self._world.chance.expovariate(1 / every))
        self._world.after(wait_ms, f"{device}: partition", lambda: self._cut(device))

    def heal(self) -> None:
        """All lines work from now on, without loss."""
        self.is_healed = True
        self._cut_until_ms.clear()

    def is_cut(self, device: str) -> bool:
        """Whether this till reaches nobody now."""
        return self._world.now_ms < self._cut_until_ms.get(device, 0)

    def request(self, line: Line, serve: Serve, hear: Reply) -> None:
        """Carry a request there and its answer back; `hear` is called exactly once."""
        call = _Call(self, self._world, line, serve, hear)
        device, what = line.device, line.what
        self._world.after(TIMEOUT_MS + line.wait_ms, f"{device}: {what} given up", call.time_out)
        if self.is_cut(device) or self._lost(self._profile.request_lost, what):
            return
        if self._lost(self._profile.foreign_page, f"{what} to a proxy"):
            self._world.after(self.delay_ms(), f"{device}: page of a proxy", call.garbled)
            return
        self._world.after(self.delay_ms(), f"{device}: {what} arrives", call.arrive)
        if self._lost(self._profile.request_doubled, f"{what} doubled"):
            self._world.after(self.delay_ms(), f"{device}: {what} again", call.arrive)

    def answer_is_lost(self, device: str, what: str) -> bool:
        """Whether an answer on its way back is lost, by chance or by a partition."""
        return self.is_cut(device) or self._lost(self._profile.answer_lost, f"answer to {what}")

    def answer_is_cut(self, what: str) -> bool:
        """Whether only a part of an answer comes."""
        return self._lost(self._profile.answer_cut, f"answer to {what} cut")

    def delay_ms(self) -> int:
        """One way."""
        return self._world.chance.randint(*self._profile.delay_ms)

    def _lost(self, share: float, what: str) -> bool:
        if self.is_healed or not self._world.happens(share):
            return False
        self._world.fault(what)
        return True

    def _cut(self, device: str) -> None:
        if self.is_healed:
            return
        lasts_ms = self._world.chance.randint(*self._profile.partition_ms)
        self._cut_until_ms[device] = self._world.now_ms + lasts_ms
        self._world.fault(f"{device} cut off for {lasts_ms} ms")
        self._world.after(lasts_ms, f"{device}: line back", lambda: self.begin(device))


@dataclass(slots=True)
class _Call:
    """One request under way."""

    network: Network
    world: World
    line: Line
    serve: Serve
    hear: Reply
    is_over: bool = False

    def arrive(self) -> None:
        """The server works in any case: it cannot know that nobody waits any more."""
        try:
            self.serve(self.answer)
        except ServerDied:
            self.world.fault(f"server died in {self.line.what}")
        except SyncError as error:
            self.answer(Failed(error))

    def answer(self, answer: Heard) -> None:
        """What the server says goes on its way back."""
        device, what = self.line.device, self.line.what
        if self.is_over or self.network.answer_is_lost(device, what):
            return
        if isinstance(answer, bytes) and self.network.answer_is_cut(what):
            answer = answer[: len(answer) // 2]
        back = self.network.delay_ms()
        self.world.after(back, f"{device}: {what} answered", lambda: self.end(answer))

    def garbled(self) -> None:
        self.end(Failed(Garbled("a page of a proxy")))

    def time_out(self) -> None:
        self.end(Failed(Unreachable(f"{self.line.what}: no answer")))

    def end(self, answer: Heard) -> None:
        if not self.is_over:
            self.is_over = True
            self.hear(answer)
