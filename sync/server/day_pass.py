"""Day passes: going through all members once a day, page by page, and how far that came.

Owns: the pages and the place where a pass stands. Does not own: what is done for each member
(calendar_fact.py, messages/calendar.py): it bears being done twice, for of two workers who pass the
same page each does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, select, tuple_

from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.rows import find, put
from sync.server.tables import shard_of

MEMBERS_A_RUN = 100


class Reached(Struct, frozen=True, array_like=True):
    """How far the pass of a day came; `day` empty: there was none yet."""

    day: str = ""
    shard: int = -1
    member: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class DayPass:
    """One of them, of one tenant."""

    database: ServerDatabase
    tenant: str
    name: str

    def place(self, day: date) -> tuple[Reached, Reached] | None:
        """Where it stood, and where to go on today; None: today is done."""
        reached = self.database.read(self._reached)
        text = day.isoformat()
        if reached.day > text or (reached.day == text and reached.done):
            return None
        return reached, reached if reached.day == text else Reached(text)

    def remember(self, before: Reached, last: tuple[int, str], day: date, count: int) -> None:
        """Of two workers who passed the same page, one; who is further stays so."""
        now = Reached(day.isoformat(), *last, done=count < MEMBERS_A_RUN)

        def work(connection: Connection) -> None:
            none = msgspec.json.encode(Reached()).decode()
            first = {"shard_key": shard_of(self.name), "name": self.name, "value": none}
            put(connection, self.tenant, t.server_state, [first], "ignore")
            if self._reached(connection, lock=True) == before:
                value = msgspec.json.encode(now).decode()
                row = first | {"value": value}
                put(connection, self.tenant, t.server_state, [row], "replace")

        self.database.write(work)

    def _reached(self, connection: Connection, *, lock: bool = False) -> Reached:
        key = {"shard_key": shard_of(self.name), "name": self.name}
        rows = find(connection, self.tenant, t.server_state, [key], lock=lock)
        return msgspec.json.decode(rows[0]["value"], type=Reached) if rows else Reached()


def accounts_after(connection: Connection, tenant: str, at: Reached) -> Sequence[Row[Any]]:
    """The next accounts (survivors alone), in the order of the table's key."""
    mine = t.account.c
    return connection.execute(
        select(mine.shard_key, mine.member, mine.data)
        .where(
            mine.tenant_id == tenant,
            mine.member == mine.survivor,
            tuple_(mine.shard_key, mine.member) > (at.shard, at.member),
        )
        .order_by(mine.shard_key, mine.member)
        .limit(MEMBERS_A_RUN)
    ).all()
