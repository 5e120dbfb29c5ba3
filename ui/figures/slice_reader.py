"""Slice reader: which days and till are chosen, and their figures.

Owns: the choice, reading figures and hours of it, counting what waits. Does not own: what is drawn
of them (controller.py), the dialogs (dialogs.py).
"""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.figure_record import TillSeen
from app.domain.server_answer import Declined, NoAnswer, NoServer
from app.services.chain_behind import chain_hours
from app.services.chain_figures import ChainFigures, ask_chain_figures
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
        asking: Head office is asked about the whole chain.
        unreachable: It does not answer; what was shown before is shown again.
    """

    came = Signal()
    refused = Signal(object)
    gathering = Signal(int, int)
    asking = Signal()
    unreachable = Signal()

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.span: Span | None = None
        self.till: int | None = None
        self.chain = False
        self.as_of_ms = 0
        """When head office told what is shown of the whole chain."""
        self.found: FiguresRead | None = None
        self.tills: tuple[TillSeen, ...] = ()
        """Of this shop, whatever is shown now."""
        self.hours: HoursOfDay | None = None
        self._shown: tuple[Span, int | None, bool] | None = None
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
        return Slice(self.span.days, self.span.beside, self.till, self.chain)

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
        self.till, self.chain = till, False
        self.read()

    def choose_chain(self) -> None:
        """All stores, from head office."""
        self.till, self.chain = None, True
        self.read()

    def read(self) -> None:
        """Ask for the figures of the choice; a long one is gathered beside the lane."""
        wanted = self.wanted
        self._round += 1
        if wanted.chain:
            self.asking.emit()
            self._parts.ask_aside(
                ask_chain_figures, partial(self._chain_came, wanted, self._round),
                days=wanted.days, beside=wanted.beside,
            )  # fmt: skip
            return
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
            self.span, self.till, self.chain = self._shown
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
        self.found, self.hours, self._shown = answer, None, (self.span, self.till, False)
        self.tills = answer.tills
        if wanted.days.count == 1:
            came = partial(self._hours_came, wanted)
            self._parts.read_page(hours_of_day, came, day=wanted.days.first, till=wanted.till)
        self.came.emit()

    def _chain_came(self, wanted: Slice, mine: int, answer: object) -> None:
        if mine != self._round or wanted != self.wanted:
            return
        if isinstance(answer, ChainFigures):
            assert self.span is not None, "it was asked for"
            self.found, self.hours, self.as_of_ms = answer.read, None, answer.as_of_ms
            self._shown = self.span, None, True
            if wanted.days.count == 1:
                self._parts.ask_aside(
                    chain_hours, partial(self._hours_came, wanted), day=wanted.days.first
                )
            self.came.emit()
        elif isinstance(answer, NoServer | NoAnswer | Declined):
            self.stop()
            if self._shown is None or self.chain:
                self.chain = False
                self.read()
            self.unreachable.emit()
        else:
            self.refused.emit(answer)

    def _hours_came(self, wanted: Slice, answer: object) -> None:
        if wanted == self.wanted and isinstance(answer, HoursOfDay):
            self.hours = answer
            self.came.emit()

    def _counted(self, changed: bool, is_whole: bool) -> None:
        if changed and self.span is not None and not self.chain:
            self.read()
