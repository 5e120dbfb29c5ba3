"""Scanner line: every way a scanner reaches this till, as the settings say.

Owns: the speed and framing of the scan router, the serial port of the settings, lending both to
the wizard that learns a scanner. Does not own: hearing (scan_router.py, serial_scanner.py).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.domain.settings import Settings
from ui.scan_burst import ScanSettings
from ui.scan_router import ScanRouter
from ui.serial_scanner import SerialScanner, listen


class ScannerLine(QObject):
    """One per window.

    Signals:
        serial_changed: Another scanner is heard at a port. arg: SerialScanner, or None for none.
    """

    serial_changed = Signal(object)

    def __init__(self, router: ScanRouter, parent: QObject) -> None:
        super().__init__(parent)
        self._router = router
        self._setting = ""
        self._serial: SerialScanner | None = None
        self._is_lent = False
        self._last: Settings | None = None

    @property
    def serial(self) -> SerialScanner | None:
        """The scanner at a serial port, where the settings name one."""
        return self._serial

    def follow(self, settings: Settings) -> None:
        """Put what was changed of these settings in force, at once or when it is given back."""
        before, self._last = self._last, settings
        if self._is_lent:
            return
        if before is None or _keys_of(before) != _keys_of(settings):
            self._router.use_settings(scan_settings(*_keys_of(settings)))
        self._listen(settings.scanner)

    def lend(self) -> None:
        """The wizard opens ports itself and tries settings out; `take_back` ends it."""
        self._is_lent = True
        self._listen("")

    def try_out(self, settings: ScanSettings, serial: str) -> None:
        """While lent: hear as these would."""
        assert self._is_lent, "lend it first"
        self._router.use_settings(settings)
        self._listen(serial)

    def take_back(self) -> None:
        """As the settings say again, the changed ones too."""
        self._is_lent = False
        settings = self._last or Settings()
        self._router.use_settings(scan_settings(*_keys_of(settings)))
        self._listen(settings.scanner)

    def close(self) -> None:
        """The window is gone: give the port back."""
        self._listen("")

    def _listen(self, setting: str) -> None:
        if setting == self._setting:
            return
        self._setting = setting
        if self._serial is not None:
            self._serial.stop()
            self._serial.deleteLater()
        self._serial = listen(self._router, setting, self) if setting else None
        self.serial_changed.emit(self._serial)


def scan_settings(gap_ms: int, prefix: int) -> ScanSettings:
    """For a scanner this slow that sends this sign (its number, 0 for none) before each code."""
    return ScanSettings.for_gap(gap_ms, prefix=chr(prefix) if prefix else None)


def _keys_of(settings: Settings) -> tuple[int, int]:
    return settings.scan_gap_ms, settings.scan_prefix
