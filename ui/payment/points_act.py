"""Paying with points at the payment screen: all that can be used, or another number.

Owns: the switch, the dialog for a number, letting the server keep them, the answers. Does not own:
which numbers can be used (services/redeem.py), the row on the screen (parts.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.services.answers import Changed
from app.services.redeem import PointsRefused, redeem_points, toggle_points
from app.services.reservation import (
    ReservationBegun,
    ReservationSettled,
    ask_reservation,
    begin_reservation,
    settle_reservation,
)
from ui.payment import sentences
from ui.payment.points_dialog import PointsDialog
from ui.window_parts import WindowParts


class PointsAct(QObject):
    """Asks for points and says what became of it.

    Signals:
        changed: Other points are used: what is due is another sum now.
        refused: A service said no. arg: its answer.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(self, parts: WindowParts, over: QWidget, is_free: Callable[[], bool]) -> None:
        super().__init__(over)
        self._parts, self._over, self._is_free = parts, over, is_free
        self.dialog: PointsDialog | None = None

    def toggle(self) -> None:
        """F6: as many points as possible, or none again."""
        if self._is_free():
            self._parts.ask(toggle_points, self._answered)

    def edit(self, most: int) -> None:
        """Another number of points than the most."""
        if not self._is_free():
            return
        self.dialog = PointsDialog(self._over, self._parts.wording, most=most)
        self.dialog.chosen.connect(self._redeem)
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def close(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()

    def _redeem(self, points: int) -> None:
        self._parts.ask(redeem_points, self._answered, points=points)

    def _answered(self, answer: Any) -> None:
        if isinstance(answer, Changed):
            if self.dialog is not None:
                self.dialog.accept()
            self.changed.emit()
            self.reserve()
        elif isinstance(answer, PointsRefused) and self.dialog is not None:
            state, wording = self._parts.state, self._parts.wording
            self.dialog.show_error(sentences.no_sentence(answer, state, wording))
        else:
            self.refused.emit(answer)

    def reserve(self) -> None:
        """Let the server keep what this basket spends. Whoever pays meanwhile does not wait: he
        is bound by the offline rules."""
        if self._is_free():
            self._parts.ask(begin_reservation, self._begun)

    def _begun(self, answer: Any) -> None:
        if isinstance(answer, ReservationBegun):
            self._ask_server(answer)

    def _ask_server(self, begun: ReservationBegun) -> None:
        wanted, before = begun.wanted, self._parts.state.totals.total

        def settled(answer: Any) -> None:
            if not isValid(self):
                return
            # Nothing is drawn anew, and nothing typed is lost, where it is as it was.
            if isinstance(answer, ReservationSettled):
                if answer.state.totals.total != before:
                    self.changed.emit()
                if answer.again is not None:
                    self._ask_server(answer.again)

        def heard(answer: object) -> None:
            self._parts.ask(
                settle_reservation, settled,
                reservation_id=wanted.reservation_id, answer=answer,
            )  # fmt: skip

        self._parts.ask_aside(ask_reservation, heard, wanted=wanted, instead_of=begun.instead_of)

    def _forget(self) -> None:
        self.dialog = None
