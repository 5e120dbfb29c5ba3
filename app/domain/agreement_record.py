"""Agreement records: what of a till's facts was answered, and whether a day was counted alike.

Owns: those records, and how many facts of a day went over. Does not own: what a fact adds to the
sums of a day (agreement.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AnsweredFact:
    """A fact at its place in one epoch, as far as everything before it was answered."""

    dseq: int
    chain_hash: bytes
    day: date
    """The one stated in the fact."""
    data: bytes
    is_refused: bool = False
    """A request that came to nothing: it counts as an op and as nothing else."""


@dataclass(frozen=True, slots=True)
class DayCompared:
    """A business day of one epoch, counted by both sides up to `dseq`."""

    epoch: int
    day: date
    dseq: int
    is_equal: bool
    compared_ms: int


@dataclass(frozen=True, slots=True)
class SentCount:
    """Of the facts since a moment: how many there are, were answered, had to be asked for again."""

    written: int = 0
    answered: int = 0
    again: int = 0
