"""An import of members on its way: how far it is, and the rows somebody has to look at.

Owns: those values. Does not own: reading a file and taking rows in (app/services), keeping what is
left of it (app/store).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ImportState = Literal["kept", "running", "stopped", "done"]
"""kept: its rows are being put away, and none was taken in. done: all were, and somebody has to be
told."""


@dataclass(frozen=True, slots=True)
class KeptImport:
    """One file. `mapping`: which of its columns is which of ours; `known`: rows of members who were
    there already; `left`: rows that were not taken in yet."""

    name: str
    asked_ms: int
    asked_by: str
    count: int
    mapping: Mapping[str, str]
    state: ImportState = "kept"
    known: int = 0
    left: int = 0

    @property
    def done(self) -> int:
        """Rows that were looked at."""
        return self.count - self.left


@dataclass(frozen=True, slots=True)
class RowFault:
    """One cell to look at, without what stands in it."""

    row: int
    column: str
    problem: str
    other_row: int | None = None
