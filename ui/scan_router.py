"""Scan router: hears the scanner before any widget does, in every field and over every dialog.

Owns: holding keys back, giving typing back, the `scanned` signal. Does not own: what is a burst
(scan_burst.py), what a code means (domain/scanning.py), who acts on it (main_window.py hands it to
the current screen).

It hears a key where it arrives, at the window (input_watcher.py): no widget has it yet. Held text
is never logged, and never reaches a field, so a badge scanned into a PIN field shows nothing. With
an input method on, letters go into its window before any filter sees them: the kit's till fields
switch the input method off (UI.md 1). F10 arrives as an ordinary key press because the window has
no menu bar.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
from shiboken6 import isValid

from ui.input_watcher import InputWatcher
from ui.scan_burst import (
    BurstDetector,
    Heard,
    HeardPart,
    HeardTooMuch,
    HeldFate,
    KeyFate,
    Outcome,
    ScanSettings,
    Verdict,
)

_TERMINATORS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_LINE_FEED = "\n"
_SILENT_KEYS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
)  # scanners press Shift for capitals; it neither is a character nor ends a burst
_GROUP_SEPARATOR = "\x1d"  # scanners send it as Ctrl+]
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_TEXT_FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)


@dataclass(frozen=True, slots=True)
class _HeldKey:
    window: QWindow
    focus: QObject | None
    event: QKeyEvent


class ScanRouter(InputWatcher):
    """Install once: `ScanRouter(application)` filters all key presses from then on.

    Signals:
        scanned: A whole code was read. arg: its text, AIM identifier included, untouched.
        refused: Something was scanned that can be no code (too long, or its end never came).
            arg: how many characters; the text is not kept.
    """

    scanned = Signal(str)
    refused = Signal(int)

    def __init__(
        self,
        application: QCoreApplication,
        settings: ScanSettings | None = None,
        now_ms: Callable[[], int] | None = None,
    ) -> None:
        super().__init__(application)
        self._detector = BurstDetector(settings or ScanSettings())
        self._held: list[_HeldKey] = []
        self._releases_to_drop: set[int] = set()
        self._replaying = False
        self._elapsed = QElapsedTimer()
        self._elapsed.start()
        self._now_ms = now_ms or self._elapsed.elapsed
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._let_waiting_keys_arrive)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._on_silence)

    @property
    def is_waiting(self) -> bool:
        """Whether keys are held back: it is not known yet what they are."""
        return bool(self._held) or self._timer.isActive() or self._settle.isActive()

    @property
    def settings(self) -> ScanSettings:
        return self._detector.settings

    def use_settings(self, settings: ScanSettings) -> None:
        """Take other scanner settings; keys held under the old ones are given back first."""
        self._release_held()
        self._detector = BurstDetector(settings)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Moves of the mouse and paints come by here too: the class of an event is read many times
        # faster than its kind, of which PySide makes a member of an enum each time.
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWindow):
            return False
        kind = event.type()
        if kind == QEvent.Type.KeyPress:
            return self._on_press(watched, event)
        if kind == QEvent.Type.KeyRelease:
            return self._on_release(watched, event)
        return False

    def _on_press(self, window: QWindow, event: QKeyEvent) -> bool:
        if self._replaying:
            self._replaying = False
            return False
        if event.key() in _SILENT_KEYS:
            return False
        # Pressed again: whatever became of its last release, this one's belongs to this press.
        self._releases_to_drop.discard(event.key())
        verdict = self._judge(event)
        self._settle.stop()
        self._deal_with_held(verdict.held)
        if verdict.key is KeyFate.HOLD:
            focus = QApplication.focusWidget()
            self._held.append(_HeldKey(window, focus, _copy(event)))
        elif verdict.key is KeyFate.DROP:
            self._releases_to_drop.add(event.key())
        self._wait()
        self._tell(verdict.outcome)
        return verdict.key is not KeyFate.PASS

    def _on_release(self, window: QWindow, event: QKeyEvent) -> bool:
        if self._replaying:
            self._replaying = False
            return False
        if event.isAutoRepeat():
            return False
        if any(held.event.key() == event.key() for held in self._held):
            self._held.append(_HeldKey(window, QApplication.focusWidget(), _copy(event)))
            return True
        if event.key() in self._releases_to_drop:
            self._releases_to_drop.discard(event.key())
            return True
        return False

    def _judge(self, event: QKeyEvent) -> Verdict:
        at_ms = event.timestamp() or self._now_ms()
        plain = not event.modifiers() & _COMMANDS
        if event.isAutoRepeat():
            return self._detector.other(at_ms)
        if _ends_a_code(event, plain=plain):
            return self._detector.terminator(at_ms)
        text = event.text()
        belongs_to_code = text in (_GROUP_SEPARATOR, self.settings.prefix)
        if belongs_to_code or (plain and len(text) == 1 and text.isprintable()):
            return self._detector.printable(text, at_ms, may_hold=self._may_hold())
        return self._detector.other(at_ms)

    def _may_hold(self) -> bool:
        if self.settings.holds_in_text_fields:
            return True
        return not isinstance(QApplication.focusWidget(), _TEXT_FIELDS)

    def _wait(self) -> None:
        if self._detector.wake_at_ms is None:
            self._timer.stop()
        else:
            self._timer.start(self._detector.patience_ms)

    def _let_waiting_keys_arrive(self) -> None:
        # A window that was busy wakes up with the timer and the next keys both due. One more turn
        # of the event loop lets the keys speak first, so that a busy moment never splits a scan.
        self._settle.start()

    def _on_silence(self) -> None:
        wake_at_ms = self._detector.wake_at_ms
        verdict = self._detector.silence(wake_at_ms) if wake_at_ms is not None else None
        if verdict is None:
            return
        self._deal_with_held(verdict.held)
        self._tell(verdict.outcome)

    def _deal_with_held(self, fate: HeldFate) -> None:
        if fate is HeldFate.RELEASE:
            self._release_held()
        elif fate is HeldFate.DISCARD:
            pressed = [h for h in self._held if h.event.type() == QEvent.Type.KeyPress]
            released = [h for h in self._held if h.event.type() == QEvent.Type.KeyRelease]
            still_down = {h.event.key() for h in pressed} - {h.event.key() for h in released}
            self._releases_to_drop |= still_down
            self._held.clear()

    def _release_held(self) -> None:
        held, self._held = self._held, []
        for key in held:
            if not isValid(key.window):
                continue
            focus_moved = key.focus is not QApplication.focusWidget()
            if focus_moved and key.focus is not None and isValid(key.focus):
                QCoreApplication.sendEvent(key.focus, key.event)
                continue
            self._replaying = True
            QCoreApplication.sendEvent(key.window, key.event)
            self._replaying = False

    def hear(self, outcome: Outcome) -> None:
        """A code from a scanner that is no keyboard (serial_scanner.py): it goes the same way."""
        self._tell(outcome)

    def _tell(self, outcome: Outcome | None) -> None:
        match outcome:
            case Heard(text):
                self.scanned.emit(text)
            case HeardTooMuch(length) | HeardPart(length):
                self.refused.emit(length)
            case _:
                pass


def _ends_a_code(event: QKeyEvent, *, plain: bool) -> bool:
    """Enter, Tab, or a line feed: over a keyboard that is the key Linefeed, or Ctrl+J.

    Ctrl+Enter, whose text is a line feed on some platforms, is a person's key.
    """
    if event.key() in _TERMINATORS:
        return plain
    only_control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return event.text() == _LINE_FEED or (event.key() == Qt.Key.Key_J and only_control)


def _copy(event: QKeyEvent) -> QKeyEvent:
    """A key event that outlives the call it came in."""
    copy = QKeyEvent(
        event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )
    copy.setTimestamp(event.timestamp())
    return copy
