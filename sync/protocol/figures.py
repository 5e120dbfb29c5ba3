"""Figures: what a till asks of the whole chain's days, and the sums it hears.

Owns: those messages. Does not own: what the names of sums mean and what figures are made of them
(app/domain/figures.py): both ends have the same arithmetic, so only sums travel.
"""

from __future__ import annotations

from datetime import date

from msgspec import field

from sync.protocol.base import Message, WireCount, WireName, WireSum


class FiguresWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/figures`: the days from `first` to `last`, and those they are compared with."""

    first: date
    last: date
    beside_first: date
    beside_last: date


class FiguresSpan(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The sums of one span by name; what its members did, and did ever until its last day."""

    sums: dict[WireName, WireSum] = field(default_factory=dict)
    active: WireCount = 0
    repeated: WireCount = 0
    paid_minor: WireSum = 0
    back_minor: WireSum = 0
    ever_bought: WireCount = 0
    ever_paid_minor: WireSum = 0
    ever_back_minor: WireSum = 0


class FiguresDay(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One day of the first span, as a chart draws it."""

    day: date
    sums: dict[WireName, WireSum] = field(default_factory=dict)


class FiguresTold(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Both spans as far as they are counted; so many records wait. Nobody is named."""

    now: FiguresSpan
    before: FiguresSpan
    days: tuple[FiguresDay, ...] = ()
    waiting: WireCount = 0
    server_ms: int
