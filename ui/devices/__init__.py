"""Devices: how they are, a test of each, and what happened to them lately."""

from ui.device_log import DeviceLog
from ui.devices.page import FINDS, TITLE, DevicesPage
from ui.settings.page import SettingsPage
from ui.window_parts import PrinterFacts, WindowParts

PAGE = SettingsPage("devices", TITLE, DevicesPage, icon="printer", finds=FINDS)
"""It hangs in the settings."""
_NOT_TOLD = ("none", "busy")


def register(parts: WindowParts) -> None:
    """Let the log hear of the printer, by the shop's clock. The page hangs in the settings."""
    parts.devices.now_ms = lambda: parts.now().wall_ms
    if parts.renderers.watch_printer is not None:
        parts.renderers.watch_printer(_Hearing(parts.devices))


class _Hearing:
    """Hears the printer on its own thread."""

    def __init__(self, log: DeviceLog) -> None:
        self._log = log

    def __call__(self, facts: PrinterFacts) -> None:
        if facts.state not in _NOT_TOLD:
            self._log.note_state("printer", facts.state, facts.count)
