"""Cohort reader: the cohorts of this shop, or those of the whole chain as head office tells them.

Owns: which of the two is shown, asking head office, giving up. Does not own: how they are drawn
(cohort_board.py), who may see them (app/services). The shop's own are always kept: whoever comes
back to them, or is not told of the others, sees them at once.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.server_answer import Unanswered
from app.services.chain_behind import chain_cohorts
from app.services.figures import CohortsRead, figures_today, read_cohorts
from ui.window_parts import WindowParts


class CohortReader(QObject):
    """The shop's own, until somebody asks for those of the chain.

    Signals:
        came: What is shown is another, or newer. arg: whether it was asked for by a key.
        asking: arg: whether head office is being asked.
        unanswered: Head office does not tell. arg: what it answered.
        refused: Somebody who may not see them.
    """

    came = Signal(bool)
    asking = Signal(bool)
    unanswered = Signal(object)
    refused = Signal()

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.as_of_ms = 0
        """When head office told what is shown of all stores."""
        self._own = self._chain = CohortsRead(())
        self._is_of_chain = self._asks = False
        self._round = 0

    @property
    def chain(self) -> bool:
        """Whether those of all stores are shown."""
        return self._is_of_chain and self.can_choose

    @property
    def shown(self) -> CohortsRead:
        """What is to be seen."""
        return self._chain if self.chain else self._own

    @property
    def can_choose(self) -> bool:
        """Whether there is a chain that this till belongs to."""
        return self._parts.shop.server.link() is not None

    def begin(self) -> None:
        """Somebody comes to look: at the shop's own first."""
        self._is_of_chain = False
        self.read()

    def read(self) -> None:
        """The shop's own, anew."""
        last = figures_today(shop=self._parts.shop)
        self._parts.read_page(read_cohorts, self._own_came, last=last)

    def switch(self) -> None:
        """The other of the two; while head office is asked, the question is taken back."""
        if self._asks:
            self.drop_waiting()
        elif self.chain:
            self._is_of_chain = False
            self.came.emit(True)
        elif self.can_choose:
            self._ask()

    def drop_waiting(self) -> None:
        """Nobody wants to wait for head office any more: what is shown stays."""
        if self._asks:
            self._end_asking()

    def _ask(self) -> None:
        self._round, self._asks = self._round + 1, True
        self.asking.emit(True)
        self._parts.ask_aside(
            chain_cohorts, partial(self._told, self._round),
            on_error=partial(self._failed, self._round),
            last=figures_today(shop=self._parts.shop),
        )  # fmt: skip

    def _end_asking(self) -> None:
        self._round, self._asks = self._round + 1, False
        self.asking.emit(False)

    def _own_came(self, answer: object) -> None:
        if isinstance(answer, CohortsRead):
            self._own = answer
            if not self.chain:
                self.came.emit(False)

    def _told(self, mine: int, answer: object) -> None:
        if mine != self._round:
            return
        self._end_asking()
        if isinstance(answer, CohortsRead):
            self._chain, self._is_of_chain = answer, True
            self.as_of_ms = self._parts.now().wall_ms
            self.came.emit(True)
        elif isinstance(answer, Unanswered):
            self.unanswered.emit(answer)
        else:
            self.refused.emit()

    def _failed(self, mine: int, error: BaseException) -> None:
        if mine == self._round:
            self._end_asking()
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)
