"""What sync needs from a till, as protocols in domain types; the till's store fits them.

Owns: Outbox, Inbox, PhotoBox, Clock, Credentials and the small values that cross them. Does not
own: any of them (app/store, joined in main.py), when they are called (core.py says, lane.py does).
Every method is one short unit of work on the store lane and may block; all raise the store's own
errors (disk full, closed), which a lane answers by waiting, never by forgetting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.domain.ids import OpId
from app.domain.photo import SealedPhoto
from sync.protocol import Enrolled, LookUpAnswer, MemberKey, Op, OpAnswer, PullAnswer


@dataclass(frozen=True, slots=True)
class Waiting:
    """One op of the outbox as the heart sees it: no bytes yet."""

    op_id: OpId
    epoch: int
    dseq: int
    size: int
    """Bytes of the fact."""
    aggregates: tuple[str, ...] = ()
    """Members and sales whose ops keep their order: where one has to wait, later ones wait too."""
    needs: tuple[OpId, ...] = ()
    """Ops that must be settled before this one is sent (the sale of a refund)."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much is waiting, for the status and the sync centre."""

    pending: int = 0
    oldest_ms: int | None = None
    """Wall time of the oldest pending op."""
    set_aside: int = 0
    """Dead letters: rejected, waiting for a person."""
    quarantined: int = 0


class Outbox(Protocol):
    """This till's ops that are not settled yet."""

    def waiting(self, limit: int) -> Sequence[Waiting]:
        """The oldest pending ops, in the order of (epoch, dseq)."""

    def load(self, op_ids: Sequence[OpId]) -> Sequence[Op]:
        """Their bytes and envelopes, in the order asked for. A push again may give them the
        envelope of a new epoch: the bytes stay, the chain is new."""

    def keys_for(self, op_ids: Sequence[OpId]) -> Sequence[MemberKey]:
        """The keys of members whose sealed data stands in these ops."""

    def settle(self, answers: Sequence[OpAnswer], *, server_epoch: int) -> None:
        """Keep what the server said, in one transaction. Accepted ops are marked, never deleted;
        rejected ones are set aside. A `fork` is kept too, and the op stays pending: its place is
        another machine's, whose marks say nothing about it. Telling it twice changes nothing.
        Where no server epoch is known yet (Inbox.server_epoch), this one is from now on: what was
        accepted before the first pull must not be lost with a server that is restored; a known one
        only `adopt` changes."""

    def push_again(self, epoch: int, above: int) -> int:
        """Mark kept facts of an epoch with a larger dseq as pending. Returns how many."""

    def backlog(self) -> Backlog: ...


@dataclass(frozen=True, slots=True)
class Applied:
    """The events are in, and the cursor with them."""

    cursor: int


@dataclass(frozen=True, slots=True)
class Hole:
    """Refused: the first event does not follow the cursor. Nothing was applied."""

    cursor: int
    first: int


@dataclass(frozen=True, slots=True)
class OtherServer:
    """Refused: the server was restored since (its epoch changed). Bootstrap, push again."""

    known: int
    told: int


@dataclass(frozen=True, slots=True)
class Untold:
    """Members whom this life of the server has not told of, some of them."""

    member_ids: Sequence[str]
    after: str | None
    """Behind whom to look on; None = there are no more."""


class Inbox(Protocol):
    """What the server told this till, and how far it listened."""

    def streams(self) -> Sequence[str]:
        """chain, store:<id>, device:<id>."""

    def cursors(self) -> Mapping[str, int]: ...

    def server_epoch(self) -> int | None:
        """None before the first answer."""

    def apply(self, answer: PullAnswer) -> Applied | Hole | OtherServer:
        """Events and cursor in one transaction. Stale answers (all events at or below the cursor)
        are Applied without effect; an account of a lower version than known is passed over."""

    def doubt(self) -> None:
        """The server has forgotten without saying so: whatever it tells from now on of a member is
        newer than what it told before. What is shown stays till then. May be repeated."""

    def adopt(self, snapshot: Path, key: bytes, positions: Mapping[str, int], epoch: int) -> None:
        """Merge a snapshot by and by, at most 100 accounts in a transaction; the cursors move
        last. The outbox is not touched. May be repeated after a crash."""

    def untold(self, after: str) -> Untold:
        """Members this till shows who were told of by the server before it was restored, and not
        since; from behind this id on, in the order of ids."""

    def heard(self, member_id: str, answer: LookUpAnswer) -> None:
        """What the server says of one of them, in one transaction. Whom it does not know is not
        asked for again: it tells of him as soon as he arrives."""


class PhotoBox(Protocol):
    """This till's pictures that head office does not have yet."""

    def next(self, put_off: Set[str]) -> str | None:
        """The oldest of them but these; None: none waits, or facts do, which go first."""

    def sealed(self, photo_id: str) -> SealedPhoto | None:
        """As it travels, the same bytes each time; None: it is not here any more."""

    def sent(self, photo_id: str, server_epoch: int) -> None:
        """The server has it, in this life."""


class Clock(Protocol):
    """The clocks of this machine."""

    def wall_ms(self) -> int: ...

    def monotonic_ms(self) -> int: ...


class Credentials(Protocol):
    """Who this till is towards the server."""

    def server_url(self) -> str | None:
        """None = never enrolled: nothing is sent."""

    def device(self) -> str: ...

    def sign(self, data: bytes) -> bytes:
        """By the Ed25519 key that was made on this till and never leaves it."""

    def enrolled(self, answer: Enrolled, url: str) -> None:
        """Keep who we are from now on; epochs only rise."""
