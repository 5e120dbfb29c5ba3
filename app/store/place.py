"""Where the files of one store lie.

Owns: the names of the files that belong together. Does not own: choosing the folder (main.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FILE_NAME = "shop.db"
CABLE = "cable"
"""A file of this name lies beside the store of a demo: there a person may pull the cable."""


@dataclass(frozen=True, slots=True)
class StorePlace:
    """A database and what lies beside it. A copy means database, -wal and .key together."""

    database: Path

    @classmethod
    def in_folder(cls, folder: Path) -> StorePlace:
        return cls(folder / FILE_NAME)

    @property
    def folder(self) -> Path:
        return self.database.parent

    @property
    def has_cable(self) -> bool:
        """Whether somebody may try what a till does without its network."""
        return (self.folder / CABLE).exists()

    @property
    def key_file(self) -> Path:
        return self._beside(".key")

    @property
    def lock_file(self) -> Path:
        return self._beside(".lock")

    @property
    def write_ahead_log(self) -> Path:
        return self._beside("-wal")

    def _beside(self, ending: str) -> Path:
        return self.database.with_name(self.database.name + ending)
