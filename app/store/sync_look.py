"""A look at sync from outside: what a support person asks of it, and never a person's data.

Owns: reading those figures, and the changes of the link that were kept for this. Does not own:
opening the file (diagnosis.py), what is told about them (commands/doctor.py).
Of a refused request only its kind and the refusal's code are told: its words may quote somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.store.sqlcipher import SqlCipherConnection


@dataclass(frozen=True, slots=True)
class EnrolledLook:
    """Who this till is towards its server. No secret: the key is only there, or not."""

    server: str
    has_key: bool
    enrolled_ms: int
    epoch: int | None
    server_epoch: int | None
    renews_as: int | None


@dataclass(frozen=True, slots=True)
class StreamLook:
    """How far one stream was heard."""

    name: str
    cursor: int
    head: int
    heard_ms: int


@dataclass(frozen=True, slots=True)
class LinkLook:
    """How the link was from a moment on, and why."""

    at_ms: int
    wire: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefusedLook:
    """A request that waits for a person."""

    kind: str
    code: str
    made_ms: int
    attempts: int


@dataclass(frozen=True, slots=True)
class SyncLook:
    """How sync stands in the file. `enrolled` None: this till never had a server."""

    enrolled: EnrolledLook | None
    queue: Mapping[str, int]
    oldest_pending_ms: int | None
    most_attempts: int
    forked_epochs: int
    streams: tuple[StreamLook, ...]
    link: tuple[LinkLook, ...]
    """Newest first."""
    refused: tuple[RefusedLook, ...]
    grants: int
    open_reservations: int
    unequal_days: int


def look_at_sync(connection: SqlCipherConnection) -> SyncLook:
    """Of a file whose schema has sync."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return list(connection.execute(sql).fetchall())

    def number(sql: str) -> int:
        found = rows(sql)[0][0]
        return int(found) if found is not None else 0

    oldest = rows(
        "SELECT f.wall_ms FROM outbox o JOIN fact f ON f.op_id = o.op_id"
        " WHERE o.state = 'pending' ORDER BY o.epoch, o.dseq LIMIT 1"
    )
    return SyncLook(
        enrolled=_enrolled(connection),
        queue=dict(rows("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state")),
        oldest_pending_ms=oldest[0][0] if oldest else None,
        most_attempts=number("SELECT max(attempts) FROM outbox WHERE state = 'pending'"),
        forked_epochs=number("SELECT count(*) FROM forked_chain"),
        streams=tuple(StreamLook(*row) for row in rows(
            "SELECT name, cursor, head, heard_ms FROM stream ORDER BY name"
        )),
        link=tuple(LinkLook(*row) for row in rows(
            "SELECT at_ms, wire, reason FROM link_change ORDER BY number DESC"
        )),
        refused=tuple(RefusedLook(*row) for row in rows(
            "SELECT f.kind, coalesce(o.code, ''), f.wall_ms, o.attempts FROM outbox o"
            " JOIN fact f ON f.op_id = o.op_id WHERE o.state = 'set_aside'"
            " ORDER BY o.op_id DESC LIMIT 50"
        )),
        grants=number("SELECT count(*) FROM point_grant WHERE ended IS NULL"),
        open_reservations=number(
            "SELECT count(*) FROM reservation WHERE state IN ('asked', 'held')"
        ),
        unequal_days=number("SELECT count(*) FROM agreement WHERE is_equal = 0"),
    )  # fmt: skip


def _enrolled(connection: SqlCipherConnection) -> EnrolledLook | None:
    row = connection.execute(
        "SELECT e.server_url, e.key_id IS NOT NULL, e.enrolled_ms, e.server_epoch, e.renews_as,"
        " (SELECT max(epoch) FROM fact) FROM enrolment e"
    ).fetchone()
    if row is None:
        return None
    url, has_key, enrolled_ms, server_epoch, renews_as, epoch = row
    return EnrolledLook(_address(url), bool(has_key), enrolled_ms, epoch, server_epoch, renews_as)


def _address(url: str) -> str:
    """Without what somebody may have written before or behind it."""
    scheme, _, rest = url.partition("://")
    for behind in "/?#":
        rest = rest.partition(behind)[0]
    return f"{scheme}://{rest.rpartition('@')[2]}"
