"""Waiting for a lane: the caller blocks for so long at most, the lane ends what it was given.

Owns: those two halves. Does not own: the lanes (ask.py, photo.py), what is asked.
"""

from __future__ import annotations

from concurrent.futures import Future, InvalidStateError
from concurrent.futures import TimeoutError as TooLong
from typing import TypeVar

from sync.errors import Unreachable

T = TypeVar("T")


def wait_for(done: Future[T], seconds: float) -> T:
    """The answer, or what the lane says went wrong; Unreachable after so many seconds, and whoever
    does the work hears that nobody waits any more.
    """
    try:
        return done.result(seconds)
    except TooLong as error:
        done.cancel()
        raise Unreachable(f"no answer within {seconds:g} s") from error


def end(done: Future[T], outcome: T | Exception) -> None:
    """Say how it went; nothing where nobody waits any more."""
    try:
        if isinstance(outcome, Exception):
            done.set_exception(outcome)
        else:
            done.set_result(outcome)
    except InvalidStateError:
        return
