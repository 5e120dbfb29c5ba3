"""The port of the audit trail: what services need of the store to write it and to look through it.

Owns: that Protocol. Does not own: the other ports (ports.py), any implementation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.audit import AuditEntry, ChainedAuditEntry
from app.domain.audit_search import AuditCriteria


class AuditRepository(Protocol):
    """The audit trail."""

    def append(self, entry: AuditEntry) -> ChainedAuditEntry:
        """Chained by audit.audit_hash to the entry before."""

    def entries(self, after: int = 0, limit: int = 1000) -> Sequence[ChainedAuditEntry]: ...

    def count(self, action: str, subject: str) -> int:
        """How often this was done to that."""

    def first_of(self, staff_id: str, action: str, naming: str = "") -> ChainedAuditEntry | None:
        """The first time somebody did this; `naming`: with this detail, by name or value."""

    def about(self, subject: str, actions: Sequence[str]) -> Sequence[ChainedAuditEntry]:
        """What was done to that, in order."""

    def last_number(self) -> int:
        """The number of the newest entry; 0 = there is none."""

    def matching(self, criteria: AuditCriteria, low: int, high: int) -> Sequence[int]:
        """The numbers from `low` to `high` whose entries fit, newest first."""

    def by_numbers(self, numbers: Sequence[int]) -> Sequence[ChainedAuditEntry]:
        """These entries, newest first; a missing one is left out."""
