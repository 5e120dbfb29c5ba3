"""Aliases: every id that belongs to one person, and what they say of him together.

Owns: reading the ids out of an account, whom each merged id stands for, and which of several rows
or profiles speaks. Does not own:
making two members one (merge.py), the rows themselves (member.py, profile.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from app.domain.person_figures import persons_of
from sync.server import tables as t

MERGED_AT_ONCE = 500
Status = Literal["active", "frozen", "erased"]


class _Ids(Struct):
    """The one part of an account that is wanted here: the rest is skipped, not read."""

    includes: set[str] = msgspec.field(default_factory=set)


_IDS = msgspec.msgpack.Decoder(_Ids)
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def ids_of(member: str, account: bytes) -> tuple[str, ...]:
    """The survivor first, then whoever was merged into him."""
    others = _IDS.decode(account).includes - {member} if account else set()
    return (member, *sorted(others))


def merged_now(connection: Connection, tenant: str) -> dict[str, str]:
    """Whom every merged id of the chain stands for."""
    return persons_of(_merged(connection, tenant))


def _merged(connection: Connection, tenant: str) -> Iterator[tuple[str, str]]:
    """A few at a time in the order of their index.

    PostgreSQL cannot know how few differ and would rather go through every account of the chain,
    for seconds; asked for the next few in this order it finds nothing quicker than the index.
    """
    mine, last = t.account.c, ""
    asked = (
        select(mine.member, mine.survivor)
        .where(mine.tenant_id == tenant, mine.survivor != mine.member)
        .order_by(mine.member)
        .limit(MERGED_AT_ONCE)
    )
    while rows := connection.execute(asked.where(mine.member > last)).all():
        yield from ((row.member, row.survivor) for row in rows)
        if len(rows) < MERGED_AT_ONCE:
            return
        last = rows[-1].member


def status_of(ids: Sequence[str], people: Mapping[str, Mapping[str, Any]]) -> Status:
    """Erased is erased under whatever id; else the first row speaks. Met only by card: active."""
    said = [people[each]["status"] for each in ids if each in people]
    if "erased" in said:
        return "erased"
    return "frozen" if said[:1] == ["frozen"] else "active"


def first_said(
    ids: Sequence[str], people: Mapping[str, Mapping[str, Any]], column: str
) -> str | None:
    """What the first of them who says anything says."""
    for each in ids:
        if each in people and people[each][column]:
            return str(people[each][column])
    return None


def one_profile(profiles: Iterable[bytes | None]) -> bytes | None:
    """One person of several profiles: of each field the first that has it."""
    known = [each for each in profiles if each is not None]
    if len(known) < 2:
        return known[0] if known else None
    fields: dict[str, msgspec.Raw] = {}
    for profile in known:
        for name, value in _FIELDS.decode(profile).items():
            fields.setdefault(name, value)
    return msgspec.json.encode(fields, order="deterministic")
