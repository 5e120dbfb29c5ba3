"""Bell: the quiet number in the header that says exceptions wait. It never asks anybody.

Owns: when it is counted, for whom it is shown. Does not own: the bell's look (ui/header.py), the
list it opens.

Only whoever may see exceptions sees it. It is counted when somebody signs in, when another screen
comes to the front, and with each decision: often enough for what is looked at in the evening.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.services.exception_case import CaseCount, count_open_cases
from app.services.till_state import TillState
from app.wording import Wording
from ui.header import Header
from ui.navigation import Destination, ToExceptions
from ui.window_parts import WindowParts


class Bell(QObject):
    """One per window."""

    def __init__(self, parts: WindowParts, header: Header, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._header = parts, header
        self._who, self._count = "", 0
        parts.on_cases = self._show
        header.bell_chosen.connect(self._open)
        parts.live.changed.connect(self._on_state)
        parts.navigation.arrived.connect(self._on_arrival)
        parts.language.changed.connect(self._speak)

    def _on_state(self, state: TillState) -> None:
        staff = state.staff
        may = staff is not None and not state.locked and "see_audit" in staff.permissions
        who = staff.staff_id if staff is not None and may else ""
        if who != self._who:
            self._who = who
            self._show(0)
            self._ask()

    def _on_arrival(self, to: Destination) -> None:
        self._ask()

    def _ask(self) -> None:
        if self._who and self._parts.navigation.can_go(ToExceptions):
            self._parts.ask(count_open_cases, self._counted)

    def _counted(self, answer: object) -> None:
        self._show(answer.count if isinstance(answer, CaseCount) and self._who else 0)

    def _show(self, count: int) -> None:
        self._count = count
        self._speak(self._parts.wording)

    def _speak(self, wording: Wording) -> None:
        name = wording.n(
            "{count} exception to look at", "{count} exceptions to look at", self._count
        )
        self._header.show_notices(self._count, name)

    def _open(self) -> None:
        self._parts.navigation.leave_for(ToExceptions())
