"""The facts of a shift: opened, taken over, cash moved, drawer opened, closed with its Z.

Owns: those fact types. Does not own: their bytes (facts.py), the sums of a Z (shift_sums.py),
who may (services). A shift is named by the op_id of the fact that opened it.
Amounts are minor units; reasons are codes, notes what somebody typed.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from app.domain.fact_base import FactBase
from app.domain.ids import OpId
from app.domain.shift_paper import ShiftEnd, ShiftPaper
from app.domain.shift_sums import ShiftReport

Move = Literal["in", "out", "drop"]
"""Cash put into the drawer, taken out of it, or dropped into the safe."""


class ShiftOpened(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="shift_opened.1"):
    """A shift began with so much in the drawer; its business day is this fact's day for ever."""

    name: str = ""
    currency: str = "CNY"
    float_minor: int
    pieces: tuple[tuple[int, int], ...] = ()
    """What was counted, by worth; empty: taken over as the last close left it."""
    left_minor: int | None = None
    """What the last close left; None = the first shift of this drawer."""
    reason: str = ""
    """Why it is not what was left."""
    note: str = ""

    def __post_init__(self) -> None:
        counted = sum(worth * count for worth, count in self.pieces)
        assert not self.pieces or counted == self.float_minor, self.op_id


class ShiftTakenOver(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="shift_taken_over.1"
):
    """Somebody else answers for the drawer from now on."""

    shift: OpId
    before: str


class CashMoved(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="cash_moved.1"):
    """Cash that went into or out of the drawer and belongs to no sale."""

    shift: OpId
    move: Move
    amount_minor: int
    reason: str
    note: str = ""
    approved_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert self.amount_minor > 0, self.op_id


class DrawerOpened(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="drawer_opened.1"):
    """The drawer was opened without a sale."""

    shift: OpId | None = None
    reason: str
    approved_by: tuple[str, ...] = ()


class ShiftClosed(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="shift_closed.1"):
    """A shift ended: its Z, whole, as it was printed."""

    shift: OpId
    shift_day: date
    number: int
    paper: ShiftPaper
    approved_by: tuple[str, ...] = ()

    @property
    def report(self) -> ShiftReport:
        return self.paper.report

    @property
    def end(self) -> ShiftEnd:
        assert self.paper.end is not None, self.op_id
        return self.paper.end

    def __post_init__(self) -> None:
        assert self.number >= 1, self.op_id
        assert self.number == self.paper.number, self.op_id
        assert self.paper.copy == 1, f"{self.op_id}: only the original is kept"
        assert self.shift_day.isoformat() == self.paper.day, self.op_id
