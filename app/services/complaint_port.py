"""The ports of complaints: what services need of the store for cases and the library.

Owns: those Protocols. Does not own: the other ports (ports.py), any implementation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from app.domain.complaint_fact import CaseFact, SolutionNoted
from app.domain.complaint_row import CaseRow, CauseCount
from app.domain.ids import OpId
from app.domain.solution import Solution


class ComplaintRepository(Protocol):
    """Cases: their facts, whoever wrote them, and what they add up to."""

    def take(self, fact: CaseFact) -> bool:
        """Keep a fact of a case; False where it was known. A till's own is appended as well."""

    def facts(self, case_id: OpId) -> Sequence[CaseFact]:
        """Every fact of one case."""

    def get(self, case_id: OpId) -> CaseRow | None: ...

    def not_closed(self, limit: int = 1000, after: tuple[int, str] = (-1, "")) -> Sequence[CaseRow]:
        """Every case that is open or settled and not closed, oldest first; `after`: from behind
        one that was opened then."""

    def of_desk(self, store: str, staff_id: str, limit: int = 1000) -> Sequence[CaseRow]:
        """Those of them that were opened at a store, or that a colleague has, oldest first."""

    def closed(self, before_ms: int, limit: int = 100) -> Sequence[CaseRow]:
        """Closed before a moment, the latest first."""

    def of_members(self, member_ids: Iterable[str], limit: int = 100) -> Sequence[CaseRow]:
        """Everything about a member under all his ids, newest first."""

    def of_receipt(self, receipt: str) -> Sequence[CaseRow]:
        """Everything about a receipt, newest first."""

    def count_numbered(self, prefix: str) -> int:
        """How many cases have a number that begins so."""

    def spent(self, store: str, month: str) -> int:
        """What of a store's budget of a month ("2026-11") was given, in minor units."""

    def causes(self, since_ms: int, until_ms: int) -> Sequence[CauseCount]:
        """Cases opened in a span, by topic and cause, the most frequent first."""

    def of_cause(
        self, since_ms: int, until_ms: int, topic: str, cause: str, limit: int = 200
    ) -> Sequence[CaseRow]:
        """The cases that `causes` counts together, newest first."""


class SolutionRepository(Protocol):
    """The library of problems and solutions."""

    def take(self, fact: SolutionNoted) -> bool:
        """Keep what a fact says where it is the latest of its entry; False where it is not."""

    def get(self, solution_id: str) -> Solution | None: ...

    def search(self, text: str, limit: int = 10) -> Sequence[Solution]:
        """What fits a typed text best; nothing for a text without a word."""

    def newest(self, limit: int = 100) -> Sequence[Solution]:
        """The entries written last that serve."""

    def every(self, limit: int) -> Sequence[Solution]:
        """The entries written last, also those that serve no more."""

    def past(self, solution_id: str) -> Sequence[tuple[SolutionNoted, Solution]]:
        """Every version of an entry, the one that counts first."""


class ComplaintRepositories(Protocol):
    """The part of a unit of work that has to do with complaints."""

    @property
    def complaints(self) -> ComplaintRepository: ...
    @property
    def solutions(self) -> SolutionRepository: ...
