"""Who sent a member: by whose code he joined, as far as the chain knows whose that is.

Owns: which of a person's ids says it, and whose card it was. Does not own: the rows (member.py),
what it brings (referral.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from app.domain.codes import Code, CodeKind, parse_code
from sync.server import tables as t
from sync.server.rows import find
from sync.server.tables import shard_of

People = Mapping[str, Mapping[str, Any]]


def referrers_of(
    connection: Connection, tenant: str, everybody: Iterable[tuple[str, ...]], people: People
) -> dict[tuple[str, ...], str]:
    """Who sent each of these persons, by all his ids; whoever nobody sent is left out.

    A till that did not know the friend's card kept the card: it is looked up here, each time anew,
    for who has it may become known later.
    """
    said = {ids: code for ids in everybody if (code := _said(ids, people)) is not None}
    cards = {code for code in said.values() if _is_card(code)}
    holders = _holders(connection, tenant, cards) if cards else {}
    found = {ids: holders.get(code, "") if code in cards else code for ids, code in said.items()}
    return {ids: referrer for ids, referrer in found.items() if referrer}


def _said(ids: Sequence[str], people: People) -> str | None:
    """By the first of his ids that joined: who was a member before is won by nobody, even if he
    joined again and both became one."""
    joined = (people[each]["referrer"] for each in sorted(ids) if each in people)
    said = next(joined, None)
    return str(said) if said else None


def _is_card(code: str) -> bool:
    read = parse_code(code)
    return isinstance(read, Code) and read.kind is CodeKind.MEMBER


def _holders(connection: Connection, tenant: str, cards: Iterable[str]) -> dict[str, str]:
    keys = [{"shard_key": shard_of(each), "card": each} for each in sorted(cards)]
    columns = (t.card.c.card, t.card.c.member)
    rows = find(connection, tenant, t.card, keys, columns=columns)
    return {row["card"]: str(row["member"]) for row in rows}
