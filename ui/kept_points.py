"""Letting the server keep what a basket spends, before money is taken.

Owns: asking beside the lane, once more for what is left where some of it is refused, and what
waits for the answer. Does not own: what is kept and what follows (services/reservation.py), the
act that waits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from app.services.reservation import (
    ReservationBegun,
    ReservationSettled,
    ask_reservation,
    begin_reservation,
    settle_reservation,
)
from ui.window_parts import WindowParts


class KeptPoints(QObject):
    """The questions that are under way for the basket on the till.

    Signals:
        changed: An answer made the basket cost another sum.
        waiting_changed: Something waits for an answer, or waits no more.
    """

    changed = Signal()
    waiting_changed = Signal()

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._under_way = 0
        self._next: Callable[[], object] | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether an act waits for the server, which answers within two seconds or not at all."""
        return self._next is not None

    def reserve(self) -> None:
        """Ask for what this basket spends now; nothing where the shop has no server."""
        if self._parts.state.redeem.way == "own":
            return
        self._under_way += 1
        self._parts.ask(begin_reservation, self._begun, on_error=self._failed)

    def then(self, act: Callable[[], object]) -> None:
        """Do it when nothing is under way any more: now, or after the answer."""
        if not self._under_way:
            act()
            return
        self._next = act
        self.waiting_changed.emit()

    def forget(self) -> None:
        """What waits is not done."""
        if self._next is not None:
            self._next = None
            self.waiting_changed.emit()

    def _begun(self, answer: Any) -> None:
        if isinstance(answer, ReservationBegun):
            self._ask_server(answer)
        else:
            self._ended()

    def _ask_server(self, begun: ReservationBegun) -> None:
        wanted, before = begun.wanted, self._parts.state.totals.total

        def settled(answer: Any) -> None:
            if not isValid(self):
                return
            is_settled = isinstance(answer, ReservationSettled)
            # Nothing is drawn anew, and nothing typed is lost, where it is as it was.
            if is_settled and answer.state.totals.total != before:
                self.changed.emit()
            if is_settled and answer.again is not None:
                self._ask_server(answer.again)
            else:
                self._ended()

        def heard(answer: object) -> None:
            self._parts.ask(
                settle_reservation, settled, on_error=self._failed,
                reservation_id=wanted.reservation_id, answer=answer,
            )  # fmt: skip

        self._parts.ask_aside(ask_reservation, heard, on_error=self._failed, wanted=wanted)

    def _failed(self, error: BaseException) -> None:
        """The sale goes on by the offline rules."""
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)
        if isValid(self):
            self._ended()

    def _ended(self) -> None:
        self._under_way -= 1
        if self._under_way or self._next is None:
            return
        act, self._next = self._next, None
        self.waiting_changed.emit()
        act()
