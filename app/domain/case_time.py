"""Case time: when the facts of one story happened, told from the clocks of several machines.

Owns: placing facts on one line of milliseconds, and now among them. Does not own: reading clocks,
the business day (business_day.py), what the facts are (complaint_fact.py).

A wrong wall clock cannot bend the line. Within one run of a machine only the monotonic clock says
how much time went by. A run whose offset to the server was measured is trusted. A fact names the
one its writer had seen last (`after`) and never lies before it; a fact by an untrusted clock never
lies behind one that saw it and is trusted. What is asked now has seen everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.business_day import BACKWARDS_MS_MAX
from app.domain.ids import OpId
from app.domain.moment import Moment

_NOW = ""
"""The name under which now takes part: no fact is called so."""


@dataclass(frozen=True, slots=True)
class Said:
    """One fact: its id, what the clocks said, and what its writer had seen last."""

    op_id: OpId
    clock: Moment
    after: OpId | None = None


@dataclass(frozen=True, slots=True)
class StoryTimes:
    """When each fact happened, in the order they did, and now. Milliseconds of the server's time.

    `doubted`: some wall clock was off by more than a correction, and not believed.
    """

    at: Mapping[OpId, int]
    now_ms: int
    doubted: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a machine: what to add to its monotonic clock, and whether that was measured."""

    base_ms: int
    trusted: bool


def story_times(said: Sequence[Said], now: Moment) -> StoryTimes:
    """Place all facts of one story, and now."""
    known = {each.op_id: each for each in said}
    order = _causal(known)
    newest = order[-1] if order else None
    everything = [*(known[each] for each in order), Said(_NOW, now, newest)]
    runs = _runs(everything)
    told = {each.op_id: _told(each, runs) for each in everything}
    trusted = {each.op_id for each in everything if runs[each.clock.boot_id].trusted}
    heads = {each.op_id for each in said} - {each.after for each in said}
    caps = _caps(everything, told, trusted, heads)
    at: dict[str, int] = {}
    for each in everything:
        least = max(at.values(), default=None) if each.op_id == _NOW else at.get(each.after or "")
        own = min(told[each.op_id], caps.get(each.op_id, told[each.op_id]))
        at[each.op_id] = own if least is None else max(own, least)
    doubted = any(abs(at[each.op_id] - _read(each)) > BACKWARDS_MS_MAX for each in everything)
    now_ms = at.pop(_NOW)
    depth = {each: place for place, each in enumerate(order)}
    in_order = sorted(at.items(), key=lambda pair: (pair[1], depth[pair[0]]))
    return StoryTimes(dict(in_order), now_ms, doubted)


def _causal(known: Mapping[OpId, Said]) -> list[OpId]:
    """Each behind the one it names; among equals by id. A circle is cut where it is met."""
    done: dict[OpId, None] = {}
    for op_id in sorted(known):
        path: list[OpId] = []
        walk: OpId | None = op_id
        while walk is not None and walk in known and walk not in done and walk not in path:
            path.append(walk)
            walk = known[walk].after
        for each in reversed(path):
            done[each] = None
    return list(done)


def _runs(said: Iterable[Said]) -> dict[str, _Run]:
    """By boot id. The first fact with a measured offset says what a run's clock is worth; where
    none was measured, its first fact does."""
    runs: dict[str, _Run] = {}
    for each in sorted(said, key=lambda one: (one.clock.monotonic_ms, one.op_id)):
        clock = each.clock
        known = runs.get(clock.boot_id)
        trusted = clock.offset_ms is not None
        if known is None or (trusted and not known.trusted):
            base = _read(each) - clock.monotonic_ms
            runs[clock.boot_id] = _Run(base, trusted)
    return runs


def _read(said: Said) -> int:
    """What the wall clock said by itself."""
    return said.clock.wall_ms + (said.clock.offset_ms or 0)


def _told(said: Said, runs: Mapping[str, _Run]) -> int:
    return runs[said.clock.boot_id].base_ms + said.clock.monotonic_ms


def _caps(
    said: Sequence[Said], told: Mapping[str, int], trusted: set[str], heads: set[str]
) -> dict[str, int]:
    """For facts by untrusted clocks: not behind any trusted one that had seen them."""
    seen_by: dict[str, list[str]] = {}
    for each in said:
        if each.op_id == _NOW:
            for head in heads:
                seen_by.setdefault(head, []).append(_NOW)
        elif each.after is not None:
            seen_by.setdefault(each.after, []).append(each.op_id)
    caps: dict[str, int] = {}
    for each in reversed(said):
        above = [
            told[one] if one in trusted else caps.get(one) for one in seen_by.get(each.op_id, ())
        ]
        bounds = [one for one in above if one is not None]
        if each.op_id not in trusted and bounds:
            caps[each.op_id] = min(bounds)
    return caps
