"""Intake dialog: who, about what, the customer's words and what is wanted; widgets only.

Owns: the layout, digits of topics, where Enter leads. Does not own: texts (intake_view.py), taking
the case down (intake_acts.py). Nothing that was typed is ever cleared.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.complaint_fact import WORDS_MAX
from app.domain.solution import Solution
from app.services.complaint import CONTACT_MAX
from app.wording import Wording
from ui.complaints.intake_view import GoodsChoice, Intake, WhoShown
from ui.complaints.move_dialog import Choices
from ui.complaints.moves import Group
from ui.kit.buttons import ChoiceButton, LinkButton, PrimaryButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.dialogs import KitDialog
from ui.kit.feedback import Banner
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.scrolling import RoomArea
from ui.kit.text import Text
from ui.kit.text_area import TextArea
from ui.theme.theme import Theme

WIDTH, EDGE = 880, 24
GOODS_ACROSS, TOPICS_ACROSS = 2, 4
_FIGURES = "123456789"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class IntakeDialog(KitDialog):
    """A complaint as it is taken down.

    Signals:
        sent: Enter in the last field, Ctrl+Enter, or the button.
        typed: The customer's words changed. arg: the whole text.
        open_case_requested: The member's open complaint was pressed.
    """

    sent = Signal()
    typed = Signal(str)
    open_case_requested = Signal()

    def __init__(self, parent: QWidget, topics: Group, wording: Wording) -> None:
        window = parent.window()
        width = min(Theme.current().size(WIDTH), window.width() - 2 * EDGE)
        super().__init__(parent, title=wording.t("Log a complaint"), width=width, padding=24)
        self.frame.setMaximumHeight(window.height() - 2 * EDGE)
        self.body.setSpacing(12)
        self._wording = wording
        self._goods_of: tuple[str, tuple[GoodsChoice, ...]] = ("", ())
        self._kept_lines: tuple[str, ...] = ()
        self.goods_keys: list[ChoiceButton] = []
        self.suggestion_rows: list[ChoiceRow] = []
        self.body.addLayout(self._build_head())
        self.notice = Banner()
        self.body.addWidget(self.notice)
        self.area = RoomArea()
        self.body.addWidget(self.area, 1)
        self.topics = Choices(topics, most_across=TOPICS_ACROSS)
        self.topics.taken.connect(self._topic_taken)
        self.area.body.addWidget(self.topics)
        self._build_goods()
        self._build_words()
        self._suggestions = QVBoxLayout()
        self._suggestions.setSpacing(8)
        self.area.body.addLayout(self._suggestions)
        self._build_answers()
        self._show_keys()

    def first_focus(self) -> QWidget | None:
        return self.text if self.topics.chosen else self

    @property
    def filled(self) -> Intake:
        """As it stands."""
        pairs = zip(self._goods_of[1], self.goods_keys, strict=True)
        chosen = tuple(each.line_id for each, key in pairs if key.isChecked())
        return Intake(
            self.topics.chosen, self.text.text(), self.wanted.text(), self.contact.text(),
            self.name.text(), chosen or self._kept_lines,
        )  # fmt: skip

    def restore(self, kept: Intake) -> None:
        """What somebody had typed before he was called away. The goods he had pointed at are
        marked as soon as their receipt is read."""
        self.topics.take(kept.topic)
        self.text.setText(kept.text)
        self.wanted.setText(kept.wanted)
        self.contact.setText(kept.contact)
        self.name.setText(kept.name)
        self._kept_lines = kept.lines
        self._mark_goods()

    def show_who(self, shown: WhoShown) -> None:
        """Receipt and member; contact fields only where there is no member."""
        self._who.setText(shown.who)
        self._who.set_tone("text_secondary" if shown.is_open_to_all else "")
        self._open.set_label(shown.open_case)
        self._open.setVisible(bool(shown.open_case))
        self._contacts.setVisible(shown.asks_contact)
        self._make_goods(shown.receipt, shown.goods)

    def show_fault(self, field: str, sentence: str) -> None:
        """Beside the field; empty: above them all."""
        rows = {
            "text": self.text_row, "wanted": self.wanted_row, "contact": self.contact_row,
            "name": self.name_row,
        }  # fmt: skip
        for name, row in rows.items():
            row.show_error(sentence if name == field else "")
        self.topics.show_fault(sentence if field == "topic" else "")
        is_aside = field not in rows and field != "topic"
        self.notice.show_banner(sentence if is_aside else "", tone="danger")
        if field in rows:
            self._go(rows[field].field, rows[field])
        elif field == "topic":
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def suggest(self, found: Sequence[Solution]) -> None:
        """What helped before, to be done at once."""
        for row in self.suggestion_rows:
            row.hide()
            row.deleteLater()
        self.suggestion_rows = []
        for each in found[:2]:
            row = ChoiceRow(each.title, each.answer, icon="sparkles")
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._suggestions.addWidget(row)
            self.suggestion_rows.append(row)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_keys()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_keys()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers()
        control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
        place = event.key() - Qt.Key.Key_1
        is_figure = 0 <= place < len(_FIGURES)
        if event.key() in _ENTER:
            if held & control:
                self.sent.emit()
            else:
                self._enter()
        elif is_figure and held & alt and place < len(self.goods_keys):
            self.goods_keys[place].click()
        elif is_figure and (held & control or self._is_choosing()):
            self.topics.choose(place)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _is_choosing(self) -> bool:
        """Whether figures alone choose: they are typed wherever words are."""
        return self.focusWidget() in (None, self)

    def _show_keys(self) -> None:
        self.topics.show_keys("" if self._is_choosing() else "Ctrl+")

    def _enter(self) -> None:
        """On to the next field; from the last one it is taken down."""
        fields = [self.wanted]
        if self._contacts.isVisible():
            fields += [self.contact, self.name]
        focused = self.focusWidget()
        if focused in fields:
            after = fields.index(focused) + 1
            is_last = after == len(fields) or focused is self.contact or self.contact.text()
            if is_last:
                self.sent.emit()
            else:
                self._go(fields[after])

    def _go(self, widget: QWidget, seen: QWidget | None = None) -> None:
        """`seen`: what has to be in view with it: what is said below."""
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(seen or widget))

    def _topic_taken(self, _: int) -> None:
        self._go(self.text)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(Text(self._wording.t("Log a complaint"), role="title", weight=600))
        self._who = Text(role="body_l", wrap=True)
        column.addWidget(self._who)
        self._open = LinkButton(icon="complaint")
        self._open.clicked.connect(self.open_case_requested)
        row.addLayout(column, 1)
        row.addWidget(self._open)
        return row

    def _build_goods(self) -> None:
        self._goods_row = QWidget()
        column = QVBoxLayout(self._goods_row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        label = self._wording.t("About which goods (none: the whole receipt)")
        column.addWidget(Text(label, role="body", tone="text_secondary", weight=500, wrap=True))
        self._goods = QGridLayout()
        self._goods.setSpacing(8)
        column.addLayout(self._goods)
        self.area.body.addWidget(self._goods_row)
        self._goods_row.hide()

    def _make_goods(self, receipt: str, goods: Sequence[GoodsChoice]) -> None:
        """Anew with every receipt: a mark on one means nothing on another."""
        if (receipt, tuple(goods)) == self._goods_of:
            return
        for key in self.goods_keys:
            key.hide()
            key.deleteLater()
        self.goods_keys, self._goods_of = [], (receipt, tuple(goods))
        for place, each in enumerate(goods):
            figure = _FIGURES[place] if place < len(_FIGURES) else ""
            key = ChoiceButton(each.name, hint=f"Alt+{figure}" if figure else "")
            self._goods.addWidget(key, place // GOODS_ACROSS, place % GOODS_ACROSS)
            self.goods_keys.append(key)
        self._goods_row.setVisible(bool(goods))
        self._mark_goods()

    def _mark_goods(self) -> None:
        """As they were left; once."""
        if self.goods_keys:
            for each, key in zip(self._goods_of[1], self.goods_keys, strict=True):
                key.setChecked(each.line_id in self._kept_lines)
            self._kept_lines = ()

    def _build_words(self) -> None:
        t = self._wording.t
        self.text = TextArea(lines=2, most=WORDS_MAX, enter_goes_on=True)
        self.text.edited.connect(self.typed)
        self.wanted, self.contact, self.name = (TillLineEdit(for_names=True) for _ in range(3))
        self.text.committed.connect(lambda: self._go(self.wanted))
        self.wanted.setMaxLength(WORDS_MAX)
        self.contact.setMaxLength(CONTACT_MAX)
        self.name.setMaxLength(CONTACT_MAX)
        self.text_row = FieldRow(t("The customer's words"), self.text)
        self.wanted_row = FieldRow(t("What the customer wants"), self.wanted)
        self.contact_row = FieldRow(t("Phone or another way to reach the customer"), self.contact)
        self.name_row = FieldRow(t("Name"), self.name)
        self._contacts = QWidget()
        across = QHBoxLayout(self._contacts)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(16)
        across.addWidget(self.contact_row, 3, Qt.AlignmentFlag.AlignTop)
        across.addWidget(self.name_row, 2, Qt.AlignmentFlag.AlignTop)
        for row in (self.text_row, self.wanted_row, self._contacts):
            self.area.body.addWidget(row)

    def _build_answers(self) -> None:
        t = self._wording.t
        row = QHBoxLayout()
        row.setSpacing(12)
        self.cancel = SecondaryButton(t("Back"), icon="arrow-left", hint="Esc", height=64)
        self.cancel.clicked.connect(self.reject)
        self.send = PrimaryButton(t("Take it down"), icon="check", hint="Ctrl+Enter")
        self.send.clicked.connect(self.sent)
        row.addWidget(self.cancel)
        row.addWidget(self.send, 1)
        self.body.addLayout(row)
