"""Sync watch: the chip follows the link, and what a press on it or on its key does.

Owns: when the chip is asked for, the sentence when the link goes or comes back, the way to the
sync centre. Does not own: the chip's truth table (app/services/sync_chip.py), its look (ui/status).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.services.sync_chip import Chip
from app.services.sync_state import sync_chip
from app.services.till_state import TillState
from app.wording import Wording
from ui.main_window import MainWindow
from ui.moment import local_time
from ui.navigation import ToSync
from ui.safety.watch import SafetyWatch
from ui.status import ALONE, is_unsafe
from ui.window_parts import WindowParts

LOOK_EVERY_MS = 60_000
"""Hours pass without news, and the chip tells them."""
_AWAY = ("offline", "offline_long")


class SyncWatch(QObject):
    """One per window. Nothing here waits for the network."""

    _news = Signal()

    def __init__(self, parts: WindowParts, window: MainWindow, safety: SafetyWatch | None) -> None:
        super().__init__(window)
        self._parts, self._safety = parts, safety
        self._is_asking = self._asks_again = False
        self._was_away = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        window.status_requested.connect(self.open)
        window.sync_requested.connect(self.sync_now)
        parts.status.changed.connect(window.show_status)
        self._news.connect(self.look, Qt.ConnectionType.QueuedConnection)
        parts.live.changed.connect(self._begin)

    @Slot()
    def look(self) -> None:
        """Ask for the chip; what comes meanwhile is asked for once more, not each by itself."""
        link = self._parts.shop.server.link()
        if link is None:
            self._parts.status.put_link(ALONE, None)
        elif self._is_asking:
            self._asks_again = True
        else:
            self._is_asking, self._asks_again = True, False
            now = self._parts.now()
            self._parts.look_up(sync_chip, self._looked, on_error=self._failed, link=link, now=now)

    @Slot()
    def open(self) -> None:
        """The chip was pressed: the backups where it speaks of them, else the sync centre."""
        facts = self._parts.status.facts
        speaks_of_backups = is_unsafe(facts) or facts.chip.state == "alone"
        if speaks_of_backups and self._safety is not None:
            self._safety.show_facts()
        else:
            self._go()

    @Slot()
    def sync_now(self) -> None:
        """Its key, on any screen: it is tried at once, and the centre shows how."""
        server = self._parts.shop.server
        if server.link() is None:
            self.open()
        else:
            server.sync_now()
            self._go()

    def _go(self) -> None:
        state, navigation = self._parts.live.state, self._parts.navigation
        is_at_work = state is not None and state.staff is not None and not state.locked
        if is_at_work and navigation.can_go(ToSync):
            navigation.leave_for(ToSync())

    @Slot(object)
    def _begin(self, state: TillState) -> None:
        """With the first picture of the till: before, nothing was opened."""
        if not self._timer.isActive():
            self._timer.start()
            self._parts.closers.append(self._parts.shop.server.listen(self._news.emit))
            self.look()

    def _looked(self, chip: Chip) -> None:
        self._is_asking = False
        at = None if chip.at_ms is None else local_time(chip.at_ms, self._parts)
        self._parts.status.put_link(chip, at)
        self._tell_change(chip)
        if self._asks_again:
            self.look()

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _tell_change(self, chip: Chip) -> None:
        """Once when it goes, once when all arrived; no sound: being offline is normal."""
        number = chip.number
        if chip.state in _AWAY and not self._was_away:
            self._was_away = True
            self._parts.tell(lambda wording: away_words(number, wording), "offline")
        elif chip.state == "synced" and self._was_away:
            self._was_away = False
            self._parts.tell(back_words)


def away_words(waiting: int, wording: Wording) -> str:
    """The network went: what goes on, and what becomes of what waits."""
    if not waiting:
        return wording.t("You are offline and can keep selling; everything uploads by itself.")
    return wording.n(
        "You are offline and can keep selling; {count} record will upload by itself.",
        "You are offline and can keep selling; {count} records will upload by themselves.",
        waiting,
    )


def back_words(wording: Wording) -> str:
    """It is back, and all arrived."""
    return wording.t("Online again, everything is uploaded.")
