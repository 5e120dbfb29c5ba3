"""Status: how sync stands, as one value for the status chip and the sync centre.

Owns: the states, the reasons, and which state wins. Does not own: sentences and colours (ui), how
it came to this (push.py, pull.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sync.errors import Busy, Garbled, NotAllowed, NotSpoken, Refused, SyncError
from sync.offset import Offset
from sync.ports import Backlog

State: TypeAlias = Literal[
    "checking",  # no answer yet: nothing is green before a verified round trip
    "online",
    "behind",  # online, and something pending does not move
    "offline",
    "needs_person",
]

Reason: TypeAlias = Literal[
    "unreachable",
    "garbled",  # somebody else answers: a proxy, a hotel's sign-in page
    "busy",
    "switched_off",
    "store_failed",  # disk full: answers wait in memory, the outbox keeps everything
    "held",  # the server looks at ops before them first
    "restored_server",  # the server was restored: facts are pushed again, then a snapshot
    "not_allowed",
    "revoked",
    "update_program",
    "enrol_again",  # another till used our places: a copy of this one
    "restored_till",  # this till was brought back from a backup: its key stayed where it was
    "no_key",  # this machine cannot prove any more that it is this till
    "op_refused",  # one op that no server takes: a bug, to be reported
    "set_aside",  # requests the server rejected
]

NEEDS_PERSON: frozenset[Reason] = frozenset(
    {
        "not_allowed", "revoked", "update_program", "enrol_again", "restored_till", "no_key",
        "op_refused",
    }
)  # fmt: skip


NONE_WAITING = Backlog()


@dataclass(frozen=True, slots=True)
class Status:
    """How sync stands. Wall times in milliseconds, None = never since the start."""

    state: State = "checking"
    since_ms: int | None = None
    reason: Reason | None = None
    backlog: Backlog = NONE_WAITING
    sending: bool = False
    """A push is on its way."""
    last_push_ms: int | None = None
    """When the server last answered for ops and all of it was kept."""
    last_pull_ms: int | None = None
    """When everything the server had was last known here."""
    offset: Offset | None = None


@dataclass(frozen=True, slots=True)
class Signs:
    """What the state is told from."""

    link: bool | None
    """Whether the last round trip came back; None = none yet."""
    switched_off: bool
    moving: bool
    """A push is in hand, or one is due at once."""
    pending: int
    set_aside: int
    reasons: tuple[Reason, ...]
    """Of the lanes, the weightier one first."""


def state_of(signs: Signs) -> tuple[State, Reason | None]:
    """The state, and the reason that explains it best."""
    first = signs.reasons[0] if signs.reasons else None
    person = next((reason for reason in signs.reasons if reason in NEEDS_PERSON), None)
    if person is not None:
        return "needs_person", person
    if signs.switched_off:
        return "offline", "switched_off"
    if signs.link is None:
        return "checking", first
    if not signs.link:
        return "offline", first
    if signs.pending and not signs.moving:
        return "behind", first
    return ("needs_person", "set_aside") if signs.set_aside else ("online", first)


def reason_of(error: SyncError) -> Reason:
    """What an error means for the status."""
    match error:
        case NotAllowed(code="revoked_device"):
            return "revoked"
        case NotAllowed(code="no_device_key"):
            return "no_key"
        case NotAllowed():
            return "not_allowed"
        case NotSpoken():
            return "update_program"
        case Busy():
            return "busy"
        case Refused():
            return "not_allowed"
        case Garbled():
            return "garbled"
        case _:
            return "unreachable"
