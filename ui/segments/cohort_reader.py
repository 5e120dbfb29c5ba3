"""Cohort reader: the cohorts of this shop, or those of the whole chain as head office tells them.

Owns: which of the two is shown, asking for it, giving up. Does not own: how they are drawn
(cohort_board.py), who may see them (app/services).
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.services.chain_behind import chain_cohorts
from app.services.figures import CohortsRead, figures_today, read_cohorts
from ui.window_parts import WindowParts


class CohortReader(QObject):
    """One of the two at a time; while head office is asked the other stays.

    Signals:
        came: arg: the CohortsRead of what is shown.
        asking: arg: whether head office is being asked.
        unanswered: Head office does not tell; the shop's own are shown. arg: what it answered.
    """

    came = Signal(object)
    asking = Signal(bool)
    unanswered = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.chain = False
        """Whether those of all stores are shown."""
        self._wants_chain = False
        self._round = 0

    @property
    def can_choose(self) -> bool:
        """Whether there is a chain that this till belongs to."""
        return self._parts.shop.server.link() is not None

    def read(self) -> None:
        """What is wanted, anew."""
        if self._wants_chain and self.can_choose:
            self._ask()
        else:
            self._read_own()

    def switch(self) -> None:
        """The other of the two."""
        if self.chain:
            self._read_own()
        elif self.can_choose:
            self._ask()

    def drop_waiting(self) -> None:
        """Nobody wants to wait any more: what is shown stays."""
        self._round += 1
        self._wants_chain = self.chain
        self.asking.emit(False)

    def _read_own(self) -> None:
        self.drop_waiting()
        self._wants_chain = False
        last = figures_today(shop=self._parts.shop)
        self._parts.read_page(read_cohorts, self._own_came, last=last)

    def _ask(self) -> None:
        self.drop_waiting()
        self._wants_chain = True
        self.asking.emit(True)
        self._parts.ask_aside(
            chain_cohorts, partial(self._told, self._round),
            last=figures_today(shop=self._parts.shop),
        )  # fmt: skip

    def _own_came(self, answer: object) -> None:
        is_late = self.chain and self._wants_chain
        if isinstance(answer, CohortsRead) and not is_late:
            self.chain = False
            self.came.emit(answer)

    def _told(self, mine: int, answer: object) -> None:
        if mine != self._round:
            return
        self.asking.emit(False)
        if isinstance(answer, CohortsRead):
            self.chain = True
            self.came.emit(answer)
            return
        self._wants_chain = False
        if self.chain:
            self._read_own()
        self.unanswered.emit(answer)
