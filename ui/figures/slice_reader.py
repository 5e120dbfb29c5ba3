"""Slice reader: which days and till are chosen, and their figures.

Owns: the choice, reading figures and hours of it, counting what waits. Does not own: what is drawn
of them (controller.py), the dialogs (dialogs.py).
"""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.services.figure_receipts import HoursOfDay, hours_of_day
from app.services.figures import FiguresRead, figures_today, read_figures
from ui.figures.counting import Counting
from ui.figures.files import Slice
from ui.figures.span import Period, Span, span_of
from ui.window_parts import WindowParts


class SliceReader(QObject):
    """One slice at a time.

    Signals:
        came: The figures of the choice are there, or its hours.
        refused: Somebody who may not see them. arg: the answer.
    """

    came = Signal()
    refused = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.span: Span | None = None
        self.till: int | None = None
        self.found: FiguresRead | None = None
        self.hours: HoursOfDay | None = None
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
        """Ask for the figures of the choice."""
        wanted = self.wanted
        self._parts.ask(
            read_figures, partial(self._figures_came, wanted), days=wanted.days,
            till=wanted.till, beside=wanted.beside,
        )  # fmt: skip

    def _figures_came(self, wanted: Slice, answer: object) -> None:
        if wanted != self.wanted:
            return
        if not isinstance(answer, FiguresRead):
            self.refused.emit(answer)
            return
        self.found, self.hours = answer, None
        if wanted.days.count == 1:
            came = partial(self._hours_came, wanted)
            self._parts.ask(hours_of_day, came, day=wanted.days.first, till=wanted.till)
        self.came.emit()

    def _hours_came(self, wanted: Slice, answer: object) -> None:
        if wanted == self.wanted and isinstance(answer, HoursOfDay):
            self.hours = answer
            self.came.emit()

    def _counted(self, changed: bool, is_whole: bool) -> None:
        if changed and self.span is not None:
            self.read()
