"""Closing: what is asked before the window of a till goes while a basket or a shift is open.

Owns: the question, when it is asked. Does not own: the window, what is kept (everything is: the
basket and the shift are in the file and come back).
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject

from app.services.till_state import TillState
from app.wording import Wording
from ui.kit.dialogs import ConfirmDialog, Question
from ui.main_window import MainWindow
from ui.window_parts import WindowParts


def may_close(state: TillState) -> bool:
    """Whether the window may go without a word."""
    return not state.lines and state.shift is None


def put_away(window: MainWindow) -> None:
    """Delete a closed window now, with what hangs on it: the next till wants its scanner."""
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class ClosingQuestion(QObject):
    """One per window."""

    def __init__(self, window: MainWindow, parts: WindowParts) -> None:
        super().__init__(window)
        self._window, self._parts = window, parts
        self._dialog: ConfirmDialog | None = None
        window.close_requested.connect(self.ask)

    def ask(self) -> None:
        """Ask once; a second press finds the question open."""
        if self._dialog is not None:
            return
        self._dialog = dialog = ConfirmDialog(
            self._window, closing_question(self._parts.state, self._parts.wording)
        )
        dialog.accepted.connect(self._close)
        dialog.finished.connect(self._forget)
        dialog.open()

    def _close(self) -> None:
        self._window.set_may_close(True)
        self._window.close()

    def _forget(self) -> None:
        self._dialog = None


def closing_question(state: TillState, wording: Wording) -> Question:
    """What stays open, in one sentence."""
    t = wording.t
    if state.lines:
        sentence = t("The basket is kept and comes back at the next start.")
    else:
        sentence = t("The shift stays open. At the end of the day count and close it first.")
    return Question(
        title=t("Close the till?"),
        sentence=sentence,
        go_on=t("Close the till"),
        stay=t("Stay here"),
        icon="lock",
    )
