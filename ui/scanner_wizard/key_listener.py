"""Key listener: hears the keys of a scanner before the scan router does, with their times.

Owns: the application event filter while the wizard listens, cutting keys into bursts.
Does not own: what a burst says (learning.py).

What it hears reaches nobody else. A lone Esc, Enter or Tab, the arrows and F keys are a person's
and pass.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow

from ui.scanner_wizard.learning import End, KeySent

SILENCE_MS = 300
"""So long without a key, and the scan is over: two gaps of the slowest scanner."""
_ENDS: dict[int, End] = {
    int(Qt.Key.Key_Return): "enter",
    int(Qt.Key.Key_Enter): "enter",
    int(Qt.Key.Key_Tab): "tab",
}
_SILENT = (Qt.Key.Key_Shift, Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock)
_KINDS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


class KeyListener(QObject):
    """Between `start` and `stop` no key that types reaches anybody.

    Signals:
        heard: A burst of keys is over. arg: tuple[KeySent, ...].
    """

    heard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: list[KeySent] = []
        self._down: set[int] = set()
        self._is_on = False
        self._elapsed = QElapsedTimer()
        self._elapsed.start()
        self._silence = QTimer(self, singleShot=True, interval=SILENCE_MS)
        self._silence.timeout.connect(self._over)

    def start(self) -> None:
        application = QCoreApplication.instance()
        assert application is not None
        if not self._is_on:
            self._is_on = True
            application.installEventFilter(self)

    def stop(self) -> None:
        """Forget what began; keys go their usual way again."""
        application = QCoreApplication.instance()
        self._silence.stop()
        self._keys.clear()
        self._down.clear()
        if self._is_on and application is not None:
            self._is_on = False
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _KINDS or not isinstance(watched, QWindow):
            return False
        if not isinstance(event, QKeyEvent) or event.key() in _SILENT:
            return False
        if kind == QEvent.Type.KeyRelease:
            was_ours = event.key() in self._down
            self._down.discard(event.key())
            return was_ours
        key = self._key_of(event)
        if key is None:
            return False
        self._down.add(event.key())
        if not event.isAutoRepeat():
            if self._keys and key.at_ms - self._keys[-1].at_ms > SILENCE_MS:
                self._over()  # the window was busy: the timer has not spoken yet
            self._keys.append(key)
            self._silence.start()
        return True

    def _key_of(self, event: QKeyEvent) -> KeySent | None:
        at_ms = event.timestamp() or self._elapsed.elapsed()
        if event.key() in _ENDS:
            return KeySent("", at_ms, _ENDS[event.key()]) if self._keys else None
        if event.key() == Qt.Key.Key_Escape or len(event.text()) != 1:
            return None
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return None
        if event.text() in "\r\n":
            return KeySent("", at_ms, "enter") if self._keys else None
        return KeySent(event.text(), at_ms)

    def _over(self) -> None:
        keys, self._keys = tuple(self._keys), []
        if keys:
            self.heard.emit(keys)
