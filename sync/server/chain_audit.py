"""Auditing chains: what is kept is followed hash by hash behind the pushes, each op once.

Owns: how far each chain was followed, and the alarm where the bytes kept are not those that came.
Does not own: the whole comparison (rebuild.py, by a command), a till's own question (digest.py).
A till compares its sums day by day; this finds what nobody asks about: a disk that forgets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from app.domain.chain import GENESIS, chain_hash
from sync.server import tables as t
from sync.server.exception_case import Finding, open_cases
from sync.server.promise import today
from sync.server.rows import find, put
from sync.server.tables import shard_of

NAME = "chain_audit"
OPS_A_RUN = 200


def audit_chains(connection: Connection, tenant: str, now_ms: int) -> int:
    """Follow the next ops of every chain; how many. Zero: all were followed.

    Run it by ServerDatabase.write, again and again; of two at once the second goes on.
    """
    followed = 0
    for device, epoch, position in _positions(connection, tenant):
        rows = _places(connection, tenant, (device, epoch), position)
        if rows:
            found = list(_breaks(rows, (device, epoch), position, today(now_ms)))
            open_cases(connection, tenant, found, now_ms)
            _keep(connection, tenant, (device, epoch), rows[-1]["dseq"])
            followed += len([row for row in rows if row["dseq"] > position])
    return followed


def _stream(chain: tuple[str, int]) -> str:
    device, epoch = chain
    return f"chain:{device}:{epoch}"


def _positions(connection: Connection, tenant: str) -> list[tuple[str, int, int]]:
    """Chains with ops that were not followed yet, and up to where they were; held."""
    heads = t.device_head.c
    asked = select(heads.device, heads.epoch, heads.dseq).where(heads.tenant_id == tenant)
    chains = connection.execute(asked.order_by(heads.device, heads.epoch)).all()
    ends = {_stream((row.device, row.epoch)): row for row in chains}
    keys = [{"shard_key": shard_of(each), "stream": each, "name": NAME} for each in ends]
    known = {row["stream"]: row["position"] for row in find(connection, tenant, t.consumer, keys)}
    due = [key for key in keys if known.get(str(key["stream"]), 0) < ends[str(key["stream"])].dseq]
    put(connection, tenant, t.consumer, [key | {"position": 0} for key in due], "ignore")
    held = find(connection, tenant, t.consumer, due, lock=True)
    return [
        (ends[row["stream"]].device, ends[row["stream"]].epoch, row["position"]) for row in held
    ]


def _keep(connection: Connection, tenant: str, chain: tuple[str, int], position: int) -> None:
    stream = _stream(chain)
    row = {"shard_key": shard_of(stream), "stream": stream, "name": NAME, "position": position}
    put(connection, tenant, t.consumer, [row], "replace")


def _places(
    connection: Connection, tenant: str, chain: tuple[str, int], position: int
) -> list[dict[str, Any]]:
    """The last place that was followed and the next ones, each with the bytes of its op."""
    device, epoch = chain
    place = t.place.c
    rows = connection.execute(
        select(place.dseq, place.hash, place.op_id)
        .where(
            place.tenant_id == tenant,
            place.shard_key == shard_of(device),
            place.device == device,
            place.epoch == epoch,
            place.dseq >= position,
        )
        .order_by(place.dseq)
        .limit(OPS_A_RUN + (1 if position else 0))
    ).mappings()
    places = [dict(row) for row in rows]
    keys = [{"shard_key": shard_of(row["op_id"]), "op_id": row["op_id"]} for row in places]
    columns = (t.op.c.op_id, t.op.c.data, t.op.c.state)
    ops = {row["op_id"]: row for row in find(connection, tenant, t.op, keys, columns=columns)}
    return [row | {"op": ops.get(row["op_id"])} for row in places]


def _breaks(
    rows: Sequence[dict[str, Any]], chain: tuple[str, int], position: int, day: date
) -> Iterator[Finding]:
    head, expected, device = GENESIS, position + 1, chain[0]
    for row in rows:
        if row["dseq"] > position:
            op = row["op"]
            is_whole = row["dseq"] == expected and op is not None
            # Of a refused request only the hash stays.
            if is_whole and op["data"] is not None:
                is_whole = chain_hash(head, op["data"]) == row["hash"]
            if not is_whole:
                where = f"{_stream(chain)}:{row['dseq']}"
                text = (("epoch", str(chain[1])), ("dseq", str(row["dseq"])))
                yield Finding("digest_differs", device, row["op_id"], day, about=where, text=text)
            expected = row["dseq"] + 1
        head = row["hash"]
