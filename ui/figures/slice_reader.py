"""Slice reader: which days and till are chosen, and their figures.

Owns: the choice, reading figures and hours of it, counting what waits. Does not own: what is drawn
of them (controller.py), the dialogs (dialogs.py).
"""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.services.figure_gathering import GatheringStopped, is_long, read_long_figures
from app.services.figure_receipts import HoursOfDay, hours_of_day
from app.services.figures import FiguresRead, figures_today, read_figures
from ui.figures.counting import Counting
from ui.figures.files import Slice
from ui.figures.span import Period, Span, span_of
from ui.window_lane import ReadingLane
from ui.window_parts import WindowParts


class SliceReader(QObject):
    """One slice at a time.

    Signals:
        came: The figures of the choice are there, or its hours.
        refused: Somebody who may not see them. arg: the answer.
        gathering: A long span is being put together. args: parts done, of how many.
    """

    came = Signal()
    refused = Signal(object)
    gathering = Signal(int, int)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.span: Span | None = None
        self.till: int | None = None
        self.found: FiguresRead | None = None
        self.hours: HoursOfDay | None = None
        self._shown: tuple[Span, int | None] | None = None
        self._round = 0
        self.counting = Counting(parts, self)
        self.counting.finished.connect(self._counted)

    @property
    def today(self) -> date:
        """The business day."""
        return figures_today(shop=self._parts.shop)

    @property
    def wanted(self) -> Slice:
        """The choice."""
        assert self.span is not None, "nothing was chosen yet"
        return Slice(self.span.days, self.span.beside, self.till)

    def begin(self) -> None:
        """Read the choice as it means today, and count what waits."""
        if self.span is None or self.span.period != "own":
            self.span = span_of(self.span.period if self.span is not None else "today", self.today)
        self.read()
        self.counting.begin(judges=False)

    def choose_period(self, period: Period) -> None:
        self.use(span_of(period, self.today))

    def use(self, span: Span) -> None:
        self.span = span
        self.read()

    def choose_till(self, till: int | None) -> None:
        self.till = till
        self.read()

    def read(self) -> None:
        """Ask for the figures of the choice; a long one is gathered beside the lane."""
        wanted = self.wanted
        self._round += 1
        if is_long(wanted.days):
            self._gather(wanted, self._round)
            return
        self._parts.read_page(
            read_figures, partial(self._figures_came, wanted), days=wanted.days,
            till=wanted.till, beside=wanted.beside,
        )  # fmt: skip

    def stop(self) -> None:
        """Nobody wants to wait: what was shown before is shown again."""
        self.counting.stop()
        self._round += 1
        if self._shown is not None and self.span is not None:
            self.span, self.till = self._shown
            self.came.emit()

    def leave(self) -> None:
        """Nobody looks any more."""
        self.counting.stop()
        self._round += 1

    def _gather(self, wanted: Slice, mine: int) -> None:
        def tell(done: int, of: int) -> bool:
            if mine == self._round:
                self.gathering.emit(done, of)
            return mine == self._round

        self._parts.ask_aside(
            read_long_figures, partial(self._figures_came, wanted), days=wanted.days,
            till=wanted.till, beside=wanted.beside, lane=ReadingLane(self._parts.runner), tell=tell,
        )  # fmt: skip

    def _figures_came(self, wanted: Slice, answer: object) -> None:
        if wanted != self.wanted or isinstance(answer, GatheringStopped):
            return
        if not isinstance(answer, FiguresRead):
            self.refused.emit(answer)
            return
        assert self.span is not None, "it was asked for"
        self.found, self.hours, self._shown = answer, None, (self.span, self.till)
        if wanted.days.count == 1:
            came = partial(self._hours_came, wanted)
            self._parts.read_page(hours_of_day, came, day=wanted.days.first, till=wanted.till)
        self.came.emit()

    def _hours_came(self, wanted: Slice, answer: object) -> None:
        if wanted == self.wanted and isinstance(answer, HoursOfDay):
            self.hours = answer
            self.came.emit()

    def _counted(self, changed: bool, is_whole: bool) -> None:
        if changed and self.span is not None:
            self.read()
