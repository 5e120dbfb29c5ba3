"""The outbox: facts on their way to the server, and what it said of each.

Owns: where a fact stands on the wire, answers as they are kept, which answer replaces which.
Does not own: the facts (facts.py), when something is sent (sync), the table (a repository).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from msgspec import Struct

from app.domain.ids import OpId

OutboxState = Literal["pending", "acknowledged", "adjusted", "quarantined", "set_aside", "given_up"]
"""set_aside: refused, a person has to decide. given_up: somebody did, with a reason."""

KeptOutcome = Literal["accepted", "accepted_adjusted", "quarantined", "rejected"]
Outcome = Literal[KeptOutcome, "retry", "fork"]

DifferenceKind = Literal[
    "overdraft", "coupon_used_twice", "entitlement_used_twice", "piece_refunded_twice",
    "price_differs", "reservation_expired", "floor_exceeded", "grant_exceeded", "day_changed",
    "pass_used_twice", "occasion_given_twice", "phone_taken", "foreign_store", "unreadable",
    "revoked_device", "approved_by_unknown", "own_membership", "sums_differ", "kind_not_allowed",
    "gifts_differ", "refund_differs", "copied_sale",
]  # fmt: skip


class Difference(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """In what the server's account differs from the receipt, which stands all the same."""

    kind: DifferenceKind
    case: str
    points: int = 0
    """By how much the balance differs from what the till showed; signed."""
    text: dict[str, str] = {}


class Rejection(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was refused."""

    code: str
    text: str = ""
    fields: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class ChainKept:
    """What the server has in the chain of one epoch: the hashes from place `first` on."""

    epoch: int
    first: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said of one fact."""

    op_id: OpId
    epoch: int
    dseq: int
    outcome: Outcome
    day: date | None = None
    """The business date it counts on."""
    differences: tuple[Difference, ...] = ()
    rejection: Rejection | None = None


@dataclass(frozen=True, slots=True)
class QueuedFact:
    """A fact that waits to be sent; `size` in bytes."""

    op_id: OpId
    epoch: int
    dseq: int
    size: int
    aggregates: tuple[str, ...] = ()
    """Members and sales whose facts keep their order."""
    needs: tuple[OpId, ...] = ()
    """Facts of this till that must be answered first (the sale of a refund)."""


@dataclass(frozen=True, slots=True)
class PlacedFact:
    """A fact in the envelope it is sent in: its newest place."""

    op_id: OpId
    epoch: int
    dseq: int
    chain_hash: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class SentFact:
    """A fact with what became of it on its way."""

    op_id: OpId
    kind: str
    epoch: int
    dseq: int
    wall_ms: int
    state: OutboxState
    data: bytes
    attempts: int = 0
    """How often the server asked for it later."""
    day: date | None = None
    differences: tuple[Difference, ...] = ()
    rejection: Rejection | None = None
    answered_ms: int | None = None


class MemberSecret(Struct, frozen=True):
    """The key under which a member's personal data stands in facts."""

    member_id: str
    key_id: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class OutboxCount:
    """How much is on its way; `oldest_ms`: wall time of the oldest pending fact."""

    pending: int = 0
    oldest_ms: int | None = None
    set_aside: int = 0
    quarantined: int = 0
    adjusted: int = 0


def state_told(answer: Answer) -> OutboxState:
    """The state that an answer alone leads to; `retry` and `fork` leave a fact pending."""
    match answer.outcome:
        case "accepted_adjusted":
            return "adjusted"
        case "accepted":
            return "adjusted" if answer.differences else "acknowledged"
        case "quarantined":
            return "quarantined"
        case "rejected":
            return "set_aside"
        case _:
            return "pending"


def state_after(
    known: OutboxState, answer: Answer, *, decided: bool, let_go: bool = False
) -> OutboxState:
    """The state after one more answer.

    `let_go`: somebody gave it up before; refused again by a server that had forgotten, he has
    decided already.
    `decided`: the server's later word (a quarantined fact released, a request decided) rather than
    the answer to a push, which a duplicate gets again for ever and which may come behind it.
    """
    told = state_told(answer)
    if told == "pending" or not (decided or known == "pending"):
        return known
    return "given_up" if told == "set_aside" and let_go else told
