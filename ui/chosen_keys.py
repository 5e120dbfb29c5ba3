"""Chosen keys: the keys of the window follow what the till has chosen, at once.

Owns: noticing another choice in the settings, letting every label follow.
Does not own: the choice (app/domain/key_map.py), the page where it is made (ui/keys), key events.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.domain.key_map import KeyChoice, keys_in_force
from app.services.key_map import choice_of
from app.services.till_state import TillState
from ui.main_window import MainWindow
from ui.window_parts import WindowParts


class ChosenKeys(QObject):
    """The keys of one window. A window begins with the standard ones."""

    def __init__(self, window: MainWindow, parts: WindowParts) -> None:
        super().__init__(window)
        self._window, self._parts = window, parts
        self._choice = KeyChoice()
        parts.live.changed.connect(self._on_state)

    @Slot(object)
    def _on_state(self, state: TillState) -> None:
        choice = choice_of(state.settings)
        if choice != self._choice:
            self._choice = choice
            self._window.use_keys(keys_in_force(choice))
            # Every label is set again, as for another language; what was typed stays.
            self._parts.navigation.speak(self._parts.wording)
