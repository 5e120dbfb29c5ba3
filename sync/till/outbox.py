"""The till's outbox, as the heart asks for it.

Owns: the translation of its values into messages and of answers back. Does not own: the table
(app/store/outbox.py), what to send when (core.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.ids import OpId
from app.domain.outbox import Answer, Difference, Rejection
from sync.ports import Backlog, Clock, Waiting
from sync.protocol import MemberKey, Op, OpAnswer
from sync.till.ports import TillLane, TillWork
from sync.till.settling import settle

PLACES_A_UNIT = 500
"""So many facts are given new places in one unit of work: some 20 ms."""


class TillOutbox:
    """Fits sync.ports.Outbox over the till's store."""

    def __init__(self, lane: TillLane, clock: Clock) -> None:
        self._lane, self._clock = lane, clock

    def waiting(self, limit: int) -> Sequence[Waiting]:
        """As the port says; nothing before the till was enrolled.

        After it enrolled again, first what is pending gets its places in the new epoch.
        """
        while not self._lane.run(_renew_some):
            pass

        def read(work: TillWork) -> list[Waiting]:
            if work.enrolment.read() is None:
                return []
            return [
                Waiting(one.op_id, one.epoch, one.dseq, one.size, one.aggregates, one.needs)
                for one in work.outbox.waiting(limit)
            ]

        return self._lane.run(read)

    def load(self, op_ids: Sequence[OpId]) -> Sequence[Op]:
        """As the port says."""
        facts = self._lane.run(lambda work: work.outbox.load(op_ids))
        return [
            Op(op_id=one.op_id, epoch=one.epoch, dseq=one.dseq, hash=one.chain_hash, data=one.data)
            for one in facts
        ]

    def keys_for(self, op_ids: Sequence[OpId]) -> Sequence[MemberKey]:
        """As the port says; a destroyed key is none."""
        keys = self._lane.run(lambda work: work.outbox.secrets_for(op_ids))
        return [MemberKey(member=k.member_id, key_id=k.key_id, secret=k.secret) for k in keys]

    def settle(self, answers: Sequence[OpAnswer], *, server_epoch: int) -> None:
        """As the port says."""
        told, at_ms = [answer_told(each) for each in answers], self._clock.wall_ms()

        def keep(work: TillWork) -> None:
            who = work.enrolment.read()
            if who is not None and who.server_epoch is None:
                work.enrolment.put_server_epoch(server_epoch)
            settle(work, told, at_ms=at_ms)

        self._lane.run(keep)

    def push_again(self, epoch: int, above: int) -> int:
        """As the port says."""
        return self._lane.run(lambda work: work.outbox.push_again(epoch, above))

    def backlog(self) -> Backlog:
        """As the port says."""
        count = self._lane.run(lambda work: work.outbox.count())
        return Backlog(
            pending=count.pending,
            oldest_ms=count.oldest_ms,
            set_aside=count.set_aside,
            quarantined=count.quarantined,
        )


def answer_told(answer: OpAnswer) -> Answer:
    """The server's answer as the store keeps it."""
    refused = answer.refusal
    return Answer(
        op_id=answer.op_id,
        epoch=answer.epoch,
        dseq=answer.dseq,
        outcome=answer.outcome,
        day=answer.day,
        differences=tuple(
            Difference(kind=each.kind, case=each.case, points=each.points, text=each.text)
            for each in answer.adjustments
        ),
        rejection=None
        if refused is None
        else Rejection(code=refused.code, text=refused.text, fields=refused.fields),
    )


def _renew_some(work: TillWork) -> bool:
    """Whether nothing is left to be given a new place."""
    who = work.enrolment.read()
    if who is None or who.renews_as is None:
        return True
    return work.outbox.renew(who.renews_as, PLACES_A_UNIT)
