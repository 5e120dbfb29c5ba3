"""Identity watch: a till that joins a chain while its window is open goes on under its new number.

Owns: asking who this till is whenever its line is begun anew. Does not own: enrolling, the line.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.link import Link
from app.domain.settings import Identity
from app.services.enrolment import identity_now
from ui.window_parts import WindowParts

BEGUN = Link()
"""What a line says that was begun just now."""


class IdentityWatch(QObject):
    """One per window; receipts of the next sale carry what it finds."""

    _news = Signal()

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._news.connect(self._look, Qt.ConnectionType.QueuedConnection)
        parts.closers.append(parts.shop.server.listen(self._hear))

    def _hear(self) -> None:
        """On a thread of the line's."""
        if self._parts.shop.server.link() == BEGUN:
            self._news.emit()

    @Slot()
    def _look(self) -> None:
        self._parts.ask(identity_now, self._told)

    def _told(self, identity: Identity) -> None:
        self._parts.use_identity(identity)
