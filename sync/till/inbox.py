"""The till's inbox, as the heart asks for it: events and cursor in one transaction.

Owns: the rules of the cursor (no hole, nothing twice, one server at a time), merging a snapshot by
and by. Does not own: what an event does (event.py), the tables (app/store), when to pull (core.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from app.domain.enrolment import NO_SERVER_EPOCH
from sync.ports import Applied, Clock, Hole, OtherServer, Untold
from sync.protocol import (
    PULL_EVENTS_MAX,
    Event,
    LookUpAnswer,
    MemberConfirmed,
    Positioned,
    PullAnswer,
)
from sync.till.event import member_told, take_fact, take_in
from sync.till.intake import ARRIVALS_A_UNIT, Intake
from sync.till.ports import ReadSnapshot, TillLane, TillWork
from sync.till.settling import end_paid

DOUBTED_A_UNIT = 1_000
UNTOLD_A_UNIT = 1_000
UNTOLD_ASKED = 20

_EVENT: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class TillInbox:
    """Fits sync.ports.Inbox over the till's store."""

    def __init__(self, lane: TillLane, clock: Clock, read_snapshot: ReadSnapshot) -> None:
        self._lane, self._clock, self._read_snapshot = lane, clock, read_snapshot

    def streams(self) -> Sequence[str]:
        """chain, store:<id>, device:<id>; none before the till has an identity."""

        def read(work: TillWork) -> list[str]:
            here = work.device.read()
            if here is None or work.enrolment.read() is None:
                return []
            return ["chain", f"store:{here.store_id}", f"device:{here.device}"]

        return self._lane.run(read)

    def cursors(self) -> Mapping[str, int]:
        """As the port says."""
        return self._lane.run(lambda work: work.inbox.cursors())

    def server_epoch(self) -> int | None:
        """As the port says."""
        who = self._lane.run(lambda work: work.enrolment.read())
        return None if who is None else who.server_epoch

    def apply(self, answer: PullAnswer) -> Applied | Hole | OtherServer:
        """As the port says."""
        at_ms = self._clock.wall_ms()
        return self._lane.run(lambda work: _apply(work, answer, at_ms))

    def learn(self, answer: LookUpAnswer, *, server_epoch: int) -> None:
        """Keep what a look-up told: members join the working set, no cursor moves.

        `server_epoch`: the one this till listens to. What a server said before it was restored, or
        after it and before the till knows, is older than anything the till was told.
        """
        if answer.server_epoch != server_epoch:
            server_epoch = NO_SERVER_EPOCH
        members, at_ms = [member_told(each) for each in answer.members], self._clock.wall_ms()

        def keep(work: TillWork) -> None:
            work.confirmed.tell(members, server_epoch)
            end_paid(work, members, at_ms)
            for fact in answer.facts:
                take_fact(work, fact)

        self._lane.run(keep)

    def untold(self, after: str) -> Untold:
        """As the port says."""

        def read(work: TillWork) -> Untold:
            who = work.enrolment.read()
            epoch = None if who is None else who.server_epoch
            if epoch is None:
                return Untold((), None)
            found, last = work.confirmed.untold(epoch, after, UNTOLD_A_UNIT)
            asked = found[:UNTOLD_ASKED]
            return Untold(asked, asked[-1] if len(asked) < len(found) else last)

        return self._lane.run(read)

    def heard(self, member_id: str, answer: LookUpAnswer) -> None:
        """As the port says."""
        at_ms = self._clock.wall_ms()

        def keep(work: TillWork) -> None:
            who = work.enrolment.read()
            if who is None or answer.server_epoch != who.server_epoch:
                return  # restored once more: whom it told of is another question now
            take_in(work, answer.members, server_epoch=answer.server_epoch, at_ms=at_ms)
            work.confirmed.known_to_none(member_id, answer.server_epoch)

        self._lane.run(keep)

    def doubt(self) -> None:
        """As the port says; some at a time, for a sale waits behind each."""
        after: str | None = ""
        while after is not None:
            after = self._doubt_from(after)

    def _doubt_from(self, after: str) -> str | None:
        return self._lane.run(lambda work: work.confirmed.doubt(after, DOUBTED_A_UNIT))

    def adopt(self, snapshot: Path, key: bytes, positions: Mapping[str, int], epoch: int) -> None:
        """As the port says. Raises the store's errors, msgspec.DecodeError."""
        with Intake(self._lane, epoch) as intake:
            for lines in self._read_snapshot(snapshot, key):
                part = _EVENT.decode_lines(lines)
                members = [each for each in part if isinstance(each, MemberConfirmed)]
                others = [each for each in part if not isinstance(each, MemberConfirmed)]
                for start in range(0, len(others), PULL_EVENTS_MAX):
                    self._take_part(others[start : start + PULL_EVENTS_MAX], epoch)
                for start in range(0, len(members), ARRIVALS_A_UNIT):
                    some = members[start : start + ARRIVALS_A_UNIT]
                    intake.take([member_told(each) for each in some])
        at_ms = self._clock.wall_ms()

        def finish(work: TillWork) -> None:
            work.enrolment.put_server_epoch(epoch)
            for stream, place in positions.items():
                work.inbox.move(stream, place, head=place, at_ms=at_ms)

        self._lane.run(finish)

    def _take_part(self, events: Sequence[Event], epoch: int) -> None:
        at_ms = self._clock.wall_ms()
        self._lane.run(lambda work: take_in(work, events, server_epoch=epoch, at_ms=at_ms))


def _apply(work: TillWork, answer: PullAnswer, at_ms: int) -> Applied | Hole | OtherServer:
    who = work.enrolment.read()
    known = None if who is None else who.server_epoch
    if known is not None and known != answer.server_epoch:
        return OtherServer(known, answer.server_epoch)
    if known is None:
        work.enrolment.put_server_epoch(answer.server_epoch)
    cursor = work.inbox.cursors().get(answer.stream, 0)
    fresh = [each for each in answer.events if each.at > cursor]
    stray = _stray(cursor, fresh)
    if stray is not None:
        return Hole(cursor, stray)
    events = [each.event for each in fresh]
    take_in(work, events, server_epoch=answer.server_epoch, at_ms=at_ms)
    cursor += len(fresh)
    work.inbox.move(answer.stream, cursor, head=answer.head, at_ms=at_ms)
    return Applied(cursor)


def _stray(cursor: int, fresh: Sequence[Positioned]) -> int | None:
    """The first place that does not follow the one before it."""
    for expected, each in enumerate(fresh, start=cursor + 1):
        if each.at != expected:
            return each.at
    return None
