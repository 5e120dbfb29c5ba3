"""Figures: what was measured, beside its budget and what it was compared with.

Owns: the record of a figure and the few sums over times. Does not own: any measuring, any word.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["ms", "times", "MB"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `what` is a stable code (its words: command.py)."""

    what: str
    measured: float
    budget: float
    unit: Unit
    compared: Mapping[str, float | str] = field(default_factory=dict)
    """What else the same run measured, and how: the ground on which the figure stands."""

    @property
    def holds(self) -> bool:
        return self.measured <= self.budget


def timed(work: Callable[[], object]) -> int:
    """How many nanoseconds it took."""
    begun = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - begun


def percentile_ms(times_ns: Sequence[int], share: float) -> float:
    """So many of all took no longer; in milliseconds."""
    ordered = sorted(times_ns)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1e6


def median_ms(times_ns: Sequence[int]) -> float:
    """Half of all took no longer; in milliseconds."""
    return percentile_ms(times_ns, 0.5)
