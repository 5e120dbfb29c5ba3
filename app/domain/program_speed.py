"""Program speed: how long the worst basket of a program takes to price.

Owns: the measure and its limit. Does not own: the basket (program_limits.py), the clock: whoever
asks hands in a stopwatch.
"""

from __future__ import annotations

from collections.abc import Callable

from app.domain.conditions import Context
from app.domain.pricing import price
from app.domain.program import Program
from app.domain.program_limits import worst_case
from app.domain.program_problem import Problem

WORST_CASE_MS_MAX = 100
_TRIES = 3
_NS_PER_MS = 1_000_000


def worst_case_ms(program: Program, work_ns: Callable[[], int]) -> int:
    """How long the worst-case basket takes, the best of three.

    `work_ns`: nanoseconds of work done so far. What else a busy machine does is no mistake of
    the shop, so it should not count time spent waiting.
    """
    worst = worst_case(program)
    context = Context(store=worst.store)
    times = []
    for _ in range(_TRIES):
        start = work_ns()
        price(worst.basket, worst.view, program, worst.at, context)
        times.append(work_ns() - start)
    return min(times) // _NS_PER_MS


def slow_at_worst(took_ms: int) -> Problem | None:
    """What is wrong with a program whose worst basket takes so long; None = it may be used."""
    if took_ms <= WORST_CASE_MS_MAX:
        return None
    return Problem("too_slow", "offers", str(took_ms), str(WORST_CASE_MS_MAX))
