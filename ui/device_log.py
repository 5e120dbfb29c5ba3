"""Device log: the last things that came of printer, scanner, drawer and customer display.

Owns: those events, in memory, from whatever thread they are told. Does not own: the devices, the
words (ui/devices). It holds no code, no name, no amount: only that something happened.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from PySide6.QtCore import QObject, Signal

from ui.serial_scanner import SerialScanner

EVENTS_MAX = 20

Device = Literal["printer", "drawer", "scanner", "display", "terminal"]


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """One event, by the wall clock. `what` names it within its device; `count`: how many signs."""

    at_ms: int
    device: Device
    what: str
    count: int = 0


class DeviceLog(QObject):
    """The last events, newest first.

    Signals:
        changed: There is a new one.
    """

    changed = Signal()
    _told = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.now_ms: Callable[[], int] = _now_ms
        self.scanner: SerialScanner | None = None
        """The scanner on a line of its own, where there is one."""
        self._events: deque[DeviceEvent] = deque(maxlen=EVENTS_MAX)
        self._last: dict[Device, str] = {}
        self._told.connect(self._keep)

    @property
    def events(self) -> tuple[DeviceEvent, ...]:
        return tuple(self._events)

    def note(self, device: Device, what: str, count: int = 0) -> None:
        """Something happened; from any thread."""
        self._told.emit(DeviceEvent(self.now_ms(), device, what, count))

    def note_state(self, device: Device, state: str, count: int = 0) -> None:
        """A state: told once until it is another one. From one thread a device."""
        if self._last.get(device) != state:
            self._last[device] = state
            self.note(device, state, count)

    def note_refused(self, length: int) -> None:
        """Something was read that can be no code."""
        self.note("scanner", "refused", length)

    def watch_scanner(self, scanner: SerialScanner | None) -> None:
        """Tell when it comes and goes."""
        self.scanner = scanner
        if scanner is not None:
            scanner.there_changed.connect(self._scanner_came)
            self._scanner_came(scanner.is_there)

    def _scanner_came(self, is_there: bool) -> None:
        self.note_state("scanner", "there" if is_there else "gone")

    def _keep(self, event: DeviceEvent) -> None:
        self._events.appendleft(event)
        self.changed.emit()


def _now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)
