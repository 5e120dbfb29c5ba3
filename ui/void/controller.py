"""Void controller: one question why a sale is given up, to the service's answer.

Owns: the chosen reason on its way to the service. Does not own: widgets (dialog.py), whether the
role may (services/void.py), what is said on the till afterwards (ui/till/hold_acts.py).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from app.services.act_reason import ReasonNeeded
from app.services.till_state import TillState
from app.services.void import void_hold, void_sale
from app.wording import Wording
from ui.kit.reason_picker import ReasonRow
from ui.navigation import VoidSale
from ui.phrases import money, words
from ui.void.dialog import VoidDialog
from ui.window_parts import WindowParts


class VoidController(QObject):
    """One opening of the question."""

    def __init__(self, parts: WindowParts, intent: VoidSale) -> None:
        super().__init__()
        assert isinstance(intent.needed, ReasonNeeded), intent.needed
        self._parts, self._intent = parts, intent
        self._needed: ReasonNeeded = intent.needed
        self._is_asking = False
        front = parts.navigation.current
        assert front is not None, "a dialog lies over a screen"
        self._dialog = dialog = VoidDialog(front.widget)
        dialog.reasons.changed.connect(self._picked)
        dialog.go_on.clicked.connect(self._void)
        dialog.finished.connect(self._closed)
        self.speak(parts.wording)
        dialog.open()

    @property
    def dialog(self) -> VoidDialog:
        return self._dialog

    def take_scan(self, text: str) -> bool:
        """What is scanned now would be given up with the sale: it has to wait."""
        self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        """The question stays as it was asked."""

    def speak(self, wording: Wording) -> None:
        t = wording.t
        if self._intent.hold_id:
            title = t("Void the held sale?")
            sentence = t("It leaves the list for good and cannot be brought back.")
        else:
            state = self._parts.state
            title = t("Void this sale?")
            sentence = wording.n(
                "{count} line, {amount}: gone for good. It cannot be undone.",
                "{count} lines, {amount}: gone for good. They cannot be brought back.",
                len(state.lines),
                amount=money(state.totals.due, state),
            )
        self._dialog.set_words(title, sentence, go_on=t("Void"), stay=t("Keep it"))
        rows = [
            ReasonRow(each.reason_id, words(each.words, wording), each.needs_note)
            for each in self._needed.reasons
        ]
        self._dialog.reasons.show_reasons(rows, t("In a few words"))

    def close(self) -> None:
        self._dialog.reject()

    def _picked(self) -> None:
        self._dialog.go_on.setEnabled(bool(self._dialog.reasons.chosen))

    def _void(self) -> None:
        if self._is_asking:
            return
        self._is_asking = True
        reasons = self._dialog.reasons
        ask, wanted = self._parts.ask, {"reason": reasons.chosen, "note": reasons.words}
        if self._intent.hold_id:
            hold_id = self._intent.hold_id
            ask(void_hold, self._answered, on_error=self._failed, hold_id=hold_id, **wanted)
        else:
            ask(void_sale, self._answered, on_error=self._failed, **wanted)

    def _answered(self, answer: Any) -> None:
        self._is_asking = False
        if isinstance(answer, ReasonNeeded):
            sentence = self._parts.wording.t("Say why in a few words.")
            self._dialog.reasons.ask_for_words(sentence)
            return
        self._dialog.accept()
        self._intent.then(answer)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _closed(self) -> None:
        self._parts.navigation.dialog_closed(self)
