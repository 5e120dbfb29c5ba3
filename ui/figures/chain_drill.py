"""Chain drill: what stands behind a figure of the whole chain, asked of head office page by page.

Owns: those questions, keeping the place where nobody answers. Does not own: which pages are open
and their rows (drill_reader.py), texts (drill.py, answers.py), asking itself
(app/services/chain_behind.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal

from app.domain.figures import Days
from app.domain.server_answer import Declined, NoAnswer, NoServer
from app.services.chain_behind import (
    PAGE_ROWS,
    ChainReceiptsRead,
    chain_answers,
    chain_days,
    chain_people,
    chain_receipts,
    is_of_people,
)
from app.services.figures import FiguresRead
from ui.figures.answers import ANSWERED
from ui.figures.drill import chain_receipt_rows, chain_receipts_page
from ui.figures.drill_reader import DrillReader, Open
from ui.window_lane import WindowLane


class ChainDrill(DrillReader):
    """The open pages of the chain, the innermost last.

    Signals:
        asking: Head office is asked. arg: False, it said something.
        unanswered: It told nothing: what was open stays as it was. arg: the answer.
    """

    asking = Signal(bool)
    unanswered = Signal(object)
    of_chain = True

    def open_day(self, day: date, found: FiguresRead) -> None:
        self._found, self._till = found, None
        self.pages.append(Open(None, Days(day, day)))
        self._ask_receipts(self.pages[-1])

    def back(self) -> None:
        self.asking.emit(False)
        super().back()

    def more(self) -> None:
        page = self.page
        if page is None or not page.has_more or self._is_reading:
            return
        if page.figure is None:
            self._ask_receipts(page)
        else:
            self._ask_people()

    def drop_waiting(self) -> None:
        """Nobody waits for the page that was asked for."""
        self.pages = [page for page in self.pages if page.view.columns]

    def _ask_people(self) -> None:
        page = self.pages[-1]
        figure = page.figure
        assert figure is not None, "a figure was opened"
        lane, start = WindowLane(self._parts.runner), len(page.rows)
        if figure in ANSWERED:
            self._ask(page, chain_answers, self._answers_came, lane=lane, days=page.days,
                      offset=start)  # fmt: skip
        elif is_of_people(figure):
            self._ask(page, chain_people, self._people_came, lane=lane, figure=figure,
                      days=page.days, offset=start)  # fmt: skip
        else:
            self._ask(page, chain_days, self._days_came, figure=figure, days=page.days)

    def _ask_receipts(self, page: Open) -> None:
        self._ask(
            page, chain_receipts, self._chain_receipts_came,
            lane=WindowLane(self._parts.runner), day=page.days.first, after=page.last,
            limit=PAGE_ROWS,
        )  # fmt: skip

    def _ask(
        self,
        page: Open,
        service: Callable[..., object],
        came: Callable[[Open, Any], None],
        **wanted: Any,
    ) -> None:
        self._is_reading = True
        if not page.view.columns:  # nothing of it is there; more of a list comes as one goes down
            self.asking.emit(True)
        self._parts.ask_aside(service, partial(self._told, page, came), **wanted)

    def _told(self, page: Open, came: Callable[[Open, Any], None], answer: object) -> None:
        self._is_reading = False
        if not any(each is page for each in self.pages):
            return  # somebody went back, and may have asked for something else
        if not page.view.columns:
            self.asking.emit(False)
        if isinstance(answer, NoServer | NoAnswer | Declined):
            self.drop_waiting()
            self.unanswered.emit(answer)
            return
        came(page, answer)

    def _chain_receipts_came(self, page: Open, answer: object) -> None:
        if not isinstance(answer, ChainReceiptsRead) or self._found is None:
            return
        shop, wording = self._parts.shop, self._parts.wording
        is_first = not page.view.columns
        zone, own = shop.desk.state.program.timezone, shop.identity.store_id
        page.rows += chain_receipt_rows(answer, own, zone, wording, self._currency)
        page.last, page.has_more = answer.last, answer.has_more
        page.told_minor += sum(row.paid.minor for row in answer.rows)
        by_day = {each.day: each for each in self._found.by_day}
        of_day = by_day.get(page.days.first)
        net = 0 if of_day is None else of_day.paid_minor - of_day.back_minor
        rest = None if page.has_more or net == page.told_minor else page.told_minor
        page.view = chain_receipts_page(page.days.first, net, rest, wording, self._currency)
        if page is self.page:
            self.changed.emit(is_first or not page.has_more)

    def say_again(self) -> None:
        """In another language: the pages are asked for anew, the rows that are here stay."""
        for page in self.pages:
            page.view = replace(page.view, columns=())
        super().say_again()
