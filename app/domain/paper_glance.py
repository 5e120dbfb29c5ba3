"""Paper glance: of a sale or refund as kept no more than a list says of it, read fast.

Owns: that reading; of each field the meaning is the fact's own; which hour of its day it falls in.
Does not own: the facts (sale_recorded.py, refund_fact.py), lists and sums of hours (whoever counts
many of them at once: reading whole facts takes several times as long).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Raw, Struct

from app.domain.fact_parts import FactTender
from app.domain.facts import SALE_KINDS, FullRefundRecorded, PackRefundRecorded
from app.domain.moment import Moment
from app.domain.refund_fact import FirstRefundRecorded, RefundRecorded, ReturnRecorded

REFUND_KINDS = frozenset(
    str(kind.__struct_config__.tag)
    for kind in (
        FirstRefundRecorded, RefundRecorded, FullRefundRecorded, PackRefundRecorded, ReturnRecorded,
    )
)  # fmt: skip
PAPER_KINDS = SALE_KINDS | REFUND_KINDS
HOURS_OF_A_DAY = range(-1, 48)
"""A shop sells on behind midnight, and its clock may be a little slow."""
_FAR_MS = 4 * 86_400_000


@dataclass(frozen=True, slots=True)
class PaperGlance:
    """A sale, or something that was given back. `paid_minor`: negative for what was given back."""

    op_id: str
    code: str
    store: str
    at_ms: int
    paid_minor: int
    line_count: int
    is_refund: bool
    member_id: str | None

    def hour(self, midnight: datetime, zone: str) -> int:
        """By the clock of a zone, from this midnight on: 25 is one o'clock of the next day."""
        return hour_at(self.at_ms, midnight, zone)


class _Clock(Struct):
    wall_ms: int


class _Paper(Struct):
    kind: str
    op_id: str
    code: str
    store: str
    clock: _Clock
    member: str | None = None
    tenders: tuple[FactTender, ...] = ()
    lines: tuple[Raw, ...] = ()
    pieces: tuple[Raw, ...] = ()
    goods: tuple[Raw, ...] = ()


_PAPER = msgspec.json.Decoder(_Paper)


def glance_at(data: bytes) -> PaperGlance | None:
    """None: it is no sale and no refund, or nothing this program can read."""
    try:
        read = _PAPER.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return None
    if read.kind not in PAPER_KINDS:
        return None
    is_refund = read.kind in REFUND_KINDS
    paid = sum(tender.amount_minor for tender in read.tenders)
    return PaperGlance(
        read.op_id, read.code, read.store, read.clock.wall_ms, -paid if is_refund else paid,
        len(read.lines) + len(read.pieces) + len(read.goods), is_refund, read.member,
    )  # fmt: skip


def midnight_of(day: date, zone: str) -> datetime:
    """Where the hours of a day begin."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def hour_at(at_ms: int, midnight: datetime, zone: str) -> int:
    """By the clock of a zone, from this midnight on: 25 is one o'clock of the next day."""
    away_ms = at_ms - int(midnight.timestamp()) * 1000
    if abs(away_ms) > _FAR_MS:  # no calendar knows every number that a fact may say
        return hour_within(away_ms // 3_600_000)
    since = Moment(at_ms, 0, "").local(zone) - midnight
    return hour_within(int(since.total_seconds() // 3600))


def hour_within(hour: int) -> int:
    """This hour where a day can have it, else the first or the last of the day itself.

    A clock that fell back to 2000 sold on this day all the same: it would stretch the day over a
    quarter of a million hours.
    """
    if hour in HOURS_OF_A_DAY:
        return hour
    return 0 if hour < 0 else 23
