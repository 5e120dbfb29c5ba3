"""The server's books as the pages see them: tokens, members and own facts over one connection.

Owns: fitting the server's rooms to the pages' ports. Does not own: any of those rooms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from app.domain.facts import Fact
from sync.ports import Clock
from sync.protocol import MemberConfirmed, MemberKey
from sync.server import tables as t
from sync.server.campaign_claim import Posters
from sync.server.database import ServerDatabase
from sync.server.folding import Accounts
from sync.server.member import confirmed_members
from sync.server.own_fact import OwnFacts
from sync.server.page_token import PageTokens
from sync.server.pages.ports import PageWork
from sync.server.rows import find
from sync.server.sender import House
from sync.server.survey import Surveys
from sync.server.tables import shard_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServerMembers:
    """MemberBook over the server's tables, in one transaction."""

    connection: Connection
    tenant: str
    house: House
    now_ms: int

    def member(self, member_id: str) -> MemberConfirmed | None:
        """As a till would hear of him; of merged ones the survivor. None = nobody."""
        found = confirmed_members(
            self.connection, self.tenant, [member_id], self.now_ms, self.house
        )
        return found.get(member_id)

    def holder(self, claim: str) -> str | None:
        """Which member holds this claim."""
        keys = [{"shard_key": shard_of(claim), "claim": claim}]
        rows = find(self.connection, self.tenant, t.identity_claim, keys)
        return rows[0]["member"] if rows else None

    def write_facts(self, facts: Sequence[Fact], keys: Sequence[MemberKey]) -> None:
        """The server's own facts, all of one store."""
        own = OwnFacts(self.connection, self.tenant, self.now_ms, self.house, Accounts(self.tenant))
        own.keep(keys)
        for fact in facts:
            own.write(fact)
        own.finish()


@dataclass(frozen=True, slots=True)
class ServerBooks:
    """PageDatabase over the server's database, for one tenant."""

    database: ServerDatabase
    tenant: str
    house: House
    clock: Clock

    def read(self, work: Callable[[PageWork], T]) -> T:
        """In one transaction that writes nothing."""
        return self.database.read(lambda connection: work(self.over(connection)))

    def write(self, work: Callable[[PageWork], T]) -> T:
        """In one transaction, again where the database gave it up."""
        return self.database.write(lambda connection: work(self.over(connection)))

    def over(self, connection: Connection) -> PageWork:
        """The same over a transaction that somebody else began (a till that asks for a link)."""
        members = ServerMembers(connection, self.tenant, self.house, self.clock.wall_ms())
        return PageWork(
            PageTokens(connection, self.tenant),
            members,
            Posters(connection, self.tenant),
            Surveys(connection, self.tenant, self.house),
        )
