"""Refund screen: the widgets of goods coming back, and nothing but widgets.

Owns: the layout at 1024 and 1366 px, drawing the views, telling what was pressed.
Does not own: what a press does (controller.py), texts (view_model.py and its siblings).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.fields import SearchField
from ui.kit.panels import Card, Rule
from ui.kit.text import Chip
from ui.payment.parts import TerminalPanel
from ui.payment.terminal_view import TerminalView
from ui.refund.find_view import FindView
from ui.refund.parts import FindList, HintSlot, MoneyCard, Reasons, SaleHead
from ui.refund.table import RefundTable
from ui.refund.view_model import GoodsView, MoneyView
from ui.theme.theme import Theme, follow

NARROW_BELOW = 1200
RIGHT_WIDE, RIGHT_NARROW = 400, 328
_FIELD_FOCUS = {True: Qt.FocusPolicy.StrongFocus, False: Qt.FocusPolicy.TabFocus}


class RefundScreen(QWidget):
    """Taking goods back.

    Signals:
        text_edited: arg: the whole text of the field.
        row_chosen: A sale or member of the list. arg: its place.
        line_chosen: Another line is current. arg: line id.
        stepped: args: line id, +1 or -1.
        reason_chosen: arg: its number, from 1.
        confirm_requested, back_requested, unlinked_requested, exchange_requested, other_requested:
            pressed.
        act_requested: A button of the terminal panel. arg: taken, not_taken, check or cash.
    """

    text_edited = Signal(str)
    row_chosen = Signal(int)
    line_chosen = Signal(str)
    stepped = Signal(str, int)
    reason_chosen = Signal(int)
    confirm_requested = Signal()
    back_requested = Signal()
    unlinked_requested = Signal()
    exchange_requested = Signal()
    other_requested = Signal()
    act_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kit", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._is_drawing = False
        columns = QHBoxLayout(self)
        columns.setContentsMargins(16, 16, 16, 16)
        columns.setSpacing(16)
        columns.addLayout(self._build_left(), 1)
        self._right = QWidget()
        self._build_right()
        columns.addWidget(self._right)
        follow(self, self._size_columns)
        self._size_columns()

    def retranslate(self, wording: Wording, *, hints: dict[str, str]) -> None:
        """Everything that is no part of a view. `hints`: the keys by what they do."""
        t = wording.t
        self.setAccessibleName(t("Refund"))
        self._hints = hints
        self._back.set_label(t("Back"), hint=hints["back"])
        self.unlinked.set_label(t("Without a receipt"), hint=hints["unlinked"])
        self.table.set_words(
            name=t("Goods of the sale"), fewer=t("One fewer comes back"), more=t("One more back")
        )

    def show_field(self, text: str, placeholder: str, *, editable: bool, found: str = "") -> None:
        """What stands in the field; while goods are chosen it only shows the number."""
        edit = self.field.edit
        edit.setReadOnly(not editable)
        edit.setFocusPolicy(_FIELD_FOCUS[editable])
        self.field.set_words(placeholder, placeholder)
        if not editable or edit.text() != text:
            edit.setText(text)
            edit.setCursorPosition(0)
        self._found.show_fact(found)
        self._found.setVisible(bool(found))
        self._fit_field()

    def render_find(self, view: FindView) -> None:
        """Looking for the sale."""
        self._head.hide()
        self._pages.setCurrentIndex(0)
        self.list.show_list(view)
        self._show_money(view.money)
        self._show_extras("", "")

    def render_goods(self, view: GoodsView) -> None:
        """The goods of a sale, or without one."""
        self._is_drawing = True
        self._head.show()
        self._head.show_head(view.head)
        self._pages.setCurrentIndex(1)
        self.table.show_rows(view.headers, view.rows, view.current)
        self._hint.show_hint(view.hint)
        self.reasons.show_reasons(
            view.reasons_title, view.reasons_hint, view.reasons, can_choose=view.can_reason
        )
        self._show_money(view.money)
        self._show_extras(view.exchange, view.give_up)
        self.exchange.setChecked(view.is_exchange)
        self._is_drawing = False

    def show_terminal(self, view: TerminalView | None) -> None:
        """A terminal instead of the money, or none."""
        self._side.setCurrentIndex(0 if view is None else 1)
        self._foot.setCurrentIndex(0 if view is None else 1)
        if view is not None:
            self.terminal.show_terminal(view)

    def show_notice(self, sentence: str, tone: str = "info") -> None:
        """One sentence under what is shown; empty: none."""
        self.list.notice.show_banner(sentence, tone=tone)
        self._hint.show_notice(sentence, tone)

    @property
    def notice(self) -> str:
        """What is said now."""
        return self.list.notice.sentence

    def focus_field(self) -> None:
        """Type here."""
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_goods(self) -> None:
        """Figures are reasons now, or acts of the terminal."""
        target = self.terminal.first_focus() if self._side.currentIndex() else None
        (target or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.terminal.take_key(event):
            event.accept()
        elif self._is_reason(event):
            self.reason_chosen.emit(int(event.text()))
            event.accept()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_columns()

    def _is_reason(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_digit = len(event.text()) == 1 and event.text() in "123456789"
        is_free = plain == Qt.KeyboardModifier.NoModifier and not event.isAutoRepeat()
        return is_digit and is_free and self._pages.currentIndex() == 1

    # ------------------------------------------------------------------ left

    def _build_left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        top = QHBoxLayout()
        top.setSpacing(12)
        self.field = SearchField(icon="receipt", hint="")
        self.field.text_edited.connect(self.text_edited)
        self._found = Chip("", icon="check-circle", tone="success")
        self.field.row.addWidget(self._found)
        self._found.hide()
        self.unlinked = SecondaryButton(icon="shield-check", height=56)
        self.unlinked.clicked.connect(self.unlinked_requested)
        top.addWidget(self.field, 1)
        top.addWidget(self.unlinked)
        column.addLayout(top)
        self._head = SaleHead()
        column.addWidget(self._head)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self.list = FindList()
        self.list.chosen.connect(self.row_chosen)
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._build_goods())
        column.addWidget(pages, 1)
        return column

    def _build_goods(self) -> Card:
        card = Card(padding=(0, 0), spacing=0)
        self.table = RefundTable()
        self.table.stepped.connect(self.stepped)
        self.table.current_changed.connect(self._on_line)
        card.body.addWidget(self.table, 1)
        self._hint = HintSlot()
        card.body.addWidget(self._hint)
        card.body.addWidget(Rule(strong=True))
        self.reasons = Reasons()
        self.reasons.chosen.connect(self.reason_chosen)
        card.body.addWidget(self.reasons)
        return card

    def _on_line(self, line_id: str) -> None:
        if line_id and not self._is_drawing:
            self.line_chosen.emit(line_id)

    # ------------------------------------------------------------------ right

    def _build_right(self) -> None:
        self._hints = {"back": "", "unlinked": "", "exchange": "", "other": "", "confirm": ""}
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        side = QWidget()
        self._side = QStackedLayout(side)
        self.money = MoneyCard()
        self.terminal = TerminalPanel()
        self.terminal.acted.connect(self.act_requested)
        self._side.addWidget(self.money)
        self._side.addWidget(self.terminal)
        column.addWidget(side, 1)
        extras = QHBoxLayout()
        extras.setSpacing(12)
        self.other = SecondaryButton(icon="x")
        self.other.clicked.connect(self.other_requested)
        self.exchange = SecondaryButton(icon="rotate")
        self.exchange.setCheckable(True)
        self.exchange.clicked.connect(self._press_exchange)
        extras.addWidget(self.other, 1)
        extras.addWidget(self.exchange, 1)
        column.addLayout(extras)
        foot, keys = QWidget(), QWidget()
        self._foot = QStackedLayout(foot)
        row = QHBoxLayout(keys)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self._back = SecondaryButton(icon="arrow-left", height=64)
        self._back.clicked.connect(self.back_requested)
        self.confirm = PrimaryButton(icon="refund")
        self.confirm.clicked.connect(self.confirm_requested)
        row.addWidget(self._back)
        row.addWidget(self.confirm, 1)
        self._foot.addWidget(keys)
        self._foot.addWidget(self.terminal.acts)
        column.addWidget(foot)

    def _press_exchange(self) -> None:
        # Whether it is one is said by the refund, not by the press.
        self.exchange.setChecked(not self.exchange.isChecked())
        self.exchange_requested.emit()

    def _show_money(self, view: MoneyView) -> None:
        self.money.show_money(view)
        self.confirm.set_label(view.confirm, hint=self._hints["confirm"])
        self.confirm.setEnabled(view.can_confirm)

    def _show_extras(self, exchange: str, other: str) -> None:
        for button, label, key in (
            (self.exchange, exchange, "exchange"),
            (self.other, other, "other"),
        ):
            button.set_label(label, hint=self._hints[key])
            button.setVisible(bool(label))

    def _size_columns(self) -> None:
        narrow = self.width() < NARROW_BELOW
        self._right.setFixedWidth(RIGHT_NARROW if narrow else RIGHT_WIDE)
        self.table.set_narrow(narrow)
        self._fit_field()

    def _fit_field(self) -> None:
        """In large text at the small window the number of the receipt needs the whole row."""
        is_tight = self.width() < NARROW_BELOW and Theme.current().scale_percent >= 130
        self._found.set_compact(is_tight)
        self.unlinked.setVisible(self.unlinked.isEnabled() or not is_tight)
