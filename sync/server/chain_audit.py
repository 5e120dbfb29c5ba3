"""Auditing chains: what is kept is followed hash by hash behind the pushes, each op once.

Owns: how far each chain was followed, and the alarm where the bytes kept are not those that came.
Does not own: the whole comparison (rebuild.py, by a command), a till's own question (digest.py).
A till compares its sums day by day; this finds what nobody asks about: a disk that forgets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Text, bindparam, select

from app.domain.chain import GENESIS, chain_hash
from sync.server import tables as t
from sync.server.exception_case import Finding, open_cases
from sync.server.promise import today
from sync.server.rows import ask, find, put
from sync.server.tables import shard_of

NAME = "chain_audit"
OPS_A_RUN = 200
"""Of each chain. Together they are no more than `OPS_AT_ONCE`, unless more chains are due."""
OPS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class _Part:
    """The next ops of one chain: behind `position`, up to `last`."""

    device: str
    epoch: int
    position: int
    last: int

    @property
    def stream(self) -> str:
        """What its cursor is called."""
        return _stream(self.device, self.epoch)

    @property
    def cursor(self) -> dict[str, Any]:
        """The row that keeps how far it was followed, once this part was."""
        return _cursor(self.stream) | {"position": self.last}


def audit_chains(connection: Connection, tenant: str, now_ms: int) -> int:
    """Follow the next ops of every chain; how many. Zero: all were followed.

    Run it by ServerDatabase.write, again and again; of two at once the second goes on.
    """
    parts = _parts(connection, tenant)
    places = _places(connection, tenant, parts)
    found, followed = list[Finding](), 0
    for part in parts:
        rows = places.get((part.device, part.epoch), [])
        found += _breaks(rows, part, today(now_ms))
        followed += len([row for row in rows if row["dseq"] > part.position])
    open_cases(connection, tenant, found, now_ms)
    put(connection, tenant, t.consumer, [part.cursor for part in parts], "replace")
    return followed


def _stream(device: str, epoch: int) -> str:
    return f"chain:{device}:{epoch}"


def _cursor(stream: str) -> dict[str, Any]:
    return {"shard_key": shard_of(stream), "stream": stream, "name": NAME}


_HEADS = (
    select(t.device_head.c.device, t.device_head.c.epoch, t.device_head.c.dseq)
    .where(t.device_head.c.tenant_id == bindparam("tenant", type_=Text))
    .order_by(t.device_head.c.device, t.device_head.c.epoch)
)


def _parts(connection: Connection, tenant: str) -> list[_Part]:
    """What comes next of every chain with ops that were not followed yet; their cursors are held.

    Of all chains together: a statement for each would cost a server of many tills more than what
    they push.
    """
    chains = ask(connection, _HEADS, {"tenant": tenant})
    ends = {_stream(row["device"], row["epoch"]): row for row in chains}
    keys = [_cursor(each) for each in ends]
    known = {row["stream"]: row["position"] for row in find(connection, tenant, t.consumer, keys)}
    due = [key for key in keys if known.get(key["stream"], 0) < ends[key["stream"]]["dseq"]]
    # Nothing can be locked that is not there.
    new = [key | {"position": 0} for key in due if key["stream"] not in known]
    put(connection, tenant, t.consumer, new, "ignore")
    most = min(OPS_A_RUN, max(1, OPS_AT_ONCE // max(1, len(due))))
    parts = []
    for row in find(connection, tenant, t.consumer, due, lock=True):
        end, position = ends[row["stream"]], row["position"]
        last = min(end["dseq"], position + most)
        if position < last:
            parts.append(_Part(end["device"], end["epoch"], position, last))
    return parts


def _places(
    connection: Connection, tenant: str, parts: Sequence[_Part]
) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """By device and epoch: the last place that was followed and the next ones, each with the bytes
    of its op.
    """
    keys = [
        {
            "shard_key": shard_of(part.device), "device": part.device, "epoch": part.epoch,
            "dseq": dseq,
        }
        for part in parts
        for dseq in range(part.position, part.last + 1)
    ]  # fmt: skip
    rows = find(connection, tenant, t.place, keys)
    wanted = [{"shard_key": shard_of(row["op_id"]), "op_id": row["op_id"]} for row in rows]
    columns = (t.op.c.op_id, t.op.c.data)
    ops = {row["op_id"]: row for row in find(connection, tenant, t.op, wanted, columns=columns)}
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: int(row["dseq"])):
        mine = found.setdefault((row["device"], row["epoch"]), [])
        mine.append(row | {"op": ops.get(row["op_id"])})
    return found


def _breaks(rows: Sequence[dict[str, Any]], part: _Part, day: date) -> Iterator[Finding]:
    head, expected = GENESIS, part.position + 1
    for row in rows:
        if row["dseq"] > part.position:
            op = row["op"]
            is_whole = row["dseq"] == expected and op is not None
            # Of a refused request only the hash stays.
            if is_whole and op["data"] is not None:
                is_whole = chain_hash(head, op["data"]) == row["hash"]
            if not is_whole:
                where = f"{part.stream}:{row['dseq']}"
                text = (("epoch", str(part.epoch)), ("dseq", str(row["dseq"])))
                yield Finding(
                    "digest_differs", part.device, row["op_id"], day, about=where, text=text
                )
            expected = row["dseq"] + 1
        head = row["hash"]
