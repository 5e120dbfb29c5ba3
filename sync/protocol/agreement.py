"""Agreement: how both sides counted the same days.

Owns: those messages. Does not own: the counting (app.domain.agreement).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from sync.protocol.base import Message, WireCount, WireEpoch, WireSmall, WireSum, WireText

DIGEST_DAYS_MAX = 31
"""Of one request: the server reads every fact of each of them."""


class DaySums(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What one device did on one business day, counted by one side."""

    day: date
    ops: WireCount
    sales: WireCount
    tenders: dict[WireText, WireSum] = field(default_factory=dict)
    """Money by kind of tender, refunds subtracted."""
    points: dict[WireText, WireSum] = field(default_factory=dict)
    """By kind: earned, spent, given_back, taken_back, adjusted."""


class Digest(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/digest`: how this till counted; nothing of it is ever adopted."""

    epoch: WireEpoch
    dseq: WireCount
    """Up to this op."""
    head: WireSmall
    """Its chain hash."""
    sums: Annotated[tuple[DaySums, ...], Meta(max_length=DIGEST_DAYS_MAX)] = ()
    """Days that changed since both counted them alike; the head speaks for all others."""


class BlockHead(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The chain hash at one place: the first that differs names the block to push again."""

    dseq: int
    hash: bytes


class DigestAnswer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """How the server counted the same. `blocks` only where `equal` is false."""

    equal: bool
    known: int
    """The highest dseq below which the server misses nothing."""
    sums: tuple[DaySums, ...] = ()
    blocks: tuple[BlockHead, ...] = ()
    server_ms: int
    server_epoch: int
