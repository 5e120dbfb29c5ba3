"""Key bar: the keys of the till that do something now, under the basket.

Owns: eight places for keys, the labels and hints. Does not own: what they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.key_map import Action
from ui.kit.stacked_buttons import KeyBarButton


@dataclass(frozen=True, slots=True)
class BarKey:
    """One key of the bar."""

    action: Action
    label: str
    icon: str
    hint: str
    is_enabled: bool = True
    may_go: bool = False
    """Where there is no room for eight words, this key gives way: its act is at hand elsewhere."""


PLACE_MIN = 75
"""Px for one key: below it words would be cut in large text."""
_GAP = 8


class KeyBar(QWidget):
    """The bar. Buttons are reused, so that a language switch keeps the focus.

    Signals:
        pressed: arg: the Action.
    """

    pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        self._shown_keys: Sequence[BarKey] = ()
        self._keys: dict[Action, KeyBarButton] = {}

    def show_keys(self, keys: Sequence[BarKey]) -> None:
        for place, key in enumerate(keys):
            button = self._keys.get(key.action)
            if button is None:
                button = self._add(key)
            if self._shown(place) is not button:
                self._row.removeWidget(button)
                self._row.insertWidget(place, button, 1)
            button.set_label(key.label, hint=key.hint)
            button.setEnabled(key.is_enabled)
        self._shown_keys = keys
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show every key that has room."""
        count = len(self._shown_keys)
        is_tight = self.width() < count * PLACE_MIN + (count - 1) * _GAP
        wanted = {key.action for key in self._shown_keys if not (is_tight and key.may_go)}
        for action, button in self._keys.items():
            button.setVisible(action in wanted)

    def _shown(self, place: int) -> QWidget | None:
        item = self._row.itemAt(place)
        return item.widget() if item is not None else None

    def key(self, action: Action) -> KeyBarButton:
        return self._keys[action]

    def _add(self, key: BarKey) -> KeyBarButton:
        button = KeyBarButton(key.label, icon=key.icon, hint=key.hint)
        action = key.action
        button.clicked.connect(lambda: self.pressed.emit(action))
        self._keys[action] = button
        self._row.addWidget(button, 1)
        return button
