"""Held sales controller: one opening of the list.

Owns: which row is current, asking for the list again when a sale went elsewhere.
Does not own: widgets (dialog.py), texts (view_model.py), recalling (services/hold.py), what is
said on the till afterwards (acts.py).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from app.services.hold import (
    HeldSummary,
    HoldNoted,
    SaleRecalled,
    held_sales,
    note_hold,
    recall_sale,
)
from app.services.till_state import TillState
from app.services.void import void_hold
from app.wording import Wording
from ui.holds.dialog import HoldsDialog
from ui.holds.view_model import holds_said, present_holds
from ui.navigation import RecallHeld
from ui.window_parts import WindowParts


class HoldsController(QObject):
    """F5 with several held sales, or the tab in the header."""

    def __init__(self, parts: WindowParts, intent: RecallHeld) -> None:
        super().__init__()
        self._parts, self._intent = parts, intent
        self._holds: tuple[HeldSummary, ...] = ()
        self._current = 0
        self._is_asking = False
        front = parts.navigation.current
        assert front is not None, "a dialog lies over a screen"
        self._dialog = dialog = HoldsDialog(front.widget, parts.wording)
        dialog.recall_requested.connect(self._take)
        dialog.void_requested.connect(self._void)
        dialog.noted.connect(self._note)
        dialog.moved.connect(self._move)
        dialog.finished.connect(self._closed)
        self._draw()
        dialog.open()
        self._ask()

    @property
    def dialog(self) -> HoldsDialog:
        return self._dialog

    def take_scan(self, text: str) -> bool:
        """Goods go to the till below."""
        return False

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self._dialog.retranslate(wording)
        self._dialog.show_notice("", "info")
        self._draw()

    def close(self) -> None:
        self._dialog.reject()

    def _ask(self) -> None:
        self._parts.ask(held_sales, self._arrived)

    def _arrived(self, holds: tuple[HeldSummary, ...]) -> None:
        self._holds = holds
        self._current = max(0, min(self._current, len(holds) - 1))
        if self._dialog.is_open:
            self._draw()

    def _move(self, step: int) -> None:
        self._current = max(0, min(len(self._holds) - 1, self._current + step))
        self._draw()

    def _take(self, place: int) -> None:
        if self._is_asking or place >= len(self._holds):
            return
        self._current, self._is_asking = place, True
        hold_id = self._holds[place].hold_id
        self._parts.ask(recall_sale, self._taken, on_error=self._failed, hold_id=hold_id)

    def _taken(self, answer: Any) -> None:
        self._is_asking = False
        if isinstance(answer, SaleRecalled):
            self._dialog.accept()
            self._intent.then(answer)
            return
        self._refuse(answer)

    def _void(self, place: int) -> None:
        hold_id = self._holds[place].hold_id

        def asked(answer: Any) -> None:
            self._dialog.accept()
            self._intent.void(answer, hold_id)

        self._parts.ask(void_hold, asked, hold_id=hold_id, reason="")

    def _note(self, place: int, words: str) -> None:
        def answered(answer: Any) -> None:
            if isinstance(answer, HoldNoted):
                self._ask()
            else:
                self._refuse(answer)

        hold_id = self._holds[place].hold_id
        self._parts.ask(note_hold, answered, hold_id=hold_id, note=words)

    def _refuse(self, answer: object) -> None:
        """Somebody was faster, or goods are on the till: say it, and what is there now."""
        words = holds_said(answer, self._parts.state, self._parts.wording)
        self._parts.notifier.signal(words.sound or "scan_error")
        self._parts.notifier.announce(words.sentence, urgent=True)
        if self._dialog.is_open:
            self._dialog.show_notice(words.sentence, words.tone)
            self._ask()

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _closed(self) -> None:
        self._parts.navigation.dialog_closed(self)

    def _draw(self) -> None:
        parts = self._parts
        view = present_holds(
            self._holds,
            parts.state,
            parts.wording,
            today=parts.local_now().date(),
            zone=parts.shop.desk.state.program.timezone,
        )
        self._dialog.render_view(view, self._current)
