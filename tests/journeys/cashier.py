"""A cashier at the real window: scans, keys and taps are counted as they are made.

Owns: opening the window as main.py joins it over a real shop, sending real events, reading back
what was stored and printed. Does not own: the shop (tests/real_shop.py), key events
(tests/ui/keys.py), what a journey asks for.
"""

from __future__ import annotations

import builtins  # its `type` is also what a cashier does
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

import main
from app.devices.print_queue import PrintQueue
from app.devices.printers import Typesetting, printer_from_setting
from app.domain.facts import SaleRecorded, read_fact
from tests.real_shop import SETTINGS, RealShop, copy_shop, words_for
from tests.ui import keys
from tests.ui.opened import Opened
from ui.application import Application
from ui.kit.basket_table import BasketTable
from ui.kit.buttons import KitButton
from ui.kit.keypad import Keypad
from ui.navigation import Destination
from ui.open_window import WindowWishes, open_window
from ui.sounds import Player

Shown = TypeVar("Shown", bound=QWidget)

_NO = Qt.KeyboardModifier.NoModifier
MANY = 20
"""Rows of a list that is read whole."""


@dataclass(frozen=True)
class Printer:
    """The print queue of the till, and the folder in which its paper lies as text."""

    queue: PrintQueue
    folder: Path

    def papers(self) -> list[str]:
        """Everything that came out, in the order of the receipt numbers."""
        assert self.queue.wait_until_idle(10)
        return [path.read_text("utf-8") for path in sorted(self.folder.glob("*.txt"))]


def shop_with_printer(folder: Path) -> tuple[RealShop, Printer]:
    """The shop of the pictures with a printer that writes its paper into a folder."""
    paper = folder / "paper"
    paper.mkdir()
    setting = f"folder+txt:{paper}"
    queue = PrintQueue(printer_from_setting(setting, Typesetting(words_for, 48)))
    made = copy_shop(folder)
    made.shop = replace(made.shop, printer=queue)
    made.use_settings(msgspec.structs.replace(SETTINGS, printer=setting))
    return made, Printer(queue, paper)


@dataclass
class Cashier(Opened):
    """Somebody at the window. What they did since `begin()`: `scans`, `keys`, `taps`."""

    scans: int = 0
    keys: int = 0
    taps: int = 0
    printer: Printer = field(kw_only=True)

    # -- acts, counted

    def begin(self) -> None:
        """Count from here."""
        self.scans = self.keys = self.taps = 0

    def scan(self, code: str) -> None:
        self.scans += 1
        self.shop.clock.go_on(milliseconds=2_000)  # a second piece of an item is no double read
        super().scan(code)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NO, text: str = "") -> None:
        self.keys += 1
        super().press(key, modifiers, text)

    def type(self, text: str) -> None:
        self.keys += len(text)
        super().type(text)

    def tap(self, widget: QWidget, at: QPoint | None = None) -> None:
        """One press of the finger or the mouse, sent to the window at the widget's place."""
        self.taps += 1
        assert widget.isVisible() and widget.isEnabled(), f"nobody can tap {widget}"
        window = widget.window()
        place = widget.mapTo(window, at or widget.rect().center())
        QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, _NO, place)
        self.settle()

    def tap_named(self, name: str) -> None:
        """Tap the one enabled button that a screen reader calls so."""
        self.tap(self.button(name))

    def tap_figures(self, figures: Iterable[str]) -> None:
        """Tap these keys of the keypad in front."""
        for figure in figures:
            keypad = list(self.shown(Keypad))[-1]
            self.tap(keypad.key(figure))

    def tap_line(self, number: int) -> None:
        """Tap a line of the basket, from 1, on its name."""
        table = self.till.screen.table
        cell = table.visualRect(table.model().index(number - 1, 1))
        self.tap(table.viewport(), cell.center())

    # -- what is on the screen

    def shown(self, kind: builtins.type[Shown]) -> Iterator[Shown]:
        """The visible widgets of a kind, anywhere in the window."""
        return (widget for widget in self.window.findChildren(kind) if widget.isVisible())

    def button(self, name: str) -> KitButton:
        found = [
            button
            for button in self.shown(KitButton)
            if name in (button.accessibleName(), button.text()) and button.isEnabled()
        ]
        named = sorted({b.accessibleName() or b.text() for b in self.shown(KitButton)})
        assert len(found) == 1, f"{len(found)} buttons are called {name}; there are {named}"
        return found[0]

    def texts(self) -> list[str]:
        """Every text of every widget, also hidden ones, tool tips and names for screen readers."""
        said: list[str] = [self.window.windowTitle()]
        for widget in self.window.findChildren(QWidget):
            said += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
            if isinstance(widget, QLabel | KitButton | QLineEdit):
                said.append(widget.text())
        for table in self.window.findChildren(BasketTable):
            said += [cell for row in table.rows for cell in (row.name, row.reason, row.amount)]
        return [text for text in said if text]

    def at(self, kind: builtins.type[Destination]) -> bool:
        """Whether this screen is in front."""
        return isinstance(self.handle.parts.navigation.here, kind)

    # -- what was stored and printed

    def read(self, question: Any) -> Any:
        """Ask the store: `question(work)`."""
        return self.shop.store.lane.submit(question).result()

    def sales(self) -> list[SaleRecorded]:
        """Every sale of the shop, read back from the bytes of its fact, oldest first."""
        stored = self.read(lambda work: work.facts.all_facts())
        facts = [read_fact(each.data) for each in stored]
        return [fact for fact in facts if isinstance(fact, SaleRecorded)]

    def sale(self) -> SaleRecorded:
        """The one sale that was made; its receipt came out of the printer once."""
        sales = self.sales()
        assert len(sales) == len(self.printer.papers()) == 1
        return sales[0]

    def paper(self) -> str:
        """The last receipt as it lies in the printer."""
        return self.printer.papers()[-1]

    def close(self) -> None:
        super().close()
        self.printer.queue.close()


def sit_down(
    shop: RealShop,
    printer: Printer,
    application: Application,
    qtbot: QtBot,
    *,
    language: str = "zh_CN",
) -> Cashier:
    """The window of this shop with every screen main.py gives it; nobody is signed in."""
    sounds: list[Any] = []
    till = main.Till(shop.shop, shop.store, printer.queue)
    wishes = WindowWishes(
        language=language,
        renderers=main._renderers(till),
        player=Player(on_play=sounds.append),
        screens=main._screens(till, None),
    )
    handle = open_window(application, shop.shop, shop.store.lane, wishes)
    cashier = Cashier(shop, handle, qtbot, sounds, printer=printer)
    handle.window.resize(1366, 768)
    handle.window.show()
    handle.window.activateWindow()
    qtbot.waitExposed(handle.window)
    with qtbot.waitSignal(handle.opened, timeout=10_000):
        handle.start()
    cashier.settle()
    return cashier


def type_fast(cashier: Cashier, text: str) -> None:
    """Keys as quick hands send them, still no scanner's burst."""
    keys.type_text(cashier.window, text, gap_ms=90)
    QApplication.processEvents()
