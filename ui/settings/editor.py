"""Editor: the marked setting with its value, to choose or to type; widgets only.

Owns: options, field with plus and minus, what is wrong beside it, the buttons. Does not own: texts
(view_model.py), what a press does (controller.py). The typed text is never cleared for being wrong.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import ChoiceButton, IconButton, PrimaryButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.panels import Card
from ui.kit.scrolling import keep_off_bar
from ui.kit.text import Text
from ui.settings.view_model import Detail, Option


class OptionList(QWidget):
    """The options of a setting, one below the other.

    Signals:
        chosen: arg: the option's text.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[ChoiceButton] = []
        self._shown: tuple[Option, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_options(self, options: tuple[Option, ...]) -> None:
        """Buttons are made anew only where other options stand there: a focus stays."""
        words = [(each.text, each.words) for each in options]
        if words != [(each.text, each.words) for each in self._shown]:
            self._make(options)
        self._shown = options
        for key, option in zip(self.keys, options, strict=True):
            key.setChecked(option.is_current)

    def take_focus(self) -> bool:
        """On the option in force. False: there are none."""
        for key, option in zip(self.keys, self._shown, strict=True):
            if option.is_current:
                key.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def step(self, by: int) -> bool:
        """The focus one option on; False: it is on none of them."""
        place = self._place()
        if place is None:
            return False
        place = max(0, min(len(self.keys) - 1, place + by))
        self.keys[place].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def take_current(self) -> bool:
        """Choose the option under the focus. False: it is on none of them."""
        place = self._place()
        if place is None:
            return False
        self.chosen.emit(self._shown[place].text)
        return True

    def _place(self) -> int | None:
        return next((at for at, key in enumerate(self.keys) if key.hasFocus()), None)

    def _make(self, options: tuple[Option, ...]) -> None:
        for old in self.keys:
            old.hide()
            old.deleteLater()
        self.keys = []
        for option in options:
            key = ChoiceButton(option.words)
            key.clicked.connect(lambda _=False, text=option.text: self._pressed(text))
            self._column.addWidget(key)
            self.keys.append(key)

    def _pressed(self, text: str) -> None:
        for key, option in zip(self.keys, self._shown, strict=True):
            key.setChecked(option.is_current)  # what is in force, until the answer says otherwise
        self.chosen.emit(text)


class Editor(Card):
    """The card beside the list.

    Signals:
        option_chosen: arg: the option's text.
        save_requested, reset_requested, group_reset_requested: pressed.
        stepped: Plus or minus. arg: how far.
    """

    option_chosen = Signal(str)
    save_requested = Signal()
    reset_requested = Signal()
    group_reset_requested = Signal()
    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__(padding=(20, 20), spacing=12)
        self._step = 0
        self._name = Text(role="title", weight=600, wrap=True)
        self._sentence = Text(role="body_l", tone="text_secondary", wrap=True)
        self.options = OptionList()
        self.options.chosen.connect(self.option_chosen)
        self._build_field()
        self._default = Text(role="body", tone="text_secondary", wrap=True)
        self._who = Text(role="body", tone="text_secondary", wrap=True)
        self.notice = Banner()
        self.save = PrimaryButton(hint="Enter")
        self.save.clicked.connect(self.save_requested)
        self.reset = SecondaryButton(icon="undo")
        self.reset.clicked.connect(self.reset_requested)
        self.reset_group = SecondaryButton(icon="rotate")
        self.reset_group.clicked.connect(self.group_reset_requested)
        self._lay_out()

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        self.save.set_label(t("Save"))
        self.reset.set_label(t("Restore the default"))
        self.reset_group.set_label(t("Restore this group"))
        self.minus.set_name(t("Less"))
        self.plus.set_name(t("More"))

    def show_detail(self, detail: Detail | None, *, can_reset_group: bool | None) -> None:
        """Another setting, or the same with another value; what is being typed stays."""
        self._area.setVisible(detail is not None)
        self.reset_group.setVisible(can_reset_group is not None)
        self.reset_group.setEnabled(bool(can_reset_group))
        self.save.setVisible(detail is not None and not detail.options)
        self.reset.setVisible(detail is not None)
        if detail is None:
            return
        self._name.setText(detail.name)
        self._sentence.setText(detail.sentence)
        self.options.show_options(detail.options)
        self.options.setVisible(bool(detail.options))
        self._field.setVisible(not detail.options)
        self._field_row.set_words(detail.name)
        self.edit.setAccessibleName(detail.name)
        self.edit.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, detail.takes_words)
        self.edit.set_lets_keys_through(False)
        self._step = detail.step
        for key in (self.minus, self.plus):
            key.setVisible(bool(detail.step))
        self._default.setText(detail.default)
        self._who.setText(detail.who)
        self.reset.setEnabled(detail.can_reset)

    def show_text(self, text: str) -> None:
        """The text to be edited."""
        self.edit.setText(text)

    def show_error(self, sentence: str) -> None:
        """What is wrong, beside the field; at a choice in the card. Empty: all is well."""
        at_field = self._field.isVisibleTo(self)
        self._field_row.show_error(sentence if at_field else "")
        self.notice.show_banner("" if at_field else sentence, tone="danger")

    @property
    def error_text(self) -> str:
        """What is said to be wrong."""
        return self._field_row.error_text or self.notice.sentence

    def take_focus(self) -> None:
        """Into the value: its option, or its text with everything marked."""
        if not self.options.isVisibleTo(self) or not self.options.take_focus():
            self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.edit.selectAll()

    def has_focus(self) -> bool:
        """Whether somebody is at the value."""
        return self.edit.hasFocus() or any(key.hasFocus() for key in self.options.keys)

    def _build_field(self) -> None:
        self.edit = TillLineEdit()
        self._field_row = FieldRow("", self.edit)
        self.minus = IconButton("minus", "", framed=True)
        self.plus = IconButton("plus", "", framed=True)
        self.minus.clicked.connect(lambda: self.stepped.emit(-self._step))
        self.plus.clicked.connect(lambda: self.stepped.emit(self._step))
        beside = QHBoxLayout()
        beside.setSpacing(8)
        for key in (self.minus, self.plus):
            beside.addWidget(key)
        beside.addStretch(1)
        self._field = QWidget()
        column = QVBoxLayout(self._field)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._field_row)
        column.addLayout(beside)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (
            self._name, self._sentence, self.options, self._field, self.notice, self._default,
            self._who,
        ):  # fmt: skip
            column.addWidget(part)
        column.addStretch(1)
        self._area = scrolling(inside)
        self.body.addWidget(self._area, 1)
        for key in (self.save, self.reset, self.reset_group):
            self.body.addWidget(key)


class _Area(QScrollArea):
    """Its arrows belong to the screen, not to its bar."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()


def scrolling(inside: QWidget) -> QScrollArea:
    """A list that scrolls; its bar takes its room only where there is one."""
    area = _Area()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    layout = inside.layout()
    assert layout is not None, "a list has a layout"
    keep_off_bar(area, layout)
    return area
