"""The server's file in a world: transactions that are given up, copies, coming back from one.

Owns: one encrypted file and what befalls it. Does not own: what is written (server.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sync.server.database import Overtaken, ServerDatabase, sqlite_engine
from sync.simulation.ports import Room
from sync.simulation.profile import Profile
from sync.simulation.world import World

T = TypeVar("T")
FILE = "server.db"
TRIES_MAX = 5


class ServerFile:
    """One database. `commits` counts its transactions that wrote."""

    def __init__(self, world: World, profile: Profile, room: Room, folder: Path) -> None:
        self._world, self._profile, self._room, self._folder = world, profile, room, folder
        self.is_healed = False
        self.commits = 0
        self._reading: Any = None
        self._open()

    def _open(self) -> None:
        path = self._folder / FILE
        engine = sqlite_engine(
            lambda: self._room.connect_server(path), self._room.server_driver, pool_size=1
        )
        self._database = ServerDatabase(self._room.speak_alike(engine), pause=lambda _: None)

    def close(self) -> None:
        """The world ends."""
        self._database.close()

    def write(self, work: Callable[[Any], T]) -> T:
        """A transaction; by chance the database gives it up at its end, and it runs again."""
        self.commits += 1
        tries = 0

        def at_its_end(connection: Any) -> T:
            nonlocal tries
            tries += 1
            answer = work(connection)
            can_be = tries < TRIES_MAX and not self.is_healed
            if can_be and self._world.happens(self._profile.server_aborts):
                self._world.fault("the server's transaction was given up")
                raise Overtaken("by nobody, on purpose")
            return answer

        return self._database.write(at_its_end)

    def write_surely(self, work: Callable[[Any], T]) -> T:
        """Somebody at head office does something: it is not what is tried here."""
        self.commits += 1
        return self._database.write(work)

    def at_night(self, work: Callable[[ServerDatabase], T]) -> T:
        """Something that makes its own transactions; nothing befalls it."""
        self.commits += 1
        return work(self._database)

    def read(self, work: Callable[[Any], T]) -> T:
        """Within another one it is the same transaction."""
        if self._reading is not None:
            return work(self._reading)

        def within(connection: Any) -> T:
            self._reading = connection
            try:
                return work(connection)
            finally:
                self._reading = None

        return self._database.read(within)

    def keep_copy(self) -> None:
        """A backup."""
        kept = self._folder / "kept"
        kept.mkdir(exist_ok=True)
        for file in self._folder.glob(f"{FILE}*"):
            if not file.name.endswith("-shm"):
                shutil.copyfile(file, kept / file.name)

    def put_back(self) -> None:
        """The copy takes the place of what is lost."""
        self.close()
        self.commits += 1
        for file in self._folder.glob(f"{FILE}*"):
            file.unlink()
        for file in (self._folder / "kept").iterdir():
            shutil.copyfile(file, self._folder / file.name)
        self._open()
