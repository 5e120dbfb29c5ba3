"""Offset: how far the server's clock is ahead of this till's.

Owns: the estimate and which measurement to believe. Does not own: what is done with it (facts
carry it, the window warns): it orders nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.event import Now

BELIEVED_MS = 3_600_000
"""An older measurement gives way to a rougher one: clocks drift."""
JUMP_MS = 1_000
"""The wall clock was set when it and the monotonic one differ by more than this."""


@dataclass(frozen=True, slots=True)
class Offset:
    """What has to be added to the wall time to get the server's."""

    ms: int
    round_trip_ms: int
    """The error is at most half of it."""
    at: Now


def measured(known: Offset | None, server_ms: int, sent: Now, now: Now) -> Offset:
    """The better estimate after an answer: the one with the smallest round trip of the last hour.

    Half of the round trip is taken as the way back. A wall clock set meanwhile ends what was known.
    """
    round_trip_ms = max(0, now.monotonic_ms - sent.monotonic_ms)
    fresh = Offset(server_ms - (now.wall_ms - round_trip_ms // 2), round_trip_ms, now)
    if known is None or now.monotonic_ms - known.at.monotonic_ms > BELIEVED_MS or _set(known, now):
        return fresh
    return fresh if round_trip_ms <= known.round_trip_ms else known


def _set(known: Offset, now: Now) -> bool:
    passed_ms = now.monotonic_ms - known.at.monotonic_ms
    return abs(now.wall_ms - known.at.wall_ms - passed_ms) > JUMP_MS
