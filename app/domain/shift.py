"""The shift: who answers for the drawer from when to when, and what its closing has to ask.

Owns: the record of an open and of a closed shift, whose it is, the rules of float, blind count,
cash moves, over and short, and of a clock that drifts. Does not own: counting (cash_count.py),
sums (shift_report.py), facts (shift_fact.py), who may (services).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.cash_count import CashCount
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.money import AMOUNT_MINOR_MAX, Money
from app.domain.shift_fact import Move

COUNTS_MAX = 2
"""A blind count and one recount: whoever may count until it fits does not count blind."""
NOTE_LENGTH_MAX = 100
NAME_LENGTH_MAX = 20
DRIFT_MS_MAX = 10 * 60 * 1000
"""A clock further from the server's than this may name the wrong business day."""


@dataclass(frozen=True, slots=True)
class SavedCount:
    """A count as saved: `expected` is what had to be there at that moment, `number` from 1.

    `round`: counting may be begun anew after more was sold; every count is kept.
    """

    number: int
    round: int
    at_ms: int
    staff_id: str
    count: CashCount
    expected: Money

    @property
    def difference(self) -> Money:
        """Above what had to be there; below: negative."""
        return self.count.total - self.expected


@dataclass(frozen=True, slots=True)
class Shift:
    """An open shift of this till's drawer. `shift_id` is the op_id of the fact that opened it."""

    shift_id: OpId
    business_day: date
    opened_ms: int
    opened_by: str
    owner_id: str
    """Who answers for it now: the one who opened it, or took it over last."""
    currency: str
    cash_float: Money
    name: str = ""
    round: int = 1
    is_counting: bool = False
    """A count was saved and nothing was sold since: only recounting, closing or going back."""
    counts: tuple[SavedCount, ...] = ()

    @property
    def counts_of_round(self) -> tuple[SavedCount, ...]:
        """Those that count now: none until one was saved in this round."""
        return tuple(count for count in self.counts if count.round == self.round)

    @property
    def counts_left(self) -> int:
        """How often it may still be counted before it is closed."""
        return COUNTS_MAX - len(self.counts_of_round)

    def is_over_midnight(self, today: date) -> bool:
        """Left open into another business day: it keeps its own, and somebody should close it."""
        return today > self.business_day


@dataclass(frozen=True, slots=True)
class ClosedShift:
    """A closed shift as listed; the Z itself stands in the fact `z_id`."""

    shift_id: OpId
    z_id: OpId
    number: int
    business_day: date
    opened_ms: int
    closed_ms: int
    closed_by: str
    sales: int
    paid: Money
    """Money received for sales."""
    paid_back: Money
    expected: Money
    counted: Money
    left: Money

    @property
    def over_short(self) -> Money:
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class HeldAtHandover:
    """A held sale that the next shift takes over."""

    hold_id: str
    held_ms: int
    staff_id: str
    pieces: int
    total: Money


# ------------------------------------------------------------------ clocks


@dataclass(frozen=True, slots=True)
class ClockDrifts:
    """The clock is so far from the server's (negative: ahead of it) that the day may be wrong."""

    offset_ms: int


def clock_drift(now: Moment) -> ClockDrifts | None:
    """Whether the clock was more than ten minutes off at the last sync; None = fine or unknown."""
    if now.offset_ms is None or abs(now.offset_ms) <= DRIFT_MS_MAX:
        return None
    return ClockDrifts(now.offset_ms)


# ------------------------------------------------------------------ reasons

DIFFERENCE_REASONS = (
    "wrong_change",
    "miscount",
    "wrong_tender",
    "missing_slip",
    "unknown",
    "other",
)
"""Why the drawer differs from what had to be there, also between two shifts."""
MOVE_REASONS: Mapping[Move, tuple[str, ...]] = {
    "in": ("change", "deposit", "correction", "other"),
    "out": ("purchase", "expense", "change", "correction", "other"),
    "drop": ("safe", "bank", "other"),
}

TextRefusal = Literal["unknown_reason", "note_missing", "note_too_long", "note_lines"]


@dataclass(frozen=True, slots=True)
class ReasonRefused:
    """`field` is "reason" or "note". unknown_reason: not one of the list; note_missing: "other"
    says nothing by itself; note_too_long: over 100 characters; note_lines: more than one line.
    """

    field: Literal["reason", "note"]
    why: TextRefusal


def check_reason(reason: str, note: str, known: tuple[str, ...]) -> ReasonRefused | None:
    """Why this is no reason; None = it is one. The note is stripped by the caller."""
    if reason not in known:
        return ReasonRefused("reason", "unknown_reason")
    if reason == "other" and not note:
        return ReasonRefused("note", "note_missing")
    return check_note(note)


def check_note(note: str) -> ReasonRefused | None:
    """Why this note cannot be kept; None = it can. An empty one can."""
    if len(note) > NOTE_LENGTH_MAX:
        return ReasonRefused("note", "note_too_long")
    return ReasonRefused("note", "note_lines") if len(note.splitlines()) > 1 else None


# ------------------------------------------------------------------ cash


@dataclass(frozen=True, slots=True)
class AmountRefused:
    """zero: nothing moves; negative: choose the other direction; too_large; more_than_in_drawer:
    so much cannot lie there (the sum is not said: the count is blind); more_than_counted.
    """

    reason: Literal["zero", "negative", "too_large", "more_than_in_drawer", "more_than_counted"]


def check_move(move: Move, amount: Money, in_drawer: Money) -> AmountRefused | None:
    """Why so much cash cannot be moved; None = it can."""
    if amount.minor <= 0:
        return AmountRefused("negative" if amount.minor else "zero")
    if amount.minor > AMOUNT_MINOR_MAX:
        return AmountRefused("too_large")
    if move != "in" and amount > in_drawer:
        return AmountRefused("more_than_in_drawer")
    return None


def check_left(left: Money, counted: Money) -> AmountRefused | None:
    """Why so much cannot stay in the drawer at a close; None = it can."""
    if left.minor < 0:
        return AmountRefused("negative")
    return AmountRefused("more_than_counted") if left > counted else None


def is_above(difference: Money, limit: Money) -> bool:
    """Whether over or short is so much that it needs a reason and a manager."""
    return abs(difference.minor) > limit.minor
