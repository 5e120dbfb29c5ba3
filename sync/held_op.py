"""Held ops: single ops that wait by themselves, while all others go on.

Owns: until when, how often they were tried. Does not own: which ops wait along (batch.py), why an
op is held (push.py).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from app.domain.ids import OpId
from sync.back_off import Chance, Limits, retry_delay_ms


@dataclass(slots=True)
class Held:
    """An op that has to wait by itself."""

    until_ms: int
    tries: int
    refused: bool
    """No server took it: a person has to know."""
    released: bool = False
    """It waited long enough; how often it did stays known until it is settled."""


class HeldOps:
    """The ops that were answered `retry`, or refused."""

    def __init__(self, chance: Chance, limits: Limits) -> None:
        self._chance = chance
        self._limits = limits
        self._held: dict[OpId, Held] = {}

    def hold(self, op_id: OpId, now_ms: int, *, refused: bool = False) -> int:
        """It waits, longer each time; a refused one as long as may be. Returns how often."""
        known = self._held.get(op_id)
        tries = known.tries + 1 if known else 1
        wait_ms = retry_delay_ms(tries, self._chance(), self._limits)
        if refused:
            wait_ms = self._limits.retry_max_ms
        self._held[op_id] = Held(now_ms + wait_ms, tries, refused)
        return tries

    def settled(self, op_id: OpId) -> None:
        """It was answered finally."""
        self._held.pop(op_id, None)

    def keep_only(self, pending: AbstractSet[OpId]) -> None:
        """These are all that is pending; the others need no waiting any more."""
        self._held = {op_id: held for op_id, held in self._held.items() if op_id in pending}

    def release(self, now_ms: int) -> bool:
        """Let those go whose time has come. Whether there were any."""
        due = [one for one in self._held.values() if one.until_ms <= now_ms and not one.released]
        for held in due:
            held.released = True
        return bool(due)

    def release_all(self) -> None:
        """A person does not want to wait."""
        for held in self._held.values():
            held.released = True

    def next_ms(self, otherwise_ms: int) -> int:
        """When the next one is due (monotonic)."""
        times = (one.until_ms for one in self._held.values() if not one.released)
        return min(times, default=otherwise_ms)

    @property
    def waiting(self) -> set[OpId]:
        """Those that may not go yet."""
        return {op_id for op_id, held in self._held.items() if not held.released}

    @property
    def any(self) -> bool:
        """Whether one waits, or goes once more after having waited."""
        return bool(self._held)

    @property
    def any_refused(self) -> bool:
        """Whether there is one that no server took."""
        return any(held.refused for held in self._held.values())
