"""Page of the settings: what works without a network, and how far.

Owns: its widgets. Does not own: the list (offline_view.py), where else it is told (the sync centre
shows the short form of it).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.sync_state import Belongs, belongs
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui.key_map import Action, KeyAction
from ui.kit.panels import Card, Rule
from ui.kit.text import IconLabel, Text
from ui.settings.editor import scrolling
from ui.settings.page import PageWidget, SettingsPage
from ui.sync_centre.offline_view import (
    OfflineGroup,
    OfflineLine,
    can_words,
    mark_of,
    offline_groups,
)
from ui.window_parts import WindowParts


class OfflinePage(PageWidget):
    """The whole list, by kinds."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._has_server = False
        self._shown: tuple[OfflineGroup, ...] = ()
        self._inside: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        card = Card(padding=(20, 20), spacing=12)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        self._title = Text(role="h1", weight=600)
        self._says = Text(role="body_l", wrap=True)
        self._list = Card(kit="plain", padding=(0, 0), spacing=0)
        self._area = scrolling(self._list)
        card.body.addWidget(self._title)
        card.body.addWidget(self._says)
        card.body.addWidget(self._area, 1)
        self.speak(parts.wording)

    @property
    def groups(self) -> tuple[OfflineGroup, ...]:
        """What is listed."""
        return self._shown

    def enter(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._parts.ask(belongs, self._told)

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.LINE_UP, t("List up"), partial(self._scroll, -1)),
            KeyAction(Action.LINE_DOWN, t("List down"), partial(self._scroll, 1)),
        )

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self._title.setText(wording.t("Without a network"))
        self._draw()

    def _told(self, answer: Belongs | None) -> None:
        self._has_server = answer is not None
        self._draw()

    def _scroll(self, by: int) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + by * bar.pageStep() // 2)

    def _draw(self) -> None:
        wording = self._parts.wording
        self._says.setText(
            wording.t("Selling goes on. What is written here is kept, and uploads by itself later.")
            if self._has_server
            else wording.t("This till belongs to no server: it keeps everything itself.")
        )
        limits = self._parts.shop.desk.state.program.offline
        groups = offline_groups(limits, has_server=self._has_server, wording=wording)
        if groups == self._shown:
            return
        self._shown = groups
        if self._inside is not None:
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = _listed(groups, wording)
        self._list.body.addWidget(self._inside)


def _listed(groups: tuple[OfflineGroup, ...], wording: Wording) -> QWidget:
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for place, group in enumerate(groups):
        if place:
            column.addSpacing(12)
        column.addWidget(Text(group.title, role="title", weight=600, wrap=True))
        for line in group.lines:
            column.addWidget(Rule())
            column.addWidget(_line(line, wording))
    column.addStretch(1)
    return inside


def _line(line: OfflineLine, wording: Wording) -> QWidget:
    row = QWidget()
    row.setAccessibleName(f"{line.what}: {can_words(line.can, wording)}. {line.says}")
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(12)
    icon, tone = mark_of(line.can)
    across.addWidget(IconLabel(icon, tone=tone, size=20))
    across.addWidget(Text(line.what, role="body_l", weight=500, wrap=True), 2)
    across.addWidget(Text(line.says, role="body", tone="text_secondary", wrap=True), 3)
    return row


OFFLINE = SettingsPage(
    "offline",
    N_("Offline"),
    OfflinePage,
    icon="cloud-off",
    finds=(N_("Without a network"), N_("Pay with points"), N_("Coupons and benefits")),
)
