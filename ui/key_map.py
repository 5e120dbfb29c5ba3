"""Key map: which key means what on a till, in three presets, without two meanings for one key.

Owns: the names of actions, the presets of UI.md 2.0, finding the action of a key, conflicts.
Does not own: doing it (screens), keys inside text fields (kit/fields.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, cast

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence


class Action(Enum):
    """Everything a key can ask for."""

    HELP = "help"
    FIND_ITEM = "find_item"
    MEMBER = "member"
    HOLD = "hold"
    RECALL = "recall"
    OFFERS = "offers"
    DISCOUNT = "discount"
    REFUND = "refund"
    PAY = "pay"
    DRAWER = "drawer"
    FULL_SCREEN = "full_screen"
    LOCK = "lock"
    QUANTITY = "quantity"
    REMOVE_LINE = "remove_line"
    UNDO = "undo"
    ONE_MORE = "one_more"
    ONE_FEWER = "one_fewer"
    LINE_UP = "line_up"
    LINE_DOWN = "line_down"
    CONFIRM = "confirm"
    BACK = "back"
    WHY = "why"
    REPRINT = "reprint"
    MANAGE = "manage"
    SYNC_NOW = "sync_now"
    CHOOSE_1 = "choose_1"
    CHOOSE_2 = "choose_2"
    CHOOSE_3 = "choose_3"
    CHOOSE_4 = "choose_4"
    SKIP = "skip"
    BENEFITS = "benefits"
    REVEAL = "reveal"
    CLEAR_BASKET = "clear_basket"
    CHOICES = "choices"
    SHIFT = "shift"
    VOID = "void"
    MORE = "more"


_NO_KEY = QKeyCombination(Qt.Key.Key_unknown)
Keys = Mapping[Action, tuple[str, ...]]

STANDARD: Keys = {
    Action.HELP: ("F1",),
    Action.FIND_ITEM: ("F2",),
    Action.MEMBER: ("F3",),
    Action.HOLD: ("F4",),
    Action.RECALL: ("F5",),
    Action.OFFERS: ("F6",),
    Action.DISCOUNT: ("F7",),
    Action.REFUND: ("F8",),
    Action.PAY: ("F9",),
    Action.DRAWER: ("F10",),
    Action.FULL_SCREEN: ("F11",),
    Action.LOCK: ("F12",),
    Action.QUANTITY: ("*",),
    Action.REMOVE_LINE: ("Del",),
    Action.UNDO: ("Ctrl+Z",),
    Action.ONE_MORE: ("+",),
    Action.ONE_FEWER: ("-",),
    Action.LINE_UP: ("Up",),
    Action.LINE_DOWN: ("Down",),
    Action.CONFIRM: ("Enter", "Return"),
    Action.BACK: ("Esc",),
    Action.WHY: ("/", "?"),
    Action.REPRINT: ("Ctrl+R",),
    Action.MANAGE: ("Ctrl+M",),
    Action.SYNC_NOW: ("Ctrl+S",),
    Action.CHOOSE_1: ("Alt+1",),
    Action.CHOOSE_2: ("Alt+2",),
    Action.CHOOSE_3: ("Alt+3",),
    Action.CHOOSE_4: ("Alt+4",),
    Action.SKIP: ("Alt+S",),
    Action.BENEFITS: ("Ctrl+B",),
    Action.REVEAL: ("Ctrl+P",),
    Action.CLEAR_BASKET: ("Ctrl+Del",),
    Action.CHOICES: ("Ctrl+G",),
    Action.VOID: ("Shift+Del",),
    Action.MORE: ("Ctrl+K",),
    Action.SHIFT: ("Ctrl+J",),
}
F6_HOLD: Keys = {
    **STANDARD,
    Action.HOLD: ("F6",),
    Action.RECALL: ("Shift+F6",),
    Action.OFFERS: ("F4",),
    Action.DISCOUNT: ("F5",),
    Action.REFUND: ("F7",),
    Action.SYNC_NOW: ("Ctrl+S", "F8"),
}
WESTERN: Keys = {
    **STANDARD,
    Action.FIND_ITEM: ("F3",),
    Action.MEMBER: ("F2",),
    Action.DISCOUNT: ("F6",),
    Action.OFFERS: ("F7",),
}
PRESETS: Mapping[str, Keys] = {"standard": STANDARD, "f6_hold": F6_HOLD, "western": WESTERN}


@dataclass(frozen=True, slots=True)
class KeyConflict:
    """One key stands for two actions: refused."""

    key: str
    actions: tuple[Action, Action]


@dataclass(frozen=True, slots=True)
class KeyAction:
    """What one action does on one screen. `label` in the language of the screen (F1 overlay)."""

    action: Action
    label: str
    do: Callable[[], object]
    is_enabled: Callable[[], bool] = field(default=lambda: True)


class KeyMap:
    """One preset (or a custom map), asked by every key press that no widget wanted."""

    def __init__(self, keys: Keys = STANDARD) -> None:
        conflict = find_conflict(keys)
        if conflict is not None:
            raise ValueError(f"{conflict.key} stands for two actions: {conflict.actions}")
        self._keys = keys
        self._by_combination = {
            _combination(key): action for action, names in keys.items() for key in names
        }

    def action_of(self, event: QKeyEvent) -> Action | None:
        """The action of a key press; characters count by what they are, not where they are."""
        text = event.text()
        by_text = self._by_combination.get(text) if len(text) == 1 and text.isprintable() else None
        if by_text is not None:
            return by_text
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        combination = QKeyCombination(modifiers, Qt.Key(event.key())).toCombined()
        return self._by_combination.get(combination)

    def hint(self, action: Action) -> str:
        """The key to show beside a label: `F2`, `Ctrl+R`, `↑`; empty for none."""
        keys = self._keys.get(action, ())
        return _KEY_CAPS.get(keys[0], keys[0]) if keys else ""


_KEY_CAPS = {"Up": "↑", "Down": "↓"}
"""What is printed on a key where that is not its name."""


def find_conflict(keys: Keys) -> KeyConflict | None:
    """The first key with two meanings, if any."""
    taken: dict[int | str, Action] = {}
    for action, names in keys.items():
        for key in names:
            other = taken.setdefault(_combination(key), action)
            if other is not action:
                return KeyConflict(key, (other, action))
    return None


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
