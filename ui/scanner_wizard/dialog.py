"""Wizard dialog: the code to scan, what was heard, what was found, the try; widgets only.

Owns: the layout. Does not own: hearing (key_listener.py, serial_probe.py), texts (view_model.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.wording import Wording
from ui.kit.bars_view import BarsView
from ui.kit.buttons import ChoiceButton, PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.feedback import Banner
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.marks import QrView
from ui.kit.panels import Card, FigureRow
from ui.kit.text import IconLabel, Text
from ui.scanner_wizard.learning import SCANS
from ui.scanner_wizard.view_model import WizardView
from ui.theme.theme import Theme

WIDTH, EDGE, CODE_WIDTH = 920, 24, 448
_FACTS_MAX = 5
_PORTS_MAX = 3


class WizardDialog(KitDialog):
    """The wizard.

    Signals:
        keep_requested: Keep what was proved.
        again_requested: From the beginning.
        port_chosen: arg: the port, empty for the keyboard.
        speed_requested: The next speed of the port.
        typed: Something was typed into the field of the try. arg: the whole text.
    """

    keep_requested = Signal()
    again_requested = Signal()
    port_chosen = Signal(str)
    speed_requested = Signal()
    typed = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        wording: Wording,
        *,
        qr: Sequence[Sequence[bool]],
        bars: Sequence[int],
        ports: Sequence[str],
    ) -> None:
        super().__init__(parent, title=wording.t("Learn the scanner"), width=WIDTH, padding=24)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._title = Text(role="h1")
        self._sentence = Text(role="body_l", tone="text_secondary", wrap=True)
        self.body.addWidget(self._title)
        self.body.addWidget(self._sentence)
        halves = QHBoxLayout()
        halves.setSpacing(24)
        halves.addWidget(self._build_code(qr, bars))
        halves.addLayout(self._build_found(), 1)
        self.body.addLayout(halves)
        self.body.addLayout(self._build_ports(ports))
        self.body.addLayout(self._build_answers())
        self.retranslate(wording)

    @property
    def trouble_text(self) -> str:
        return self._trouble.sentence

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    @property
    def fact_texts(self) -> list[tuple[str, str]]:
        return [row.texts for row in self._facts if row.isVisibleTo(self)]

    def first_focus(self) -> QWidget:
        """No button before something is proved: a scanner that is not understood yet sends Enter.

        Whoever wants a button comes to it by Tab.
        """
        return self.keep if self.keep.isEnabled() else self

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As wide as large text wants it, and never wider than the window."""
        super().resizeEvent(event)
        self.frame.setFixedWidth(min(Theme.current().size(WIDTH), self.width() - 2 * EDGE))

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        self.setAccessibleName(t("Learn the scanner"))
        self.back.set_label(t("Back"), hint="Esc")
        self.again.set_label(t("Start again"))
        self.field.setAccessibleName(t("Try typing"))
        self.by_keyboard.set_label(t("Like a keyboard"))
        self._qr.setAccessibleName(t("Code to scan"))
        self._bars.setAccessibleName(t("Code to scan"))

    def render_view(self, view: WizardView, port: str, speed_label: str) -> None:
        self._title.setText(view.title)
        self._sentence.setText(view.sentence)
        self._code.setText(view.code)
        for number, tick in enumerate(self._ticks):
            done = number < view.ticks
            tick.set_icon("check-filled" if done else "circle", tone="success" if done else None)
        tone = "danger" if view.trouble else "warning"
        self._trouble.show_banner(view.trouble or view.warning, tone=tone)
        self._show_facts(view)
        self.keep.set_label(view.keep, hint="Enter")
        self.keep.setEnabled(view.can_keep)
        self.primary = self.keep if view.can_keep else None
        self.speed.set_label(speed_label)
        self.speed.setVisible(bool(view.next_baud))
        for name, button in self.port_buttons.items():
            button.setChecked(name == port)
        if self.is_open and self.window().focusWidget() is not self.field:
            first = self.first_focus()
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_facts(self, view: WizardView) -> None:
        has_facts = bool(view.facts)
        for number, row in enumerate(self._facts):
            row.setVisible(number < len(view.facts))
            if number < len(view.facts):
                row.show_row(*view.facts[number])
        self._trying.setVisible(has_facts)
        self._trying.set_words(view.typing_hint)
        if view.typing_good:
            self._trying.show_good(view.typing_good)

    def _build_code(self, qr: Sequence[Sequence[bool]], bars: Sequence[int]) -> Card:
        card = Card(kit="sunken", padding=(16, 16), spacing=12)
        card.setFixedWidth(CODE_WIDTH + 32)
        self._qr = QrView(qr, module_px=6)
        self._bars = BarsView(bars)
        self._code = Text(role="body_l", weight=600)
        middle = Qt.AlignmentFlag.AlignHCenter
        for widget in (self._qr, self._bars, self._code):
            card.body.addWidget(widget, 0, middle)
        return card

    def _build_found(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._ticks = [IconLabel("circle", tone="text_secondary", size=32) for _ in range(SCANS)]
        for tick in self._ticks:
            row.addWidget(tick)
        row.addStretch(1)
        column.addLayout(row)
        self._trouble = Banner()
        column.addWidget(self._trouble)
        self._facts = [FigureRow() for _ in range(_FACTS_MAX)]
        for each in self._facts:
            column.addWidget(each)
        self.field = TillLineEdit(for_names=True)
        self.field.textEdited.connect(self.typed)
        self._trying = FieldRow("", self.field)
        column.addWidget(self._trying)
        column.addStretch(1)
        return column

    def _build_ports(self, ports: Sequence[str]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.by_keyboard = ChoiceButton()
        self.port_buttons = {"": self.by_keyboard}
        for port in ports[:_PORTS_MAX]:
            self.port_buttons[port] = ChoiceButton(port.rpartition("/")[2])
        for name, button in self.port_buttons.items():
            button.clicked.connect(lambda _=False, chosen=name: self.port_chosen.emit(chosen))
            row.addWidget(button, 1)
        if not ports:
            self.by_keyboard.hide()  # there is nothing to choose between
        self.speed = SecondaryButton(icon="rotate", height=48)
        self.speed.clicked.connect(self.speed_requested)
        self.speed.hide()
        row.addWidget(self.speed, 1)
        return row

    def _build_answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = SecondaryButton(icon="arrow-left", height=64)
        self.back.clicked.connect(self.reject)
        self.again = SecondaryButton(icon="refresh", height=64)
        self.again.clicked.connect(self.again_requested)
        self.keep = PrimaryButton(icon="check")
        self.keep.clicked.connect(self.keep_requested)
        row.addWidget(self.back, 1)
        row.addWidget(self.again, 1)
        row.addWidget(self.keep, 2)
        return row
