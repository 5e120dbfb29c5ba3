"""Trail search: which entries fit, found slice by slice; the rows in view, read page by page.

Owns: the numbers that fit, the pages that were read, what is still to be looked at. Does not own:
drawing them (table.py), the criteria (controller.py), reading (app/services/audit_search.py).

A trail of years has hundreds of thousands of entries: only numbers are kept of all of them, rows
of a few pages. What is asked of the store lane stays short, so that a sale goes between.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.audit import ChainedAuditEntry
from app.domain.audit_search import AuditCriteria
from app.services.audit_search import TrailRows, TrailSlice, search_trail, trail_rows
from ui.window_parts import WindowParts

PAGE = 100
PAGES_KEPT = 40
WAITING_MAX = 4
"""Pages asked for and not read yet; who scrolls on wants the last ones."""


class TrailSearch(QObject):
    """One search at a time; a new one lets go of the one before.

    Signals:
        begun: Another search: forget every row.
        grew: More fit. args: the first and the last new place.
        arrived: A page was read. args: its first and its last place.
        went_on: So many entries were looked at. args: how many, of how many.
        refused: Somebody else is signed in who may not. arg: the answer.
    """

    begun = Signal()
    grew = Signal(int, int)
    arrived = Signal(int, int)
    went_on = Signal(int, int)
    refused = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._round = 0
        self._criteria = AuditCriteria()
        self._numbers: Sequence[int] = ()
        self._pages: OrderedDict[int, tuple[ChainedAuditEntry, ...]] = OrderedDict()
        self._waiting: list[int] = []
        self._is_reading = False
        self._last = self._rest = 0
        self.people: dict[str, str] = {}

    @property
    def count(self) -> int:
        """How many fit, as far as was looked."""
        return len(self._numbers)

    @property
    def is_searching(self) -> bool:
        return self._rest > 0

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers that fit, newest first."""
        return self._numbers

    def place_of(self, number: int) -> int | None:
        """Where in the list an entry stands; None = it does not fit."""
        numbers = self._numbers
        place = bisect_left(numbers, -number, key=lambda each: -each)
        return place if place < len(numbers) and numbers[place] == number else None

    def begin(self, criteria: AuditCriteria, last: int) -> None:
        """Look for these among the first `last` entries."""
        self._round += 1
        self._criteria, self._last = criteria, last
        self._pages.clear()
        self._waiting.clear()
        self._is_reading = False
        is_whole = criteria.is_everything
        self._numbers = range(last, 0, -1) if is_whole else array("q")
        self._rest = 0 if is_whole else last
        self.begun.emit()
        self._tell()
        if self._rest:
            self._look_on()

    def stop(self) -> None:
        """Look no further; what was found stays."""
        self._round += 1
        self._rest, self._is_reading = 0, False
        self._waiting.clear()
        self._tell()

    def row(self, place: int) -> ChainedAuditEntry | None:
        """The entry at this place of the list; None = it is being read."""
        page = self._pages.get(place // PAGE)
        if page is not None:
            self._pages.move_to_end(place // PAGE)
            at = place % PAGE
            return page[at] if at < len(page) else None
        self._want(place // PAGE)
        return None

    # ------------------------------------------------------------------ what fits

    def _look_on(self) -> None:
        mine = self._round

        def answered(answer: Any) -> None:
            if mine != self._round:
                return
            if isinstance(answer, TrailSlice):
                self._take(answer)
            else:
                self._rest = 0
                self.refused.emit(answer)

        self._parts.ask(search_trail, answered, criteria=self._criteria, newest=self._rest)

    def _take(self, part: TrailSlice) -> None:
        self._rest = part.rest
        if part.numbers and isinstance(self._numbers, array):
            first = len(self._numbers)
            self._numbers.extend(part.numbers)
            # The page that was the last one had fewer rows than it has now.
            self._pages.pop(first // PAGE, None)
            self.grew.emit(first, len(self._numbers) - 1)
        self._tell()
        if self._rest:
            self._look_on()

    def _tell(self) -> None:
        self.went_on.emit(self._last - self._rest, self._last)

    # ------------------------------------------------------------------ rows in view

    def _want(self, page: int) -> None:
        if page in self._waiting:
            return
        self._waiting.append(page)
        del self._waiting[:-WAITING_MAX]
        if not self._is_reading:
            self._read_next()

    def _read_next(self) -> None:
        if not self._waiting:
            return
        page, mine = self._waiting.pop(), self._round
        numbers = tuple(self._numbers[page * PAGE : (page + 1) * PAGE])
        self._is_reading = True

        def answered(answer: Any) -> None:
            if mine != self._round:
                return
            self._is_reading = False
            if isinstance(answer, TrailRows):
                self._keep(page, answer)
                self._read_next()
            else:
                self.refused.emit(answer)

        self._parts.ask(trail_rows, answered, numbers=numbers)

    def _keep(self, page: int, answer: TrailRows) -> None:
        self.people.update(answer.people)
        self._pages[page] = answer.rows
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        self.arrived.emit(page * PAGE, page * PAGE + len(answer.rows) - 1)
