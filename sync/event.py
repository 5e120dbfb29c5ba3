"""Events: what the heart is told. Each carries what a lane, the store or a person saw.

Owns: the events and the reading of clocks they come with. Does not own: what follows (core.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sync.errors import SyncError
from sync.ports import Applied, Backlog, Hole, OtherServer, Waiting
from sync.protocol import PullAnswer, PushAnswer

Lane: TypeAlias = Literal["push", "pull"]


@dataclass(frozen=True, slots=True)
class Now:
    """One reading of both clocks. Only the monotonic one decides when something is due."""

    wall_ms: int
    monotonic_ms: int


@dataclass(frozen=True, slots=True)
class Started:
    """The lanes run; this till is `epoch` of its device, and listened so far to `cursors`.

    `server_epoch`: None before the server's first answer.
    """

    epoch: int
    server_epoch: int | None
    cursors: Mapping[str, int]
    """Every stream of this till, the place it has come to (0 = nothing yet)."""


@dataclass(frozen=True, slots=True)
class Committed:
    """Something was committed to the outbox. Losing this event costs a minute, never a fact."""


@dataclass(frozen=True, slots=True)
class SyncNow:
    """A person asked for it: back-offs end, what the server asked for (Retry-After) does not."""


@dataclass(frozen=True, slots=True)
class LinkBack:
    """The machine has a network again, as many others may: tries are spread over 30 s."""


@dataclass(frozen=True, slots=True)
class Switched:
    """A person pulled the cable (or put it back) in the sync centre."""

    on: bool


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Answer to ListWaiting: the oldest pending ops."""

    waiting: Sequence[Waiting]
    backlog: Backlog


@dataclass(frozen=True, slots=True)
class Counted:
    """Answer to CountBacklog."""

    backlog: Backlog


@dataclass(frozen=True, slots=True)
class Pushed:
    """Answer to SendPush."""

    answer: PushAnswer
    sent: Now
    """When the request left."""


@dataclass(frozen=True, slots=True)
class PushFailed:
    """Nothing is known about the ops that were sent: they are sent again."""

    error: SyncError


@dataclass(frozen=True, slots=True)
class Settled:
    """Answer to Settle: the store keeps what the server said."""


@dataclass(frozen=True, slots=True)
class MarkedAgain:
    """Answer to PushAgain: so many kept facts are pending once more."""

    count: int


@dataclass(frozen=True, slots=True)
class Pulled:
    """Answer to PullStream."""

    answer: PullAnswer
    sent: Now


@dataclass(frozen=True, slots=True)
class PullFailed:
    """Answer to PullStream or Bootstrap: nothing came."""

    error: SyncError


@dataclass(frozen=True, slots=True)
class PullApplied:
    """Answer to Apply."""

    result: Applied | Hole | OtherServer


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """Answer to Bootstrap: the snapshot is in, and the cursors stand at its places."""

    cursors: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UntoldAsked:
    """Answer to AskUntold: the server said what it knows of them. None = there are no more."""

    after: str | None


@dataclass(frozen=True, slots=True)
class TokenRenewed:
    """Answer to RenewToken."""

    lane: Lane


@dataclass(frozen=True, slots=True)
class TokenFailed:
    """Answer to RenewToken."""

    lane: Lane
    error: SyncError


@dataclass(frozen=True, slots=True)
class StoreFailed:
    """The store could not do what this lane asked last (disk full, closed). It is asked again."""

    lane: Lane


@dataclass(frozen=True, slots=True)
class Heard:
    """The ask lane had an answer: the link is there."""

    server_ms: int
    sent: Now


Event: TypeAlias = (
    Started | Committed | SyncNow | LinkBack | Switched | Ticked | Listed | Counted | Pushed
    | PushFailed | Settled | MarkedAgain | Pulled | PullFailed | PullApplied | Bootstrapped
    | UntoldAsked | TokenRenewed | TokenFailed | StoreFailed | Heard
)  # fmt: skip
