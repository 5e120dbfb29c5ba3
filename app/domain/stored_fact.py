"""Stored facts: canonical bytes with the envelope this till gave them.

Owns: what goes into the store and what comes back. Does not own: what the bytes say (facts.py).
The envelope (device, epoch, dseq, chain hash) never stands in the bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.moment import Moment


@dataclass(frozen=True, slots=True)
class FactToAppend:
    """Bytes made once by facts.py, and the envelope that does not come from the store."""

    op_id: str
    kind: str
    member_ids: tuple[str, ...]
    """Whose account it may change; empty for a walk-in's sale."""
    business_day: date
    moment: Moment
    """As far as the clocks were believed (business_day.believed): it bounds the next fact's day.
    What the clocks said stands in the bytes."""
    data: bytes
    shift_id: str | None = None
    """The shift it belongs to (shift_report.shift_of)."""


@dataclass(frozen=True, slots=True)
class AppendedFact:
    """Where the fact stands now in this device's chain."""

    op_id: str
    epoch: int
    dseq: int
    chain_hash: bytes


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A fact as kept."""

    op_id: str
    kind: str
    epoch: int
    dseq: int
    chain_hash: bytes
    business_day: date
    data: bytes


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact of another till of this store, with the business date it counts on."""

    op_id: str
    device: str
    epoch: int
    dseq: int
    business_day: date
    data: bytes
