"""The store lane of a world: each unit of work may be the last thing its till does.

Owns: dying before a commit, dying after it, a full disk, and which of them it is. Does not own: how
often (the profile), the transaction (the file).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol, TypeVar

from sync.simulation.ports import TillFile
from sync.simulation.profile import Profile
from sync.simulation.world import World
from sync.till.ports import TillWork

T = TypeVar("T")
Fate = Literal["well", "full", "before", "after"]


class Died(Exception):
    """The till's process ended in the middle of what it did."""


class DiskFull(Exception):
    """The store could not write."""


def fate_of_commit(name: str, world: World, profile: Profile) -> Fate:
    """What happens at the next commit of a machine while the world is not healed."""
    if world.happens(profile.disk_full):
        world.fault(f"{name}: disk full")
        return "full"
    if world.happens(profile.crash_at_commit):
        return "before" if world.happens(0.5) else "after"
    return "well"


class Fated(Protocol):
    """Who has a lane."""

    def fate(self) -> Fate:
        """Of the next commit."""

    def durable(self) -> None:
        """A commit came to its end."""


class Lane:
    """The store lane of one life of a till, with what can go wrong at a commit."""

    def __init__(self, till: Fated, file: TillFile) -> None:
        self._till, self._file = till, file

    def run(self, work: Callable[[TillWork], T]) -> T:
        """As the port says, or Died, or DiskFull."""
        till = self._till
        fate = till.fate()

        def before_commit() -> None:
            if fate == "full":
                raise DiskFull
            if fate == "before":
                raise Died

        answer = self._file.run(work, before_commit)
        till.durable()
        if fate == "after":
            raise Died
        return answer
