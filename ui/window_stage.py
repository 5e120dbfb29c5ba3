"""Window stage: the main window as navigation and the controllers see it.

Owns: a controller's page in the shell, bringing it to the front, tones and spoken sentences.
Does not own: the shell (main_window.py), which screen is in front (navigation.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.wording import Wording
from ui.key_map import KeyAction
from ui.main_window import MainWindow
from ui.navigation import Destination, Navigation, ScreenController, ToSetup, ToSignIn
from ui.sounds import Sound
from ui.window_tabs import TAB_OF

WITHOUT_HEADER = (ToSetup, ToSignIn)


class Page(QWidget):
    """A controller's page as the shell wants it (main_window.Screen)."""

    def __init__(self, controller: ScreenController, navigation: Navigation) -> None:
        super().__init__()
        self._controller, self._navigation = controller, navigation
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(controller.widget)

    def key_actions(self) -> Sequence[KeyAction]:
        return self._controller.key_actions()

    def activated(self) -> None:
        """Navigation tells the controller itself (`enter`)."""

    def retranslate(self, wording: Wording) -> None:
        """Navigation tells every controller itself (`speak`)."""

    def scanned(self, code: str) -> None:
        self._navigation.take_scan(code)


class WindowStage:
    """The main window as navigation sees it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._added: set[str] = set()
        self.navigation: Navigation | None = None

    def show(self, kind: type[Destination], controller: ScreenController) -> None:
        name = kind.__name__
        if name not in self._added:
            assert self.navigation is not None, "the stage stands before its navigation"
            self._window.add_screen(name, Page(controller, self.navigation))
            self._added.add(name)
        self._window.show_screen(name, with_header=kind not in WITHOUT_HEADER)
        self._window.header.show_tab(TAB_OF.get(name, name))


class WindowNotifier:
    """Tones and sentences through the window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def signal(self, sound: str) -> None:
        self._window.play(Sound(sound))

    def announce(self, sentence: str, *, urgent: bool = False) -> None:
        self._window.announcer.announce(sentence, is_urgent=urgent)
