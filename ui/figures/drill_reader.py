"""Drill reader: what stands behind a figure, read a page at a time; the way in and back out.

Owns: which page is open and from which it came, its rows so far. Does not own: texts (drill.py),
the page's widgets (list_page.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.figure_record import PersonLine
from app.domain.figures import Days, FigureId
from app.services.figure_gathering import is_long, name_people, people_found
from app.services.figure_receipts import ReceiptsOfDay, receipts_of_day
from app.services.figures import (
    FigureBeside,
    FigureDays,
    FiguresRead,
    PeopleBehind,
    figure_by_day,
    people_behind,
    read_figures,
)
from app.services.survey import AnswersRead, answers_behind
from ui.figures.answers import ANSWERED, answer_columns, answer_rows, score_sentence
from ui.figures.drill import (
    ListView,
    day_columns,
    day_rows,
    figure_page,
    people_columns,
    people_rows,
    receipt_rows,
    receipts_page,
)
from ui.table_rows import TableRow
from ui.window_lane import ReadingLane
from ui.window_parts import WindowParts

PAGE = 50


@dataclass
class Open:
    """A page that is open. `figure` None: the receipts of `days`, which is one day then."""

    figure: FigureId | None
    days: Days
    view: ListView = field(default_factory=lambda: ListView(""))
    rows: list[TableRow] = field(default_factory=list)
    has_more: bool = False
    is_people: bool = False
    is_answers: bool = False
    found: tuple[PersonLine, ...] | None = None
    """Everybody behind it, where they were gathered at once."""
    current: str = ""
    last: str = ""
    """Behind which receipt of the chain the next page begins."""
    told_minor: int = 0
    """What the receipts told so far come to."""


class DrillReader(QObject):
    """The open pages, the innermost last.

    Signals:
        changed: The innermost page is another one, or has other rows. arg: whether all of it.
        closed: No page is open any more.
    """

    changed = Signal(bool)
    closed = Signal()
    of_chain = False
    """Whether all stores stand in it (chain_drill.py)."""

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._till: int | None = None
        self._found: FiguresRead | None = None
        self._is_reading = False
        self.pages: list[Open] = []

    @property
    def page(self) -> Open | None:
        return self.pages[-1] if self.pages else None

    def open_figure(self, key: FigureId, found: FiguresRead) -> None:
        """What stands behind a figure of these."""
        self._found, self._till = found, found.till
        self.pages = [Open(key, found.days)]
        self._draw_figure(found.figures[key])
        self._ask_people()

    def open_day(self, day: date, found: FiguresRead) -> None:
        """The receipts of a day, above whatever is open."""
        self._found, self._till = found, found.till
        self.pages.append(Open(None, Days(day, day)))
        self._parts.read_page(
            receipts_of_day, partial(self._receipts_came, self.pages[-1]), day=day, till=self._till
        )

    def back(self) -> None:
        """The page before, or none."""
        if self.pages:
            self.pages.pop()
        if self.pages:
            self.changed.emit(True)
        else:
            self.closed.emit()

    def close_all(self) -> None:
        self.pages = []

    def more(self) -> None:
        """The next page of members, where there is one and none is on its way."""
        page = self.page
        can_go_on = page is not None and (page.is_people or page.is_answers)
        if page is not None and can_go_on and page.has_more and not self._is_reading:
            self._ask_people()

    def say_again(self) -> None:
        """In another language: read anew."""
        if self._found is not None and self.pages:
            first = self.pages[0]
            if first.figure is not None:
                self.open_figure(first.figure, self._found)
            else:
                self.pages = []
                self.open_day(first.days.first, self._found)

    # ------------------------------------------------------------------ members and days

    def _draw_figure(self, beside: FigureBeside) -> None:
        page, found = self.pages[-1], self._found
        assert page.figure is not None and found is not None, "a figure was opened"
        page.view = figure_page(
            page.figure, beside, page.days, found.compared, self._parts.wording, self._currency
        )

    def _ask_people(self) -> None:
        page = self.pages[-1]
        if page.figure in ANSWERED:
            self._ask_answers(page)
            return
        if page.figure is not None and is_long(page.days, page.figure):
            self._gather(page, page.figure)
            return
        self._is_reading = True
        self._parts.read_page(
            people_behind, partial(self._people_came, page), figure=page.figure, days=page.days,
            till=self._till, offset=len(page.rows), limit=PAGE,
        )  # fmt: skip

    def _ask_answers(self, page: Open) -> None:
        self._is_reading = True
        self._parts.ask(
            answers_behind, partial(self._answers_came, page), days=page.days, till=self._till,
            offset=len(page.rows), limit=PAGE,
        )  # fmt: skip

    def _answers_came(self, page: Open, answer: object) -> None:
        self._is_reading = False
        if page not in self.pages or not isinstance(answer, AnswersRead):
            return
        is_first, wording = not page.is_answers, self._parts.wording
        page.is_answers, page.has_more = True, answer.has_more
        zone = self._parts.shop.desk.state.program.timezone
        chain_at = self._parts.shop.identity.store_id if self.of_chain else ""
        page.rows += answer_rows(answer, zone, wording, chain_at=chain_at)
        empty = wording.t("Nobody answered on these days.")
        said = page.view.sentences
        if is_first:
            definition, *rest = said
            scores = score_sentence(answer.sums, wording)
            said = (definition, *filter(None, (scores,)), *rest)
        columns = answer_columns(wording, of_chain=self.of_chain)
        page.view = replace(page.view, sentences=said, columns=columns, empty=empty)
        if page is self.page:
            self.changed.emit(is_first)

    def _gather(self, page: Open, figure: FigureId) -> None:
        """Everybody at once beside the lane, then who they are a page at a time."""
        self._is_reading = True
        if page.found is not None:
            start = len(page.rows)
            some = page.found[start : start + PAGE]
            self._parts.read_page(
                name_people, partial(self._people_came, page), lines=some,
                has_more=start + PAGE < len(page.found),
            )  # fmt: skip
            return
        page.view = replace(page.view, empty=self._parts.wording.t("Adding up the days…"))
        self.changed.emit(True)
        self._parts.ask_aside(
            people_found, partial(self._gathered, page), lane=ReadingLane(self._parts.runner),
            figure=figure, days=page.days, till=self._till,
            tell=lambda done, of: page in self.pages,
        )  # fmt: skip

    def _gathered(self, page: Open, answer: object) -> None:
        if isinstance(answer, tuple) and page in self.pages and page.figure is not None:
            page.found = answer
            self._gather(page, page.figure)
        else:
            self._people_came(page, answer)

    def _people_came(self, page: Open, answer: object) -> None:
        self._is_reading = False
        if page not in self.pages or page.figure is None:
            return
        wording = self._parts.wording
        if not isinstance(answer, PeopleBehind):
            self._parts.read_page(
                figure_by_day, partial(self._days_came, page), figure=page.figure, days=page.days,
                till=self._till,
            )  # fmt: skip
            return
        is_first = not page.is_people
        page.is_people, page.has_more = True, answer.has_more
        page.rows += people_rows(answer.lines, wording, self._currency, of_chain=self.of_chain)
        empty = wording.t("Nobody is behind this figure on these days.")
        page.view = replace(page.view, columns=people_columns(wording), empty=empty)
        if page is self.page:
            self.changed.emit(is_first)

    def _days_came(self, page: Open, answer: object) -> None:
        if page not in self.pages or page.figure is None:
            return
        wording = self._parts.wording
        if isinstance(answer, FigureDays):
            page.rows = day_rows(answer, wording, self._currency)
            empty = wording.t("There is nothing of it on these days.")
            page.view = replace(page.view, columns=day_columns(page.figure, wording), empty=empty)
        else:
            empty = wording.t(
                "It stands for all members together, as they were gone through last; there is no "
                "list behind it."
            )
            page.view = replace(page.view, empty=empty)
        if page is self.page:
            self.changed.emit(True)

    # ------------------------------------------------------------------ receipts

    def _receipts_came(self, page: Open, answer: object) -> None:
        if page not in self.pages or not isinstance(answer, ReceiptsOfDay):
            return
        self._parts.read_page(
            read_figures, partial(self._day_came, page, answer), days=page.days, till=self._till
        )

    def _day_came(self, page: Open, receipts: ReceiptsOfDay, answer: object) -> None:
        told = None
        if isinstance(answer, FiguresRead):
            told = answer.figures["net_paid"].figure.numerator
        wording, zone = self._parts.wording, self._parts.shop.desk.state.program.timezone
        page.rows = receipt_rows(receipts, zone, wording, self._currency)
        page.view = receipts_page(receipts, told, wording, self._currency)
        if page is self.page:
            self.changed.emit(True)

    @property
    def _currency(self) -> str:
        return self._parts.state.program.currency
