"""Removal: may this till be removed? Asked, and the answer shown.

Owns: asking, the one dialog. Does not own: the answer (app/services/sync_state.py), its words
(removal_dialog.py), exporting (export.py).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.services.sync_state import may_reset
from ui.sync_centre.removal_dialog import Answer, RemovalDialog
from ui.sync_centre.screen import SyncScreen
from ui.window_parts import WindowParts


class Removal(QObject):
    """`export`: begun from an answer that something waits; `is_in_front`: does anybody look?"""

    def __init__(
        self,
        parts: WindowParts,
        screen: SyncScreen,
        export: Callable[[], object],
        is_in_front: Callable[[], bool],
    ) -> None:
        super().__init__(screen)
        self._parts, self._screen, self._export = parts, screen, export
        self._is_in_front = is_in_front
        self._dialog: RemovalDialog | None = None

    def ask(self) -> None:
        """May it be removed?"""
        self._parts.look_up(may_reset, self._answered)

    def close(self) -> None:
        """Nobody is here any more."""
        if self._dialog is not None and self._dialog.is_open:
            self._dialog.reject()

    def _answered(self, answer: Answer) -> None:
        if self._dialog is not None or not self._is_in_front():
            return
        dialog = self._dialog = RemovalDialog(self._screen, answer, self._parts.wording)
        dialog.accepted.connect(self._export)
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self._dialog = None
