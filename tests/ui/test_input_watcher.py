"""Input is heard once, in whichever window has the focus, and nothing else is."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputEvent, QWindow
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from tests.ui.keys import press, window_of
from ui.input_watcher import InputWatcher

Key = Qt.Key


class Listener(InputWatcher):
    """Writes down each key press, and whatever reaches it of objects that are no window."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[tuple[QWindow, str]] = []
        self.other: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(watched, QWindow):
            self.other.append(watched)
        elif isinstance(event, QInputEvent) and event.type() == QEvent.Type.KeyPress:
            self.pressed.append((watched, event.text()))  # type: ignore[attr-defined]  # a key event
        return False


def test_each_key_is_heard_once_where_the_focus_is(qtbot: QtBot) -> None:
    first, dialog = QLineEdit(), QDialog()
    qtbot.addWidget(first)
    qtbot.addWidget(dialog)
    QVBoxLayout(dialog).addWidget(QLineEdit())
    listener = Listener()
    first.show()
    first.activateWindow()
    qtbot.waitUntil(first.isActiveWindow)
    press(first, Key.Key_A)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    press(dialog, Key.Key_B)
    dialog.hide()
    first.activateWindow()
    qtbot.waitUntil(first.isActiveWindow)
    press(first, Key.Key_C)
    assert [text for _, text in listener.pressed] == ["a", "b", "c"]
    assert listener.pressed[0][0] is listener.pressed[2][0]
    assert listener.pressed[1][0] is not listener.pressed[0][0]
    assert window_of(first) is listener.pressed[0][0]
    assert listener.other == []
    assert first.text() == "ac"
