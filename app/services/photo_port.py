"""The port of photos: what services need of the store for pictures beside records.

Owns: that Protocol. Does not own: the other ports (ports.py), any implementation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.photo import StoredPhoto


class PhotoRepository(Protocol):
    """Bytes of pictures."""

    def put(self, photo: StoredPhoto) -> None: ...

    def get(self, photo_id: str) -> StoredPhoto | None: ...

    def waiting(self, limit: int = 10) -> Sequence[str]: ...

    def count_waiting(self) -> int: ...

    def forget_fetched(self, before_ms: int, most: int) -> int: ...


class PhotoRepositories(Protocol):
    """The part of a unit of work that has to do with photos."""

    @property
    def photos(self) -> PhotoRepository: ...
