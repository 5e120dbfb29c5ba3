"""Facts: appended once, chained, queued for the server in the same breath.

Owns: the fact, fact_member, shift_fact and outbox tables (a fact without its outbox row must not
exist).
Does not own: what the bytes say (app/domain/facts.py), the chain's arithmetic (chain.py),
sending (sync).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, text, tuple_

from app.domain.chain import GENESIS, chain_hash
from app.domain.moment import Moment
from app.domain.stored_fact import AppendedFact, FactToAppend, StoredFact
from app.store.changes import Changes
from app.store.device import DeviceRepository
from app.store.known_fact import KnownFactRepository
from app.store.repository import Prepared, Repository, Transaction, list_text, one_of
from app.store.tables import fact, fact_member, outbox, shift_fact

_STORED = select(
    fact.c.op_id,
    fact.c.kind,
    fact.c.epoch,
    fact.c.dseq,
    fact.c.chain_hash,
    fact.c.business_day,
    fact.c.data,
)
_GET = Prepared(_STORED.where(fact.c.op_id == bindparam("key")))
_STORED_NAMES = tuple(column.name for column in _STORED.selected_columns)
_OF_MEMBER = (
    _STORED.join(
        fact_member,
        (fact_member.c.epoch == fact.c.epoch) & (fact_member.c.dseq == fact.c.dseq),
    )
    .where(fact_member.c.member_id == bindparam("key"))
    .order_by(fact_member.c.epoch, fact_member.c.dseq)
)
_LATEST_OF_MEMBER = (
    _OF_MEMBER.order_by(None)
    .order_by(fact_member.c.epoch.desc(), fact_member.c.dseq.desc())
    .limit(bindparam("most"))
)
_OF_KINDS = _OF_MEMBER.where(one_of(fact.c.kind, "kinds"))
# A gift stands behind its sale, whatever clocks said.
_PLACE = (
    select(fact.c.epoch, fact.c.dseq)
    .where(one_of(fact.c.op_id, "sales"))
    .order_by(fact.c.epoch, fact.c.dseq)
    .limit(1)
    .scalar_subquery()
)
_SHARED = _STORED.where(
    tuple_(fact.c.epoch, fact.c.dseq) > _PLACE, fact.c.kind == text("'sale_shared.1'")
).order_by(fact.c.epoch, fact.c.dseq)
_OF_SHIFT = (
    _STORED.join(shift_fact, shift_fact.c.op_id == fact.c.op_id)
    .where(shift_fact.c.shift_id == bindparam("key"))
    .order_by(fact.c.epoch, fact.c.dseq)
)
_AFTER = (
    _STORED.where(fact.c.epoch == bindparam("in_epoch"), fact.c.dseq > bindparam("after"))
    .order_by(fact.c.dseq)
    .limit(bindparam("most"))
)
_EPOCHS = select(fact.c.epoch).distinct().order_by(fact.c.epoch)
_HEAD = Prepared(
    select(fact.c.dseq, fact.c.chain_hash)
    .where(fact.c.epoch == bindparam("in_epoch"))
    .order_by(fact.c.dseq.desc())
    .limit(1)
)
# The head of the newest epoch and when it was appended, in one question: each sale asks for both.
_LAST = Prepared(
    select(
        fact.c.epoch,
        fact.c.dseq,
        fact.c.chain_hash,
        fact.c.wall_ms,
        fact.c.monotonic_ms,
        fact.c.boot_id,
        fact.c.offset_ms,
    )
    .order_by(fact.c.epoch.desc(), fact.c.dseq.desc())
    .limit(1)
)
_APPEND = Prepared(insert(fact))
_APPEND_MEMBER = Prepared(insert(fact_member))
_APPEND_SHIFT = Prepared(insert(shift_fact))
_QUEUE = Prepared(
    insert(outbox).values(
        {name: bindparam(name) for name in ("op_id", "epoch", "dseq", "state", "attempts")}
    )
)


class FactRepository(Repository):
    """This till's facts, in its own order."""

    def __init__(self, transaction: Transaction, device: DeviceRepository) -> None:
        super().__init__(transaction)
        self._device = device
        self._known = KnownFactRepository(transaction)
        self._last_moment: Moment | None = None
        self._head: tuple[int, int, bytes] | None = None
        """Epoch, dseq and chain hash of the newest fact, once it was read."""

    def append(self, new: FactToAppend) -> AppendedFact:
        """Next dseq, chain link over the bytes, outbox row. StoreError for an op_id known."""
        epoch = self._device.epoch()
        last, previous = self._head_of(epoch)
        appended = AppendedFact(new.op_id, epoch, last + 1, chain_hash(previous, new.data))
        self._write(_APPEND, _row(new, appended))
        if new.member_ids:
            place = {"epoch": epoch, "dseq": appended.dseq}
            members = [{"member_id": member, **place} for member in dict.fromkeys(new.member_ids)]
            self._write(_APPEND_MEMBER, members)
        if new.shift_id is not None:
            self._write(_APPEND_SHIFT, {"shift_id": new.shift_id, "op_id": new.op_id})
        queued = {"epoch": epoch, "dseq": appended.dseq, "state": "pending", "attempts": 0}
        self._write(_QUEUE, {"op_id": new.op_id, **queued})
        self._changed(Changes(outbox=True))
        self._last_moment = new.moment
        self._head = (epoch, appended.dseq, appended.chain_hash)
        return appended

    def _head_of(self, epoch: int) -> tuple[int, bytes]:
        if self._head is not None and self._head[0] == epoch:
            return self._head[1:]
        head = self._first(_HEAD, {"in_epoch": epoch})
        return (0, GENESIS) if head is None else (int(head[0]), head[1])

    def get(self, op_id: str) -> StoredFact | None:
        """Also of another till, where this one holds it (known_fact.py)."""
        row = self._first(_GET, {"key": op_id})
        if row is None:
            return self._known.get(op_id)
        return _stored(dict(zip(_STORED_NAMES, row, strict=True)))

    def last_moment(self) -> Moment | None:
        """When the last fact was appended here, as far as the clocks were believed."""
        if self._last_moment is None:
            row = self._first(_LAST)
            if row is not None:
                self._head = (int(row[0]), int(row[1]), row[2])
                self._last_moment = Moment(*row[3:])
        return self._last_moment

    def of_member(self, member_id: str, latest: int | None = None) -> Sequence[StoredFact]:
        """In the order of this till; `latest`: only so many of the last ones."""
        if latest is None:
            rows = self._execute(_OF_MEMBER, {"key": member_id}).mappings()
            return [_stored(row) for row in rows]
        asked = {"key": member_id, "most": latest}
        newest = [_stored(row) for row in self._execute(_LATEST_OF_MEMBER, asked).mappings()]
        return newest[::-1]

    def of_member_and_kinds(self, member_id: str, kinds: Iterable[str]) -> Sequence[StoredFact]:
        """In the order of this till: of the others not even the bytes are read."""
        asked = {"key": member_id, "kinds": list_text(sorted(kinds))}
        return [_stored(row) for row in self._execute(_OF_KINDS, asked).mappings()]

    def shared_since(self, sales: Iterable[str]) -> Sequence[StoredFact]:
        """What referrers were given, and gave back, since the first of these sales."""
        asked = {"sales": list_text(sorted(sales))}
        return [_stored(row) for row in self._execute(_SHARED, asked).mappings()]

    def of_shift(self, shift_id: str) -> Sequence[StoredFact]:
        """Everything of one shift in the order of this till, also over a restored backup."""
        rows = self._execute(_OF_SHIFT, {"key": shift_id}).mappings()
        return [_stored(row) for row in rows]

    def all_facts(self, after_dseq: int = 0, limit: int = 1000) -> Sequence[StoredFact]:
        """The facts of this till's epoch behind `after_dseq`, in order."""
        return self.of_epoch(self._device.epoch(), after_dseq, limit)

    def epochs(self) -> Sequence[int]:
        """Those that facts were written in; each restore begins a new one."""
        return list(self._execute(_EPOCHS).scalars())

    def of_epoch(self, epoch: int, after_dseq: int, limit: int) -> Sequence[StoredFact]:
        """As `all_facts`, of any epoch."""
        place = {"in_epoch": epoch, "after": after_dseq, "most": limit}
        return [_stored(row) for row in self._execute(_AFTER, place).mappings()]


def _row(new: FactToAppend, appended: AppendedFact) -> dict[str, object]:
    return {
        "op_id": new.op_id,
        "kind": new.kind,
        "epoch": appended.epoch,
        "dseq": appended.dseq,
        "chain_hash": appended.chain_hash,
        "business_day": new.business_day.isoformat(),
        "wall_ms": new.moment.wall_ms,
        "monotonic_ms": new.moment.monotonic_ms,
        "boot_id": new.moment.boot_id,
        "offset_ms": new.moment.offset_ms,
        "data": new.data,
    }


def _stored(row: Mapping[Any, Any]) -> StoredFact:
    return StoredFact(
        op_id=row["op_id"],
        kind=row["kind"],
        epoch=row["epoch"],
        dseq=row["dseq"],
        chain_hash=row["chain_hash"],
        business_day=date.fromisoformat(row["business_day"]),
        data=row["data"],
    )
