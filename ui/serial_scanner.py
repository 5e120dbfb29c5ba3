"""Serial scanner: hears a scanner on a serial line (or on USB that acts as one).

Owns: cutting its bytes into codes, opening the port, opening it again when it was pulled out.
Does not own: what becomes of a code (scan_router.py hands it on like one from the keyboard), what
it means (domain/scanning.py).

A code ends with CR, LF, both, Tab, or silence. A code with one byte in it that no code has is not
a code: half of it could be a price.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from PySide6.QtCore import QElapsedTimer, QIODeviceBase, QObject, QTimer, Signal
from PySide6.QtSerialPort import QSerialPort

from ui.scan_burst import Heard, HeardPart, HeardTooMuch, HeardTwice, Outcome, ScanSettings
from ui.scan_router import ScanRouter

_log = logging.getLogger(__name__)

RETRY_MS = 1_000
_ENDS = b"\r\n\t"
_FRAME = b"\x02\x03"  # STX and ETX around a code
_GROUP_SEPARATOR = 0x1D
_SETTING = re.compile(r"serial:(?P<port>\S+?)(?::(?P<baud>\d{3,7}))?")
_BAUD = 9_600


class LineCutter:
    """Feed it what came over the line; it answers what was heard. No Qt, no clock."""

    def __init__(self, settings: ScanSettings) -> None:
        self._settings = settings
        self._text = ""
        self._count = 0
        self._is_rubbish = False
        self._last_heard: tuple[str, int] | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a code has begun and not ended: call `silence` after `idle_flush_ms`."""
        return self._count > 0

    def feed(self, data: bytes, at_ms: int) -> Iterator[Outcome]:
        """Bytes as they arrive, in pieces of any size."""
        for byte in data:
            if byte in _ENDS:
                if self._count:
                    yield self._end(at_ms)
            elif byte not in _FRAME:
                self._take(byte)

    def silence(self, at_ms: int) -> Outcome | None:
        """Nothing more came: a whole code of a scanner without an end, or a piece of one."""
        if not self._count:
            return None
        if self._count < self._settings.length_min_without_terminator:
            length = self._count
            self.forget()
            return HeardPart(length)
        return self._end(at_ms)

    def forget(self) -> None:
        """The line broke: what began on it never ends."""
        self._text, self._count, self._is_rubbish = "", 0, False

    def _take(self, byte: int) -> None:
        self._count += 1
        self._is_rubbish |= not (0x20 <= byte <= 0x7E or byte == _GROUP_SEPARATOR)
        if self._count > self._settings.length_max:
            self._text = ""
        elif not self._is_rubbish:
            self._text += chr(byte)

    def _end(self, at_ms: int) -> Outcome:
        text, count, is_rubbish = self._text, self._count, self._is_rubbish
        self.forget()
        if count > self._settings.length_max:
            return HeardTooMuch(count)
        if is_rubbish or not text.strip():
            return HeardPart(count)
        before, self._last_heard = self._last_heard, (text, at_ms)
        if before and before[0] == text and at_ms - before[1] <= self._settings.duplicate_ms:
            return HeardTwice()
        return Heard(text)


class SerialScanner(QObject):
    """A scanner at a port; its codes go the way of those from the keyboard.

    Signals:
        there_changed: The scanner came or went. arg: whether it is there.
    """

    there_changed = Signal(bool)

    def __init__(
        self, router: ScanRouter, port: str, baud: int = _BAUD, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._router = router
        self._cutter = LineCutter(router.settings)
        self._elapsed = QElapsedTimer()
        self._elapsed.start()
        self._port = QSerialPort(port, self)
        self._port.setBaudRate(baud)
        self._port.readyRead.connect(self._on_bytes)
        self._port.errorOccurred.connect(self._on_error)
        self._silence = QTimer(self, singleShot=True, interval=router.settings.idle_flush_ms)
        self._silence.timeout.connect(self._on_silence)
        self._retry = QTimer(self, singleShot=True, interval=RETRY_MS)
        self._retry.timeout.connect(self.start)

    @property
    def is_there(self) -> bool:
        return self._port.isOpen()

    def start(self) -> None:
        """Open the port, now or as soon as it is there."""
        if self._port.isOpen():
            return
        if self._port.open(QIODeviceBase.OpenModeFlag.ReadOnly):
            self.there_changed.emit(True)
        else:
            self._retry.start()

    def stop(self) -> None:
        """Give the port back and look for it no more."""
        self._retry.stop()
        self._close()

    def _close(self) -> None:
        self._silence.stop()
        self._cutter.forget()
        if self._port.isOpen():
            self._port.close()
            self.there_changed.emit(False)

    def _on_bytes(self) -> None:
        data = bytes(self._port.readAll().data())
        for outcome in self._cutter.feed(data, self._elapsed.elapsed()):
            self._router.hear(outcome)
        if self._cutter.is_waiting:
            self._silence.start()
        else:
            self._silence.stop()

    def _on_silence(self) -> None:
        outcome = self._cutter.silence(self._elapsed.elapsed())
        if outcome is not None:
            self._router.hear(outcome)

    def _on_error(self, error: QSerialPort.SerialPortError) -> None:
        if error is not QSerialPort.SerialPortError.ResourceError:
            return  # an opening that failed is tried again by `start`; a wrong byte is rubbish
        _log.warning("the serial scanner is gone: %s", self._port.errorString())
        # Not closed in here: the port itself is telling this.
        QTimer.singleShot(0, self, self._look_again)

    def _look_again(self) -> None:
        self._close()
        self._retry.start()


def listen(router: ScanRouter, setting: str, parent: QObject) -> SerialScanner | None:
    """Hear the scanner a setting names: "serial:PORT" or "serial:PORT:BAUD"; None where none."""
    found = _SETTING.fullmatch(setting)
    if found is None:
        if setting:
            _log.warning("the setting names no scanner: %s", setting)
        return None
    scanner = SerialScanner(router, found["port"], int(found["baud"] or _BAUD), parent)
    scanner.start()
    return scanner
