"""A cashier at the real window: scans, keys and taps are counted as they are made.

Owns: opening the window as main.py joins it over a real shop, sending real events, reading back
what was stored and printed. Does not own: the shop (tests/real_shop.py), key events
(tests/ui/keys.py), what a journey asks for.
"""

from __future__ import annotations

import builtins  # its `type` is also what a cashier does
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

import main
from app.commands import joined_till
from app.devices.print_queue import PrintQueue
from app.devices.printer_setting import printer_from_setting
from app.devices.printers import Typesetting
from app.domain.facts import SaleRecorded, read_fact
from app.domain.payment import TenderKind
from app.domain.settings import Settings
from app.services.ports import PaymentTerminal
from app.services.shift import ShiftBegan, open_shift
from app.services.staff import sign_in_with_badge, sign_out
from app.services.till_state import MemberPanel, TillState
from app.store.opening import open_store
from tests import real_shop
from tests.real_shop import (
    OPENED_AT,
    SETTINGS,
    MemoryKeychain,
    RealShop,
    bare_shop,
    copy_shop,
    store_setting,
    words_for,
)
from tests.ui import keys
from tests.ui.real_window import wait_until
from ui.application import Application
from ui.kit.basket_table import BasketTable
from ui.kit.buttons import KitButton
from ui.kit.keypad import Keypad
from ui.main_window import MainWindow
from ui.navigation import Destination
from ui.open_window import TillWindow, WindowWishes, open_window
from ui.sounds import Player, Sound
from ui.till.controller import TillController

Shown = TypeVar("Shown", bound=QWidget)
_NO = Qt.KeyboardModifier.NoModifier
COUNTER = msgspec.structs.replace(SETTINGS, shifts_required=True)
"""As a shop is set up: no sale without a shift."""
FLOAT = {"100": "2", "50": "2", "20": "3", "10": "5", "5": "4", "1": "20"}
"""The float of 450.00, by denomination."""
_BETWEEN_SCANS_MS = 2_000
"""A second piece of an item is no double read."""


@dataclass(frozen=True)
class Printer:
    """The print queue of the till, and the folder in which its paper lies as text."""

    queue: PrintQueue
    folder: Path

    def papers(self) -> list[str]:
        """Everything that came out, in the order of the receipt numbers."""
        assert self.queue.wait_until_idle(10)
        return [path.read_text("utf-8") for path in sorted(self.folder.glob("*.txt"))]


@dataclass
class Till:
    """A shop and the printer beside its till."""

    shop: RealShop
    printer: Printer

    def close(self) -> None:
        self.printer.queue.close()
        self.shop.close()


def a_till(
    folder: Path,
    *,
    terminals: Mapping[TenderKind, PaymentTerminal] | None = None,
    settings: Settings = COUNTER,
    begins_shift: bool = True,
    of: tuple[Path, RealShop] | None = None,
) -> Till:
    """The shop of the pictures with a printer that writes its paper into a folder.

    Where a shift is needed 李明 has opened it with 450.00 and signed out again. `of`: a copy of
    this shop, with the shift it has.
    """
    made = copy_shop(folder, terminals=terminals, of=of)
    till = with_printer(made, folder, settings)
    if settings.shifts_required and begins_shift and of is None:
        begin_shift(made)
    return till


def with_printer(made: RealShop, folder: Path, settings: Settings) -> Till:
    """A shop with a printer that writes its paper into a folder."""
    printer = _printer(folder)
    made.shop = replace(made.shop, printer=printer.queue)
    made.use_settings(msgspec.structs.replace(settings, printer=_setting(printer.folder)))
    return Till(made, printer)


def begin_shift(made: RealShop) -> None:
    """Somebody has opened the shift before the story begins."""
    made.do(sign_in_with_badge, badge=made.badges["李明"])
    began = made.do(open_shift, typed=FLOAT)
    assert isinstance(began, ShiftBegan), began
    made.do(sign_out)


def till_again(folder: Path, keychain_entries: Mapping[tuple[str, str], str]) -> Till:
    """The till of a folder after its process is gone: the same file, the same printer."""
    keychain = MemoryKeychain()
    keychain.entries.update(keychain_entries)
    printer = Printer(_queue(folder / "paper"), folder / "paper")
    store = open_store(store_setting(folder, keychain), now=OPENED_AT)
    made = real_shop._till_over(store, keychain)
    made.shop = replace(made.shop, printer=printer.queue)
    made.open()
    return Till(made, printer)


def a_new_till(folder: Path) -> Till:
    """A machine before its set-up."""
    return Till(bare_shop(folder), _printer(folder))


def _printer(folder: Path) -> Printer:
    paper = folder / "paper"
    paper.mkdir(exist_ok=True)
    return Printer(_queue(paper), paper)


def _queue(paper: Path) -> PrintQueue:
    return PrintQueue(printer_from_setting(_setting(paper), Typesetting(words_for, 48)))


def _setting(paper: Path) -> str:
    return f"folder+txt:{paper}"


@dataclass
class Cashier:
    """Somebody at the window. What they did since `begin()`: `scans`, `keys`, `taps`.

    `sounds`: every tone that was asked for.
    """

    at_till: Till
    handle: TillWindow
    sounds: list[Sound]
    scans: int = 0
    keys: int = 0
    taps: int = field(default=0)

    @property
    def shop(self) -> RealShop:
        return self.at_till.shop

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

    def settle(self) -> None:
        """Wait until every question under way is answered and drawn."""
        runner = self.handle.parts.runner
        is_settled = False
        while (
            not is_settled
        ):  # what is drawn may ask again: a dialog that closes lets the act go on
            wait_until(lambda: not runner.is_busy)
            for _ in range(4):  # a layout that changes asks for the next one
                QApplication.processEvents()
            is_settled = not runner.is_busy

    # -- acts, counted

    def begin(self) -> None:
        """Count from here."""
        self.scans = self.keys = self.taps = 0

    def scan(self, code: str, *, settle: bool = True) -> None:
        self.scans += 1
        self.shop.clock.go_on(milliseconds=_BETWEEN_SCANS_MS)
        keys.scan(self.window, code)
        if settle:
            self.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NO, text: str = "") -> None:
        self.keys += 1
        keys.press(self.window, key, modifiers, text)
        self.settle()

    def type(self, text: str) -> None:
        self.keys += len(text)
        keys.type_text(self.window, text)
        self.settle()

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
        assert len(sales) == len(self.at_till.printer.papers()) == 1
        return sales[0]

    def paper(self) -> str:
        """The last receipt as it lies in the printer."""
        return self.at_till.printer.papers()[-1]

    def leave(self) -> None:
        """Close the window; the shop stays open."""
        self.settle()
        self.handle.close()
        self.window.set_may_close(True)
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def sit_down(
    at_till: Till, application: Application, *, demo_pins: Mapping[str, str] | None = None
) -> Cashier:
    """The window of this shop with every screen main.py gives it; nobody is signed in."""
    sounds: list[Sound] = []
    shop = at_till.shop
    till = joined_till.Till(shop.shop, shop.store, at_till.printer.queue)
    wishes = WindowWishes(
        renderers=main._renderers(till),
        player=Player(on_play=sounds.append),
        screens=main._screens(till, demo_pins),
    )
    handle = open_window(application, shop.shop, shop.store.lane, wishes)
    cashier = Cashier(at_till, handle, sounds)
    handle.window.resize(1366, 768)
    handle.window.show()
    wait_until(handle.window.isActiveWindow)
    handle.start()
    cashier.settle()
    return cashier
