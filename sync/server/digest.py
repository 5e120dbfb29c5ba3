"""Digests: what the server counts of a device's days, beside what the till counted.

Owns: the sums from the facts as kept, and the hashes of blocks where both differ. Does not own:
what is counted (app.domain.agreement), pushing again (sync/core.py). Nothing the till says is
adopted: the server counts its own facts every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import Connection, select

from app.domain.agreement import DayCount
from app.domain.chain import GENESIS
from app.domain.facts import NotAFact, UnknownFact, read_fact
from sync.protocol import BlockHead, DaySums, Digest, DigestAnswer
from sync.server import tables as t
from sync.server.exception_case import Finding, end_named, open_cases
from sync.server.promise import today
from sync.server.rows import find
from sync.server.sender import Sender
from sync.server.server_epoch import server_epoch
from sync.server.tables import shard_of

BLOCK_OPS = 200
"""The hash of every so many ops is told: the first that differs names what to push again."""


def compare(connection: Connection, sender: Sender, digest: Digest, now_ms: int) -> DigestAnswer:
    """Count the same days and compare; chain heads first, for equal heads are equal facts."""
    known = known_up_to(connection, sender, digest.epoch)
    days = sorted({each.day for each in digest.sums})
    sums = _sums(connection, sender, digest, days)
    head = _hash_at(connection, sender, digest.epoch, digest.dseq)
    equal = head == digest.head and _same(sums, digest.sums)
    # No further than anything is known: a till may name any place, and blocks up to it were
    # counted before one was read.
    last = min(digest.dseq, known)
    return DigestAnswer(
        equal=equal,
        known=known,
        sums=sums,
        blocks=() if equal else _blocks(connection, sender, digest.epoch, last),
        server_ms=now_ms,
        server_epoch=server_epoch(connection, sender.tenant),
    )


@dataclass(frozen=True, slots=True)
class _Alarms:
    """What an answer changes about the alarms of one chain."""

    over: tuple[str, ...] = ()
    """Cases whose days are counted alike by now."""
    fresh: Finding | None = None


def has_news(connection: Connection, sender: Sender, digest: Digest, answer: DigestAnswer) -> bool:
    """Whether there is an alarm to raise or to end: nearly always there is none."""
    alarms = _alarms(connection, sender, digest, answer)
    return bool(alarms.over or alarms.fresh)


def alarm(
    connection: Connection, sender: Sender, digest: Digest, answer: DigestAnswer, now_ms: int
) -> None:
    """Somebody has to look where both have everything and count otherwise; it ends when they agree.

    What is still on its way is no alarm: then the sums cannot be equal yet. A case ends by its own
    days alone: that others agree says nothing of them.
    """
    alarms = _alarms(connection, sender, digest, answer)
    end_named(connection, sender.tenant, sender.device, alarms.over, now_ms)
    if alarms.fresh is not None:
        open_cases(connection, sender.tenant, [alarms.fresh], now_ms)


def _alarms(
    connection: Connection, sender: Sender, digest: Digest, answer: DigestAnswer
) -> _Alarms:
    if answer.known < digest.dseq:
        return _Alarms()
    is_one_chain = answer.equal or answer.blocks[-1:] == (
        BlockHead(dseq=digest.dseq, hash=digest.head),
    )
    theirs = {each.day: each for each in digest.sums}
    wrong = {each.day.isoformat() for each in answer.sums if each != theirs[each.day]}
    alike = {day.isoformat() for day in theirs} - wrong
    open_now = _open_alarms(connection, sender, digest.epoch)
    over = tuple(
        case
        for case, dseq, days in open_now
        if is_one_chain and dseq <= digest.dseq and days <= alike
    )
    fresh = wrong.difference(*(days for _, _, days in open_now))
    if answer.equal or (not fresh and (wrong or open_now)):
        return _Alarms(over)
    days = " ".join(sorted(fresh))
    text = (("epoch", str(digest.epoch)), ("dseq", str(digest.dseq)), ("days", days))
    about = f"{sender.device}:{digest.epoch}:{digest.dseq}:{answer.server_ms}"
    day = min(theirs, default=today(answer.server_ms))
    found = Finding("digest_differs", sender.device, "", day, about=about, text=text)
    return _Alarms(over, found)


def _open_alarms(
    connection: Connection, sender: Sender, epoch: int
) -> list[tuple[str, int, set[str]]]:
    """Open cases of this chain that a comparison raised: name, up to which place, which days."""
    key = {
        "shard_key": shard_of(sender.device),
        "subject": sender.device,
        "kind": "digest_differs",
        "state": "open",
    }
    rows = find(connection, sender.tenant, t.exception_case, [key])
    said = [(row["case_id"], msgspec.json.decode(row["story"])["said"]) for row in rows]
    return [
        (case, int(told["dseq"]), set(told["days"].split()))
        for case, told in said
        if "days" in told and told["epoch"] == str(epoch)  # else it was found by chain_audit.py
    ]


def known_up_to(connection: Connection, sender: Sender, epoch: int) -> int:
    """The highest dseq below which nothing is missing; 0 before the first."""
    heads = t.device_head.c
    known = connection.execute(
        select(heads.dseq).where(
            heads.tenant_id == sender.tenant,
            heads.shard_key == shard_of(sender.device),
            heads.device == sender.device,
            heads.epoch == epoch,
        )
    ).scalar_one_or_none()
    return 0 if known is None else int(known)


def _same(mine: Sequence[DaySums], theirs: Sequence[DaySums]) -> bool:
    return sorted(mine, key=lambda each: each.day) == sorted(theirs, key=lambda each: each.day)


def _sums(
    connection: Connection, sender: Sender, digest: Digest, days: Sequence[date]
) -> tuple[DaySums, ...]:
    """What the chain of this epoch holds of these days, op by op."""
    counts = {day.isoformat(): DayCount() for day in days}
    places = t.place.c
    rows = connection.execute(
        select(places.op_id, places.day)
        .where(
            places.tenant_id == sender.tenant,
            places.shard_key == shard_of(sender.device),
            places.device == sender.device,
            places.epoch == digest.epoch,
            places.dseq <= digest.dseq,
            places.day.in_(list(counts)),
        )
        .order_by(places.dseq)
    ).all()
    for start in range(0, len(rows), BLOCK_OPS):
        part = rows[start : start + BLOCK_OPS]
        keys = [{"shard_key": shard_of(row.op_id), "op_id": row.op_id} for row in part]
        columns = (t.op.c.op_id, t.op.c.data)
        data = {
            row["op_id"]: row["data"]
            for row in find(connection, sender.tenant, t.op, keys, columns=columns)
        }
        for row in part:
            _count(counts[row.day], data[row.op_id])
    return tuple(
        DaySums(
            day=date.fromisoformat(day),
            ops=count.ops,
            sales=count.sales,
            tenders=count.tenders,
            points=count.points,
        )
        for day, count in counts.items()
    )


def _count(count: DayCount, data: bytes | None) -> None:
    fact = None if data is None else read_fact(data)
    if isinstance(fact, UnknownFact):
        count.count(fact.head)
    else:
        count.count(None if isinstance(fact, NotAFact) else fact)


def _hash_at(connection: Connection, sender: Sender, epoch: int, dseq: int) -> bytes | None:
    """The chain's hash at one place; None where nothing is known there."""
    if dseq == 0:
        return GENESIS
    found = _hashes(connection, sender, epoch, [dseq])
    return found[0].hash if found else None


def _blocks(connection: Connection, sender: Sender, epoch: int, dseq: int) -> tuple[BlockHead, ...]:
    ends = [*range(BLOCK_OPS, dseq, BLOCK_OPS), dseq]
    return tuple(_hashes(connection, sender, epoch, ends))


def _hashes(
    connection: Connection, sender: Sender, epoch: int, places: Sequence[int]
) -> list[BlockHead]:
    shard = shard_of(sender.device)
    keys = [
        {"shard_key": shard, "device": sender.device, "epoch": epoch, "dseq": dseq}
        for dseq in places
    ]
    rows = find(connection, sender.tenant, t.place, keys)
    heads = [BlockHead(dseq=row["dseq"], hash=row["hash"]) for row in rows]
    return sorted(heads, key=lambda each: each.dseq)
