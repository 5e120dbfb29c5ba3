"""Cards of the sync centre: what needs somebody, what head office looks at, what works offline.

Owns: their widgets. Does not own: texts (view_model.py), where they stand (screen.py), deciding.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import LinkButton, SecondaryButton
from ui.kit.panels import Card, Rule
from ui.kit.text import IconLabel, NumberLabel, Text
from ui.sync_centre.view_model import CardView, LatestRow, OfflineRow
from ui.theme.theme import repolish

_TONES = {"dead": "danger", "held": "warning", "adjusted": "text_secondary"}


class CaseCard(Card):
    """One thing to know. A refused request has its two answers on it.

    Signals:
        chosen: It was pressed.
        retried, given_up: An answer was pressed.
        case_requested: The rest of it is wanted.
    """

    chosen = Signal()
    retried = Signal()
    given_up = Signal()
    case_requested = Signal()

    def __init__(self, view: CardView, wording: Wording) -> None:
        super().__init__(padding=(20, 14), spacing=8)
        self.view = view
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconLabel(view.icon, tone=_TONES[view.kind], size=22))
        head.addWidget(Text(view.name, role="body_l", weight=600, wrap=True), 1)
        head.addWidget(NumberLabel(view.end, role="body", tone="text_secondary"))
        self.body.addLayout(head)
        self._more: LinkButton | None = None
        self.body.addLayout(self._build_detail(view, wording))
        self.setAccessibleName(f"{view.name}. {view.detail} {view.end}")
        self.keys: tuple[SecondaryButton, ...] = ()
        if view.kind == "dead":
            self._add_answers(wording)

    def set_current(self, current: bool, hints: tuple[str, str, str]) -> None:
        """Mark the one that the keys mean; only there their names are shown.

        `hints`: keys of sending again, giving up, both sides.
        """
        if self.property("current") != current:
            self.setProperty("current", current)
            repolish(self)
        for key, hint in zip(self.keys, hints, strict=False):
            key.set_label(key.text(), hint=hint if current else "")
        if self._more is not None:
            self._more.set_label(self._more.text(), hint=hints[2] if current else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit()

    def _build_detail(self, view: CardView, wording: Wording) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(Text(view.detail, role="body", tone="text_secondary", wrap=True), 1)
        if view.has_case:
            self._more = more = LinkButton(wording.t("Both sides"))
            more.clicked.connect(self.case_requested)
            row.addWidget(more)
        return row

    def _add_answers(self, wording: Wording) -> None:
        retry = SecondaryButton(wording.t("Send again"), icon="refresh")
        give_up = SecondaryButton(wording.t("Give up…"), icon="x")
        retry.clicked.connect(self.retried)
        give_up.clicked.connect(self.given_up)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addStretch(1)
        row.addWidget(give_up)
        row.addWidget(retry)
        self.body.addLayout(row)
        self.keys = (retry, give_up)


class OfflineCard(Card):
    """What can be done without a network, and what not, in two columns.

    Signals:
        more_requested: All of it is wanted.
    """

    more_requested = Signal()

    def __init__(self) -> None:
        super().__init__(padding=(20, 16), spacing=10)
        self._title = Text(role="body_l", weight=600)
        self.more = LinkButton()
        self.more.clicked.connect(self.more_requested)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.more)
        self.body.setContentsMargins(20, 4, 20, 16)  # the link is as high as a finger
        self.body.addLayout(head)
        self._inside: QWidget | None = None
        self._shown: tuple[str, tuple[OfflineRow, ...], int] | None = None

    def show_rows(self, title: str, rows: tuple[OfflineRow, ...], columns: int) -> None:
        """Made anew only where they change."""
        if self._shown == (title, rows, columns):
            return
        self._shown = (title, rows, columns)
        self._title.setText(title)
        if self._inside is not None:
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = QWidget()
        grid = QGridLayout(self._inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(8)
        height = -(-len(rows) // columns)
        for place, row in enumerate(rows):
            grid.addWidget(_line(row), place % height, place // height)
            grid.setColumnStretch(place // height, 1)
        self.body.addWidget(self._inside)


class LatestCard(Card):
    """The last receipts of this till, each with what became of it."""

    def __init__(self) -> None:
        super().__init__(padding=(20, 16), spacing=8)
        self._title = Text(role="body_l", weight=600)
        self.body.addWidget(self._title)
        self.rows: tuple[LatestRow, ...] = ()
        self._lines: list[QWidget] = []

    def show_rows(self, title: str, rows: tuple[LatestRow, ...]) -> None:
        """Made anew only where they change."""
        self._title.setText(title)
        if rows == self.rows:
            return
        self.rows = rows
        for old in self._lines:
            old.hide()
            old.deleteLater()
        self._lines = []
        for row in rows:
            for widget in (Rule(), _latest(row)):
                self.body.addWidget(widget)
                self._lines.append(widget)


def _latest(row: LatestRow) -> QWidget:
    line = QWidget()
    line.setAccessibleName(f"{row.name} {row.at}: {row.state}")
    across = QHBoxLayout(line)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(10)
    icon, tone = row.mark
    across.addWidget(IconLabel(icon, tone=tone, size=20))
    across.addWidget(NumberLabel(row.at, role="body", tone="text_secondary"))
    across.addWidget(Text(row.name, role="body_l", wrap=True), 2)
    state = Text(row.state, role="body", tone=tone, weight=500, wrap=True)
    state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    across.addWidget(state, 3)
    return line


def _line(row: OfflineRow) -> QWidget:
    line = QWidget()
    across = QHBoxLayout(line)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(10)
    icon, tone = ("check", "success") if row.can else ("x", "text_secondary")
    across.addWidget(IconLabel(icon, tone=tone, size=20))
    across.addWidget(Text(row.what, role="body_l", wrap=True), 1)
    if row.note:
        note = Text(row.note, role="body", tone="text_secondary", wrap=True)
        note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(note, 1)
    return line
