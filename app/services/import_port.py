"""The port of an import of members: what services need of the store for one on its way.

Owns: that Protocol. Does not own: the other ports (ports.py), any implementation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from app.domain.member_import import KeptImport, RowFault


class MemberImportRepository(Protocol):
    """One import at a time, or none."""

    def read(self) -> KeptImport | None: ...

    def put(self, kept: KeptImport) -> None: ...

    def add_part(self, rows: int, data: bytes) -> None: ...

    def first_part(self) -> tuple[int, bytes] | None: ...

    def drop_part(self, place: int) -> None: ...

    def add_faults(self, faults: Iterable[RowFault]) -> None: ...

    def faults(self) -> Sequence[RowFault]: ...

    def end_rows(self) -> None: ...

    def clear(self) -> None: ...


class MemberImportRepositories(Protocol):
    """The part of a unit of work that has to do with imports."""

    @property
    def member_imports(self) -> MemberImportRepository: ...
