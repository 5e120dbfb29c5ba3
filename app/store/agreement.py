"""Proof of agreement: this till's facts as they are counted, and how the server counted them.

Owns: the agreement table, reading what was answered of one epoch in order. Does not own: the
counting (app/domain/agreement.py), the message (sync).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import bindparam, select, text

from app.domain.agreement_record import AnsweredFact, DayCompared, SentCount
from app.domain.ids import uuid7
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, put_row
from app.store.sync_tables import agreement

# An epoch holds either facts of its own or places of facts that were pushed again.
_ANSWERED = Prepared(
    text(
        """
    SELECT f.dseq, f.chain_hash, f.business_day, f.data, o.state, o.epoch = f.epoch AS is_here
        FROM fact f JOIN outbox o ON o.op_id = f.op_id
        WHERE f.epoch = :in_epoch AND f.dseq > :after AND f.dseq <= :after + :most
    UNION ALL
    SELECT p.dseq, p.chain_hash, f.business_day, f.data, o.state, o.epoch = p.epoch
        FROM fact_place p JOIN fact f ON f.op_id = p.op_id JOIN outbox o ON o.op_id = p.op_id
        WHERE p.epoch = :in_epoch AND p.dseq > :after AND p.dseq <= :after + :most
    ORDER BY 1
    """
    )
)
_PUT = Prepared(put_row(agreement, "epoch", "day"))
_OF_DAY = select(agreement).where(agreement.c.day == bindparam("key")).order_by(agreement.c.epoch)
_ALIKE = select(agreement.c.day, agreement.c.dseq).where(
    agreement.c.epoch == bindparam("key"), agreement.c.is_equal == 1
)


# Ids begin with their time: this walks the facts of a day, not those of a year.
_SINCE = text(
    """
    SELECT count(*), sum(state <> 'pending'), sum(attempts) FROM outbox WHERE op_id >= :first
    """
)


class AgreementRepository(Repository):
    """What both sides count."""

    def sent_since(self, wall_ms: int) -> SentCount:
        """How much of what was written since then went over."""
        row = self._execute(_SINCE, {"first": uuid7(max(0, wall_ms), 0)}).one()
        return SentCount(row[0], row[1] or 0, row[2] or 0)

    def answered(self, epoch: int, after: int, most: int) -> Sequence[AnsweredFact]:
        """The next facts of an epoch, up to the first that was not answered or went elsewhere."""
        found = []
        asked = {"in_epoch": epoch, "after": after, "most": most}
        for dseq, chain_hash, day, data, state, is_here in self._all(_ANSWERED, asked):
            if state == "pending" or not is_here:
                break
            is_refused = state in ("set_aside", "given_up")
            found.append(AnsweredFact(dseq, chain_hash, date.fromisoformat(day), data, is_refused))
        return found

    def put(self, compared: DayCompared) -> None:
        """The newest comparison of a day counts."""
        row = {
            "epoch": compared.epoch,
            "day": compared.day.isoformat(),
            "dseq": compared.dseq,
            "is_equal": int(compared.is_equal),
            "compared_ms": compared.compared_ms,
        }
        self._write(_PUT, row)
        self._changed(Changes(sync=True))

    def alike_up_to(self, epoch: int) -> Mapping[date, int]:
        """By day: up to which place of the epoch both sides counted it alike, when last asked."""
        rows = self._execute(_ALIKE, {"key": epoch})
        return {date.fromisoformat(row.day): row.dseq for row in rows}

    def of_day(self, day: date) -> Sequence[DayCompared]:
        """By epoch; empty where the day was never compared."""
        return [
            DayCompared(row.epoch, day, row.dseq, bool(row.is_equal), row.compared_ms)
            for row in self._execute(_OF_DAY, {"key": day.isoformat()})
        ]
