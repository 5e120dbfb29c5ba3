"""Actions: what the heart asks for. A lane has at most one of them in hand, and always answers.

Owns: the actions and which lane does each. Does not own: how (lane.py), why (core.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.domain.ids import OpId
from sync.event import Lane
from sync.protocol import OpAnswer, PullAnswer


@dataclass(frozen=True, slots=True)
class ListWaiting:
    """Outbox.waiting(limit) and Outbox.backlog() -> Listed, StoreFailed."""

    limit: int


@dataclass(frozen=True, slots=True)
class CountBacklog:
    """Outbox.backlog() -> Counted, StoreFailed."""


@dataclass(frozen=True, slots=True)
class SendPush:
    """Load these ops and post them -> Pushed, PushFailed, StoreFailed. None of them: the server
    is asked for its heads only."""

    op_ids: tuple[OpId, ...]
    final: bool
    offset_ms: int | None


@dataclass(frozen=True, slots=True)
class Settle:
    """Outbox.settle(...) -> Settled, StoreFailed. Final answers, and forks."""

    answers: Sequence[OpAnswer]
    server_epoch: int


@dataclass(frozen=True, slots=True)
class PushAgain:
    """Outbox.push_again(epoch, above) -> MarkedAgain, StoreFailed."""

    epoch: int
    above: int


@dataclass(frozen=True, slots=True)
class PullStream:
    """Ask for what came after -> Pulled, PullFailed."""

    stream: str
    after: int
    wait_s: int
    also: tuple[tuple[str, int], ...] = ()
    """Other streams and their places: news of theirs end the wait too."""


@dataclass(frozen=True, slots=True)
class Apply:
    """Inbox.apply(answer) -> PullApplied, StoreFailed."""

    answer: PullAnswer


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Fetch a snapshot and adopt it -> Bootstrapped, PullFailed, StoreFailed.

    A snapshot of another server epoch is not adopted -> PullApplied(OtherServer): facts have to be
    marked for it first. None = any. `anew`: the server has forgotten without saying so; what it
    told before is doubted first (Inbox.doubt), or its younger words would count as older ones.
    """

    server_epoch: int | None
    anew: bool = False


@dataclass(frozen=True, slots=True)
class AskUntold:
    """Look up some members whom the server has not told of in this life of its own, from behind
    this id on -> UntoldAsked, PullFailed, StoreFailed.

    A snapshot holds whom the server believes this store to hear of. One that was restored knows
    nothing of whom the store met since its backup was made.
    """

    after: str


@dataclass(frozen=True, slots=True)
class RenewToken:
    """Forget the token and ask for another -> TokenRenewed, TokenFailed."""

    lane: Lane


PushAction: TypeAlias = ListWaiting | CountBacklog | SendPush | Settle | PushAgain
PullAction: TypeAlias = PullStream | Apply | Bootstrap | AskUntold
Action: TypeAlias = PushAction | PullAction | RenewToken


def lane_of(action: Action) -> Lane:
    """Which thread does it."""
    match action:
        case RenewToken(lane=lane):
            return lane
        case PullStream() | Apply() | Bootstrap() | AskUntold():
            return "pull"
        case _:
            return "push"
