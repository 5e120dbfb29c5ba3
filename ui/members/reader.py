"""Reader of the list: the rows of a choice, a page at a time, and the judging behind it.

Owns: asking for parts until a page is full, going on where it stopped, judging while the list is
in front. Does not own: rows as texts (view_model.py), what fits (app/services/member_list.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.member_list import ListChoice, ListPlace
from app.services.member_list import (
    Judged,
    MemberRow,
    MembersLookedUp,
    MembersPart,
    judge_list,
    list_members,
    look_for_members,
)
from ui.window_parts import WindowParts

PAGE = 50
_REST_MS = 1
"""Between two units of judging: who waits for the lane goes first."""


class MembersReader(QObject):
    """One list at a time.

    Signals:
        begun: Another list: nothing of it is there yet.
        came: More rows. arg: them.
        rested: A page is full, or the list has ended.
        judged: More members can be in the list. arg: how many more; -1: all of them are.
        refused: Somebody who may not see it. arg: the answer.
    """

    begun = Signal()
    came = Signal(object)
    rested = Signal()
    judged = Signal(int)
    refused = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._choice = ListChoice()
        self._place: ListPlace | None = None
        self._round = self._judging = 0
        self._wanted = 0
        self.is_reading = self.has_more = False
        self.rows: list[MemberRow] = []

    def begin(self, choice: ListChoice) -> None:
        """The first page of this choice."""
        self._start()
        self._choice, self._place, self.has_more = choice, None, True
        self.more()

    def look_for(self, text: str) -> None:
        """Whoever fits what was typed, instead of the list."""
        self._start()
        mine = self._round
        self.is_reading = True

        def answered(answer: object) -> None:
            if mine == self._round:
                self._looked_up(answer)

        self._parts.ask(look_for_members, answered, text=text)

    def more(self) -> None:
        """The next page, where there is one and none is on its way."""
        if self.has_more and not self.is_reading:
            self.is_reading, self._wanted = True, PAGE
            self._ask()

    def judge(self) -> None:
        """Judge whoever is due, a few at a time, until all are or `stop`."""
        self._judging += 1
        self._judge(self._judging, 0)

    def stop(self) -> None:
        """The list is left."""
        self._round += 1
        self._judging += 1
        self.is_reading = False

    def _start(self) -> None:
        self._round += 1
        self.rows, self.has_more, self.is_reading = [], False, False
        self.begun.emit()

    def _ask(self) -> None:
        mine = self._round

        def answered(answer: object) -> None:
            if mine == self._round:
                self._part_came(answer)

        self._parts.read_page(
            list_members, answered, choice=self._choice, after=self._place, want=self._wanted
        )

    def _part_came(self, answer: object) -> None:
        if not isinstance(answer, MembersPart):
            self._end(answer)
            return
        self._take(answer.rows)
        self._place, self.has_more = answer.place, answer.place is not None
        self._wanted -= len(answer.rows)
        if self.has_more and self._wanted > 0:
            self._ask()
        else:
            self.is_reading = False
            self.rested.emit()

    def _looked_up(self, answer: object) -> None:
        if not isinstance(answer, MembersLookedUp):
            self._end(answer)
            return
        self._take(answer.rows)
        self.is_reading = False
        self.rested.emit()

    def _take(self, rows: Sequence[MemberRow]) -> None:
        self.rows.extend(rows)
        if rows:
            self.came.emit(rows)

    def _end(self, answer: object) -> None:
        self.is_reading = self.has_more = False
        self.refused.emit(answer)

    def _judge(self, mine: int, after: int) -> None:
        if mine != self._judging:
            return

        def answered(answer: Judged) -> None:
            if mine != self._judging:
                return
            if answer.looked is None:
                self.judged.emit(-1)
                return
            self.judged.emit(answer.count)
            QTimer.singleShot(_REST_MS, self, lambda: self._judge(mine, answer.looked or 0))

        self._parts.ask(judge_list, answered, after=after)
