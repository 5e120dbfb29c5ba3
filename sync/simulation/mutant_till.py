"""Mutants of the till: what its ends of the wire could do wrong, and its file.

Owns: those planted mistakes, each wrapped around a part from outside. Does not own: their names and
worlds (mutant.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from app.domain.account import FoldItem, account_of, covered, fold
from app.domain.account_records import Mark
from app.domain.facts import FactHead, read_head
from app.domain.ids import OpId, uuid7
from app.domain.outbox import Answer
from sync import protocol as p
from sync.ports import Applied, Hole, OtherServer
from sync.protocol import MemberConfirmed, Op, OpAnswer, PullAnswer
from sync.simulation.scenario import Parts
from sync.simulation.till import Record, Till
from sync.till.agreement import TillAgreement
from sync.till.event import member_told, take_in
from sync.till.inbox import TillInbox
from sync.till.outbox import TillOutbox
from sync.till.ports import TillWork


def put(owner: object, name: str, function: Callable[..., Any]) -> None:
    """Another function in the place of one."""
    setattr(owner, name, function)


class AdoptsDigest(TillAgreement):
    """Where the sums differ the server must be right: they are taken over."""

    def compare(self, asked: p.Digest, answer: p.DigestAnswer) -> Mapping[date, bool]:
        return super().compare(asked, msgspec.structs.replace(answer, equal=True, sums=asked.sums))


class DeletesBeforeAck(TillOutbox):
    """What was sent is done with."""

    def load(self, op_ids: Sequence[OpId]) -> Sequence[Op]:
        ops = super().load(op_ids)
        gone = [Answer(one.op_id, one.epoch, one.dseq, "accepted", None, (), None) for one in ops]
        self._lane.run(lambda work: work.outbox.settle(gone, at_ms=0))
        return ops


class AcksByCount(TillOutbox):
    """So many answers: the last so many are done."""

    def settle(self, answers: Sequence[OpAnswer], *, server_epoch: int) -> None:
        last = self._lane.run(lambda work: work.outbox.waiting(400))[-len(answers) :]
        said = [
            msgspec.structs.replace(answer, op_id=one.op_id, epoch=one.epoch, dseq=one.dseq)
            for one, answer in zip(last, answers, strict=False)
        ]
        super().settle(said, server_epoch=server_epoch)


class CursorFirst(TillInbox):
    """The cursor is moved by one transaction, the events are applied by the next."""

    def apply(self, answer: PullAnswer) -> Applied | Hole | OtherServer:
        cursor = self.cursors().get(answer.stream, 0)
        fresh = [one for one in answer.events if one.at > cursor]
        if not fresh or self.server_epoch() != answer.server_epoch:
            return super().apply(answer)
        last, head = fresh[-1].at, answer.head
        self._lane.run(lambda work: work.inbox.move(answer.stream, last, head=head, at_ms=0))
        events = [one.event for one in fresh]
        epoch = answer.server_epoch
        self._lane.run(lambda work: take_in(work, events, server_epoch=epoch, at_ms=0))
        return Applied(last)


class TakesStale(TillInbox):
    """An answer that comes late is applied as if it were new."""

    _last: PullAnswer | None = None
    _bumped = 1_000

    def apply(self, answer: PullAnswer) -> Applied | Hole | OtherServer:
        applied = super().apply(answer)
        late, self._last = self._last, answer
        if late is not None and isinstance(applied, Applied):
            members = [
                member_told(one.event)
                for one in late.events
                if isinstance(one.event, MemberConfirmed)
            ]
            self._bumped += 1
            bumped = self._bumped
            self._lane.run(lambda work: work.confirmed.tell(members, bumped))
        return applied


class FoldsPendingAgain(TillInbox):
    """Whatever is pending lies on top, also where the account told holds it already."""

    def apply(self, answer: PullAnswer) -> Applied | Hole | OtherServer:
        applied = super().apply(answer)
        told = {one.event.member for one in answer.events if isinstance(one.event, MemberConfirmed)}
        self._lane.run(lambda work: _fold_pending(work, told))
        return applied


def _fold_pending(work: Any, told: set[str]) -> None:
    identity = work.device.read()
    for one in work.outbox.waiting(400):
        [placed] = work.outbox.load([one.op_id])
        head = read_head(placed.data)
        if not isinstance(head, FactHead) or head.member not in told:
            continue
        account = work.accounts.get(head.member)
        mark = Mark(identity.device, one.epoch, one.dseq)
        known = work.confirmed.get(head.member)
        if account is None or known is None:
            continue
        if covered(account_of(known.account), head.member, [mark]):
            item = FoldItem(one.op_id, head.member, head.day, head.effects, mark)
            work.accounts.put(head.member, fold([item], base=account))


def without_fsync(parts: Parts) -> None:
    """A commit is told as done before it is on the disk: a death takes the last ones with it."""
    for till in parts.tills:
        _forgetful(till)


def _forgetful(till: Till) -> None:
    synced, die, durable = (
        till.folder.with_name(f"{till.place.name}-synced"),
        till.die,
        till.durable,
    )
    commits = 0

    def count() -> None:
        nonlocal commits
        durable()
        commits += 1
        if commits % 5 == 1:
            till.around.room.copy_till(till.folder, synced)

    def lose(down_ms: int | None = None) -> None:
        die(down_ms)
        till.around.room.copy_till(synced, till.folder)

    put(till, "durable", count)
    put(till, "die", lose)


def points_apart(parts: Parts) -> None:
    """The sale in one transaction, its points in the next."""
    for till in parts.tills:
        _in_two_calls(till)


def _in_two_calls(till: Till) -> None:
    record = till.file_record

    def in_two(work: TillWork, wanted: Record) -> None:
        record(work, replace(wanted, fact=msgspec.structs.replace(wanted.fact, effects=())))

    def then(wanted: Record) -> None:
        points = msgspec.structs.replace(
            wanted.fact, op_id=uuid7(till.moment().wall_ms, till.chance.getrandbits(74))
        )
        till.server.book.happened(msgspec.structs.replace(points, effects=()))
        till.lane.run(lambda work: record(work, Record(points, {})))
        till.own.add(points.op_id)

    put(till, "file_record", in_two)
    put(till, "after_record", then)
