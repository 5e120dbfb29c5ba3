"""Keys: presets without conflicts, and what a real key event means."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from ui.key_map import PRESETS, STANDARD, Action, KeyConflict, KeyMap, find_conflict

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


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_gives_one_key_two_meanings_or_leaves_an_action_without_one(name: str) -> None:
    assert find_conflict(PRESETS[name]) is None
    assert set(PRESETS[name]) == set(Action)
    assert all(KeyMap(PRESETS[name]).hint(action) for action in Action)


def test_a_conflict_is_named_and_refused() -> None:
    wrong = {**STANDARD, Action.HOLD: ("F9",)}
    assert find_conflict(wrong) == KeyConflict("F9", (Action.HOLD, Action.PAY))
    with pytest.raises(ValueError, match="F9"):
        KeyMap(wrong)


def test_a_key_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no such key"):
        KeyMap({Action.PAY: ("Hyper+Banana",)})


def test_hints_are_what_the_buttons_show() -> None:
    assert KeyMap().hint(Action.PAY) == "F9"
    assert (KeyMap().hint(Action.LINE_UP), KeyMap().hint(Action.LINE_DOWN)) == ("↑", "↓")
    assert KeyMap(PRESETS["f6_hold"]).hint(Action.HOLD) == "F6"
    assert KeyMap({}).hint(Action.PAY) == ""
