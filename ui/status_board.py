"""Status board: what is known now about the link and the backups, for every chip of the window.

Owns: joining what both watches find out. Does not own: finding it out (ui/safety,
ui/sync_centre), words and look (status.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from app.services.sync_chip import Chip
from ui.status import StatusFacts, Unsafe


class StatusBoard(QObject):
    """One per window.

    Signals:
        changed: Something else is known. arg: StatusFacts.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._facts = StatusFacts()

    @property
    def facts(self) -> StatusFacts:
        return self._facts

    def put_link(self, chip: Chip, synced_at: datetime | None) -> None:
        """How sync stands; `synced_at` by the shop's clock."""
        self._put(replace(self._facts, chip=chip, synced_at=synced_at))

    def put_safety(self, unsafe: Unsafe | None, since: datetime | None) -> None:
        """Whether a dead disk would cost sales."""
        self._put(replace(self._facts, unsafe=unsafe, unsafe_since=since))

    def _put(self, facts: StatusFacts) -> None:
        if facts != self._facts:
            self._facts = facts
            self.changed.emit(facts)
