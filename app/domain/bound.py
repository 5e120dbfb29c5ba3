"""Bounds: how far the values of a fact may reach, checked while its bytes are read.

Owns: those types. Beyond them no calendar has a date and no table a place: one such value, once
folded, would stop every later fact of its member. Does not own: facts and effects, what a program
may say (it says less than this allows).
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

ID_LENGTH_MAX = 64
NAME_LENGTH_MAX = 200
MONTHS_MAX = 1_200
DAYS_MAX = 36_525
"""A hundred years, as the months."""
NUMBER_MAX = 10**11
"""Of points and of minor units: the sums of many facts stay within 64 bits."""

Id: TypeAlias = Annotated[str, Meta(max_length=ID_LENGTH_MAX)]
"""An id or a code; it becomes part of a key."""
Name: TypeAlias = Annotated[str, Meta(max_length=NAME_LENGTH_MAX)]
"""What is put together of ids: an occasion, a claim, a benefit."""
MonthsAway: TypeAlias = Annotated[int, Meta(ge=-MONTHS_MAX, le=MONTHS_MAX)]
MonthsLong: TypeAlias = Annotated[int, Meta(ge=1, le=MONTHS_MAX)]
DaysAway: TypeAlias = Annotated[int, Meta(ge=-DAYS_MAX, le=DAYS_MAX)]
Number: TypeAlias = Annotated[int, Meta(ge=-NUMBER_MAX, le=NUMBER_MAX)]
