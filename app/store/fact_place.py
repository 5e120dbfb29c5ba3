"""Places of facts: every (epoch, dseq) a fact was ever given, and whose they are for the server.

Owns: fact_place, forked_chain and former_device. Does not own: a fact's first place (facts.py), its
newest one and what was answered there (outbox.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.account import Mark
from app.domain.chain import GENESIS, chain_hash
from app.domain.ids import OpId
from app.domain.outbox import ChainKept
from app.store.changes import Changes
from app.store.repository import Parameters, Prepared, Repository
from app.store.sync_tables import enrolment, fact_place, forked_chain, former_device
from app.store.tables import fact, outbox

_HEAD = (
    select(fact_place.c.dseq, fact_place.c.chain_hash)
    .where(fact_place.c.epoch == bindparam("in_epoch"))
    .order_by(fact_place.c.dseq.desc())
    .limit(1)
)
_TO_RENEW = (
    select(outbox.c.op_id, fact.c.data)
    .join(fact, fact.c.op_id == outbox.c.op_id)
    .where(outbox.c.state == text("'pending'"), outbox.c.epoch < bindparam("in_epoch"))
    .order_by(outbox.c.epoch, outbox.c.dseq)
    .limit(bindparam("most"))
)
_ADD_PLACE = Prepared(insert(fact_place))
_MOVE = Prepared(
    update(outbox)
    .where(outbox.c.op_id == bindparam("key"))
    .values(epoch=bindparam("to_epoch"), dseq=bindparam("to_dseq"))
)
_RENEWED = update(enrolment).values(renews_as=None)
_PLACES = (
    select(fact_place.c.epoch, fact_place.c.dseq)
    .where(fact_place.c.op_id == bindparam("key"))
    .order_by(fact_place.c.epoch)
)
_FORKS = Prepared(select(forked_chain.c.epoch, forked_chain.c.from_dseq))
_FORMER = Prepared(
    select(former_device.c.epoch, former_device.c.device).order_by(
        former_device.c.epoch, former_device.c.device
    )
)
_FORKED_PENDING = text(
    "SELECT count(*) FROM forked_chain k CROSS JOIN outbox o"
    " WHERE o.state = 'pending' AND o.epoch = k.epoch AND o.dseq >= k.from_dseq"
)
_PENDING_FROM = Prepared(
    text(
        "SELECT epoch, min(dseq) FROM outbox INDEXED BY outbox_pending"
        " WHERE state = 'pending' GROUP BY epoch ORDER BY epoch DESC LIMIT :most"
    )
)
# An epoch holds either facts of its own or places of facts that were pushed again.
_HASHES = Prepared(
    text(
        "SELECT dseq, chain_hash FROM fact"
        " WHERE epoch = :in_epoch AND dseq >= :first AND dseq < :end"
        " UNION ALL SELECT dseq, chain_hash FROM fact_place"
        " WHERE epoch = :in_epoch AND dseq >= :first AND dseq < :end"
    )
)
_FORK = upsert(forked_chain)
_FORKED = Prepared(
    _FORK.on_conflict_do_update(
        ["epoch"],
        set_={"from_dseq": func.min(forked_chain.c.from_dseq, _FORK.excluded.from_dseq)},
    )
)
_HIGHEST = text("SELECT max(epoch) FROM fact_place")


class FactPlaces(Repository):
    """Where this till's facts stand and stood."""

    def renew(self, epoch: int, limit: int) -> bool:
        """Give pending facts of older epochs places in this one; True when none is left.

        The bytes stay; the chain is new and holds nothing else.
        """
        head = self._execute(_HEAD, {"in_epoch": epoch}).first()
        dseq, last = (0, GENESIS) if head is None else (head.dseq, head.chain_hash)
        rows = self._execute(_TO_RENEW, {"in_epoch": epoch, "most": limit}).all()
        places, moves = [], []
        for row in rows:
            dseq, last = dseq + 1, chain_hash(last, row.data)
            places.append({"epoch": epoch, "dseq": dseq, "op_id": row.op_id, "chain_hash": last})
            moves.append({"key": row.op_id, "to_epoch": epoch, "to_dseq": dseq})
        if rows:
            self._write(_ADD_PLACE, places)
            self._write(_MOVE, moves)
        is_done = len(rows) < limit
        if is_done:
            self._execute(_RENEWED)
        self._changed(Changes(outbox=True, sync=True))
        return is_done

    def places_of(self, op_id: OpId, first: Mark) -> tuple[Mark, ...]:
        """Every place a fact ever had that is its own; `first`: the one it was appended at.

        Under a former id of this till too; what was pushed again stands under the one of today.
        """
        forks, former = self.forks(), self.former_devices()
        later = [Mark(first.device, *row) for row in self._execute(_PLACES, {"key": op_id})]
        return tuple(
            Mark(device, place.epoch, place.dseq)
            for place in (first, *later)
            for device in (first.device, *former.get(place.epoch, ()))
            if place.epoch not in forks or place.dseq < forks[place.epoch]
        )

    def former_devices(self) -> Mapping[int, tuple[str, ...]]:
        """Epochs that were pushed under other ids than today's, with those ids."""
        found: dict[int, tuple[str, ...]] = {}
        for epoch, device in self._all(_FORMER):
            found[epoch] = (*found.get(epoch, ()), device)
        return found

    def pending_from(self, most: int) -> Mapping[int, int]:
        """By epoch, the first place whose answer never came; the newest epochs."""
        return self._pairs(_PENDING_FROM, {"most": most})

    def disown(self, kept: ChainKept) -> int | None:
        """Give up the places from the first at which the server has other bytes than this till:
        another machine used them. Which place that is; None where all are this till's own."""
        end = kept.first + len(kept.hashes)
        asked = {"in_epoch": kept.epoch, "first": kept.first, "end": end}
        own = self._pairs(_HASHES, asked)
        for dseq, theirs in enumerate(kept.hashes, start=kept.first):
            if dseq in own and own[dseq] != theirs:
                self.forked(kept.epoch, dseq)
                return dseq
        return None

    def forked(self, epoch: int, from_dseq: int) -> None:
        """From this place on the chain is another till's for the server."""
        self._write(_FORKED, {"epoch": epoch, "from_dseq": from_dseq})

    def forks(self) -> Mapping[int, int]:
        """Epochs whose chain is another till's for the server, with the first place of that."""
        return self._pairs(_FORKS)

    def count_forked(self) -> int:
        """Pending facts whose places are another till's for the server: they cannot be sent."""
        return int(self._execute(_FORKED_PENDING).scalar_one())

    def highest_epoch(self) -> int:
        """Of all epochs that facts were given further places in; 0 for none."""
        return int(self._execute(_HIGHEST).scalar() or 0)

    def _pairs(self, question: Prepared, asked: Parameters | None = None) -> dict[Any, Any]:
        return {row[0]: row[1] for row in self._all(question, asked)}
