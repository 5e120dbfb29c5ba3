"""Complaint rules: how quickly a shop answers a complaint, and the limits a case is opened with.

Owns: the `[complaints]` part of a program file, and choosing the limits of one case by the tier of
the member. Does not own: reckoning with them (complaint_clock.py), whether a program makes sense
(program_check.py), who may do what (rights.py).
Limits in minutes count opening hours only; limits in hours and days count around the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.domain.offer import Amount, Count, Days, Name, Some, Strict, Text
from app.domain.opening_hours import DAY_MINUTES, OpeningHours, OpenSpan

Priority = Literal["high", "medium", "low"]
PRIORITIES: tuple[Priority, ...] = ("high", "medium", "low")
LEVEL_MAX = 3
"""0: whoever works here; 1: a senior; 2: the manager; 3: head office."""
SENIOR_LEVEL = 1
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
CLOSED_DAYS_MAX = 60
"""So many days off a case carries along: more than it takes to settle one."""


class ServiceHours(Strict, frozen=True, kw_only=True):
    """When somebody is there to answer; `closes` before `opens` lies on the next day."""

    days: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    opens: str = "09:00"
    closes: str = "21:00"


class ComplaintChoice(Strict, frozen=True, kw_only=True):
    """A topic or a cause that can be chosen."""

    id: Name
    name: Text


def _choices(*rows: tuple[str, str, str]) -> tuple[ComplaintChoice, ...]:
    return tuple(ComplaintChoice(id=name, name=Text(zh=zh, en=en)) for name, zh, en in rows)


TOPICS = _choices(
    ("weight", "短秤", "Short weight"),
    ("quality", "质量", "Quality"),
    ("price", "价格", "Price"),
    ("attitude", "态度", "Attitude"),
    ("stock", "缺货", "Out of stock"),
    ("waiting", "排队", "Waiting"),
    ("membership", "会员权益", "Membership"),
    ("other", "其他", "Other"),
)
CAUSES = _choices(
    ("people", "人", "People"),
    ("goods", "货", "Goods"),
    ("scale", "秤", "Scale"),
    ("price", "价", "Price"),
    ("system", "系统", "System"),
    ("surroundings", "环境", "Surroundings"),
)


class ComplaintProgram(Strict, frozen=True, kw_only=True):
    """How complaints are answered. The first response of a tier stands with the tier."""

    high_minutes: Some = 30
    """A first response of this priority; a tier may ask for a quicker one."""
    medium_minutes: Some = 60
    low_minutes: Some = 240
    next_hours: Some = 24
    high_days: Days = 3
    medium_days: Days = 5
    low_days: Days = 7
    warn_percent: Annotated[int, Meta(ge=1, le=99)] = 75
    hours: tuple[ServiceHours, ...] = (ServiceHours(),)
    closed: tuple[date, ...] = ()
    follow_up_hours: Some = 48
    reopen_days: Count = 30
    senior_tiers: tuple[Name, ...] | None = None
    """Whose cases go straight to a senior; None = those of the highest of several tiers."""
    budget: Amount = "500.00"
    """What a store gives away for complaints in a month without a further yes."""
    topics: tuple[ComplaintChoice, ...] = TOPICS
    causes: tuple[ComplaintChoice, ...] = CAUSES


class CaseRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The limits of one case, as they were when it was opened: whatever is published later, what
    its customer was promised stays."""

    first_ms: dict[str, int]
    """By priority, opening time; already no longer than the tier's own."""
    next_ms: int
    resolve_ms: dict[str, int]
    warn_percent: int
    follow_up_ms: int
    reopen_ms: int
    hours: OpeningHours

    def __post_init__(self) -> None:
        assert {*PRIORITIES} <= self.first_ms.keys() & self.resolve_ms.keys()


class TierStep(Struct, frozen=True, kw_only=True):
    """One tier as far as complaints go; in the order of the ladder, from the entry upwards."""

    id: str
    response_minutes: int


def minutes_of(clock: str) -> int | None:
    """ "09:30" in minutes; None for what is no time of a day (24:00 is its end)."""
    hour, colon, minute = clock.partition(":")
    is_clock = colon and len(clock) == 5 and (hour + minute).isdecimal() and minute <= "59"
    if not is_clock:
        return None
    found = int(hour) * 60 + int(minute)
    return found if found <= DAY_MINUTES else None


def priority_of(rules: ComplaintProgram, response_minutes: int) -> Priority:
    """The priority whose first response is as quick as the tier asks."""
    if response_minutes <= rules.high_minutes:
        return "high"
    return "medium" if response_minutes <= rules.medium_minutes else "low"


def level_of(rules: ComplaintProgram, tiers: Sequence[TierStep], tier: str | None) -> int:
    """Where a case begins: with whoever is there, or straight with a senior."""
    if tier is None:
        return 0
    named = rules.senior_tiers
    if named is None:
        named = (tiers[-1].id,) if len(tiers) > 1 else ()
    return SENIOR_LEVEL if tier in named else 0


def rules_of_case(
    rules: ComplaintProgram, *, zone: str, response_minutes: int, day: date
) -> CaseRules:
    """The limits of a case opened on this day; `response_minutes`: of the tier, or the entry's."""
    asked = {
        "high": rules.high_minutes,
        "medium": rules.medium_minutes,
        "low": rules.low_minutes,
    }
    closed = [each for each in sorted(rules.closed) if each >= day][:CLOSED_DAYS_MAX]
    return CaseRules(
        first_ms={
            name: min(minutes, response_minutes) * MINUTE_MS for name, minutes in asked.items()
        },
        next_ms=rules.next_hours * HOUR_MS,
        resolve_ms={
            "high": rules.high_days * DAY_MS,
            "medium": rules.medium_days * DAY_MS,
            "low": rules.low_days * DAY_MS,
        },
        warn_percent=rules.warn_percent,
        follow_up_ms=rules.follow_up_hours * HOUR_MS,
        reopen_ms=rules.reopen_days * DAY_MS,
        hours=OpeningHours(zone=zone, spans=_spans(rules), closed=tuple(closed)),
    )


def _spans(rules: ComplaintProgram) -> tuple[OpenSpan, ...]:
    spans = []
    for each in rules.hours:
        opens, closes = minutes_of(each.opens), minutes_of(each.closes)
        if opens is not None and closes is not None:
            spans.append(OpenSpan(days=each.days, opens=opens, closes=closes))
    return tuple(spans)
