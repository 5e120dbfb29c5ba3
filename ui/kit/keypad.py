"""Keypad: number keys for touch, the likely amounts, and the stepper of the current line.

Owns: pads of number keys. They never take the focus: what is typed stays in its field.
Does not own: the amount (fields.py), which amounts are likely (the payment view model).
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from ui.kit.buttons import ChoiceButton, KeypadKey, KitButton
from ui.kit.looks import CONTROL
from ui.kit.text import Text

_PLAIN_KEYS = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"), ("back", "0", "confirm"))
_KEY_ICONS = {"back": "backspace", "confirm": "check"}
_MONEY_KEYS = (("7", "8", "9", "back"), ("4", "5", "6", "clear"), ("1", "2", "3", "."))


class Keypad(QWidget):
    """Number keys, gap 8. `for_money` has `00`, `.` and clear, in four columns; without it there
    is `confirm`, which is what Enter is on a keyboard.

    Signals:
        key_pressed: arg: a digit, `00`, `.`, `back`, `clear` or `confirm`.
    """

    key_pressed = Signal(str)

    def __init__(
        self,
        *,
        for_money: bool = True,
        back_name: str = "",
        clear_label: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._keys: dict[str, KeypadKey] = {}
        for row, keys in enumerate(_MONEY_KEYS if for_money else _PLAIN_KEYS):
            for column, key in enumerate(keys):
                self._grid.addWidget(self._make_key(key), row, column)
        if for_money:
            self._grid.addWidget(self._make_key("0"), 3, 0, 1, 2)
            self._grid.addWidget(self._make_key("00"), 3, 2, 1, 2)
        self.set_words(back_name, clear_label)

    def set_words(self, back_name: str, clear_label: str = "", confirm_name: str = "") -> None:
        self._keys["back"].setAccessibleName(back_name)
        if "clear" in self._keys:
            self._keys["clear"].set_label(clear_label)
        if "confirm" in self._keys:
            self._keys["confirm"].setAccessibleName(confirm_name)

    def key(self, name: str) -> KeypadKey:
        return self._keys[name]

    def _make_key(self, name: str) -> KeypadKey:
        if name in _KEY_ICONS:
            key = KeypadKey(icon=_KEY_ICONS[name])
        elif name == "clear":
            key = KeypadKey(role="body_l")
        else:
            key = KeypadKey(name)
        key.clicked.connect(lambda: self.key_pressed.emit(name))
        self._keys[name] = key
        return key


def type_into(field: QLineEdit, key: str) -> None:
    """What a keyboard's key would do to this field: a figure, `back` or `clear`."""
    if key == "back":
        field.backspace()
    elif key == "clear":
        field.clear()
    else:
        field.insert(key)
    field.textEdited.emit(field.text())


class QuickAmounts(QWidget):
    """The likely amounts in one row, 64 px.

    Signals:
        chosen: arg: the position of the amount in the list that was shown.
    """

    chosen = Signal(int)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)

    def show_amounts(self, texts: Sequence[str], chosen: int | None = None) -> None:
        """Show these amounts; `chosen` is marked. Buttons are reused, so the focus stays."""
        while len(self._group.buttons()) < len(texts):
            button = ChoiceButton(height=64, role="key")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap leaves the amount its focus
            self._group.addButton(button, len(self._group.buttons()))
            self._row.addWidget(button, 1)
        self._group.setExclusive(False)
        for position, key in enumerate(self._group.buttons()):
            assert isinstance(key, ChoiceButton)
            key.setVisible(position < len(texts))
            if position < len(texts):
                key.set_label(texts[position])
            key.setChecked(position == chosen)
        self._group.setExclusive(True)


class Stepper(QWidget):
    """Minus, quantity, plus: two keys of 48 x 48 around a figure.

    Signals:
        stepped: arg: +1 or -1.
    """

    stepped = Signal(int)

    def __init__(
        self, *, fewer_name: str = "", more_name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._fewer = _step_key("minus")
        self._more = _step_key("plus")
        self._figure = Text(role="key", weight=600)
        self._figure.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self._fewer)
        row.addWidget(self._figure, 1)
        row.addWidget(self._more)
        self._fewer.clicked.connect(lambda: self.stepped.emit(-1))
        self._more.clicked.connect(lambda: self.stepped.emit(1))
        self.set_words(fewer_name, more_name)

    def set_words(self, fewer_name: str, more_name: str) -> None:
        self._fewer.setAccessibleName(fewer_name)
        self._more.setAccessibleName(more_name)

    def show_quantity(self, text: str, *, can_step: bool = True) -> None:
        """`can_step` False (weighed goods): the figure alone."""
        self._figure.setText(text)
        for key in (self._fewer, self._more):
            key.setEnabled(can_step)
            key.setVisible(can_step)


def _step_key(icon: str) -> KitButton:
    key = KitButton(icon=icon, look=CONTROL)
    key.setFixedSize(48, 48)
    key.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap must not take the focus from the input
    return key
