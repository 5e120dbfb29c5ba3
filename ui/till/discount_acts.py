"""Discount acts: what F7 opens on the till, and what is said once it was given.

Owns: opening the dialog, the approval where one is needed. Does not own: the dialog
(ui/discount), the approval panel (ui/approval).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Slot

from app.services.approval import ApprovalNeeded
from ui.discount.view_model import discount_said
from ui.navigation import AskApproval, GiveDiscount
from ui.till.screen import TillScreen
from ui.till.voice import Voice
from ui.window_parts import WindowParts


class DiscountActs(QObject):
    """F7 of one till screen."""

    def __init__(
        self, parts: WindowParts, screen: TillScreen, voice: Voice, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._screen, self._voice = parts, screen, voice

    @Slot()
    def ask(self) -> None:
        """Open it over a basket with goods."""
        if self._parts.state.lines:
            self._parts.navigation.open_dialog(GiveDiscount(self._answered))

    def _answered(self, answer: Any) -> None:
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            return
        self._voice.say(discount_said(answer, self._parts.state, self._parts.wording))
        self._screen.focus_input()
