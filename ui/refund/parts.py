"""Refund parts: the head of the sale, the list to choose from, the reasons, the money card.

Owns: these widgets of the refund screen. Does not own: their places (screen.py), the table
(table.py), texts (view_model.py and its siblings).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from ui.kit.buttons import ChoiceButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.feedback import Banner
from ui.kit.panels import Card, EmptyState, Rule
from ui.kit.text import ElidedText, FitFigure, IconLabel, NumberLabel, Text
from ui.refund.find_view import FindRow, FindView
from ui.refund.view_model import HeadView, MoneyRow, MoneyView, ReasonView
from ui.theme.theme import follow

_SIX_ACROSS = 860
"""Px at 100 %: from here on all reasons stand in one row."""


class SaleHead(Card):
    """Which sale it is, in one card across the goods."""

    def __init__(self) -> None:
        super().__init__(across=True, padding=(20, 10))
        self._icon = IconLabel("receipt", size=24)
        self._title = ElidedText(role="body_l", weight=600)
        self._detail = ElidedText(role="body", tone="text_secondary")
        self._end = ElidedText(role="body_l", weight=500)
        self._end.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        self.body.addWidget(self._icon)
        self.body.addLayout(words, 3)
        self.body.addWidget(self._end, 2)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_head(self, head: HeadView) -> None:
        self._icon.set_icon(head.icon)
        self._title.set_text(head.title)
        self._detail.set_text(head.detail, shorter=head.detail_short)
        self._detail.set_tone(head.detail_tone)
        self._end.set_text(head.end, shorter=head.end_short)


class FindList(Card):
    """The sales (or members) to choose from; at most thirty.

    Signals:
        chosen: A row was pressed. arg: its place.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(padding=(16, 16))
        self._shown: tuple[FindRow, ...] = ()
        self._rows: list[ChoiceRow] = []
        self._title = Text(role="title")
        self._empty = EmptyState(icon="receipt")
        inside = QWidget()
        inside.setProperty("kit", "plain")
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(4)
        self._list.addStretch(1)
        self._area = _scrolled(inside)
        self.body.addWidget(self._title)
        self.notice = Banner()
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self.notice)

    @property
    def rows(self) -> list[ChoiceRow]:
        return self._rows

    def show_list(self, view: FindView) -> None:
        self._title.setText(view.title)
        self._area.setAccessibleName(view.title)
        self._empty.show_words(view.empty, view.empty_detail)
        self._area.setVisible(bool(view.rows))
        self._empty.setVisible(not view.rows)
        if view.rows != self._shown:
            self._fill(view.rows)
        for place, row in enumerate(self._rows):
            row.set_current(place == view.current)
        if 0 <= view.current < len(self._rows):
            self._area.ensureWidgetVisible(self._rows[view.current], 0, 8)

    def _fill(self, rows: tuple[FindRow, ...]) -> None:
        for old in self._rows:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown, self._rows = rows, []
        for place, row in enumerate(rows):
            tone = "text_secondary" if row.is_done else "text_primary"
            made = ChoiceRow(row.name, row.detail, icon=row.icon, end=row.figure, end_tone=tone)
            made.clicked.connect(lambda _=False, at=place: self.chosen.emit(at))
            self._list.insertWidget(place, made)
            self._rows.append(made)


class HintSlot(QWidget):
    """What to do next; in its place what was refused, so that nothing jumps under a hand."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = follow(self, self._size)
        self._slot = QStackedLayout(self)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(10)
        row.addWidget(IconLabel("scan", size=20))
        self._hint = ElidedText(role="body", tone="text_secondary")
        row.addWidget(self._hint, 1)
        said = QWidget()
        inside = QHBoxLayout(said)
        inside.setContentsMargins(8, 4, 8, 4)
        self.notice = Banner()
        inside.addWidget(self.notice)
        self._slot.addWidget(line)
        self._slot.addWidget(said)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._size()

    def show_hint(self, hint: str) -> None:
        self._hint.set_text(hint)

    def show_notice(self, sentence: str, tone: str) -> None:
        """Empty: the hint again."""
        self.notice.show_banner(sentence, tone=tone)
        self._slot.setCurrentIndex(1 if sentence else 0)

    def _size(self) -> None:
        self.setMinimumHeight(self._theme.size(52))


class Reasons(QWidget):
    """Why the current line comes back: a key and a button each.

    Signals:
        chosen: arg: its number, from 1.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._theme = follow(self, self._arrange)
        self._buttons: list[ChoiceButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        self._title = Text(role="body_l", weight=600)
        self._hint = ElidedText(role="body", tone="text_secondary")
        head.addWidget(self._title)
        head.addWidget(self._hint, 1)
        column.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column.addLayout(self._grid)
        self._across = 0

    def show_reasons(
        self, title: str, hint: str, reasons: Sequence[ReasonView], *, can_choose: bool
    ) -> None:
        self._title.setText(title)
        self._hint.set_text(hint)
        while len(self._buttons) < len(reasons):
            place = len(self._buttons)
            button = ChoiceButton()
            button.clicked.connect(lambda _=False, at=place: self._press(at))
            self._buttons.append(button)
            self._across = 0
        for button, reason in zip(self._buttons, reasons, strict=True):
            button.set_label(reason.label, hint=reason.digit)
            button.setChecked(reason.is_chosen)
            button.setEnabled(can_choose)
        self._arrange()

    def button(self, number: int) -> ChoiceButton:
        """By its key, from 1."""
        return self._buttons[number - 1]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _press(self, place: int) -> None:
        # Which one is chosen is said by the refund, not by the press.
        self._buttons[place].setChecked(not self._buttons[place].isChecked())
        self.chosen.emit(place + 1)

    def _arrange(self) -> None:
        across = 6 if self.width() >= self._theme.size(_SIX_ACROSS) else 3
        if across == self._across:
            return
        self._across = across
        for place, button in enumerate(self._buttons):
            self._grid.addWidget(button, place // across, place % across)


class MoneyCard(Card):
    """Where money, points and coupons go, over the one big figure."""

    def __init__(self) -> None:
        super().__init__(padding=(20, 16), spacing=8)
        self._shown: tuple[MoneyRow, ...] | None = None
        self._title = Text(role="title", wrap=True)
        self.body.addWidget(self._title)
        inside = QWidget()
        inside.setProperty("kit", "plain")
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 8, 0)  # figures keep off the scroll bar
        self._list.setSpacing(0)
        self._empty = Text(role="body_l", tone="text_secondary", wrap=True)
        self._list.addWidget(self._empty)
        self._list.addStretch(1)
        self._area = _scrolled(inside)
        self.body.addWidget(self._area, 1)
        self._rule = Rule(strong=True)
        self._sum_detail = Text(role="body", tone="text_secondary")
        self._sum_label, self._sum = Text(role="title"), FitFigure()
        self.body.addWidget(self._rule)
        self.body.addWidget(self._sum_detail)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._sum_label)
        row.addWidget(self._sum, 1)
        self.body.addLayout(row)

    def show_money(self, view: MoneyView) -> None:
        self._title.setText(view.title)
        self._area.setAccessibleName(view.title)
        self._empty.setText(view.empty)
        self._empty.setVisible(bool(view.empty))
        if view.rows != self._shown:
            self._fill(view.rows)
        self._sum_detail.setText(view.sum_detail)
        self._sum_label.setText(view.sum_label)
        self._sum.show_figure(view.sum_figure)
        for part in (self._rule, self._sum_label, self._sum):
            part.setVisible(bool(view.sum_label))
        self._sum_detail.setVisible(bool(view.sum_detail))

    def _fill(self, rows: tuple[MoneyRow, ...]) -> None:
        while self._list.count() > 2:
            item = self._list.takeAt(1)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._shown = rows
        for place, row in enumerate(rows):
            self._list.insertWidget(1 + place, _MoneyLine(row, first=not place))


class _MoneyLine(QFrame):
    """Icon, name and explanation, figure."""

    def __init__(self, row: MoneyRow, *, first: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if not first:
            column.addWidget(Rule())
        inside = QHBoxLayout()
        inside.setContentsMargins(0, 8, 0, 8)
        inside.setSpacing(12)
        is_told = row.tone in ("warning", "danger")
        icon = IconLabel(row.icon, tone=row.tone if is_told else "text_secondary", size=20)
        inside.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(_yielding(Text(row.name, role="body_l", weight=500, wrap=True)))
        if row.detail:
            detail = Text(row.detail, role="body", tone="text_secondary", wrap=True)
            words.addWidget(_yielding(detail))
        inside.addLayout(words, 1)
        figure = NumberLabel(row.figure, role="body_l", tone=row.tone, weight=600)
        inside.addWidget(figure, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(inside)
        self.setAccessibleName(" ".join(filter(None, (row.name, row.detail, row.figure))))


def _yielding(text: Text) -> Text:
    """Words that take the width that is left: a figure beside them must never be cut."""
    policy = text.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    text.setSizePolicy(policy)
    return text


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area
