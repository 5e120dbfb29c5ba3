"""Drawer screen: what opening and closing a shift have in common: one question at a time, and no.

Owns: refusing with a sentence, a tone and an announcement; asking for a reason; a service that
failed. Does not own: the steps (open_controller.py, close_controller.py), pages and words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.services.shift import Reason
from app.services.till_state import TillState
from ui.navigation import ScreenController
from ui.shift.reason_dialog import ReasonDialog, ReasonQuestion, put_away
from ui.shift.start_page import SILENT, Notice
from ui.window_parts import WindowParts


class DrawerScreen(ScreenController):
    """A kind of it knows its facts (`_know`) and draws its pages (`_draw`)."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._is_asking = False
        self._asking: ReasonDialog | None = None

    def leave(self) -> None:
        self._is_asking = False
        put_away(self._asking)

    def refuse_scan(self, length: int) -> None:
        self._parts.notifier.signal("scan_error")

    def show_state(self, state: TillState) -> None:
        self._draw()

    def _ask_reason(self, question: ReasonQuestion, then: Callable[[Reason], object]) -> None:
        """Ask why; the answer goes to `then`."""
        self._asking = ReasonDialog(self.widget, question, self._parts.wording)
        self._asking.chosen.connect(then)
        self._asking.open()

    def _refuse(self, said_sentence: str) -> None:
        self._know(notice=Notice(said_sentence))
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(said_sentence, urgent=True)
        self._draw()

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _on_typed(self) -> None:
        self._know(notice=SILENT)
        self._draw()

    def _know(self, **changed: Any) -> None:
        """Put this into what the screen knows; a kind of it keeps its facts."""

    def _draw(self) -> None:
        """Draw what is known."""
