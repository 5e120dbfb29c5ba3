"""Clearance: emptying the whole basket - asked first, undone for ten seconds.

Owns: the question, how long its undo is offered. Does not own: emptying (services/lines.py).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.services.answers import Changed
from app.services.lines import clear_basket
from ui.key_map import Action
from ui.kit.dialogs import ConfirmDialog, Question
from ui.till.screen import TillScreen
from ui.till.view_model import NoticeView
from ui.till.voice import Voice
from ui.window_parts import WindowParts

CLEAR_UNDO_MS = 10_000


class Clearance(QObject):
    """Empties the basket of one till screen."""

    def __init__(
        self, parts: WindowParts, screen: TillScreen, voice: Voice, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._screen, self._voice = parts, screen, voice

    @Slot()
    def ask(self) -> None:
        """Ask whether to empty it; an empty basket is not asked about."""
        lines = self._parts.state.lines
        if not lines:
            return
        t, n = self._parts.wording.t, self._parts.wording.n
        question = Question(
            title=t("Empty the basket?"),
            sentence=n(
                "{count} line leaves the basket, and so does the member. You have 10 s to undo it.",
                "{count} lines leave the basket, and so does the member. You have 10 s to undo it.",
                len(lines),
            ),
            go_on=t("Empty it"),
            stay=t("Keep it"),
            is_destructive=True,
            icon="trash",
        )
        dialog = ConfirmDialog(self._screen, question)
        dialog.accepted.connect(self._clear)
        dialog.open()

    @Slot()
    def _clear(self) -> None:
        self._parts.ask(clear_basket, self._on_cleared)

    def _on_cleared(self, answer: object) -> None:
        if not isinstance(answer, Changed):
            self._voice.answered(answer)
            return
        t = self._parts.wording.t
        undo = t("Undo ({key})", key=self._parts.keys.hint(Action.UNDO))
        notice = NoticeView(t("The basket was emptied."), "info", undo)
        self._screen.show_notice(notice, milliseconds=CLEAR_UNDO_MS)
        self._screen.focus_input()
