"""The ports of the counter: what services need of the store for rights, held sales, exceptions.

Owns: those Protocols. Does not own: the other ports (ports.py), any implementation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.exception_case import ExceptionCase
from app.domain.hold import HeldSale, HoldEnd
from app.domain.rights import Rights


class RightsRepository(Protocol):
    """What each role may do."""

    def read(self) -> Rights:
        """The shop's own; what ships where it has none."""

    def write(self, rights: Rights) -> None: ...


class HoldRepository(Protocol):
    """Held sales; those that were recalled or voided stay known."""

    def add(self, held: HeldSale) -> None: ...

    def get(self, hold_id: str) -> HeldSale | None: ...

    def put_note(self, hold_id: str, note: str) -> None: ...

    def end(self, hold_id: str, end: HoldEnd) -> None:
        """It was taken back to the till or given up: it is no open one any more."""

    def open_holds(self) -> Sequence[HeldSale]:
        """Those nobody has taken back yet, newest first."""

    def count_open(self) -> int: ...


class ExceptionRepository(Protocol):
    """What somebody should look at."""

    def put(self, case: ExceptionCase) -> None:
        """Add it or replace it (by its id): one that grew or was decided."""

    def get(self, case_id: str) -> ExceptionCase | None: ...

    def open_cases(self, limit: int = 100) -> Sequence[ExceptionCase]:
        """Newest first."""

    def decided(self, limit: int = 100) -> Sequence[ExceptionCase]:
        """Those somebody has decided about, the latest decision first."""

    def count_open(self) -> int: ...


class CounterRepositories(Protocol):
    """The part of a unit of work that has to do with the counter."""

    @property
    def rights(self) -> RightsRepository: ...
    @property
    def holds(self) -> HoldRepository: ...
    @property
    def exceptions(self) -> ExceptionRepository: ...
