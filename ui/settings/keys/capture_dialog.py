"""Capture dialog: the next key that is pressed is offered to an act.

Owns: hearing the key, what is wrong with it, the buttons. Does not own: whether it can be
(services), the sentences (view_model.py). A scan presses no key here: the router hears it first.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.key_map import key_name
from ui.kit.buttons import SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.feedback import Banner
from ui.kit.text import KeyHint, Text
from ui.settings.keys.view_model import KeyRow
from ui.theme.theme import Theme, follow

_WIDTH, _EDGE = 620, 24


class KeyPad(QWidget):
    """Where a key is pressed. Tab and Esc keep their meaning: the dialog needs them.

    Signals:
        pressed: arg: the key's name.
    """

    pressed = Signal(str)

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._theme = follow(self, self.updateGeometry)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAccessibleName(sentence)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        self._text = Text(sentence, role="title")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._text)

    def sizeHint(self) -> QSize:
        return QSize(320, self._theme.size(72))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()  # the dialog's
            return
        name = key_name(event)
        if name and not event.isAutoRepeat():
            self.pressed.emit(name)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        width = self._theme.focus_width if focused else 1
        painter.setPen(QPen(self._theme.colour("focus" if focused else "border_control"), width))
        painter.setBrush(self._theme.colour("bg_sunken"))
        half = width / 2
        painter.drawRoundedRect(self.rect().toRectF().adjusted(half, half, -half, -half), 8, 8)
        painter.end()


class CaptureDialog(KitDialog):
    """The dialog.

    Signals:
        pressed: arg: the key's name.
        swap_requested, reset_requested: pressed.
    """

    pressed = Signal(str)
    swap_requested = Signal()
    reset_requested = Signal()

    def __init__(self, parent: QWidget, row: KeyRow, usual: str, wording: Wording) -> None:
        t = wording.t
        title = t("New key: {act}", act=row.name)
        wanted = max(_WIDTH, Theme.current().size(_WIDTH))
        width = min(wanted, parent.window().width() - 2 * _EDGE)
        super().__init__(parent, title=title, width=width)
        self.body.addWidget(Text(title, role="h1", wrap=True))
        now = QHBoxLayout()
        now.setSpacing(8)
        now.addWidget(Text(t("Key now"), role="body_l", tone="text_secondary"))
        now.addWidget(KeyHint(row.key))
        now.addStretch(1)
        self.body.addLayout(now)
        self.pad = KeyPad(t("Press the new key now"))
        self.pad.pressed.connect(self.pressed)
        self.body.addWidget(self.pad)
        self.why = Banner()
        self.body.addWidget(self.why)
        self.swap = SecondaryButton(icon="refresh", height=56)
        self.swap.clicked.connect(self.swap_requested)
        self.swap.hide()
        self.body.addWidget(self.swap)
        self.body.addLayout(self._make_answers(row, usual, wording))
        self.reset.setVisible(bool(row.note))  # only now: without a parent it would be a window

    def first_focus(self) -> QWidget:
        return self.pad

    def show_refusal(self, sentence: str, swap: str) -> None:
        """Why that key cannot be; `swap` is the label of the way out, empty where there is none."""
        self.why.show_banner(sentence, tone="warning")
        self.swap.set_label(swap)
        self.swap.setVisible(bool(swap))
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_answers(self, row: KeyRow, usual: str, wording: Wording) -> QHBoxLayout:
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.stay = SecondaryButton(wording.t("Leave it"), icon="arrow-left", hint="Esc", height=56)
        self.stay.clicked.connect(self.reject)
        self.reset = SecondaryButton(wording.t("Usual key"), icon="undo", hint=usual, height=56)
        self.reset.clicked.connect(self.reset_requested)
        answers.addWidget(self.stay, 1)
        answers.addWidget(self.reset, 1)
        return answers
