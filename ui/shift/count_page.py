"""Count page: the drawer counted by denomination, on the left the fields, on the right the pad.

Owns: the layout, what is typed. Does not own: which count it is (opening or closing), saving it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.keypad import Keypad
from ui.kit.panels import Card, Rule
from ui.kit.text import FitFigure, Text
from ui.shift.count_grid import CountGrid
from ui.shift.count_view import CountView
from ui.shift.start_page import Notice

NARROW_BELOW = 1200
PAD_WIDE, PAD_NARROW = 420, 320


class CountPage(QWidget):
    """Counting.

    Signals:
        edited: Something was typed.
        confirm_requested, back_requested: Enter or Esc, or their buttons.
    """

    edited = Signal()
    confirm_requested = Signal()
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        columns = QHBoxLayout(self)
        columns.setContentsMargins(16, 16, 16, 16)
        columns.setSpacing(16)
        columns.addWidget(self._build_card(), 1)
        columns.addWidget(self._build_pad())

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        next_name = t("Next field")
        self.keypad.set_words(t("Delete the last figure"), confirm_name=next_name)

    def set_words(self, title: str, hint: str, back: str, confirm: str) -> None:
        self._title.setText(title)
        self._hint.setText(hint)
        self.back.set_label(back)
        self.confirm.set_label(confirm)

    def render_view(
        self, view: CountView, wording: Wording, *, beside: str = "", notice: Notice | None = None
    ) -> None:
        """`beside`: what stands under the sum (what it is compared with)."""
        self.grid.render_view(view, wording)
        self._sum_label.setText(wording.t("Counted"))
        self._sum.show_figure(view.total_text)
        self._beside.setText(beside)
        self._beside.setVisible(bool(beside))
        said = notice or Notice()
        self.notice.show_banner(said.sentence, tone=said.tone)

    def press_confirm(self) -> None:
        """Enter: the next field; on the last one the key that saves gets the focus."""
        if self.grid.is_typed_in:
            if not self.grid.step(1):
                self.confirm.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.confirm_requested.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pad.setFixedWidth(PAD_NARROW if self.width() < NARROW_BELOW else PAD_WIDE)

    def _build_card(self) -> Card:
        card = Card(padding=(24, 20), spacing=12)
        self._title = Text(role="h1", weight=600, wrap=True)
        self._hint = Text(role="body", tone="text_secondary", wrap=True)
        self.grid = CountGrid()
        self.grid.edited.connect(self.edited)
        self.notice = Banner()
        card.body.addWidget(self._title)
        card.body.addWidget(self._hint)
        card.body.addSpacing(4)
        card.body.addWidget(self.grid, 1)
        card.body.addWidget(self.notice)
        card.body.addWidget(Rule(strong=True))
        self._sum_label, self._sum = Text(role="title"), FitFigure()
        self._beside = Text(role="body_l", tone="text_secondary", wrap=True)
        row = QHBoxLayout()
        row.addWidget(self._sum_label)
        row.addWidget(self._sum, 1)
        card.body.addLayout(row)
        card.body.addWidget(self._beside)
        return card

    def _build_pad(self) -> QWidget:
        self._pad = QWidget()
        column = QVBoxLayout(self._pad)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.keypad = Keypad(for_money=False)
        self.keypad.key_pressed.connect(self._on_key)
        column.addWidget(self.keypad, 1)
        self.back = SecondaryButton(icon="arrow-left", hint="Esc", height=64)
        self.confirm = PrimaryButton(hint="Enter")
        self.back.clicked.connect(self.back_requested)
        self.confirm.clicked.connect(self.confirm_requested)
        column.addWidget(self.confirm)
        column.addWidget(self.back)
        return self._pad

    def _on_key(self, key: str) -> None:
        if key == "confirm":
            self.press_confirm()
        else:
            self.grid.press(key)
