"""Fields: where people type. The text they typed is never cleared for being wrong.

Owns: the search field, the money field (text to Money at the edge), a labelled row with its error
beside it.
Does not own: what is searched, whether an amount is enough.

Till fields switch the input method off, because a scanner's letters would go into its window;
`for_names=True` keeps it on for names and notes.
"""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.domain.money import Money, NotAnAmount, parse_amount
from ui.kit.text import ElidedText, IconLabel, KeyHint, Text
from ui.theme.theme import follow, repolish

TYPED_LENGTH_MAX = 512
_BUBBLE_WHEN_EMPTY = frozenset("/?+-*")
_EDITING_KEYS = (
    Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Y, Qt.Key.Key_Z
)  # fmt: skip
"""With Ctrl a field keeps these: all, copy, paste, cut, again, undo."""
_BUBBLE_KEYS_WHEN_EMPTY = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Z)


class TillLineEdit(QLineEdit):
    """A line edit that knows it stands on a till.

    While empty it lets the screen's keys through (`/ ? + - *`, Del, Ctrl+Z); `*` also after digits
    (`3*` = three pieces); arrows up and down and Enter always, so that lists beside it work. What
    is held with Alt never types.
    """

    def __init__(self, *, for_names: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(TYPED_LENGTH_MAX)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, for_names)
        self._lets_keys_through = not for_names

    def set_lets_keys_through(self, lets_through: bool) -> None:
        """False for a field that is about its own text only."""
        self._lets_keys_through = lets_through

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_command(event) or (self._lets_keys_through and self._is_for_the_screen(event)):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _is_for_the_screen(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return True
        if event.text() == "*" and self.text().isdigit():
            return True
        if self.text():
            return False
        if event.key() in _BUBBLE_KEYS_WHEN_EMPTY:
            return event.key() != Qt.Key.Key_Z or bool(
                event.modifiers() & Qt.KeyboardModifier.ControlModifier
            )
        return event.text() in _BUBBLE_WHEN_EMPTY and bool(event.text())


def _is_command(event: QKeyEvent) -> bool:
    """A key that names an act wherever it is pressed: with Alt it would type its letter, and on
    some desktops Ctrl+K would cut the line, Ctrl+D its next sign.
    """
    control = Qt.KeyboardModifier.ControlModifier
    held = event.modifiers() & (Qt.KeyboardModifier.AltModifier | control)
    if held == Qt.KeyboardModifier.AltModifier:  # with Ctrl it is AltGr, which types signs
        return True
    is_letter = Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z
    return held == control and is_letter and event.key() not in _EDITING_KEYS


class _FramedField(QWidget):
    """A frame of ours around a bare line edit: one border, one focus ring for the whole."""

    HEIGHT = 56

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = follow(self, self.updateGeometry)
        self._state = ""
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(18, 0, 16, 0)
        self.row.setSpacing(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def adopt(self, edit: TillLineEdit, *, role: str) -> None:
        edit.setProperty("kit", "bare")
        edit.setProperty("role", role)
        self.setFocusProxy(edit)
        edit.installEventFilter(self)
        self.row.addWidget(edit, 1)
        self._edit = edit

    def set_state(self, state: str) -> None:
        """`error`, `success` or empty."""
        self._state = state
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self._theme.size(self.HEIGHT))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self._edit.hasFocus()
        token = "focus" if focused else "border_control"
        token = "danger" if self._state == "error" else token
        width = self._theme.focus_width if focused or self._state == "error" else 1
        painter.setPen(QPen(self._theme.colour(token), width))
        painter.setBrush(self._theme.colour("bg_surface"))
        half = width / 2
        area = self.rect().toRectF().adjusted(half, half, -half, -half)
        painter.drawRoundedRect(area, 8, 8)
        painter.end()


class SearchField(_FramedField):
    """The one input of a till screen: scan icon, text, key hint; 56 px.

    Signals:
        text_edited: The person typed. arg: the whole text.
        committed: Enter. arg: the text, blanks at the ends removed; may be empty.
    """

    text_edited = Signal(str)
    committed = Signal(str)

    def __init__(
        self,
        *,
        placeholder: str = "",
        hint: str = "",
        icon: str = "scan",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.edit = TillLineEdit()
        self._icon_name, self._icon = icon, IconLabel(icon, size=22)
        self.row.addWidget(self._icon)
        self.adopt(self.edit, role="body_l")
        self._reason = ElidedText(role="body", tone="danger", weight=500)
        self._reason.hide()
        self.row.addWidget(self._reason, 2)
        self._hint = KeyHint(hint)
        self.row.addWidget(self._hint)
        self._hint.setVisible(bool(hint))
        self.set_words(placeholder, name or placeholder)
        self.edit.textEdited.connect(self.text_edited)
        self.edit.returnPressed.connect(self._commit)

    def set_hint(self, key: str) -> None:
        """The key that leads here; empty: none is named."""
        self._hint.set_text(key)
        self._hint.setVisible(bool(key))

    def set_words(self, placeholder: str, name: str) -> None:
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(name)

    def text(self) -> str:
        return self.edit.text()

    def clear(self) -> None:
        self.edit.clear()
        self.show_error("")

    @property
    def error_text(self) -> str:
        return self.edit.accessibleDescription()

    def show_error(self, sentence: str) -> None:
        """Say what is wrong (icon, words and colour); empty: all is well. The text stays."""
        self._reason.set_text(sentence)
        self._reason.setVisible(bool(sentence))
        name, tone = ("alert-circle", "danger") if sentence else (self._icon_name, "text_secondary")
        self._icon.set_icon(name, tone=tone)
        self.edit.setAccessibleDescription(sentence)
        self.set_state("error" if sentence else "")

    def press(self, key: str) -> None:
        """A key of a keypad: a figure, or `back`."""
        if key == "back":
            self.edit.backspace()
        else:
            self.edit.insert(key)
        self.text_edited.emit(self.edit.text())

    def _commit(self) -> None:
        self.committed.emit(self.edit.text().strip())


class MoneyEdit(_FramedField):
    """An amount, 72 px: label on the left, the figure large on the right.

    Only digits and one point can be typed; `amount()` says what they mean.

    Signals:
        edited: The text changed by hand or keypad.
    """

    HEIGHT = 72
    edited = Signal()

    def __init__(
        self, *, label: str = "", decimals: int = 2, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._decimals = decimals
        self._fresh = False
        self._label = Text(label, role="body_l", tone="text_secondary")
        self.row.addWidget(self._label)
        self.edit = TillLineEdit()
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.edit.setMaxLength(12)
        self.adopt(self.edit, role="amount")
        self.set_label(label)
        self.edit.textEdited.connect(self._on_typed)

    def set_label(self, label: str) -> None:
        self._label.setText(label)
        self.edit.setAccessibleName(label)

    def set_hint(self, text: str) -> None:
        """The amount that is meant while nothing is typed."""
        # The caret stands at the edge: a thin blank keeps it off the last figure.
        self.edit.setPlaceholderText(f"{text}\N{THIN SPACE}" if text else "")

    def amount(self) -> Money | NotAnAmount:
        """What was typed; a final point and a missing zero before the point are forgiven."""
        text = self.edit.text().strip().rstrip(".")
        return parse_amount(f"0{text}" if text.startswith(".") else text, self._decimals)

    def set_text(self, text: str, *, replace_on_key: bool = True) -> None:
        """Show an amount; with `replace_on_key` the next key begins a new one."""
        self.edit.setText(text)
        self._fresh = replace_on_key
        if replace_on_key:
            self.edit.selectAll()

    def press(self, key: str) -> None:
        """A key of the keypad: a digit, `00`, `.`, `back` or `clear`."""
        text = "" if self._fresh else self.edit.text()
        self._fresh = False
        if key == "clear":
            text = ""
        elif key == "back":
            text = text[:-1]
        else:
            text = self._allowed(text + key)
        self.edit.setText(text)
        self.edited.emit()

    def _on_typed(self, text: str) -> None:
        self._fresh = False
        allowed = self._allowed(text.replace(",", ".").replace("。", "."))
        if allowed != text:
            self.edit.setText(allowed)
        self.edited.emit()

    def _allowed(self, text: str) -> str:
        kept = "".join(c for c in text if c in "0123456789.")
        whole, point, fraction = kept.partition(".")
        return whole + point + fraction.replace(".", "")[: self._decimals]


class FieldRow(QWidget):
    """A field with its label above and, when it must be said, what is wrong beside it."""

    def __init__(
        self,
        label: str,
        field: QWidget,
        *,
        hint: str = "",
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.field, self._hint, self._required = field, hint, required
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._label = Text(role="body", tone="text_secondary", weight=500)
        self._label.setBuddy(field)
        column.addWidget(self._label)
        column.addWidget(field)
        self._note_icon = IconLabel("alert-circle", tone="danger", size=18)
        self._note = Text(role="body", tone="text_secondary", wrap=True)
        note = QHBoxLayout()
        note.setSpacing(6)
        note.addWidget(self._note_icon, 0, Qt.AlignmentFlag.AlignTop)
        note.addWidget(self._note, 1)
        column.addLayout(note)
        self.set_words(label, hint)

    @property
    def error_text(self) -> str:
        return self._note.text() if self.field.property("state") == "error" else ""

    def set_words(self, label: str, hint: str = "") -> None:
        self._hint = hint
        self._label.setText(f"{label} *" if self._required else label)
        if not self.field.accessibleName():
            self.field.setAccessibleName(label)
        self.show_error("")

    def show_error(self, sentence: str) -> None:
        """Say what is wrong (icon, words and colour); empty: all is well. The text stays."""
        is_error = bool(sentence)
        self._show_note(sentence or self._hint, "danger" if is_error else "text_secondary")
        self._note_icon.setVisible(is_error)
        self.field.setProperty("state", "error" if is_error else "")
        self.field.setAccessibleDescription(sentence)
        if isinstance(self.field, _FramedField):
            self.field.set_state("error" if is_error else "")
        else:
            repolish(self.field)

    def show_good(self, sentence: str) -> None:
        """Say that it is right ("free", "registered")."""
        self.show_error("")
        self._show_note(sentence, "success")
        self._note_icon.set_icon("check-circle", tone="success")
        self._note_icon.setVisible(True)

    @property
    def info_text(self) -> str:
        return self._note.text() if self.field.property("state") == "info" else ""

    def show_info(self, sentence: str) -> None:
        """Say what is worth knowing and no mistake ("a member already")."""
        self.show_error("")
        self._show_note(sentence, "info")
        self._note_icon.set_icon("info", tone="info")
        self._note_icon.setVisible(True)
        self.field.setProperty("state", "info")
        self.field.setAccessibleDescription(sentence)

    def _show_note(self, sentence: str, tone: str) -> None:
        self._note_icon.set_icon("alert-circle", tone="danger")
        self._note.setText(sentence)
        self._note.set_tone(tone)
        self._note.setVisible(bool(sentence))
