"""Story reader: the story of the entry on which somebody stops.

Owns: when it is asked for, the story that came, what its texts are made with. Does not own: its
words (story.py), the table.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from app.services.audit_search import TrailStory, trail_story
from ui.audit.story import Told
from ui.audit.table import AuditTable
from ui.window_parts import WindowParts

AFTER_MS = 60
"""Who runs down the list asks for the story of the row where he stops."""


class StoryReader(QObject):
    """Follows the current row.

    Signals:
        came: `story` is another one.
    """

    came = Signal()

    def __init__(self, parts: WindowParts, table: AuditTable, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._table = parts, table
        self.story: TrailStory | None = None
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(AFTER_MS)
        self._wait.timeout.connect(self._read)
        table.current_changed.connect(self._moved)

    def forget(self) -> None:
        """Other entries are looked for, or none."""
        self._wait.stop()
        self.story = None

    def _moved(self, place: int) -> None:
        if place >= 0:
            self._wait.start()
        elif self.story is not None:
            self.forget()
            self.came.emit()

    def _read(self) -> None:
        entry = self._table.trail.entry(self._table.currentIndex().row())
        if entry is None:
            self._wait.start()  # its row is still being read
        else:
            self._parts.ask(trail_story, self._arrived, number=entry.number)

    def _arrived(self, answer: object) -> None:
        self.story = answer if isinstance(answer, TrailStory) else None
        self.came.emit()


def told_of(parts: WindowParts, people: Mapping[str, str]) -> Told:
    """What texts are made with, as the shop stands now."""
    state = parts.shop.desk.state
    return Told(
        people=people,
        currency=parts.state.program.currency,
        zone=state.program.timezone,
        rights=state.rights,
        wording=parts.wording,
        year=parts.local_now().year,
    )
