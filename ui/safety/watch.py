"""Safety watch: the chip in the header tells while a dead disk would cost sales.

Owns: how often it looks, beside the lane, and the dialog that explains it. Does not own: looking
(services' BackupKeeper, which waits for disks), texts (view_model.py).
"""

from __future__ import annotations

import logging
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from app.services.backup_port import BackupFacts, BackupKeeper
from app.services.till_state import TillState
from app.wording import Wording
from ui.main_window import MainWindow
from ui.navigation import ToSettings
from ui.safety.dialog import SafetyDialog
from ui.safety.view_model import chip_part, safety_view, unsafe_of
from ui.window_parts import WindowParts

LOOK_EVERY_MS = 15_000
_log = logging.getLogger(__name__)


class SafetyWatch(QObject):
    """One per window, of a till whose backups somebody keeps."""

    def __init__(self, parts: WindowParts, keeper: BackupKeeper, window: MainWindow) -> None:
        super().__init__(window)
        self._parts, self._keeper, self._window = parts, keeper, window
        self._facts: BackupFacts | None = None
        self._is_looking = self._told = False
        self._dialog: SafetyDialog | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        parts.live.changed.connect(self._begin)
        parts.language.changed.connect(self._speak)

    def look(self) -> None:
        """Ask how it is; an answer that is late is waited for, not asked for again."""
        if not self._is_looking:
            self._is_looking = True
            self._parts.runner.run_aside(self._keeper.look, self._looked, self._failed)

    def show_facts(self) -> None:
        """The chip was pressed, and it speaks of the backups."""
        if self._facts is None or self._dialog is not None or self._parts.live.state is None:
            return
        staff = self._parts.state.staff
        may = staff is not None and "manage_settings" in staff.permissions
        leads_on = may and self._parts.navigation.can_go(ToSettings)
        view = safety_view(self._facts, self._now(), self._parts.wording)
        self._dialog = SafetyDialog(self._window, view, self._parts.wording, leads_on=leads_on)
        self._dialog.accepted.connect(self._go_on)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    def _begin(self, state: TillState) -> None:
        """With the first picture of the till: before, nothing was opened."""
        if not self._timer.isActive():
            self._timer.start()
            self.look()

    def _looked(self, facts: BackupFacts) -> None:
        self._is_looking = False
        self._facts = facts
        now = self._now()
        self._parts.status.put_safety(*chip_part(facts, now))
        is_unsafe = unsafe_of(facts, now) is not None
        if is_unsafe and not self._told:
            self._parts.notifier.announce(safety_view(facts, now, self._parts.wording).happened)
        self._told = is_unsafe

    def _failed(self, error: BaseException) -> None:
        """The folder could not even be looked at: the next look may."""
        self._is_looking = False
        _log.info("the backups could not be looked at: %s", error)

    def _speak(self, wording: Wording) -> None:
        if self._dialog is not None and self._dialog.is_open:
            self._dialog.reject()

    def _go_on(self) -> None:
        # The till is left for the settings, which have a page of the backups.
        self._parts.navigation.leave_for(ToSettings("backup"))

    def _forget(self) -> None:
        self._dialog = None

    def _now(self) -> datetime:
        return self._parts.local_now()
