"""Serial probe: listens at a serial port while its scanner is learned.

Owns: opening a port at a speed, cutting its bytes at their end or at silence, telling rubbish.
Does not own: hearing codes in daily work (ui/serial_scanner.py), what a scan says (learning.py).
"""

from __future__ import annotations

from PySide6.QtCore import QIODeviceBase, QObject, QTimer, Signal
from PySide6.QtSerialPort import QSerialPort, QSerialPortInfo

from ui.scanner_wizard.learning import End, ScanSeen
from ui.scanner_wizard.wizard_state import PortShut, Rubbish

BAUDS = (9_600, 115_200, 19_200, 38_400, 57_600)
"""In the order in which they are tried."""
_SILENCE_MS = 200
_FRAME = b"\x02\x03"


SerialHeard = ScanSeen | Rubbish | PortShut


def ports() -> tuple[str, ...]:
    """The serial ports of this machine, as a setting names them."""
    return tuple(sorted(info.systemLocation() for info in QSerialPortInfo.availablePorts()))


def serial_heard(data: bytes) -> ScanSeen | Rubbish:
    """What came at once: one scan, or rubbish."""
    end: End = "none"
    for sign, name in ((b"\t", "tab"), (b"\r", "enter"), (b"\n", "enter")):
        if data.endswith(sign):
            end = "tab" if name == "tab" else "enter"
    body = data.strip(b"\r\n\t" + _FRAME)
    if not body or not all(0x20 <= byte <= 0x7E or byte == 0x1D for byte in body):
        return Rubbish(len(data))
    return ScanSeen(body.decode("ascii"), (), end)


class SerialProbe(QObject):
    """One port at one speed; `stop` it.

    Signals:
        heard: arg: SerialHeard.
    """

    heard = Signal(object)

    def __init__(self, port: str, baud: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data = b""
        self._port = QSerialPort(port, self)
        self._port.setBaudRate(baud)
        self._port.readyRead.connect(self._on_bytes)
        self._port.errorOccurred.connect(self._on_error)
        self._silence = QTimer(self, singleShot=True, interval=_SILENCE_MS)
        self._silence.timeout.connect(self._over)

    def start(self) -> None:
        if not self._port.open(QIODeviceBase.OpenModeFlag.ReadOnly):
            self.heard.emit(PortShut())

    def stop(self) -> None:
        self._silence.stop()
        self._data = b""
        if self._port.isOpen():
            self._port.close()

    def _on_bytes(self) -> None:
        self._data += bytes(self._port.readAll().data())
        self._silence.start()

    def _over(self) -> None:
        data, self._data = self._data, b""
        if data:
            self.heard.emit(serial_heard(data))

    def _on_error(self, error: QSerialPort.SerialPortError) -> None:
        if error is QSerialPort.SerialPortError.ResourceError:
            QTimer.singleShot(0, self, self._gone)

    def _gone(self) -> None:
        self.stop()
        self.heard.emit(PortShut())
