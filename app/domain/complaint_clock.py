"""Complaint clocks: how much time is left to answer, to answer again, to settle, to follow up.

Owns: reckoning them from a case's events alone, warning, what was missed, the level a case stands
at. Does not own: the events (complaint.py), their times (case_time.py), the limits
(complaint_rules.py).

- First response: opening hours, from the opening to the first word of the shop.
- Next response: around the clock, from each word of the shop, from the customer's return and from
  each reopening, until the next word; while the shop waits for the customer none runs.
- Resolution: around the clock, less the time the shop waited for the customer and the time the case
  was settled. A reopened case goes on where it stood.
- Follow-up: from the resolution; it warns nobody and escalates nothing.
A limit that was missed stays missed. Each missed clock raises the case by one level.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from app.domain.complaint import Case, CaseEvent
from app.domain.complaint_fact import (
    Answered,
    Back,
    Closed,
    Prioritised,
    Reopened,
    Resolved,
    Waiting,
)
from app.domain.complaint_rules import LEVEL_MAX, Priority
from app.domain.opening_hours import after_open_ms, open_ms

ClockName = Literal["first", "next", "resolve", "follow_up"]
Mood = Literal["fine", "warning", "breached"]
Measure = Callable[[int, int], int]
Later = Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class CaseClock:
    """One clock as it stands now.

    `due_ms`: when it strikes, None while it stands still or is done. `missed`: how often it struck
    before the shop acted, also earlier in the story (`missed_ms`: the first time).
    """

    name: ClockName
    limit_ms: int
    used_ms: int
    due_ms: int | None
    running: bool
    paused: bool = False
    missed: int = 0
    missed_ms: int | None = None
    mood: Mood = "fine"

    @property
    def left_ms(self) -> int:
        """Below zero: it struck so long ago."""
        return self.limit_ms - self.used_ms


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """All clocks of a case, and what follows from them."""

    clocks: tuple[CaseClock, ...]
    level: int
    """Who has to look at it: see complaint_rules.LEVEL_MAX."""

    def clock(self, name: ClockName) -> CaseClock | None:
        return next((each for each in self.clocks if each.name == name), None)

    @property
    def next_due(self) -> CaseClock | None:
        """The running clock that strikes first, or struck first."""
        running = [each for each in self.clocks if each.due_ms is not None]
        return min(running, key=lambda each: (each.due_ms or 0, each.name), default=None)

    @property
    def mood(self) -> Mood:
        """The worst of those that run; what was missed and made up for is history."""
        moods = [each.mood for each in self.clocks if each.running or each.paused]
        return "breached" if "breached" in moods else "warning" if "warning" in moods else "fine"

    @property
    def missed(self) -> int:
        return sum(each.missed for each in self.clocks)


@dataclass(frozen=True, slots=True)
class _Span:
    """A time a clock ran; end None = it still runs."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class _Way:
    """How a clock counts."""

    measure: Measure
    later: Later
    limit: int
    warn_percent: int


def clocks_of(case: Case) -> CaseClocks:
    """Every clock that ever ran, as it stands at the moment the case was folded for."""
    fitting = [each for each in case.events if each.fits]
    first = _clock(case, "first", [_first_span(fitting)])
    clocks = [first]
    turns = _turns(fitting)
    if turns:
        clocks.append(_next(case, turns))
    clocks.append(_clock(case, "resolve", _at_work(fitting), paused=case.state == "waiting"))
    missed = sum(each.missed for each in clocks)
    level = min(LEVEL_MAX, case.opened.level + case.escalated + missed)
    follow_up = _follow_up(case)
    if follow_up is not None:
        clocks.append(follow_up)
    return CaseClocks(tuple(clocks), level)


def _first_span(events: Sequence[CaseEvent]) -> _Span:
    ends = (each.at_ms for each in events if isinstance(each.step, Answered | Resolved))
    return _Span(events[0].at_ms, next(ends, None))


def _turns(events: Sequence[CaseEvent]) -> list[_Span]:
    """The times in which it was the shop's turn, after its first word."""
    turns: list[_Span] = []
    start: int | None = None
    waiting = False
    for each in events:
        step = each.step
        if start is not None and isinstance(step, Answered | Waiting | Resolved):
            turns.append(_Span(start, each.at_ms))
            start = None
        waiting = (waiting or isinstance(step, Waiting)) and not isinstance(step, Back | Resolved)
        begins = isinstance(step, Back | Reopened) or (isinstance(step, Answered) and not waiting)
        if begins:
            start = each.at_ms
    return turns if start is None else [*turns, _Span(start, None)]


def _at_work(events: Sequence[CaseEvent]) -> list[_Span]:
    """The times in which it was neither settled nor the customer's turn."""
    spans: list[_Span] = []
    start: int | None = events[0].at_ms
    for each in events:
        if start is not None and isinstance(each.step, Waiting | Resolved | Closed):
            spans.append(_Span(start, each.at_ms))
            start = None
        elif start is None and isinstance(each.step, Back | Reopened):
            start = each.at_ms
    return spans if start is None else [*spans, _Span(start, None)]


def _way(case: Case, name: ClockName) -> _Way:
    rules = case.opened.rules
    if name == "first":
        hours = rules.hours
        limit = rules.first_ms[_priority_then(case)]
        measure, later = partial(open_ms, hours), partial(after_open_ms, hours)
        return _Way(measure, later, limit, rules.warn_percent)
    limits = {"next": rules.next_ms, "resolve": rules.resolve_ms[case.priority]}
    return _Way(_around, _later, limits[name], rules.warn_percent)


def _priority_then(case: Case) -> Priority:
    """The priority until the first word: one that came later makes no answer late afterwards."""
    priority = case.opened.priority
    for each in case.events:
        if isinstance(each.step, Answered | Resolved) and each.fits:
            break
        if isinstance(each.step, Prioritised) and each.fits:
            priority = each.step.priority
    return priority


def _around(start_ms: int, end_ms: int) -> int:
    return max(0, end_ms - start_ms)


def _later(start_ms: int, length_ms: int) -> int:
    return start_ms + length_ms


def _clock(
    case: Case, name: ClockName, spans: Sequence[_Span], *, paused: bool = False
) -> CaseClock:
    """A clock over all its spans together."""
    way = _way(case, name)
    used, struck, due = 0, None, None
    for span in spans:
        end = case.now_ms if span.end is None else span.end
        strikes = way.later(span.start, max(0, way.limit - used))
        if span.end is None:
            due = strikes
        more = way.measure(span.start, end)
        # At the very end of the limit it is still in time.
        if struck is None and used + more > way.limit:
            struck = strikes
        used += more
    running = due is not None
    mood = _mood(way, used) if running or paused else "fine"
    missed = 0 if struck is None else 1
    return CaseClock(name, way.limit, used, due, running, paused, missed, struck, mood)


def _next(case: Case, turns: Sequence[_Span]) -> CaseClock:
    """Each turn has the whole limit; the last one is shown."""
    each_turn = [_clock(case, "next", [turn]) for turn in turns]
    last = each_turn[-1]
    struck = [each.missed_ms for each in each_turn if each.missed_ms is not None]
    return CaseClock(
        "next", last.limit_ms, last.used_ms, last.due_ms, last.running,
        missed=len(struck), missed_ms=min(struck, default=None), mood=last.mood,
    )  # fmt: skip


def _mood(way: _Way, used: int) -> Mood:
    if used > way.limit:
        return "breached"
    return "warning" if used * 100 >= way.limit * way.warn_percent else "fine"


def _follow_up(case: Case) -> CaseClock | None:
    due = case.follow_up_on_ms
    if due is None or case.resolved_ms is None:
        return None
    limit = due - case.resolved_ms
    used = _around(case.resolved_ms, case.now_ms)
    return CaseClock("follow_up", limit, used, due, running=True, mood="fine")
