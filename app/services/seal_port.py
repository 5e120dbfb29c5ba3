"""The port that seals what leaves this till as a file.

Owns: that Protocol. Does not own: the cipher and the file (app/store/pending_file.py), its parts
(pending_export.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol


class SealPort(Protocol):
    """Seals under a key that the till's recovery code opens on any machine."""

    def seal(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        """The file, piece by piece."""

    def open(self, path: Path) -> Iterator[bytes]:
        """The parts of a file that this till sealed. Raises the store's errors, OSError."""


class NoSealHere:
    """A shop that is not joined with a store seals nothing."""

    def seal(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        raise RuntimeError("what waits leaves a till only sealed")

    def open(self, path: Path) -> Iterator[bytes]:
        raise RuntimeError("nothing was sealed here")
