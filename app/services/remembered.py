"""Remembered: the last answer of a pure function, told by the identity of what it was asked with.

Owns: not reckoning the same twice where a screen and a payment ask about one unchanged basket.
Does not own: anything that may differ for the same arguments. What it was asked with stays alive
until the next question, so an identity is never met again in another object.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

T = TypeVar("T")


def remembered(function: Callable[..., T]) -> Callable[..., T]:
    """Wrap a pure function of positional, immutable arguments; it keeps one answer."""
    kept: tuple[tuple[object, ...], T] | None = None

    @wraps(function)
    def ask(*arguments: object) -> T:
        nonlocal kept
        last = kept
        if last is not None and all(a is b for a, b in zip(last[0], arguments, strict=True)):
            return last[1]
        answer = function(*arguments)
        kept = (arguments, answer)
        return answer

    return ask
