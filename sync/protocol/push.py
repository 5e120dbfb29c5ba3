"""Push: what a till did, and what became of each op.

Owns: those messages. Does not own: when to send (core.py), what the facts inside mean (app.domain).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, field

from app.domain.ids import OpId
from sync.protocol.base import (
    PUSH_OPS_MAX,
    Message,
    WireEpoch,
    WireFact,
    WireName,
    WirePlace,
    WireSmall,
    WireSum,
)


class Op(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One fact or request in its envelope. The device is the one the token was made out for."""

    op_id: WireName
    epoch: WireEpoch
    dseq: WirePlace
    """Contiguous from 1 within device and epoch."""
    hash: WireSmall
    """chain.chain_hash of `data` linked to the op before."""
    data: WireFact
    """The canonical bytes, as stored when it happened."""


class MemberKey(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The key under which a member's personal data stands in facts (32 bytes)."""

    member: WireName
    key_id: WireName
    secret: WireSmall


class Push(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/push`: ops in the order of dseq, and the keys of members made on this till.

    Without ops it asks for the heads, and whether the link is there.
    """

    ops: Annotated[tuple[Op, ...], Meta(max_length=PUSH_OPS_MAX)]
    keys: tuple[MemberKey, ...] = ()
    offset_ms: WireSum | None = None
    """The last measured server offset; a big one warns, it orders nothing."""
    final: bool = False
    """Nothing else is pending: the till waits for nothing but answers."""


Outcome: TypeAlias = Literal[
    "accepted",
    "accepted_adjusted",  # counted; the account differs from what the receipt promised
    "quarantined",  # counted under held keys, until head office released it
    "rejected",  # requests only: a fact is never rejected
    "retry",  # not looked at: an op before it has to come first
    "fork",  # this key was used for other bytes: a cloned or restored till
]

FINAL_OUTCOMES = frozenset({"accepted", "accepted_adjusted", "quarantined", "rejected"})
"""Those the server keeps for ever, and gives again to every duplicate."""

AdjustmentKind: TypeAlias = Literal[
    "overdraft", "coupon_used_twice", "entitlement_used_twice", "piece_refunded_twice",
    "price_differs", "reservation_expired", "floor_exceeded", "grant_exceeded", "day_changed",
    "pass_used_twice", "occasion_given_twice", "phone_taken", "foreign_store", "unreadable",
    "revoked_device", "approved_by_unknown", "own_membership",
    "sums_differ", "kind_not_allowed", "gifts_differ", "refund_differs",
    "copied_sale",
]  # fmt: skip


class Adjustment(Message, frozen=True, kw_only=True, omit_defaults=True):
    """In what the server's account differs from the receipt, which stands all the same."""

    kind: AdjustmentKind
    case: str
    """The exception that tells the story."""
    points: int = 0
    """By how much the balance differs from what the till showed; signed."""
    text: dict[str, str] = field(default_factory=dict)
    """Values for the sentence of this kind; never personal data."""


class Refusal(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was rejected."""

    code: str
    text: str = ""
    fields: dict[str, str] = field(default_factory=dict)


class OpAnswer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one op. Asked again, the server says the same again, for ever."""

    op_id: OpId
    epoch: int
    dseq: int
    outcome: Outcome
    duplicate: bool = False
    """It was known before: `outcome` and all else are those of the first time."""
    day: date | None = None
    """The business date it counts on."""
    adjustments: tuple[Adjustment, ...] = ()
    refusal: Refusal | None = None


class PushAnswer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One answer per op, in the order of the ops."""

    answers: tuple[OpAnswer, ...]
    server_ms: int
    server_epoch: int
    """Raised when the server was restored: the till bootstraps anew and pushes what it kept."""
    heads: dict[int, int] = field(default_factory=dict)
    """Per epoch of this device, the highest dseq below which the server misses nothing."""
