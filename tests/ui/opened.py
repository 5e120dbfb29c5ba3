"""An opened window on a real shop, for tests that press keys: real services, real SQLCipher file.

Owns: opening it, waiting for the lane's answers, scanning and typing.
Does not own: the shop (tests/real_shop.py), key events (tests/ui/keys.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services.till_state import MemberPanel, TillState
from tests.real_shop import RealShop
from tests.ui import keys
from tests.ui.real_window import wait_until
from ui.application import Application
from ui.main_window import MainWindow
from ui.open_window import TillWindow, WindowWishes, open_window
from ui.sounds import Player, Sound
from ui.till.controller import TillController
from ui.till.member_view import MemberView
from ui.till.sheets import Sheet
from ui.why.sheet import WhySheet
from ui.why.view_model import WhyView

_NO = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@dataclass
class Opened:
    """A window somebody works at. `sounds`: every tone that was asked for."""

    shop: RealShop
    handle: TillWindow
    qtbot: QtBot
    sounds: list[Sound] = field(default_factory=list)

    @property
    def window(self) -> MainWindow:
        return self.handle.window

    @property
    def till(self) -> TillController:
        current = self.handle.parts.navigation.current
        assert isinstance(current, TillController)
        return current

    @property
    def state(self) -> TillState:
        return self.handle.parts.state

    @property
    def panel(self) -> MemberPanel:
        """The member on the basket."""
        panel = self.state.member
        assert panel is not None, "nobody is on the basket"
        return panel

    @property
    def card(self) -> MemberView:
        """What the member card shows."""
        card = self.till.view.member
        assert card is not None, "the card is empty"
        return card

    @property
    def sheet(self) -> Sheet:
        """The sheet over the right column."""
        sheet = self.till.sheets.current
        assert sheet is not None, "no sheet is open"
        return sheet

    @property
    def why(self) -> WhyView:
        """What the why-this-price sheet shows."""
        sheet = self.sheet
        assert isinstance(sheet, WhySheet)
        assert sheet.view is not None
        return sheet.view

    def settle(self) -> None:
        """Wait until every question under way is answered and drawn."""
        wait_until(lambda: not self.handle.parts.runner.is_busy)
        for _ in range(4):  # a layout that changes asks for the next one
            QApplication.processEvents()
        # What deleted itself goes when the event loop comes round; a test has to say so.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def scan(self, code: str) -> None:
        keys.scan(self.window, code)
        self.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NO, text: str = "") -> None:
        keys.press(self.window, key, modifiers, text)
        self.settle()

    def type(self, text: str) -> None:
        keys.type_text(self.window, text)
        self.settle()

    def ask(self, service: Any, **wanted: Any) -> Any:
        """Ask a service beside the window, and let the window see the result."""
        answer = self.shop.do(service, **wanted)
        state = getattr(answer, "state", None)
        if isinstance(state, TillState):
            self.handle.parts.live.adopt(state)
        return answer

    def close(self) -> None:
        self.settle()
        self.handle.close()
        self.window.set_may_close(True)
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def open_on(
    shop: RealShop, application: Application, qtbot: QtBot, *, language: str = "zh_CN"
) -> Opened:
    """The window of this shop, shown and at work, with nobody signed in."""
    sounds: list[Sound] = []
    player = Player(on_play=sounds.append)
    handle = open_window(
        application, shop.shop, shop.store.lane, WindowWishes(language=language, player=player)
    )
    opened = Opened(shop, handle, qtbot, sounds)
    handle.window.resize(1366, 768)
    handle.window.show()
    handle.window.activateWindow()
    qtbot.waitExposed(handle.window)
    with qtbot.waitSignal(handle.opened, timeout=10_000):
        handle.start()
    opened.settle()
    return opened
