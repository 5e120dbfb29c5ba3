"""Till screen: the widgets of the till, and nothing but widgets.

Owns: the layout at 1024, 1366 and 1920 px, drawing a TillView, telling what was pressed.
Does not own: what a press does (controller.py), texts (view_model.py), keys (main_window.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.wording import Wording
from ui.key_map import Action, KeyMap
from ui.kit.basket_table import BasketTable
from ui.kit.buttons import LinkButton, PrimaryButton
from ui.kit.ear import EventEar
from ui.kit.feedback import Banner
from ui.kit.fields import SearchField
from ui.kit.looks import CONTROL, PRIMARY
from ui.kit.panels import Card, EmptyState, Rule
from ui.kit.text import Text
from ui.theme.theme import follow
from ui.till.key_bar import BarKey, KeyBar
from ui.till.member_card import MemberCard
from ui.till.suggestions import SuggestionList
from ui.till.totals_card import TotalsCard
from ui.till.view_model import NoticeView, TillView

NARROW_BELOW = 1200
RIGHT_WIDE, RIGHT_NARROW = 400, 328
NOTICE_MS = 8_000


class TillScreen(QWidget):
    """The till.

    Signals:
        pay_requested, why_requested, clear_requested, reprint_requested: pressed.
        notice_acted: The act of the notice was chosen.
        narrow_changed: arg: whether the small layout is in use.
        deactivated: Another window came to the front.
    """

    pay_requested = Signal()
    why_requested = Signal()
    clear_requested = Signal()
    reprint_requested = Signal()
    notice_acted = Signal()
    narrow_changed = Signal(bool)
    deactivated = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._standing: Sequence[NoticeView] = ()
        self._is_narrow, self._pay_key = False, ""
        self._notice_timer = QTimer(self)
        self._notice_timer.setSingleShot(True)
        self._notice_timer.timeout.connect(self._show_standing)
        self._build()
        self._theme = follow(self, self._size_columns)
        self._size_columns()
        EventEar(self, QEvent.Type.WindowDeactivate).heard.connect(self.deactivated)

    @property
    def is_narrow(self) -> bool:
        return self._is_narrow

    def retranslate(self, wording: Wording, keys: KeyMap) -> None:
        """Everything that is no part of a view: placeholders, headers, names, keys."""
        t = wording.t
        self.input.set_words(
            t("Scan ⋅ barcode ⋅ pinyin initials ⋅ name"), t("Scan or type goods, cards, coupons")
        )
        self.table.set_words(
            name=t("Basket"),
            item=t("Item"),
            quantity=t("Qty"),
            unit_price=t("Unit price"),
            amount=t("Amount"),
            fewer=t("One fewer"),
            more=t("One more"),
        )
        self.table.horizontalHeader().setAccessibleName(t("Columns of the basket"))
        self.why.set_label(t("Why this price"), hint=keys.hint(Action.WHY))
        self.clear.set_label(t("Empty basket"))
        self.reprint.set_label(t("Print the last receipt again"), hint=keys.hint(Action.REPRINT))
        self.input.set_hint(keys.hint(Action.FIND_ITEM))
        self._pay_key = keys.hint(Action.PAY)
        self.pay.set_label(self.pay.text(), hint=self._pay_key)
        self.member.retranslate(wording, keys)

    def render_view(self, view: TillView) -> None:
        """Draw this view; the only code that touches the widgets for it."""
        self.table.show_rows(view.rows, view.current_id)
        self._pages.setCurrentIndex(0 if view.has_lines else 1)
        self._empty.show_words(view.empty_sentence, view.empty_detail)
        self.counts.setText(view.counts)
        self.why.setVisible(view.can_explain)
        self.clear.setVisible(view.has_lines)
        self.pay.setEnabled(view.can_pay)
        self.pay.set_label(view.pay_label, hint=self._pay_key)
        self.pay.set_icon("cash" if view.is_ready else "alert")
        self.pay.set_look(PRIMARY if view.is_ready else CONTROL)
        self.member.show_member(view.member)
        self.totals.show_totals(view.totals)
        self._standing = view.notices
        if not self._notice_timer.isActive():
            self._show_standing()

    def show_keys(self, keys: Sequence[BarKey]) -> None:
        self.key_bar.show_keys(keys)

    def show_notice(self, notice: NoticeView | None, *, milliseconds: int = NOTICE_MS) -> None:
        """Say something for a while; None says what stands again."""
        if notice is None:
            self._notice_timer.stop()
            self._show_standing()
            return
        self._notice_timer.start(milliseconds)
        self._say(notice)

    def show_can_reprint(self, can_reprint: bool) -> None:
        """Only the empty till offers the last receipt."""
        self.reprint.setVisible(can_reprint)

    def show_pending_quantity(self, text: str) -> None:
        """`3 ×` before the input while a quantity waits for its goods; empty: none does."""
        self._pending.setText(text)
        self._pending.setVisible(bool(text))

    def focus_input(self) -> None:
        self.input.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.window().width() < NARROW_BELOW
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.table.set_narrow(is_narrow)
            self.member.set_narrow(is_narrow)
            self.totals.set_narrow(is_narrow)
            self.narrow_changed.emit(is_narrow)
        self._size_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters and figures belong to the input line, wherever the focus is.

        A line edit passes Enter on after it has spoken: that one press must not count twice.
        """
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.window().focusWidget() is self.input.edit:
            event.accept()
            return
        commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.text().isalnum() and not event.modifiers() & commands:
            self.focus_input()
            QCoreApplication.sendEvent(self.input.edit, event)
        else:
            super().keyPressEvent(event)

    # -- build

    def _build(self) -> None:
        self._columns = QHBoxLayout(self)
        self._columns.addLayout(self._make_left(), 1)
        self.right = QWidget()
        self._right = QVBoxLayout(self.right)
        self._right.setContentsMargins(0, 0, 0, 0)
        self.member = MemberCard()
        self.totals = TotalsCard()
        self.pay = PrimaryButton(icon="cash")
        self.pay.clicked.connect(self.pay_requested)
        self._right.addWidget(self.member, 1)
        self._right.addWidget(self.totals)
        self._right.addWidget(self.pay)
        self._columns.addWidget(self.right)
        order = (self.input.edit, self.table, self.why, self.clear)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _make_left(self) -> QVBoxLayout:
        self._left = QVBoxLayout()
        self.input = SearchField()
        self._pending = Text(role="key", tone="primary", weight=600)
        self._pending.hide()
        self.input.row.insertWidget(1, self._pending)
        self.key_bar = KeyBar()
        self._left.addWidget(self.input)
        self._left.addWidget(self._make_basket(), 1)
        self._left.addWidget(self.key_bar)
        self.suggestions = SuggestionList(self.input, self)
        return self._left

    def _make_basket(self) -> Card:
        card = Card(padding=(1, 1), spacing=0)
        self.table = BasketTable()
        self._empty = EmptyState(icon="scan")
        empty_page = QWidget()
        column = QVBoxLayout(empty_page)
        self.reprint = LinkButton(icon="printer")
        self.reprint.clicked.connect(self.reprint_requested)
        column.addWidget(self._empty, 1)
        column.addWidget(self.reprint, 0, Qt.AlignmentFlag.AlignHCenter)
        self._pages = QStackedLayout()
        card.body.addLayout(self._pages, 1)  # first: a page without a parent would be a window
        self._pages.addWidget(self.table)
        self._pages.addWidget(empty_page)
        card.body.addWidget(self._make_notice())
        card.body.addWidget(Rule())
        card.body.addLayout(self._make_foot())
        return card

    def _make_notice(self) -> QWidget:
        """Under the lines, so that nothing one looks at moves when something is said."""
        self._notice_box = QWidget()
        around = QVBoxLayout(self._notice_box)
        around.setContentsMargins(8, 4, 8, 8)
        self.notice = Banner()
        self.notice.acted.connect(self.notice_acted)
        around.addWidget(self.notice)
        self._notice_box.hide()
        return self._notice_box

    def _make_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(17, 2, 12, 2)
        foot.setSpacing(12)
        self.counts = Text(role="label", weight=500)
        self.clear = LinkButton(icon="trash")
        self.clear.clicked.connect(self.clear_requested)
        self.why = LinkButton(icon="help")
        self.why.clicked.connect(self.why_requested)
        foot.addWidget(self.counts)
        foot.addStretch(1)
        foot.addWidget(self.clear)
        foot.addSpacing(4)
        foot.addWidget(self.why)
        return foot

    def _size_columns(self) -> None:
        edge = 12 if self._is_narrow else 16
        self._columns.setContentsMargins(edge, edge, edge, edge)
        self._columns.setSpacing(edge)
        for column in (self._left, self._right):
            column.setSpacing(12)
        wanted = RIGHT_NARROW if self._is_narrow else RIGHT_WIDE
        # Text at 150 % needs a wider column, but the names of the goods need it more.
        room = self.width() * 37 // 100
        self.right.setFixedWidth(max(wanted, min(self._theme.size(wanted), room)))

    def _show_standing(self) -> None:
        self._say(self._standing[0] if self._standing else NoticeView("", "info"))

    def _say(self, notice: NoticeView) -> None:
        self._notice_box.setVisible(bool(notice.sentence))
        self.notice.show_banner(notice.sentence, tone=notice.tone, act=notice.act)
