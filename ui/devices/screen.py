"""Device screen: a card for every device on the left; printer form, waiting papers, log beside.

Owns: the layout. Does not own: texts (view_model.py), what a press does (page.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.wording import Wording
from ui.devices.printer_fields import PrinterFields
from ui.devices.view_model import DeviceAct, DeviceCard, DevicesView
from ui.kit.buttons import KitButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.panels import Card
from ui.kit.text import Chip, IconLabel, Text
from ui.settings.editor import scrolling
from ui.theme.theme import Theme

PAPERS_MAX = 4
SIDE_WIDE, SIDE_NARROW, NARROW_BELOW, ONE_COLUMN_BELOW = 400, 320, 1000, 700
_UNBOUND = 16_777_215  # as far as Qt counts
_TONES = {"success": "check-circle", "warning": "alert", "danger": "alert-circle", "info": "info"}


class DeviceView(Card):
    """One device: icon, name, state, what to do, its buttons.

    Signals:
        act_chosen: arg: the act's name.
    """

    act_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(padding=(16, 12), spacing=8)
        head = QHBoxLayout()
        head.setSpacing(10)
        self._icon = IconLabel("printer", tone="primary", size=24)
        self._title = Text(role="body_l", weight=600)
        self._state = Chip()
        head.addWidget(self._icon)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._state)
        self._sentence = Text(role="body", tone="text_secondary", wrap=True)
        self._heard = Text(role="body_l", weight=500, wrap=True)
        self._heard.hide()
        self._keys = QHBoxLayout()
        self._keys.setSpacing(8)
        self._keys.addStretch(1)
        self._shown: tuple[DeviceAct, ...] = ()
        self.keys: list[KitButton] = []
        self.body.addLayout(head)
        self.body.addWidget(self._sentence)
        self.body.addWidget(self._heard)
        self.body.addLayout(self._keys)

    def show_card(self, card: DeviceCard, more: Sequence[DeviceAct]) -> None:
        """Draw it; buttons are made anew only where they change."""
        self._icon.set_icon(card.icon)
        self._title.setText(card.title)
        self._state.show_fact(card.state, tone=card.tone, icon=_TONES[card.tone])
        self._sentence.setText(card.sentence)
        self.setAccessibleName(f"{card.title}: {card.state}")
        acts = (*card.acts, *more)
        if acts != self._shown:
            self._shown = acts
            self._make_keys(acts)

    def show_heard(self, sentence: str) -> None:
        """What a test brought; empty hides it."""
        self._heard.setText(sentence)
        self._heard.setVisible(bool(sentence))

    def key(self, act: str) -> KitButton:
        """The button of an act. Raises ValueError where it is not shown."""
        return next(
            key for key, each in zip(self.keys, self._shown, strict=True) if each.act == act
        )

    def _make_keys(self, acts: Sequence[DeviceAct]) -> None:
        for old in self.keys:
            old.hide()
            old.deleteLater()
        self.keys = []
        for act in acts:
            key = SecondaryButton(act.label, icon=act.icon)
            key.clicked.connect(lambda _=False, name=act.act: self.act_chosen.emit(name))
            self._keys.addWidget(key)
            self.keys.append(key)


class DevicesScreen(QWidget):
    """All devices.

    Signals:
        act_chosen: A button of a device. arg: the act's name.
    """

    act_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[str, DeviceView] = {}
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        self._title = Text(role="h1", weight=600)
        self.notice = Banner()
        whole.addWidget(self._title)
        whole.addWidget(self.notice)
        inside = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(16)
        self._column = QVBoxLayout()
        self._column.setSpacing(12)
        self._column.addStretch(1)
        self._side = QWidget()
        self._side.setLayout(self._build_side())
        self._columns.addLayout(self._column, 1)
        self._columns.addWidget(self._side)
        whole.addWidget(scrolling(inside), 1)

    def retranslate(self, wording: Wording) -> None:
        self._title.setText(wording.t("Devices"))
        self.fields.retranslate(wording)

    def render_view(self, view: DevicesView, more: dict[str, tuple[DeviceAct, ...]]) -> None:
        """Draw it. `more`: further buttons by device."""
        for place, card in enumerate(view.cards):
            if card.device not in self.cards:
                made = DeviceView()
                made.act_chosen.connect(self.act_chosen)
                self.cards[card.device] = made
                self._column.insertWidget(place, made)
            self.cards[card.device].show_card(card, more.get(card.device, ()))
        self._waiting_title.setText(view.waiting_title)
        self._waiting.setText(
            "\n".join(view.waiting[:4]) + ("\n…" if len(view.waiting) > 4 else "")
        )
        self._waiting.setVisible(bool(view.waiting))
        self._log_title.setText(view.log_title)
        rows = [f"{row.time}  {row.text}" for row in view.log]
        self._log.setText("\n".join(rows) if rows else view.log_empty)

    @property
    def log_text(self) -> str:
        return self._log.text()

    def take_focus(self) -> None:
        """On nothing that types: a scan test needs none, and arrows scroll nothing away."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = Theme.current()
        if self.width() < theme.size(ONE_COLUMN_BELOW):
            self._columns.setDirection(QBoxLayout.Direction.TopToBottom)
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(_UNBOUND)
            return
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight)
        is_narrow = self.width() < theme.size(NARROW_BELOW)
        self._side.setFixedWidth(theme.size(SIDE_NARROW if is_narrow else SIDE_WIDE))

    def _build_side(self) -> QVBoxLayout:
        inner = QVBoxLayout()
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        self.fields = PrinterFields()
        inner.addWidget(self.fields)
        queue = Card(padding=(16, 12), spacing=8)
        self._waiting_title = Text(role="body_l", weight=600)
        self._waiting = Text(role="body", tone="text_secondary", wrap=True)
        for part in (self._waiting_title, self._waiting):
            queue.body.addWidget(part)
        inner.addWidget(queue)
        log = Card(padding=(16, 12), spacing=8)
        self._log_title = Text(role="body_l", weight=600)
        self._log = Text(role="body", tone="text_secondary", wrap=True)
        log.body.addWidget(self._log_title)
        log.body.addWidget(self._log)
        inner.addWidget(log)
        inner.addStretch(1)
        return inner
