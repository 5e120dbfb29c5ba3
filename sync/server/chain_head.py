"""Chain heads: where the chain of each device and epoch ends.

Owns: the device_head rows, the last moment believed in each chain, what a till is told of its own.
Does not own: what an op is against them (hearing.py), following what is kept (chain_audit.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.chain import GENESIS
from app.domain.moment import Moment
from sync.protocol import HASHES_TOLD_MAX, ChainPart
from sync.server import tables as t
from sync.server.rows import Rows, put
from sync.server.server_epoch import EPOCH_WANTED, epoch_of
from sync.server.tables import shard_of
from sync.server.wanted import Wanted, find_all

_OF_THE_KEY = ("tenant_id", "shard_key", "device")


@dataclass(slots=True)
class Head:
    """Where the chain of one epoch ends, and the last moment believed in it."""

    epoch: int
    dseq: int = 0
    hash: bytes = GENESIS
    state: str = "open"
    last: Moment | None = None
    drained: int = 0
    """Up to here its till had nothing else to say."""
    floor_points: int = 0
    """Spent by floor limit since then."""
    is_changed: bool = False

    def drain(self) -> None:
        """Everything its till knows stands in it now."""
        if self.drained != self.dseq:
            self.drained, self.floor_points, self.is_changed = self.dseq, 0, True


@dataclass(frozen=True, slots=True)
class LockedHeads:
    """The heads of one device by epoch, held for this transaction; and what else the same question
    answered: the server's epoch, and the rows that were asked for along with them.
    """

    heads: dict[int, Head]
    server_epoch: int
    along: list[dict[str, Any]]


def lock_heads(
    connection: Connection, tenant: str, device: str, epochs: set[int], along: Wanted
) -> LockedHeads:
    """The heads of all chains of a device, locked; those of `epochs` are made. The rows of `along`
    are as they stand once the heads are held.
    """
    found = _locked(connection, tenant, device, along)
    if not epochs <= found.heads.keys():
        new = [_head_row(device, Head(epoch)) for epoch in sorted(epochs - found.heads.keys())]
        put(connection, tenant, t.device_head, new, "ignore")
        found = _locked(connection, tenant, device, along)
    return found


def _locked(connection: Connection, tenant: str, device: str, along: Wanted) -> LockedHeads:
    mine = ({"shard_key": shard_of(device), "device": device},)
    held, before, states, rows = find_all(
        connection,
        tenant,
        Wanted(t.device_head, mine, _KEPT, lock=True),
        Wanted(t.device_head, mine, (t.device_head.c.epoch, t.device_head.c.dseq)),
        EPOCH_WANTED,
        along,
    )
    if _dseqs(held) != _dseqs(before):
        # Another push of this device was under way: what it wrote is not in the other rows.
        [rows] = find_all(connection, tenant, along)
    heads = {row["epoch"]: _head_of(row) for row in sorted(held, key=lambda row: int(row["epoch"]))}
    return LockedHeads(heads, epoch_of(states[0]["value"] if states else None), rows)


_KEPT = [each for each in t.device_head.columns if each.name not in _OF_THE_KEY]


def _dseqs(rows: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    return {row["epoch"]: row["dseq"] for row in rows}


def head_rows(device: str, heads: Iterable[Head], *, drained: bool) -> Rows:
    """Where the chains end now. `drained`: their till has nothing else to say."""
    heads = list(heads)
    if drained:
        for head in heads:
            head.drain()
    changed = [_head_row(device, head) for head in heads if head.is_changed]
    return Rows(t.device_head, changed, "replace")


def chain_parts(
    connection: Connection, tenant: str, device: str, pending: Mapping[int, int]
) -> tuple[ChainPart, ...]:
    """What is kept of these chains from a place on, by epoch; nothing of those that end before."""
    parts, left, place = [], HASHES_TOLD_MAX, t.place.c
    for epoch, first in sorted(pending.items(), reverse=True):
        hashes = connection.execute(
            select(place.hash)
            .where(
                place.tenant_id == tenant,
                place.shard_key == shard_of(device),
                place.device == device,
                place.epoch == epoch,
                place.dseq >= first,
            )
            .order_by(place.dseq)
            .limit(left)
        ).scalars()
        part = ChainPart(epoch=epoch, first=first, hashes=tuple(bytes(each) for each in hashes))
        left -= len(part.hashes)
        parts += [part] if part.hashes else []
    return tuple(parts)


def last_epoch(connection: Connection, tenant: str, device: str) -> int | None:
    """The newest epoch this device pushed in; None: it never did."""
    heads = t.device_head.c
    found: int | None = connection.execute(
        select(func.max(heads.epoch)).where(
            heads.tenant_id == tenant,
            heads.shard_key == shard_of(device),
            heads.device == device,
            heads.dseq > 0,
        )
    ).scalar_one()
    return found


def _head_row(device: str, head: Head) -> dict[str, Any]:
    last = head.last
    return {
        "shard_key": shard_of(device),
        "device": device,
        "epoch": head.epoch,
        "dseq": head.dseq,
        "hash": head.hash,
        "state": head.state,
        "wall_ms": None if last is None else last.wall_ms,
        "monotonic_ms": None if last is None else last.monotonic_ms,
        "boot_id": None if last is None else last.boot_id,
        "offset_ms": None if last is None else last.offset_ms,
        "drained": head.drained,
        "floor_points": head.floor_points,
    }


def _head_of(row: Mapping[str, Any]) -> Head:
    last = None
    if row["wall_ms"] is not None:
        last = Moment(row["wall_ms"], row["monotonic_ms"], row["boot_id"], row["offset_ms"])
    drained, points = row["drained"] or 0, row["floor_points"] or 0
    return Head(row["epoch"], row["dseq"], row["hash"], row["state"], last, drained, points)
