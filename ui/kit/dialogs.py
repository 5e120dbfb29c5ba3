"""Dialogs: one frame for all of them, and the question with a safe answer.

Owns: the scrim, the frame, which key answers what. A scan never closes a dialog (the router
swallows its Enter), and a destructive answer needs Ctrl+Enter or a tap.
Does not own: the questions.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.kit.buttons import DangerButton, KitButton, PrimaryButton, SecondaryButton
from ui.kit.text import IconLabel, Text
from ui.theme.theme import follow

_SCRIM_ALPHA = 150
_APART = 16  # destructive targets keep so many px away
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@runtime_checkable
class HearsDialogKeys(Protocol):
    """A window that has a key of its own for whatever lies over it: help."""

    def take_dialog_key(self, event: QKeyEvent) -> bool:
        """True: the key was the window's, the dialog does not get it."""
        ...


class _KeysOfWindow(QObject):
    """Offers a dialog's keys to its window first. Why it is a filter: `ui.kit.ear`."""

    def __init__(self, dialog: QWidget) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        dialog.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        window = self._dialog.window()
        return isinstance(window, HearsDialogKeys) and window.take_dialog_key(event)


class KitDialog(QWidget):
    """A frame in the middle of its darkened window. Put children into `body`.

    It lies inside the window instead of being one: no window manager can hide it, put it elsewhere
    or lose its transparency, and a picture of the window shows it. It covers everything, keeps the
    focus inside, and lets no key through to the screen below; scans still reach the screen, because
    the router hears them first. Esc steps back (`reject`); Enter presses `primary` unless the
    focused widget wanted the key.

    Signals:
        accepted: It was answered.
        rejected: The person stepped back.
        finished: Either of them. The dialog deletes itself afterwards.
    """

    accepted = Signal()
    rejected = Signal()
    finished = Signal()

    def __init__(
        self, parent: QWidget, *, title: str, width: int = 480, height: int = 0, padding: int = 32
    ) -> None:
        super().__init__(parent.window())
        self.setAccessibleName(title)
        self.primary: KitButton | None = None
        self._is_open = False
        _KeysOfWindow(self)
        self._was_accepted = False
        self._focus_before: QWidget | None = None
        self._theme = follow(self)
        self.frame = QFrame()
        self.frame.setProperty("kit", "dialog")
        self.frame.setFixedWidth(width)
        if height:
            self.frame.setFixedHeight(height)
        self.body = QVBoxLayout(self.frame)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(16)
        outer = QGridLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.frame, 0, 0, Qt.AlignmentFlag.AlignCenter)
        parent.window().installEventFilter(self)
        self.hide()

    @property
    def is_open(self) -> bool:
        return self._is_open

    def open(self) -> None:
        """Show it and return at once; `finished` follows."""
        # The window's own focus, not the application's: another program may be in front.
        self._focus_before = self.window().focusWidget()
        self._is_open = True
        self._cover()
        self.show()
        self.raise_()
        first = self.first_focus()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._keep_focus)

    def exec(self) -> bool:
        """Show it and wait. True: accepted."""
        waiting = QEventLoop()
        self.finished.connect(waiting.quit)
        self.open()
        waiting.exec()
        return self._was_accepted

    def accept(self) -> None:
        self._close(accepted=True)

    def reject(self) -> None:
        self._close(accepted=False)

    def first_focus(self) -> QWidget | None:
        """What gets the focus when it opens: the primary answer, or the first that can."""
        chain = self._focus_chain()
        if self.primary is not None and self.primary in chain:
            return self.primary
        return chain[0] if chain else None

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt override
        chain = self._focus_chain()
        if not chain:
            return True
        focused = self.window().focusWidget()  # the application has none while another is active
        here = chain.index(focused) if focused in chain else -1
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        chain[(here + (1 if next else -1)) % len(chain)].setFocus(reason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._is_open and event.type() == QEvent.Type.Resize:
            self._cover()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        elif event.key() in _ENTER and self.primary is not None and self.primary.isEnabled():
            self.primary.click()
        elif event.key() in _ENTER and self.primary is None:
            self._press_focused()
        event.accept()  # nothing reaches the screen below

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        scrim = QColor(self._theme.colour("scrim"))
        scrim.setAlpha(_SCRIM_ALPHA)
        painter.fillRect(self.rect(), scrim)
        painter.end()

    def _press_focused(self) -> None:
        """Without an answer of its own, Enter is for the button that Tab has reached."""
        focused = self.window().focusWidget()
        if isinstance(focused, QAbstractButton) and self.isAncestorOf(focused):
            focused.click()

    def _focus_chain(self) -> list[QWidget]:
        """The children that Tab visits, in reading order."""
        chain: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
            is_usable = widget.isVisibleTo(self) and widget.isEnabled()
            if self.isAncestorOf(widget) and takes_tab and is_usable and not widget.focusProxy():
                chain.append(widget)
            widget = widget.nextInFocusChain()
        return chain

    def _close(self, *, accepted: bool) -> None:
        if not self._is_open:
            return
        self._is_open = False
        self._was_accepted = accepted
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.disconnect(self._keep_focus)
        self.hide()
        if self._focus_before is not None and isValid(self._focus_before):
            self._focus_before.setFocus(Qt.FocusReason.OtherFocusReason)
        (self.accepted if accepted else self.rejected).emit()
        self.finished.emit()
        self.deleteLater()

    def _keep_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        """The screen below, which scans reach, must not take the keys away from the dialog."""
        if new is None or not self._is_open or new.window() is not self.window():
            return
        widget: QWidget | None = new
        while widget is not None:
            if isinstance(widget, KitDialog):
                return  # itself, or a question over it
            widget = widget.parentWidget()
        kept = old if old is not None and isValid(old) and self.isAncestorOf(old) else None
        back = kept or self.first_focus()
        if back is not None:
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cover(self) -> None:
        window = self.parentWidget()
        if window is not None:
            self.setGeometry(window.rect())


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `go_on` is the answer that does it, `stay` the safe one."""

    title: str
    sentence: str
    go_on: str
    stay: str
    is_destructive: bool = False
    icon: str = "help"


class ConfirmDialog(KitDialog):
    """A question with two answers. The safe one has the focus and answers Enter when the other
    destroys something; then the other needs Ctrl+Enter or a tap.
    """

    def __init__(self, parent: QWidget, question: Question) -> None:
        super().__init__(parent, title=question.title)
        self._question = question
        head = QHBoxLayout()
        head.setSpacing(12)
        tone = "danger" if question.is_destructive else "primary"
        head.addWidget(IconLabel(question.icon, tone=tone, size=28))
        head.addWidget(Text(question.title, role="title", wrap=True), 1)
        self.body.addLayout(head)
        self.body.addWidget(Text(question.sentence, role="body_l", wrap=True))
        self.stay = SecondaryButton(question.stay, hint=self._stay_hint(), height=48)
        self.go_on = self._make_go_on()
        self.stay.clicked.connect(self.reject)
        self.go_on.clicked.connect(self.accept)
        self.body.addSpacing(8)
        self.body.addLayout(self._make_answers())
        self.primary = self.stay if question.is_destructive else self.go_on

    @classmethod
    def ask(cls, parent: QWidget, question: Question) -> bool:
        """Ask and wait. True: go on. The one door that tests replace."""
        return cls(parent, question).exec()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in _ENTER
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.go_on.click()
        else:
            super().keyPressEvent(event)

    def _stay_hint(self) -> str:
        return "Enter" if self._question.is_destructive else "Esc"

    def _make_go_on(self) -> KitButton:
        if self._question.is_destructive:
            return DangerButton(self._question.go_on, hint="Ctrl+Enter")
        return PrimaryButton(self._question.go_on, hint="Enter")

    def _make_answers(self) -> QHBoxLayout:
        answers = QHBoxLayout()
        answers.setSpacing(_APART)
        wanted = [button.sizeHint().width() for button in (self.stay, self.go_on)]
        sides = self.body.contentsMargins().left() + self.body.contentsMargins().right()
        room = self.frame.width() - sides - _APART
        share = 1 if 2 * max(wanted) <= room else 0  # alike, unless a key's name were lost by it
        answers.addWidget(self.stay, share)
        answers.addWidget(self.go_on, share)
        if sum(wanted) > room:
            widest = self.window().width() - sides
            self.frame.setFixedWidth(min(sum(wanted) + _APART + sides, widest))
        return answers
