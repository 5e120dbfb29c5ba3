"""Side of the sync centre: how the link is, of when the data is, and whether both sides agree.

Owns: those three cards, and a key under them for a screen whose head has no room for it. Does not
own: texts (view_model.py), acts (controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.marks import Switch
from ui.kit.panels import Card, FigureRow, Rule
from ui.kit.text import IconLabel, NumberLabel, Text
from ui.sync_centre.view_model import DataRow, StateView, SyncView

_LINES_MAX, _SINCE_LENGTH_MAX = 6, 12


class StateCard(Card):
    """How the link is, how much waits, and trying it now.

    Signals:
        sync_requested, connect_requested: pressed.
        cable_switched: The cable of a demo. arg: whether it is in.
    """

    sync_requested = Signal()
    connect_requested = Signal()
    cable_switched = Signal(bool)

    def __init__(self) -> None:
        super().__init__(padding=(20, 16), spacing=8)
        head = QHBoxLayout()
        head.setSpacing(10)
        self._icon = IconLabel("refresh", size=22)
        self.name = Text(role="body_l", weight=600, wrap=True)
        self._since = NumberLabel(role="body", tone="text_secondary")
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.name, 1)
        head.addWidget(self._since, 0, Qt.AlignmentFlag.AlignTop)
        self._since_below = Text(role="body", tone="text_secondary", wrap=True)
        self._reason = Text(role="body", wrap=True)
        self.figure = Text(role="amount", weight=600, wrap=True)
        self._parts = Text(role="body", tone="text_secondary", wrap=True)
        self._warning = Banner()
        self._lines = [FigureRow(role="body") for _ in range(_LINES_MAX)]
        self.sync = SecondaryButton(icon="refresh")
        self.sync.clicked.connect(self.sync_requested)
        self.body.addLayout(head)
        self.connect_key = SecondaryButton(icon="cloud")
        self.connect_key.clicked.connect(self.connect_requested)
        widgets = (self._since_below, self._reason, self.figure, self._parts, *self._lines)
        for widget in (*widgets, self._warning, self.connect_key, self.sync):
            self.body.addWidget(widget)
        self._cable = QWidget()
        row = QHBoxLayout(self._cable)
        row.setContentsMargins(0, 0, 0, 0)
        self._cable_name = Text(role="body_l", weight=500, wrap=True)
        self.cable = Switch()
        self.cable.clicked.connect(self.cable_switched)
        row.addWidget(self._cable_name, 1)
        row.addWidget(self.cable)
        self.body.addWidget(self._cable)

    def set_words(self, wording: Wording) -> None:
        self.connect_key.set_label(wording.t("Connect again"))
        self._cable_name.setText(wording.t("Network cable (demo)"))
        self.cable.setAccessibleName(wording.t("Network cable (demo)"))

    def show_state(self, view: StateView) -> None:
        self._icon.set_icon(view.icon, tone=view.tone)
        self.name.setText(view.name)
        is_long = len(view.since) > _SINCE_LENGTH_MAX  # with its date it would press the name
        since, below = ("", view.since) if is_long else (view.since, "")
        self._since.setText(since)
        self._since.setVisible(bool(since))
        for label, text in ((self._since_below, below), (self._reason, view.reason)):
            label.setText(text)
            label.setVisible(bool(text))
        self.connect_key.setVisible(view.asks_code)
        self.figure.setText(view.figure)
        self.figure.set_tone(view.figure_tone)
        self._parts.setText(view.parts)
        self._parts.setVisible(bool(view.parts))
        for place, row in enumerate(self._lines):
            row.setVisible(place < len(view.lines))
            if place < len(view.lines):
                row.show_row(*view.lines[place])
        self._warning.show_banner(view.warning, tone="warning")

    def show_cable(self, cable: bool | None) -> None:
        """None: there is no switch for it here."""
        self._cable.setVisible(cable is not None)
        self.cable.setChecked(bool(cable))

    def show_trying(self, label: str, hint: str, *, is_trying: bool) -> None:
        """While it is tried the key rests."""
        self.sync.set_label(label, hint=hint)
        self.sync.setEnabled(not is_trying)


class SideColumn(QWidget):
    """The three cards under each other; `diagnosis` stands below them, in sight at any size."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.state = StateCard()
        self._data = Card(padding=(20, 14), spacing=10)
        self._data_title = Text(role="body_l", weight=600)
        self._data.body.addWidget(self._data_title)
        self._rows: list[QWidget] = []
        self._shown: tuple[DataRow, ...] = ()
        self._proof = Card(padding=(20, 14), spacing=4)
        head = QHBoxLayout()
        head.setSpacing(10)
        self._proof_icon = IconLabel("clock", size=22)
        self.proof = Text(role="body_l", weight=600, wrap=True)
        self._proof_detail = Text(role="body", tone="text_secondary", wrap=True)
        head.addWidget(self._proof_icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.proof, 1)
        self._proof.body.addLayout(head)
        self._proof.body.addWidget(self._proof_detail)
        self.diagnosis = SecondaryButton(icon="download")
        for widget in (self.state, self._data, self._proof):
            column.addWidget(widget)
        column.addStretch(1)

    def render_view(self, view: SyncView, wording: Wording) -> None:
        self.state.show_state(view.state)
        self._data_title.setText(wording.t("Data as of"))
        self._data.setVisible(bool(view.data))
        if view.data != self._shown:
            self._make_rows(view.data)
        self._proof.setVisible(view.proof is not None)
        if view.proof is not None:
            (icon, tone, name), detail = view.proof
            self._proof_icon.set_icon(icon, tone=tone)
            self.proof.setText(name)
            self._proof_detail.setText(detail)

    def _make_rows(self, rows: tuple[DataRow, ...]) -> None:
        self._shown = rows
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self._rows = []
        for each in rows:
            line = QWidget()
            across = QHBoxLayout(line)
            across.setContentsMargins(0, 0, 0, 0)
            across.setSpacing(10)
            icon, tone = ("check-circle", "success") if each.is_whole else ("refresh", "info")
            across.addWidget(IconLabel(icon, tone=tone))
            across.addWidget(Text(each.name, role="body_l", wrap=True), 1)
            end = "text_secondary" if each.is_whole else "info"
            across.addWidget(NumberLabel(each.end, role="body", tone=end))
            rule = Rule()
            for widget in (rule, line):
                self._data.body.addWidget(widget)
                self._rows.append(widget)
