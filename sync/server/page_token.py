"""Page tokens: the opaque part of a link to a page on a customer's phone.

Owns: the page_token table, what a token opens, until when, and that one use is one use. Does not
own: the pages (pages/), links as the till shows them (pages/link.py). Only keyed hashes are
stored: whoever reads this table can open nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Connection, Index, and_, insert, select, update

from sync.server.tables import shard_of, shop_table, text, whole

PageKind = Literal["card", "join", "claim", "stop", "invite"]

TRIES_MAX = 20
"""So often a join link may be asked about phone numbers that are members already: nobody finds
out with one link who is a member here."""

page_token_table = shop_table(
    "page_token",
    ("token_hash",),
    text("kind"),
    text("store"),
    text("member", optional=True),
    whole("made_ms"),
    whole("ends_ms"),
    whole("used_ms", optional=True),
    text("used_with", optional=True),
    whole("tries"),
    Index("page_token_by_member", "tenant_id", "member"),
)
"""`kind`: card, stop and invite (again and again until they end), join and claim (once). The
`member` of a join link is who invited. `used_with`: the
keyed hash of the one submission that used it; the same submission sent again is the same use."""


@dataclass(frozen=True, slots=True)
class PageToken:
    """What a link opens, for which member, given out in which store. Times in ms since 1970."""

    token_hash: str
    kind: PageKind
    store: str
    member: str | None
    made_ms: int
    ends_ms: int
    used_with: str | None = None
    tries: int = 0

    def is_open(self, kind: PageKind, now_ms: int) -> bool:
        """Whether it still opens a page of this kind. Whether it was used is another question."""
        return self.kind == kind and now_ms < self.ends_ms and self.tries < TRIES_MAX


@dataclass(frozen=True, slots=True)
class PageTokens:
    """The page tokens of one tenant, in one transaction."""

    connection: Connection
    tenant: str

    def find(self, token_hash: str) -> PageToken | None:
        """What was given out under this hash; None = nothing ever was."""
        asked = select(page_token_table).where(self._is(token_hash))
        row = self.connection.execute(asked).mappings().first()
        return None if row is None else _token_of(row)

    def put(self, token: PageToken) -> None:
        """Keep a new token. The same one again changes nothing."""
        if self.find(token.token_hash) is not None:
            return
        self.connection.execute(
            insert(page_token_table).values(
                tenant_id=self.tenant,
                shard_key=shard_of(token.token_hash),
                token_hash=token.token_hash,
                kind=token.kind,
                store=token.store,
                member=token.member,
                made_ms=token.made_ms,
                ends_ms=token.ends_ms,
                tries=token.tries,
            )
        )

    def use(self, token_hash: str, *, used_with: str, now_ms: int) -> bool:
        """Use it up. False: somebody was first. Of two at one time exactly one hears True."""
        unused = and_(self._is(token_hash), page_token_table.c.used_ms.is_(None))
        done = self.connection.execute(
            update(page_token_table).where(unused).values(used_ms=now_ms, used_with=used_with)
        )
        return done.rowcount == 1

    def count_try(self, token_hash: str) -> None:
        """One more question that a guesser could have asked."""
        tries = page_token_table.c.tries + 1
        self.connection.execute(
            update(page_token_table).where(self._is(token_hash)).values(tries=tries)
        )

    def end_cards(self, member: str, now_ms: int) -> None:
        """Every card link of a member ends now."""
        table = page_token_table.c
        theirs = and_(
            table.tenant_id == self.tenant,
            table.member == member,
            table.kind == "card",
            table.ends_ms > now_ms,
        )
        self.connection.execute(update(page_token_table).where(theirs).values(ends_ms=now_ms))

    def _is(self, token_hash: str) -> ColumnElement[bool]:
        table = page_token_table.c
        return and_(
            table.tenant_id == self.tenant,
            table.shard_key == shard_of(token_hash),
            table.token_hash == token_hash,
        )


def _token_of(row: Mapping[Any, Any]) -> PageToken:
    return PageToken(
        token_hash=row["token_hash"],
        kind=cast(PageKind, row["kind"]),
        store=row["store"],
        member=row["member"],
        made_ms=row["made_ms"],
        ends_ms=row["ends_ms"],
        used_with=row["used_with"],
        tries=row["tries"],
    )
