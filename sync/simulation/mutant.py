"""Mutants: one rule of the product broken each, to see that the invariants would notice.

Owns: the planted mistakes, each wrapped around a part from outside. Does not own: the parts (none
of them asks whether it is a mutant), the invariants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from sync.server import grant as grant_room
from sync.server import ingest as ingest_room
from sync.server import merge as merge_room
from sync.server.feed import Reader, read_stream
from sync.server.folding import Accounts, lock_accounts, put_accounts
from sync.server.grant import give_grant
from sync.server.ingest import ingest
from sync.server.merge import MergeAnswer, merge_members
from sync.server.sender import House, Sender
from sync.server.settlement import Settled
from sync.simulation.scenario import Mutate, Parts
from sync.simulation.server import Acts
from sync.simulation.till import LIMITS, Means, Record, Till
from sync.till.agreement import TillAgreement
from sync.till.event import member_told, take_in
from sync.till.inbox import TillInbox
from sync.till.outbox import TillOutbox
from sync.till.ports import TillWork


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mistake somebody could make."""

    says: str
    profile: str
    """The world in which it shows."""
    plant: Mutate


class AdoptsDigest(TillAgreement):
    """Where the sums differ the server must be right: they are taken over."""

    def compare(self, asked: p.Digest, answer: p.DigestAnswer) -> Mapping[date, bool]:
        return super().compare(asked, msgspec.structs.replace(answer, equal=True, sums=asked.sums))


def _grant_to_two(parts: Parts) -> None:
    """What one device was given is given to the next as well."""

    def give(connection: Any, device: Any, asked: p.GrantWanted, now_ms: int) -> p.GrantAnswer:
        known = getattr(grant_room, "promises_of")  # noqa: B009 - it is not that room's to export
        _put(grant_room, "promises_of", lambda *_: {})
        try:
            return give_grant(connection, device, asked, now_ms)
        finally:
            _put(grant_room, "promises_of", known)

    parts.server.acts = Acts(give_grant=give)


def _survivor_by_arrival(parts: Parts) -> None:
    """Of two who are one person, the one stays whom the server heard of first."""

    def first_come(ids: Iterable[str], **how: Any) -> list[str]:
        heard = list(parts.server.book.taken.by_member)
        return sorted(ids, key=lambda each: heard.index(each) if each in heard else 0)

    def merge(office: Any, one: str, other: str, said: Any) -> MergeAnswer:
        _put(merge_room, "sorted", first_come)
        try:
            return merge_members(office, one, other, said)
        finally:
            delattr(merge_room, "sorted")

    parts.server.acts = Acts(merge_members=merge)


def _put(owner: object, name: str, function: Callable[..., Any]) -> None:
    setattr(owner, name, function)


def _means(**changes: Any) -> Mutate:
    def plant(parts: Parts) -> None:
        for till in parts.tills:
            till.means = Means(**changes)

    return plant


# ---------------------------------------------------------------------- the server


def _server(make: Callable[..., Any]) -> Mutate:
    """The server's ingest, and something after it in the same transaction."""

    def plant(parts: Parts) -> None:
        def ingest_and(
            connection: Any, sender: Sender, push: p.Push, now_ms: int, house: House
        ) -> p.PushAnswer:
            answer = ingest(connection, sender, push, now_ms, house)
            make(connection, sender.tenant, push, answer)
            return answer

        parts.server.acts = Acts(ingest=ingest_and)

    return plant


def _fold_again(connection: Any, tenant: str, ops: Sequence[Op]) -> None:
    """Count facts that are counted already."""
    for op in ops:
        head = read_head(op.data)
        if not isinstance(head, FactHead) or head.member is None:
            continue
        accounts = Accounts(tenant)
        lock_accounts(connection, accounts, [head.member])
        item = FoldItem(op.op_id, head.member, head.day, head.effects)
        accounts.fold([item], {op.op_id: head.day})
        put_accounts(connection, accounts)


def _no_dedupe(connection: Any, tenant: str, push: p.Push, answer: p.PushAnswer) -> None:
    again = {one.op_id for one in answer.answers if one.duplicate}
    _fold_again(connection, tenant, [op for op in push.ops if op.op_id in again])


def _dedupe_by_place(connection: Any, tenant: str, push: p.Push, answer: p.PushAnswer) -> None:
    """What comes under another epoch is new to whoever looks at places only."""
    again = {one.op_id for one in answer.answers if one.duplicate}
    _fold_again(connection, tenant, [op for op in push.ops if op.op_id in again and op.epoch > 1])


def _uses_as_a_set(connection: Any, tenant: str, push: p.Push, answer: p.PushAnswer) -> None:
    """A coupon is used or not; by which sales is forgotten."""
    members = {head.member for op in push.ops if isinstance(head := read_head(op.data), FactHead)}
    for member in sorted(each for each in members if each):
        accounts = Accounts(tenant)
        lock_accounts(connection, accounts, [member])
        locked = accounts.of(member)
        twice = [uses for uses in locked.after.coupon_uses.values() if len(uses) > 1]
        for uses in twice:
            first = min(uses)
            uses.clear()
            uses.add(first)
        if twice:
            locked.is_changed = True
            put_accounts(connection, accounts)


def _clock_orders(parts: Parts) -> None:
    """What was made earlier than the last known fact of its till must be known already."""
    newest: dict[str, int] = {}

    def by_clock(
        connection: Any, sender: Sender, push: p.Push, now_ms: int, house: House
    ) -> p.PushAnswer:
        fresh: list[Op] = []
        late: list[Op] = []
        for op in push.ops:
            wall_ms = int(op.op_id.replace("-", "")[:12], 16)
            last = newest.get(sender.device, 0)
            newest[sender.device] = max(last, wall_ms)
            (late if wall_ms < last - 60_000 else fresh).append(op)
        answer = ingest(
            connection, sender, msgspec.structs.replace(push, ops=tuple(fresh)), now_ms, house
        )
        known = tuple(
            OpAnswer(op_id=op.op_id, epoch=op.epoch, dseq=op.dseq, outcome="accepted")
            for op in late
        )
        return msgspec.structs.replace(answer, answers=(*answer.answers, *known))

    parts.server.acts = Acts(ingest=by_clock)


def _beyond_cursor(parts: Parts) -> None:
    """Events by `id > cursor`: one that commits late is behind the cursor when it shows."""

    def read(
        connection: Any, reader: Reader, stream: str, after: int, limit: int = 100
    ) -> PullAnswer:
        answer = read_stream(connection, reader, stream, after, limit)
        seen = [one for one in answer.events if one.at % 11]
        told = tuple(
            msgspec.structs.replace(one, at=after + number) for number, one in enumerate(seen, 1)
        )
        if len(seen) == len(answer.events) or not seen:
            return answer
        return msgspec.structs.replace(answer, events=told)

    parts.server.acts = Acts(read_stream=read)


def _pieces_twice(parts: Parts) -> None:
    """Two refunds of one piece both count."""

    def unsettled(
        connection: Any, sender: Sender, push: p.Push, now_ms: int, house: House
    ) -> p.PushAnswer:
        known = getattr(ingest_room, "settle_sales")  # noqa: B009 - it is not that room's to export
        _put(ingest_room, "settle_sales", lambda *_: Settled())
        try:
            return ingest(connection, sender, push, now_ms, house)
        finally:
            _put(ingest_room, "settle_sales", known)

    parts.server.acts = Acts(ingest=unsettled)


# ---------------------------------------------------------------------- the till


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


def _without_fsync(parts: Parts) -> None:
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

    _put(till, "durable", count)
    _put(till, "die", lose)


def _points_apart(parts: Parts) -> None:
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

    _put(till, "file_record", in_two)
    _put(till, "after_record", then)


MUTANTS: dict[str, Mutant] = {
    "no-dedupe": Mutant("a repeated fact counts again", "hot", _server(_no_dedupe)),
    "delete-before-ack": Mutant(
        "what was sent is done with", "calm", _means(outbox=DeletesBeforeAck)
    ),
    "cursor-before-apply": Mutant(
        "the cursor is moved before the events are in", "storm", _means(inbox=CursorFirst)
    ),
    "stale-pull": Mutant("a late answer is applied", "hot", _means(inbox=TakesStale)),
    "no-fsync": Mutant("a commit may be lost by a death", "storm", _without_fsync),
    "ack-by-count": Mutant("answers are counted, not read", "storm", _means(outbox=AcksByCount)),
    "beyond-cursor": Mutant("events by `id > cursor`", "calm", _beyond_cursor),
    "watchdog-dead": Mutant(
        "only a wake-up makes the till look",
        "calm",
        _means(limits=replace(LIMITS, watchdog_ms=10**12)),
    ),
    "clock-orders": Mutant("what a clock calls old is known", "storm", _clock_orders),
    "folded-again": Mutant(
        "pending lies on top of an account that holds it", "hot", _means(inbox=FoldsPendingAgain)
    ),
    "uses-as-a-set": Mutant("a coupon is used or not", "hot", _server(_uses_as_a_set)),
    "restored-not-deduped": Mutant(
        "another epoch, another fact", "long-offline", _server(_dedupe_by_place)
    ),
    "pieces-twice": Mutant("two refunds of a piece both count", "hot", _pieces_twice),
    "grant-to-two": Mutant("a grant is given to two devices", "hot", _grant_to_two),
    "digest-adopted": Mutant(
        "the other side's sums are taken over", "storm", _means(agreement=AdoptsDigest)
    ),
    "survivor-by-arrival": Mutant(
        "of merged members the first to come survives", "calm", _survivor_by_arrival
    ),
    "points-apart": Mutant("points go in a second call", "storm", _points_apart),
}
