"""Cohort board: the cohorts that are shown, and which cell of them is marked.

Owns: the mark, grid or table. Does not own: texts (cohorts.py), widgets (pages.py), who is behind a
cell (people.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from app.domain.months import Month
from app.domain.person_figures import CohortLine
from ui.segments.cohorts import grid_of, table_columns, table_rows
from ui.segments.pages import CohortsPage
from ui.window_parts import WindowParts


class CohortBoard(QObject):
    """The third page of the room."""

    def __init__(self, parts: WindowParts, page: CohortsPage, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._page = parts, page
        self._lines: Sequence[CohortLine] = ()
        self._cell = (0, 0)
        self._as_table = False

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

    def show_lines(self, lines: Sequence[CohortLine]) -> None:
        self._lines = lines
        self.draw()

    def switch(self) -> None:
        """The table says what the grid shows."""
        self._as_table = not self._as_table
        self.draw()

    def step(self, down: int, across: int) -> None:
        self.mark(self._cell[0] + down, self._cell[1] + across)

    def mark(self, row: int, column: int) -> None:
        """The nearest cell there is."""
        if self._lines:
            self._put(row, column)
            self._parts.notifier.announce(self.words)

    def draw(self) -> None:
        live = self._parts.live.state
        if live is None:
            return
        wording, currency = self._parts.wording, live.program.currency
        self._page.show_grid(
            grid_of(self._lines, wording, currency),
            table_columns(self._lines, wording),
            table_rows(self._lines, currency),
            as_table=self._as_table,
        )
        self._put(*self._cell)

    def _put(self, row: int, column: int) -> None:
        if self._lines:
            row = max(0, min(len(self._lines) - 1, row))
            column = max(0, min(len(self._lines[row].later) - 1, column))
            self._cell = (row, column)
        self._page.set_current(*self._cell, self.words)
