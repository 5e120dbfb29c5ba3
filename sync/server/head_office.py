"""Acts of head office: what each stands on, who answers for it, and why.

Owns: those two values. Does not own: the acts (merge.py, erase.py, ...).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from sync.server.folding import Accounts
from sync.server.own_fact import OwnFacts
from sync.server.sender import House


@dataclass(frozen=True, slots=True)
class Said:
    """Who decided, and his reason; both stand in the fact."""

    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """One act, in one transaction (ServerDatabase.write)."""

    connection: Connection
    tenant: str
    now_ms: int
    house: House

    def facts(self) -> OwnFacts:
        """Where it writes what it decided."""
        return OwnFacts(
            self.connection, self.tenant, self.now_ms, self.house, Accounts(self.tenant)
        )
