"""Grants and reservations: what a till may spend of a balance that others share.

Owns: the records of a part of a balance that belongs to one till, and of what is kept online for
one sale. Does not own: giving them (sync/server), what a sale may spend (services).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.domain.ids import OpId

GrantEnd = Literal["released", "written_off", "lost"]
"""lost: it belonged to an older life of this till; the server waits for its interval."""
CouponGone = Literal["not_usable", "promised"]
"""Used, lapsed or taken back; or kept for another sale, or set aside for another till."""
ReservationState = Literal["asked", "held", "refused", "posted", "voided"]


@dataclass(frozen=True, slots=True)
class PointGrant:
    """Points per expiry month, coupons and uses that belong to this till alone until `ends_ms`."""

    grant_id: str
    member_id: str
    buckets: Mapping[int, int] = field(default_factory=dict)
    coupons: tuple[str, ...] = ()
    entitlements: Mapping[str, int] = field(default_factory=dict)
    ends_ms: int = 0
    ended: GrantEnd | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    """A part of a member's account that the server keeps for one till, whichever it is."""

    promise_id: str
    """The reservation or grant."""
    device: str
    points: int = 0
    coupons: tuple[str, ...] = ()
    entitlements: Mapping[str, int] = field(default_factory=dict)
    ends_ms: int | None = None
    """A reservation's end; None = a grant, which stands until it was released."""


@dataclass(frozen=True, slots=True)
class PiecesKept:
    """Pieces [start, end) of a line of a sale that another till sold."""

    line: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is kept for one sale. Known here before it is asked for."""

    reservation_id: OpId
    asked_ms: int
    state: ReservationState = "asked"
    member_id: str | None = None
    points: int = 0
    coupons: tuple[str, ...] = ()
    entitlements: Mapping[str, int] = field(default_factory=dict)
    sale_id: OpId | None = None
    """The sale that is being rung up; of pieces the sale they come from."""
    pieces: tuple[PiecesKept, ...] = ()
    ends_ms: int | None = None
    available: int | None = None
    """Points the server could keep, where it said so: it had refused more, now or just before."""
    uses_left: Mapping[str, int] = field(default_factory=dict)
    """Uses of which no more are left, by what the server said."""
    gone: Mapping[str, CouponGone] = field(default_factory=dict)
    """Coupons that this sale may not use, and why: also what the server said of an earlier wish."""
    own: tuple[str, ...] = ()
    """Promises to this till that need not be left alone: what was kept for this sale before, and
    grants."""


@dataclass(frozen=True, slots=True)
class PassKey:
    """A key that signed passes are checked with (Ed25519, 32 bytes), in force from until."""

    key_id: str
    public: bytes
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class OfflineSpend:
    """What one sale (or one tick) used without asking the server: of a grant, and beyond it."""

    sale_id: OpId
    member_id: str
    grant_id: str | None
    buckets: Mapping[int, int]
    """Points of the grant by expiry month."""
    floor_points: int
    boot_id: str
    monotonic_ms: int
    floor_coupons: int = 0
    """Coupons that no grant named."""
    floor_uses: int = 0
    granted_uses: Mapping[str, int] = field(default_factory=dict)
    """Benefits and rewards of the grant, how often."""


@dataclass(frozen=True, slots=True)
class FloorUsed:
    """What one member used beyond grants since the server was heard."""

    points: int = 0
    coupons: int = 0
    uses: int = 0
