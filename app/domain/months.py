"""Months: the calendar grain of expiry, spend windows and tiers.

Owns: the Month value and its arithmetic. Does not own: which month a fact belongs to (facts.py).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month as the number of months since year 0; `Month.of(date)` makes one."""

    index: int

    @staticmethod
    def of(day: date) -> Month:
        """The month a day lies in."""
        return Month(day.year * 12 + day.month - 1)

    @staticmethod
    def parse(text: str) -> Month:
        """Read "2026-11"; ValueError otherwise."""
        if len(text) != 7 or text[4] != "-":
            raise ValueError(f"a month is written 2026-11, got {text!r}")
        return Month.of(date(int(text[:4]), int(text[5:]), 1))

    @property
    def first_day(self) -> date:
        return date(self.index // 12, self.index % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        year, month = self.index // 12, self.index % 12 + 1
        return date(year, month, monthrange(year, month)[1])

    def plus(self, months: int) -> Month:
        """The month so many later (earlier for a negative number)."""
        return Month(self.index + months)

    def minus(self, other: Month) -> int:
        """How many months this one lies after the other."""
        return self.index - other.index

    def __str__(self) -> str:
        return f"{self.index // 12:04d}-{self.index % 12 + 1:02d}"
