"""Business days: which day a fact belongs to, and whether the clock can be believed.

Owns: the day by the shop's time zone and cut-over, and the answer to a clock that runs behind the
last fact. Clocks never order anything and never stop a sale. Does not own: reading clocks (a
port), shifts, months (months.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.moment import Moment

BACKWARDS_MS_MAX = 120_000
"""A clock that was set back by no more than this was only being corrected."""


@dataclass(frozen=True, slots=True)
class ShopTime:
    """How a shop counts its days: time zone, and the hour until which it is still yesterday."""

    zone: str = "Asia/Shanghai"
    cutover_minutes: int = 0


@dataclass(frozen=True, slots=True)
class ClockFine:
    """The clock agrees with the last fact."""

    day: date


@dataclass(frozen=True, slots=True)
class ClockBeforeLastSale:
    """The clock stands before the last fact of this till.

    `day` is what counts: by the time that went by since, or the last fact's own day after a
    restart. `behind_ms`: by how much the clock is behind what it should say at least.
    """

    day: date
    behind_ms: int


ClockAnswer = ClockFine | ClockBeforeLastSale


def business_day(moment: Moment, shop: ShopTime) -> date:
    """The business date of a moment, by server time where the offset was ever measured."""
    corrected = replace(moment, wall_ms=moment.wall_ms + (moment.offset_ms or 0))
    return (corrected.local(shop.zone) - timedelta(minutes=shop.cutover_minutes)).date()


def believed(moment: Moment, last: Moment | None) -> Moment:
    """The moment as far as its wall clock can be believed after the last fact of this till.

    Within one boot the monotonic clock says how much time went by; across boots at least none.
    What is priced and what is recorded by this moment lie on one day, and a fact made at it bounds
    the next one by it: never by a clock that was not believed. So `last` is always a moment that
    was itself believed, kept with its fact, and a till that remembers it and one that was
    restarted give the same answer.
    """
    if last is None:
        return moment
    went_by_ms = moment.monotonic_ms - last.monotonic_ms if moment.boot_id == last.boot_id else 0
    least_ms = last.wall_ms + (last.offset_ms or 0) + went_by_ms
    now_ms = moment.wall_ms + (moment.offset_ms or 0)
    if now_ms >= least_ms - BACKWARDS_MS_MAX:
        return moment
    return replace(moment, wall_ms=least_ms, offset_ms=None)


def confirm_day(moment: Moment, last: Moment | None, shop: ShopTime) -> ClockAnswer:
    """The business date of a new fact after the last one of this till."""
    at = believed(moment, last)
    day = business_day(at, shop)
    if at is moment:
        return ClockFine(day)
    return ClockBeforeLastSale(day, at.wall_ms - moment.wall_ms - (moment.offset_ms or 0))
