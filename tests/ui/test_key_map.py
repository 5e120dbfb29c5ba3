"""Keys: presets without conflicts, and what a real key event means."""

from typing import Any, cast

import pytest
from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.domain.key_map import PRESETS, STANDARD, Action, Keys
from ui.key_map import KeyMap, key_name

M = Qt.KeyboardModifier
CASES = [
    (Qt.Key.Key_F2, M.NoModifier, "", Action.FIND_ITEM),
    (Qt.Key.Key_F9, M.NoModifier, "", Action.PAY),
    (Qt.Key.Key_F10, M.NoModifier, "", Action.DRAWER),
    (Qt.Key.Key_Asterisk, M.ShiftModifier, "*", Action.QUANTITY),
    (Qt.Key.Key_Asterisk, M.KeypadModifier, "*", Action.QUANTITY),
    (Qt.Key.Key_Plus, M.KeypadModifier, "+", Action.ONE_MORE),
    (Qt.Key.Key_Minus, M.NoModifier, "-", Action.ONE_FEWER),
    (Qt.Key.Key_Question, M.ShiftModifier, "?", Action.WHY),
    (Qt.Key.Key_Slash, M.NoModifier, "/", Action.WHY),
    (Qt.Key.Key_Return, M.NoModifier, "\r", Action.CONFIRM),
    (Qt.Key.Key_Enter, M.KeypadModifier, "\r", Action.CONFIRM),
    (Qt.Key.Key_Escape, M.NoModifier, "\x1b", Action.BACK),
    (Qt.Key.Key_Delete, M.NoModifier, "\x7f", Action.REMOVE_LINE),
    (Qt.Key.Key_Z, M.ControlModifier, "\x1a", Action.UNDO),
    (Qt.Key.Key_R, M.ControlModifier, "\x12", Action.REPRINT),
    (Qt.Key.Key_A, M.NoModifier, "a", None),
    (Qt.Key.Key_F9, M.ShiftModifier, "", None),
]


@pytest.mark.parametrize(("key", "modifiers", "text", "action"), CASES, ids=lambda v: str(v)[-24:])
def test_a_key_means(
    key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, action: Action | None
) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)
    assert KeyMap().action_of(event) is action


@pytest.mark.parametrize("keys", PRESETS.values(), ids=PRESETS)
def test_every_act_of_every_preset_has_a_key_to_show(keys: Keys) -> None:
    assert all(KeyMap(keys).hint(action) for action in Action)


def test_one_key_with_two_meanings_is_refused() -> None:
    with pytest.raises(ValueError, match="F9"):
        KeyMap({**STANDARD, Action.HOLD: ("F9",)})


def test_other_keys_are_in_force_for_whoever_holds_the_map() -> None:
    keys = KeyMap()
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F6, M.NoModifier, "")
    assert keys.action_of(press) is Action.OFFERS
    keys.use(PRESETS["classic"])
    assert keys.action_of(press) is Action.HOLD
    assert keys.keys == PRESETS["classic"]


NAMES = [
    (Qt.Key.Key_F6, M.NoModifier, "", "F6"),
    (Qt.Key.Key_F6, M.ShiftModifier, "", "Shift+F6"),
    (Qt.Key.Key_Q, M.ControlModifier, "\x11", "Ctrl+Q"),
    (Qt.Key.Key_Q, M.ControlModifier | M.ShiftModifier, "\x11", "Ctrl+Shift+Q"),
    (Qt.Key.Key_7, M.AltModifier, "7", "Alt+7"),
    (Qt.Key.Key_F4, M.AltModifier, "", "Alt+F4"),
    (Qt.Key.Key_Asterisk, M.ShiftModifier, "*", "*"),
    (Qt.Key.Key_A, M.NoModifier, "a", "a"),
    (Qt.Key.Key_Space, M.NoModifier, " ", "Space"),
    (Qt.Key.Key_Enter, M.KeypadModifier, "\r", "Enter"),
    (Qt.Key.Key_Delete, M.ControlModifier, "\x7f", "Ctrl+Del"),
    (Qt.Key.Key_Control, M.ControlModifier, "", ""),
    (Qt.Key.Key_unknown, M.NoModifier, "", ""),
]


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "name"), NAMES, ids=[repr(name) for *_, name in NAMES]
)
def test_a_pressed_key_is_called(
    key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, name: str
) -> None:
    assert key_name(QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)) == name


@pytest.mark.parametrize("keys", PRESETS.values(), ids=PRESETS)
def test_every_key_of_a_preset_is_called_as_it_is_written(keys: Keys) -> None:
    for name in (name for names in keys.values() for name in names if len(name) > 1):
        # The stubs of QKeySequence leave out that it can be indexed.
        pressed: QKeyCombination = cast(Any, QKeySequence(name))[0]
        event = QKeyEvent(QEvent.Type.KeyPress, pressed.key(), pressed.keyboardModifiers(), "")
        assert key_name(event) == name


def test_a_key_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no such key"):
        KeyMap({Action.PAY: ("Hyper+Banana",)})


def test_hints_are_what_the_buttons_show() -> None:
    assert KeyMap().hint(Action.PAY) == "F9"
    assert (KeyMap().hint(Action.LINE_UP), KeyMap().hint(Action.LINE_DOWN)) == ("↑", "↓")
    assert KeyMap(PRESETS["classic"]).hint(Action.HOLD) == "F6"
    assert KeyMap({}).hint(Action.PAY) == ""
