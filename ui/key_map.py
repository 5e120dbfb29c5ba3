"""Key map: which key event asks for which act on this till, now.

Owns: key events read against the keys in force, their hints beside labels, what a pressed key is
called. Does not own: presets, conflicts, which keys can be chosen (app/domain/key_map.py), doing
the acts (screens), keys inside text fields (kit/fields.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.domain.key_map import STANDARD, Action, Keys

__all__ = ["Action", "KeyAction", "KeyMap", "cap_of", "key_name"]

_NO_KEY = QKeyCombination(Qt.Key.Key_unknown)
_KEY_CAPS = {"Up": "↑", "Down": "↓"}
"""What is printed on a key where that is not its name."""
_HOLDING_KEYS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
)


@dataclass(frozen=True, slots=True)
class KeyAction:
    """What one action does on one screen. `label` in the language of the screen (for the help)."""

    action: Action
    label: str
    do: Callable[[], object]
    is_enabled: Callable[[], bool] = field(default=lambda: True)


class KeyMap:
    """The keys in force, asked by every key press that no widget wanted.

    One object for the whole window: `use` puts other keys in force for everybody who holds it.
    """

    def __init__(self, keys: Keys = STANDARD) -> None:
        self.use(keys)

    @property
    def keys(self) -> Keys:
        return self._keys

    def use(self, keys: Keys) -> None:
        """Put other keys in force. Raises ValueError where one key would mean two acts."""
        by_combination: dict[int | str, Action] = {}
        for action, names in keys.items():
            for key in names:
                other = by_combination.setdefault(_combination(key), action)
                if other is not action:
                    raise ValueError(f"{key} stands for two actions: {other} and {action}")
        self._keys, self._by_combination = keys, by_combination

    def action_of(self, event: QKeyEvent) -> Action | None:
        """The action of a key press; characters count by what they are, not where they are."""
        text = event.text()
        by_text = self._by_combination.get(text) if len(text) == 1 and text.isprintable() else None
        if by_text is not None:
            return by_text
        return self._by_combination.get(_pressed(event).toCombined())

    def hint(self, action: Action) -> str:
        """The key to show beside a label: `F2`, `Ctrl+R`, `↑`; empty for none."""
        keys = self._keys.get(action, ())
        return cap_of(keys[0]) if keys else ""


def cap_of(key: str) -> str:
    """A key as it is printed on keyboards."""
    return _KEY_CAPS.get(key, key)


def key_name(event: QKeyEvent) -> str:
    """What a pressed key is called in a key map; empty while only Ctrl, Shift or Alt is held."""
    if event.key() in _HOLDING_KEYS or event.key() == Qt.Key.Key_unknown:
        return ""
    text = event.text()
    commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    is_sign = len(text) == 1 and text.isprintable() and not text.isspace()
    if is_sign and not event.modifiers() & commands:
        return text
    return QKeySequence(_pressed(event)).toString(QKeySequence.SequenceFormat.PortableText)


def _pressed(event: QKeyEvent) -> QKeyCombination:
    """The key with what is held; the number block counts as the other keys."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeyCombination(modifiers, Qt.Key(event.key()))


def _combination(key: str) -> int | str:
    """Single signs are compared as text, everything else as Qt's key with its modifiers."""
    if len(key) == 1 and not key.isalnum():
        return key
    sequence = QKeySequence(key)
    # The stubs of QKeySequence leave out that it can be indexed.
    first: QKeyCombination = cast(Any, sequence)[0] if sequence.count() == 1 else _NO_KEY
    if first.key() == Qt.Key.Key_unknown:
        raise ValueError(f"no such key: {key!r}")
    return first.toCombined()
