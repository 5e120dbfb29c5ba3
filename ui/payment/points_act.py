"""Paying with points at the payment screen: all that can be used, or another number.

Owns: the switch, the dialog for a number, the answers. Does not own: which numbers can be used
(services/redeem.py), letting the server keep them (ui/kept_points.py), the row on the screen
(parts.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.services.answers import Changed
from app.services.redeem import PointsRefused, redeem_points, toggle_points
from ui.kept_points import KeptPoints
from ui.payment import sentences
from ui.payment.points_dialog import PointsDialog
from ui.payment.view_model import points_most
from ui.window_parts import WindowParts


class PointsAct(QObject):
    """Asks for points and says what became of it.

    Signals:
        changed: Other points are used: what is due is another sum now.
        refused: A service said no. arg: its answer.
        waiting_changed: An act waits for the server, or waits no more.
    """

    changed = Signal()
    refused = Signal(object)
    waiting_changed = Signal()

    def __init__(self, parts: WindowParts, over: QWidget, is_free: Callable[[], bool]) -> None:
        super().__init__(over)
        self._parts, self._over, self._is_free = parts, over, is_free
        self.dialog: PointsDialog | None = None
        self.kept = KeptPoints(parts, self)
        self.kept.changed.connect(self.changed)
        self.kept.waiting_changed.connect(self.waiting_changed)

    def toggle(self) -> None:
        """F6: as many points as possible, or none again."""
        if self._is_free():
            self._parts.ask(toggle_points, self._answered)

    def edit(self) -> None:
        """Another number of points than the most."""
        if not self._is_free():
            return
        most = points_most(self._parts.state)
        self.dialog = PointsDialog(self._over, self._parts.wording, most=most)
        self.dialog.chosen.connect(self._redeem)
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def close(self) -> None:
        self.kept.forget()
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
        """Let the server keep what this basket spends."""
        if self._is_free():
            self.kept.reserve()

    def then(self, act: Callable[..., object], *wanted: Any, **named: Any) -> None:
        """Do it once what this basket spends is kept, or nobody answered."""
        self.kept.then(partial(act, *wanted, **named))

    def _forget(self) -> None:
        self.dialog = None
