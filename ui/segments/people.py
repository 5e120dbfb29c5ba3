"""People: the members of a group or of a cohort's cell, read a page at a time.

Owns: whose page is open, its rows so far. Does not own: texts (view_model.py, ui/figures/drill.py),
the page's widgets (ui/figures/list_page.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.months import Month
from app.domain.segments import SEGMENTS
from app.services.figures import (
    PeopleBehind,
    SegmentRead,
    people_of_cohort,
    people_of_segment,
)
from app.services.segments import GRADES, GradeRead, Group, people_of_grade
from ui.figures.drill import ListView, people_columns, people_rows
from ui.segments.view_model import (
    GroupView,
    grade_columns,
    grade_rows,
    segment_columns,
    segment_rows,
)
from ui.table_rows import TableRow
from ui.window_parts import WindowParts

PAGE = 50
Ask = Callable[..., Any]


class PeopleReader(QObject):
    """One page at a time.

    Signals:
        came: Rows are there. arg: whether they are the first.
    """

    came = Signal(bool)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._round = self._offset = 0
        self._ask: Ask | None = None
        self._is_reading = self.has_more = False
        self.group: Group | None = None
        self.view = ListView("")
        self.rows: list[TableRow] = []

    def open_group(self, group: Group, told: GroupView) -> None:
        """The members of a segment or of a grade."""
        wording = self._parts.wording
        is_grade = group in GRADES
        self.group = group
        self.view = ListView(
            told.name, told.count, (told.meaning,),
            grade_columns(wording) if is_grade else segment_columns(wording),
            wording.t("Nobody is in this group."),
        )  # fmt: skip
        for grade in GRADES:
            if grade == group:
                self._begin(partial(self._parts.read_page, people_of_grade, grade=grade))
                return
        segment = next(each for each in SEGMENTS if each == group)
        self._begin(partial(self._parts.read_page, people_of_segment, segment=segment))

    def open_cell(self, cohort: Month, month: Month, words: str) -> None:
        """Who of a cohort bought in a month."""
        wording = self._parts.wording
        self.group = None
        self.view = ListView(
            f"{cohort} → {month}", "", (words,), people_columns(wording),
            wording.t("Nobody of them bought in this month."),
        )  # fmt: skip
        self._begin(partial(self._parts.read_page, people_of_cohort, cohort=cohort, month=month))

    def more(self) -> None:
        """The next page, where there is one and none is on its way."""
        if self.has_more and not self._is_reading:
            self._read()

    def close(self) -> None:
        """Nobody looks any more."""
        self._round += 1
        self.has_more = False

    def _begin(self, ask: Ask) -> None:
        self._round += 1
        self._ask, self._offset, self.rows = ask, 0, []
        self._read()

    def _read(self) -> None:
        assert self._ask is not None, "something was opened"
        self._is_reading = True
        self._ask(partial(self._answered, self._round), offset=self._offset, limit=PAGE)

    def _answered(self, mine: int, answer: object) -> None:
        if mine != self._round:
            return
        self._is_reading = False
        wording, currency = self._parts.wording, self._parts.state.program.currency
        match answer:
            case GradeRead():
                self.rows += grade_rows(answer.lines, wording)
            case SegmentRead():
                self.rows += segment_rows(answer.lines, wording, currency)
            case PeopleBehind():
                self.rows += people_rows(answer.lines, wording, currency)
            case _:
                return
        is_first = self._offset == 0
        self._offset, self.has_more = self._offset + PAGE, answer.has_more
        self.came.emit(is_first)
