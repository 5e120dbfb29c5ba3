"""Mutants: one rule of the product broken each, to see that the invariants would notice.

Owns: the planted mistakes, each wrapped around a part from outside. Does not own: the parts (none
of them asks whether it is a mutant), the invariants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import msgspec

from app.domain.account import FoldItem, MemberAccount
from app.domain.facts import FactHead, read_head
from sync import protocol as p
from sync.protocol import Op, OpAnswer, PullAnswer
from sync.server import calendar_fact as calendar_room
from sync.server import grant as grant_room
from sync.server import ingest as ingest_room
from sync.server import member as member_room
from sync.server import merge as merge_room
from sync.server import reserve as reserve_room
from sync.server.feed import Reader, read_stream
from sync.server.folding import Accounts, lock_accounts, put_accounts
from sync.server.grant import give_grant
from sync.server.ingest import ingest
from sync.server.merge import MergeAnswer, merge_members
from sync.server.sender import House, Sender
from sync.server.settlement import Settled
from sync.simulation.mutant_till import (
    AcksByCount,
    AdoptsDigest,
    CursorFirst,
    DeletesBeforeAck,
    FoldsPendingAgain,
    TakesStale,
    points_apart,
    put,
    without_fsync,
)
from sync.simulation.owner import LIMITS, Means
from sync.simulation.scenario import Mutate, Parts
from sync.simulation.server import Acts


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mistake somebody could make."""

    says: str
    profile: str
    """The world in which it shows."""
    plant: Mutate


def _grant_to_two(parts: Parts) -> None:
    """What one device was given is given to the next as well."""

    def give(connection: Any, device: Any, asked: p.GrantWanted, now_ms: int) -> p.GrantAnswer:
        known = getattr(grant_room, "promises_of")  # noqa: B009 - it is not that room's to export
        put(grant_room, "promises_of", lambda *_: {})
        try:
            return give_grant(connection, device, asked, now_ms)
        finally:
            put(grant_room, "promises_of", known)

    parts.server.acts = Acts(give_grant=give)


def _survivor_by_arrival(parts: Parts) -> None:
    """Of two who are one person, the one stays whom the server heard of first."""

    def first_come(ids: Iterable[str], **how: Any) -> list[str]:
        heard = list(parts.server.book.taken.by_member)
        return sorted(ids, key=lambda each: heard.index(each) if each in heard else 0)

    def merge(office: Any, one: str, other: str, said: Any) -> MergeAnswer:
        put(merge_room, "sorted", first_come)
        try:
            return merge_members(office, one, other, said)
        finally:
            delattr(merge_room, "sorted")

    parts.server.acts = Acts(merge_members=merge)


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
        put(ingest_room, "settle_sales", lambda *_: Settled())
        try:
            return ingest(connection, sender, push, now_ms, house)
        finally:
            put(ingest_room, "settle_sales", known)

    parts.server.acts = Acts(ingest=unsettled)


def _instead(room: ModuleType, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Another function in a room's, for as long as an act of the server runs."""

    def around(act: Callable[..., Any]) -> Callable[..., Any]:
        def acting(*args: Any, **how: Any) -> Any:
            known = getattr(room, name)
            put(room, name, function)
            try:
                return act(*args, **how)
            finally:
                put(room, name, known)

        return acting

    return around


def _pieces_kept_twice(parts: Parts) -> None:
    """Goods are kept for whoever asks, though they came back or are kept already."""
    parts.server.acts = Acts(
        reserve=_instead(reserve_room, "_pieces_gone", lambda _: None)(reserve_room.reserve)
    )


def _number_unclaimed(parts: Parts) -> None:
    """Whoever joins with another member's number is told to nobody."""
    parts.server.acts = Acts(
        ingest=_instead(member_room, "claim_identities", lambda *_: [])(ingest)
    )


def _one_side_of_two(parts: Parts) -> None:
    """Of two accounts that become one, the survivor's alone is kept."""

    def kept(mine: MemberAccount, theirs: MemberAccount) -> MemberAccount:
        return msgspec.structs.replace(mine, includes=mine.includes | theirs.includes)

    parts.server.acts = Acts(merge_members=_instead(merge_room, "merge", kept)(merge_members))


def _review_is_final(parts: Parts) -> None:
    """What arrives after a review, sold before it, changes nothing any more."""
    night = parts.server.keep_calendar
    put(
        parts.server,
        "keep_calendar",
        _instead(calendar_room, "reopen_reviews", lambda *_: ())(night),
    )


MUTANTS: dict[str, Mutant] = {
    "no-dedupe": Mutant("a repeated fact counts again", "hot", _server(_no_dedupe)),
    "delete-before-ack": Mutant(
        "what was sent is done with", "calm", _means(outbox=DeletesBeforeAck)
    ),
    "cursor-before-apply": Mutant(
        "the cursor is moved before the events are in", "storm", _means(inbox=CursorFirst)
    ),
    "stale-pull": Mutant("a late answer is applied", "hot", _means(inbox=TakesStale)),
    "no-fsync": Mutant("a commit may be lost by a death", "storm", without_fsync),
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
    "points-apart": Mutant("points go in a second call", "storm", points_apart),
    "pieces-kept-twice": Mutant("goods are kept for two tills", "hot", _pieces_kept_twice),
    "number-unclaimed": Mutant("two have one number, unseen", "calm", _number_unclaimed),
    "one-side-of-two": Mutant("a merge keeps one account", "calm", _one_side_of_two),
    "review-is-final": Mutant("a late sale reopens no review", "calm", _review_is_final),
}
