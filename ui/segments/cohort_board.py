"""Cohort board: the cohorts that are shown, and which cell of them is marked.

Owns: the mark, grid or table, what its keys do. Does not own: texts (cohorts.py), widgets
(pages.py), whose cohorts they are (cohort_reader.py), who is behind a cell (people.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.months import Month
from app.domain.person_figures import CohortLine
from ui.figures.counting import CountingStrip, asking_words
from ui.figures.untold import may_not_see
from ui.key_map import Action, KeyAction
from ui.moment import local_time
from ui.segments.cohort_reader import CohortReader
from ui.segments.cohorts import (
    grid_of,
    not_told,
    of_this_shop_only,
    table_columns,
    table_rows,
    told_at,
)
from ui.segments.pages import CohortsPage
from ui.segments.people import PeopleReader
from ui.window_parts import WindowParts


class CohortBoard(QObject):
    """The third page of the room.

    Signals:
        said: Something to read. args: what says it in a language, tone.
        moved: On to another cell, list or chain: what was said before is past.
    """

    said = Signal(object, str)
    moved = Signal()

    def __init__(
        self, parts: WindowParts, page: CohortsPage, strip: CountingStrip, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._page, self._strip = parts, page, strip
        self.told = CohortReader(parts, self)
        self._cell = (0, 0)
        self._month: tuple[Month, Month] | None = None
        self._as_table = False
        page.table_requested.connect(self.switch)
        page.chain_requested.connect(self.told.switch)
        self.told.came.connect(self._came)
        self.told.asking.connect(self._asking)
        self.told.unanswered.connect(
            lambda answer: self.said.emit(partial(not_told, answer), "warning")
        )
        self.told.refused.connect(lambda: self.said.emit(may_not_see, "danger"))

    @property
    def _lines(self) -> Sequence[CohortLine]:
        return self.told.shown.cohorts

    @property
    def marked(self) -> tuple[Month, Month] | None:
        """The cohort and the month of the marked cell."""
        if not self._lines:
            return None
        row, column = self._cell
        cohort = self._lines[row].month
        return cohort, cohort.plus(column)

    @property
    def words(self) -> str:
        """The marked cell in a sentence."""
        view, (row, column) = self._page.grid.view, self._cell
        return view.rows[row].cells[column].words if view is not None and view.rows else ""

    @property
    def key_actions(self) -> Sequence[KeyAction]:
        """Of this page alone."""
        t = self._parts.wording.t
        own = (KeyAction(Action.CHOOSE_3, t("The chart as a table, or as a chart"), self.switch),)
        if not self.told.can_choose:
            return own
        whose = t("The whole chain, or this shop")
        return (KeyAction(Action.CHOOSE_1, whose, self.told.switch), *own)

    def switch(self) -> None:
        """The table says what the grid shows."""
        self._as_table = not self._as_table
        self.draw()

    def open_mark(self, people: PeopleReader) -> None:
        """Who of the marked cohort came; of all stores nobody is named."""
        self.moved.emit()
        if self.told.chain:
            key = self._parts.keys.hint(Action.CHOOSE_1)
            self.said.emit(partial(of_this_shop_only, key), "info")
        elif self.marked is not None:
            people.open_cell(*self.marked, self.words)

    def step(self, down: int, across: int) -> None:
        self.mark(self._cell[0] + down, self._cell[1] + across)

    def mark(self, row: int, column: int) -> None:
        """The nearest cell there is."""
        if self._lines:
            self._put(row, column)
            self.moved.emit()
            self._parts.notifier.announce(self.words)

    def draw(self) -> None:
        live = self._parts.live.state
        if live is None:
            return
        wording, currency = self._parts.wording, live.program.currency
        of_chain = self.told.chain
        at = local_time(self.told.as_of_ms, self._parts)
        as_of = told_at(at, wording) if of_chain else ""
        self._page.show_whose(of_chain=of_chain, can_choose=self.told.can_choose, as_of=as_of)
        self._page.show_grid(
            grid_of(self._lines, wording, currency, of_chain=of_chain),
            table_columns(self._lines, wording),
            table_rows(self._lines, currency),
            as_table=self._as_table,
        )
        self._put(*self._cell)

    def _came(self, is_wanted: bool) -> None:
        before = self._month
        self.draw()
        if is_wanted:
            self._follow(before)
            self.moved.emit()
            self._parts.notifier.announce(f"{self._page.title} {self.words}")

    def _follow(self, marked: tuple[Month, Month] | None) -> None:
        """The same month of the same cohort, where there is one: that is what is compared."""
        if marked is not None and self._lines:
            cohort, month = marked
            row = cohort.index - self._lines[0].month.index
            self._put(row, month.index - cohort.index)

    def _asking(self, is_asked: bool) -> None:
        if is_asked:
            self._strip.tell_asking()
            self._parts.notifier.announce(asking_words(self._parts.wording))
        else:
            self._strip.end_gathering()

    def _put(self, row: int, column: int) -> None:
        if self._lines:
            row = max(0, min(len(self._lines) - 1, row))
            column = max(0, min(len(self._lines[row].later) - 1, column))
            self._cell = (row, column)
            self._month = self.marked
        self._page.set_current(*self._cell, self.words)
