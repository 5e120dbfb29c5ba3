"""Payment screen: the widgets of taking money, and nothing but widgets.

Owns: the layout at 1024 and 1366 px, drawing a PaymentView, telling what was pressed.
Does not own: what a press does (controller.py), texts (view_model.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.money import Money, NotAnAmount
from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.fields import MoneyEdit
from ui.kit.keypad import Keypad, QuickAmounts
from ui.kit.panels import Card, FigureRow, Rule
from ui.kit.stacked_buttons import TenderTile
from ui.kit.text import FitFigure, Text
from ui.payment.change_card import ChangeCard, big_row
from ui.payment.parts import MemberLine, PointsLine, TerminalPanel
from ui.payment.taken_list import TakenList
from ui.payment.view_model import PaymentView, TenderView
from ui.theme.theme import follow

NARROW_BELOW = 1200
LEFT_WIDE, LEFT_NARROW = 600, 452
_ROWS_MAX = 8


class PaymentScreen(QWidget):
    """Taking money.

    Signals:
        tender_chosen: arg: its place among the tiles.
        split_toggled: Parts are wanted, or one sum again.
        back_part_requested: A part that was taken goes back. arg: its place.
        amount_changed: What is in the field changed.
        confirm_requested, back_requested, points_toggled, points_edit_requested: pressed.
        act_requested: A button of the terminal panel. arg: its TerminalAct.
    """

    tender_chosen = Signal(int)
    split_toggled = Signal()
    back_part_requested = Signal(int)
    amount_changed = Signal()
    confirm_requested = Signal()
    back_requested = Signal()
    points_toggled = Signal()
    points_edit_requested = Signal()
    act_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kit", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tiles: list[TenderTile] = []
        self.split = TenderTile(icon="split", hint="")
        self.split.setAutoExclusive(False)
        self.split.clicked.connect(self.split_toggled)
        self._tender_hints: tuple[str, ...] = ()
        self._quick_typed: tuple[str, ...] = ()
        self._terminal_is_shown = False
        columns = QHBoxLayout(self)
        columns.setContentsMargins(16, 16, 16, 16)
        columns.setSpacing(24)
        self._left = QWidget()
        self._build_left()
        columns.addWidget(self._left)
        columns.addLayout(self._build_right(), 1)
        follow(self, self._size_columns)
        self._size_columns()

    def retranslate(
        self,
        wording: Wording,
        *,
        back_hint: str,
        remove_hint: str,
        tender_hints: tuple[str, ...],
    ) -> None:
        """Everything that is no part of a view. `tender_hints`: split payment last."""
        t = wording.t
        self._back.set_label(t("Back"), hint=back_hint)
        self.taken.retranslate(wording, back_hint=remove_hint)
        self._tender_hints = tender_hints
        self.keypad.set_words(t("Delete the last figure"), t("Clear"))
        self.points.retranslate(wording)

    def render_view(self, view: PaymentView) -> None:
        """Draw it; the typed text stays as it is."""
        self._render_left(view)
        self._render_tenders(view.tenders, view)
        self._notice.show_banner(view.notice, tone=view.notice_tone)
        self.amount.set_label(view.entry.label)
        self.amount.set_hint(view.entry.hint)
        self.quick.show_amounts(view.entry.quick, view.entry.chosen)
        self._quick_typed = view.entry.typed
        self._show_terminal(view)
        self.confirm.set_label(view.confirm_label)
        self.confirm.setEnabled(view.can_confirm)
        self._back.setEnabled(view.can_go_back)

    def typed(self) -> Money | NotAnAmount | None:
        """The amount in the field; None: nothing was typed."""
        return self.amount.amount() if self.amount.edit.text().strip() else None

    def show_typed(self, text: str) -> None:
        """Put an amount there (a quick amount, or nothing)."""
        self.amount.set_text(text, replace_on_key=True)

    def take_focus(self) -> None:
        """Where keys go: the amount, or the act that is safe."""
        target = self.terminal.first_focus() if self._terminal_is_shown else self.amount.edit
        (target or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.terminal.take_key(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_columns()

    # ------------------------------------------------------------------ left

    def _build_left(self) -> None:
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        sums = Card(padding=(24, 20), spacing=0)
        self.member = MemberLine()
        self._member_rule = Rule(strong=True)
        self.points = PointsLine()
        self.points.toggled.connect(self.points_toggled)
        self.points.edit_requested.connect(self.points_edit_requested)
        self._points_rules = (Rule(strong=True), Rule(strong=True))
        self._rows = [FigureRow(role="body_l") for _ in range(_ROWS_MAX)]
        self._round_off = FigureRow(role="body_l")
        sums.body.addWidget(self.member)
        sums.body.addWidget(self._member_rule)
        sums.body.addSpacing(8)
        self._row_box = QVBoxLayout()
        for row in self._rows:
            self._row_box.addWidget(row)
        sums.body.addLayout(self._row_box)
        sums.body.addSpacing(10)
        sums.body.addWidget(self._points_rules[0])
        sums.body.addWidget(self.points)
        sums.body.addWidget(self._points_rules[1])
        sums.body.addSpacing(8)
        self.taken = TakenList()
        self.taken.back_requested.connect(self.back_part_requested)
        sums.body.addWidget(self.taken, 100)  # whole, before the stretch below gets any room
        sums.body.addWidget(self._round_off)
        sums.body.addStretch(1)
        sums.body.addSpacing(8)
        sums.body.addWidget(Rule(strong=True))
        sums.body.addSpacing(12)
        self._due_label, self._due = Text(role="title"), FitFigure()
        sums.body.addLayout(big_row(self._due_label, self._due))
        column.addWidget(sums, 1)
        self.change = ChangeCard()
        column.addWidget(self.change)

    def _render_left(self, view: PaymentView) -> None:
        self.member.show_head(view.member)
        self._member_rule.setVisible(view.member is not None)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(view.rows))
            if place < len(view.rows):
                line = view.rows[place]
                row.show_row(line.label, line.figure, tone="saving" if line.is_saving else "")
        self.points.show_row(view.points, is_free=view.can_go_back)
        for rule in self._points_rules:
            rule.setVisible(view.points is not None)
        self.taken.show_parts(view.taken, is_free=view.can_go_back)
        self._round_off.setVisible(view.round_off is not None)
        if view.round_off is not None:
            self._round_off.show_row(view.round_off.label, view.round_off.figure, tone="saving")
        self._due_label.setText(view.due_label)
        self._due.show_figure(view.due)
        self.change.show_change(view)

    # ------------------------------------------------------------------ right

    def _build_right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        self._tender_row = QHBoxLayout()
        self._tender_row.setSpacing(8)
        self._tender_row.addWidget(self.split, 1)
        column.addLayout(self._tender_row)
        self._notice = Banner()
        column.addWidget(self._notice)
        pages_frame = QWidget()
        self._pages = QStackedLayout(pages_frame)
        self._pages.addWidget(self._build_cash())
        self.terminal = TerminalPanel()
        self.terminal.acted.connect(self.act_requested)
        self._pages.addWidget(self.terminal)
        column.addWidget(pages_frame, 1)
        column.addWidget(self._build_foot())
        return column

    def _build_foot(self) -> QWidget:
        foot_frame, keys = QWidget(), QWidget()
        self._foot = QStackedLayout(foot_frame)
        foot = QHBoxLayout(keys)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(12)
        self._back = SecondaryButton(icon="arrow-left", height=64)
        self._back.setMinimumWidth(160)
        self._back.clicked.connect(self.back_requested)
        self.confirm = PrimaryButton(icon="check", hint="Enter")
        self.confirm.clicked.connect(self.confirm_requested)
        foot.addWidget(self._back)
        foot.addWidget(self.confirm, 1)
        self._foot.addWidget(keys)
        self._foot.addWidget(self.terminal.acts)
        return foot_frame

    def _build_cash(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.amount = MoneyEdit()
        self.amount.edited.connect(self.amount_changed)
        self.amount.edit.set_lets_keys_through(True)
        self.quick = QuickAmounts()
        self.quick.chosen.connect(self._type_quick)
        self.keypad = Keypad(for_money=True)
        self.keypad.key_pressed.connect(self.amount.press)
        column.addWidget(self.amount)
        column.addWidget(self.quick)
        column.addWidget(self.keypad, 1)
        return page

    def _type_quick(self, place: int) -> None:
        self.show_typed(self._quick_typed[place])
        self.amount_changed.emit()

    def _render_tenders(self, tenders: tuple[TenderView, ...], view: PaymentView) -> None:
        while len(self._tiles) < len(tenders):
            place = len(self._tiles)
            tile = TenderTile(icon="cash", hint="")
            tile.clicked.connect(lambda _=False, chosen=place: self.tender_chosen.emit(chosen))
            self._tiles.append(tile)
            self._tender_row.insertWidget(place, tile, 1)
        for place, (tile, tender) in enumerate(zip(self._tiles, tenders, strict=True)):
            hint = self._tender_hints[place] if place < len(self._tender_hints) else ""
            tile.set_icon(tender.icon)
            tile.set_label(tender.label, hint=hint)
            tile.setAccessibleName(tender.name)
            tile.setChecked(tender.kind == view.chosen)
            tile.setEnabled(view.can_go_back)
        self.split.set_label(view.split_label, hint=(self._tender_hints or ("",))[-1])
        self.split.setChecked(view.is_split)
        self.split.setEnabled(view.can_go_back)

    def _show_terminal(self, view: PaymentView) -> None:
        is_shown = view.terminal is not None
        if view.terminal is not None:
            self.terminal.show_terminal(view.terminal)
        if is_shown != self._terminal_is_shown:
            self._terminal_is_shown = is_shown
            self._pages.setCurrentIndex(1 if is_shown else 0)
        has_acts = view.terminal is not None and bool(view.terminal.acts)
        self._foot.setCurrentIndex(1 if has_acts else 0)

    def _size_columns(self) -> None:
        narrow = self.width() < NARROW_BELOW
        self._left.setFixedWidth(LEFT_NARROW if narrow else LEFT_WIDE)
        self._row_box.setSpacing(0 if narrow else 8)
        self.points.set_narrow(narrow)
