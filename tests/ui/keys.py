"""Keys: real key events for tests, as a keyboard or a scanner sends them.

Owns: posting key presses to a window with the times we say, so that no test depends on the speed
of the machine.
Does not own: what the router makes of them.

    type_text(window, "cola", gap_ms=120)      a person
    scan(window, "6901234567892")              a scanner, Enter at the end
    press(window, Qt.Key.Key_F9)               one key
"""

from itertools import count

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from ui.scan_router import ScanRouter

_clock_ms = count(1_000_000, 10_000)  # each burst begins long after the one before
_NO = Qt.KeyboardModifier.NoModifier


def window_of(widget: QWidget) -> QWindow:
    """The widget's own window, or the active one that was opened over it.

    Never another active window: one that an earlier test left would get the keys.
    """
    own = widget.window().windowHandle()
    over = [
        window
        for window in QGuiApplication.topLevelWindows()
        if window.isActive() and window.transientParent() is own
    ]
    return over[0] if over else own


def scan(widget: QWidget, code: str, *, gap_ms: int = 8, terminator: bool = True) -> None:
    """A whole code by scanner."""
    keys = [(_key_of(character), character) for character in code]
    if terminator:
        keys.append((int(Qt.Key.Key_Return), "\r"))
    _send(widget, keys, gap_ms=gap_ms)


def type_text(widget: QWidget, text: str, *, gap_ms: int = 120) -> None:
    """Characters by hand: each burst window is over before the next key."""
    at_ms = next(_clock_ms)
    for character in text:
        _post(widget, _key_of(character), character, at_ms, _NO)
        _settle(gap_ms=70)
        at_ms += gap_ms


def press(
    widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NO, text: str = ""
) -> None:
    """One key, with what it types where it types something."""
    if not text and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        text = "\r"
    if not text and modifiers == _NO and 0x20 < int(key) < 0x7F:
        text = chr(int(key)).lower()
    _post(widget, int(key), text, next(_clock_ms), modifiers)
    _settle(gap_ms=70 if text.isprintable() and text else 0)


def _send(widget: QWidget, keys: list[tuple[int, str]], *, gap_ms: int) -> None:
    at_ms = next(_clock_ms)
    for key, text in keys:
        _post(widget, key, text, at_ms, _NO)
        at_ms += gap_ms
    QApplication.processEvents()


def _post(widget: QWidget, key: int, text: str, at_ms: int, modifiers: Qt.KeyboardModifier) -> None:
    handle = window_of(widget)
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, modifiers, text)
        event.setTimestamp(at_ms)
        QCoreApplication.sendEvent(handle, event)


def _settle(*, gap_ms: int) -> None:
    """Let the router give held keys back.

    The keys carry the times we say, so its timer is due when we say: a suite that sat out every
    silence would spend a quarter of its time on it. The timers and all behind them are the real
    ones; tests/ui/test_scan_router.py sits them out.
    """
    QApplication.processEvents()
    if gap_ms:
        application = QCoreApplication.instance()
        assert application is not None
        routers = application.findChildren(ScanRouter)
        deadline = QDeadlineTimer(10_000)
        while waiting := [router for router in routers if router.is_waiting]:
            assert not deadline.hasExpired(), "the router never let go of its keys"
            for router in waiting:
                if router._timer.isActive():
                    router._timer.start(0)
            QApplication.processEvents()
        QApplication.processEvents()  # what it gave back is on its way to the widget


def _key_of(character: str) -> int:
    return ord(character.upper()) if character.isascii() else 0
