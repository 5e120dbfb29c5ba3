"""Desk controller: which room, and how much waits in it.

Owns: asking for the number of open exceptions, going on. Does not own: widgets (screen.py), which
rooms there are (rooms.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.services.complaint_view import CaseList, list_complaints
from app.services.exception_case import CaseCount, count_open_cases
from app.services.staff import lock_till
from app.services.tier_desk import WaitingCount, count_waiting
from app.services.till_state import TillState
from app.wording import Wording
from ui.arrival import place_to_begin
from ui.desk.rooms import RoomRow, rooms_for
from ui.desk.screen import DeskScreen
from ui.key_map import Action, KeyAction
from ui.navigation import (
    Destination,
    ScreenController,
    ToComplaints,
    ToExceptions,
    ToSync,
    ToTiers,
)
from ui.window_parts import WindowParts


class DeskController(ScreenController):
    """Ctrl+M, or the tab in the header. A basket in progress stays untouched behind it."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._waiting = self._tiers_waiting = self._complaints = 0
        self._rows: tuple[RoomRow, ...] = ()
        self.screen = DeskScreen()
        self.screen.chosen.connect(self._open)
        self.screen.back_requested.connect(self.back)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self._draw()
        self.screen.setFocus()
        self._parts.ask(count_open_cases, self._counted)
        self._parts.ask(count_waiting, self._tiers_counted)
        self._parts.ask(list_complaints, self._complaints_listed)

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken."""
        self._parts.notifier.signal("scan_error")
        return True

    def key_actions(self) -> Sequence[KeyAction]:
        t, screen = self._parts.wording.t, self.screen
        return (
            KeyAction(Action.CONFIRM, t("Open the marked room"), screen.take_current),
            KeyAction(Action.LINE_UP, t("Room above"), partial(screen.step, -1)),
            KeyAction(Action.LINE_DOWN, t("Room below"), partial(screen.step, 1)),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self._draw()

    def back(self) -> None:
        """Esc: to the till."""
        self._parts.navigation.go(place_to_begin(self._parts.state, self._parts.navigation))

    def _open(self, place: int) -> None:
        self._parts.navigation.go(self._rows[place].room.to())

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    def _counted(self, answer: object) -> None:
        self._waiting = answer.count if isinstance(answer, CaseCount) else 0
        self._draw()

    def _tiers_counted(self, answer: object) -> None:
        self._tiers_waiting = answer.count if isinstance(answer, WaitingCount) else 0
        self._draw()

    def _complaints_listed(self, answer: object) -> None:
        self._complaints = answer.counts.store if isinstance(answer, CaseList) else 0
        self._draw()

    def _draw(self) -> None:
        state, wording = self._parts.live.state, self._parts.wording
        if state is None:
            return
        has = self._parts.navigation.can_go
        chip = self._parts.status.facts.chip
        needs = chip.number if chip.state == "attention" else 0
        waiting: dict[type[Destination], int] = {
            ToExceptions: self._waiting, ToSync: needs, ToTiers: self._tiers_waiting,
            ToComplaints: self._complaints,
        }  # fmt: skip
        self._rows = rooms_for(state, waiting, wording, has=has)
        self.screen.render_view(
            wording.t("Manager desk"), self._rows, wording.t("Back to the till")
        )
