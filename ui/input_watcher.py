"""Hears what a person does before any widget does, in whichever window has the focus.

Owns: following the focus from window to window. Does not own: what is made of a key or a touch
(scan_router.py, sign_in/idle.py).

A filter on the application would hear the same, and with it every paint, timer and move of every
object, hundreds for each key: on the till's slow machine that is time between a key and its answer.
"""

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QGuiApplication, QWindow


class InputWatcher(QObject):
    """Base of what filters input: override `eventFilter`. `watched` is a QWindow each time.

    The watcher that was made last hears first, as with filters of the application.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        application = QCoreApplication.instance()
        assert isinstance(application, QGuiApplication), "input needs an application with windows"
        application.focusWindowChanged.connect(self._follow)
        self._follow(application.focusWindow())

    def _follow(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # once: a second time only puts it in front again
