"""Check page: what was counted beside what had to be there, and what stays in the drawer.

Owns: the layout, the amount that stays while it is typed. Does not own: texts (check_view.py),
closing.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.money import Money, NotAnAmount
from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.fields import MoneyEdit
from ui.kit.keypad import Keypad
from ui.kit.panels import Card, Rule
from ui.kit.text import FitFigure, IconLabel, NumberLabel, Text
from ui.shift.check_view import CheckNote, CheckRow, CheckView
from ui.shift.count_page import NARROW_BELOW
from ui.shift.start_page import Notice

PAD_WIDE, PAD_NARROW = 480, 400


class CheckPage(QWidget):
    """Comparing.

    Signals:
        left_edited: Another amount is to stay.
        confirm_requested, recount_requested, back_requested, terminals_requested: pressed.
    """

    left_edited = Signal()
    confirm_requested = Signal()
    recount_requested = Signal()
    back_requested = Signal()
    terminals_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._view: CheckView | None = None
        self._heads: tuple[str, ...] = ("", "", "", "")
        columns = QHBoxLayout(self)
        columns.setContentsMargins(16, 16, 16, 16)
        columns.setSpacing(16)
        columns.addWidget(self._build_card(), 1)
        columns.addWidget(self._build_right())

    def retranslate(self, wording: Wording, recount_key: str) -> None:
        t = wording.t
        self._heads = (t("Tender"), t("Has to be there"), t("Counted"), t("Difference"))
        self.keypad.set_words(t("Delete the last figure"), t("Clear"))
        self.left.set_label(t("Stays"))
        self._handed_label.setText(t("Handed in"))
        self.recount.set_label(t("Count again (once)"), hint=recount_key)
        self.back.set_label(t("Back to selling"), hint="Esc")
        self.confirm.set_label(t("Close the shift"))
        self.terminals.set_label(t("Ask the terminals now"))

    def render_view(self, view: CheckView, *, title: str, handed: str, notice: Notice) -> None:
        """Draw it; the typed amount stays as it is."""
        self._title.setText(title)
        if view != self._view:
            self._view = view
            self._show_rows(view.rows)
            self._show_notes(view.notes)
        self._handed.show_figure(handed)
        self.recount.setVisible(view.can_recount)
        self.terminals.setVisible(view.asks_terminals)
        self.notice.show_banner(notice.sentence, tone=notice.tone)
        self.left.set_state("error" if notice.sentence else "")

    def forget(self) -> None:
        """Another language or another count: draw everything anew."""
        self._view = None

    def typed(self) -> Money | NotAnAmount | None:
        """What is to stay; None: nothing was typed, the proposal stands."""
        return self.left.amount() if self.left.edit.text().strip() else None

    def take_focus(self) -> None:
        self.left.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._right.setFixedWidth(PAD_NARROW if self.width() < NARROW_BELOW else PAD_WIDE)

    def _show_rows(self, rows: tuple[CheckRow, ...]) -> None:
        _empty(self._table)
        for column, words in enumerate(self._heads):
            head = Text(words, role="body", tone="text_secondary", wrap=True)
            if column:
                head.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._table.addWidget(head, 0, column)
        for place, row in enumerate(rows, start=1):
            self._table.addWidget(Text(row.name, role="body_l", weight=600), place, 0)
            for column, figure in enumerate((row.expected, row.counted, row.difference), start=1):
                tone = row.tone if column == 3 else ""
                self._table.addWidget(NumberLabel(figure, tone=tone, weight=500), place, column)

    def _show_notes(self, notes: tuple[CheckNote, ...]) -> None:
        _empty(self._notes)
        for place, note in enumerate(notes):
            icon = IconLabel(note.icon, tone=note.tone, size=22)
            self._notes.addWidget(icon, place, 0, Qt.AlignmentFlag.AlignTop)
            self._notes.addWidget(Text(note.sentence, role="body_l", wrap=True), place, 1)

    def _build_card(self) -> Card:
        card = Card(padding=(24, 20), spacing=12)
        self._title = Text(role="h1", weight=600, wrap=True)
        card.body.addWidget(self._title)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(16)
        self._table.setVerticalSpacing(14)
        for each in range(4):
            self._table.setColumnStretch(each, 1)
        self._notes = QGridLayout()
        self._notes.setHorizontalSpacing(10)
        self._notes.setVerticalSpacing(10)
        self._notes.setColumnStretch(1, 1)
        self.terminals = SecondaryButton(icon="refresh", height=48)
        self.terminals.clicked.connect(self.terminals_requested)
        column.addLayout(self._table)
        column.addWidget(Rule())
        column.addLayout(self._notes)
        column.addWidget(self.terminals, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        area.setWidget(inside)
        card.body.addWidget(area, 1)
        card.body.addWidget(Rule(strong=True))
        self._handed_label, self._handed = Text(role="title"), FitFigure()
        row = QHBoxLayout()
        row.addWidget(self._handed_label)
        row.addWidget(self._handed, 1)
        card.body.addLayout(row)
        return card

    def _build_right(self) -> QWidget:
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.left = MoneyEdit()
        self.left.edited.connect(self.left_edited)
        self.notice = Banner()
        self.keypad = Keypad()
        self.keypad.key_pressed.connect(self._press)
        self.confirm = PrimaryButton(hint="Enter")
        self.recount = SecondaryButton(height=56)
        self.back = SecondaryButton(icon="arrow-left", height=56)
        self.confirm.clicked.connect(self.confirm_requested)
        self.recount.clicked.connect(self.recount_requested)
        self.back.clicked.connect(self.back_requested)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.back, 1)
        foot.addWidget(self.recount, 1)
        column.addWidget(self.left)
        column.addWidget(self.notice)
        column.addWidget(self.keypad, 1)
        column.addWidget(self.confirm)
        column.addLayout(foot)
        return self._right

    def _press(self, key: str) -> None:
        self.take_focus()
        self.left.press(key)


def _empty(grid: QGridLayout) -> None:
    while (item := grid.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
