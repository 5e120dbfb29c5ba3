"""A cashier at the window of a till of a chain: the real server, the real line, a cable to pull.

Owns: sitting down at such a till, its cable by the switch in the sync centre, waiting for the
line. Does not own: the chain (tests/sync/joined), the cashier's other acts (cashier.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt

from app.domain.outbox import SentFact
from tests.journeys.cashier import Cashier, sit_down, with_printer
from tests.real_shop import SETTINGS
from tests.sync.joined.counter import PATIENCE_S, Counter
from tests.ui.real_window import let_run
from ui.application import Application
from ui.kit.marks import Switch
from ui.navigation import ToSync, ToTill

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
_LOOK_EVERY_MS = 20


class ChainCashier:
    """李明 at a till of a chain."""

    def __init__(self, counter: Counter, cashier: Cashier) -> None:
        self.counter, self.cashier = counter, cashier

    def until(self, is_so: Callable[[], object], what: str) -> None:
        """Wait for the line; the window goes on meanwhile."""
        for _ in range(int(PATIENCE_S * 1000 / _LOOK_EVERY_MS)):
            if is_so():
                self.cashier.settle()
                return
            let_run(_LOOK_EVERY_MS)
        raise AssertionError(f"waited in vain: {what}; {self.counter.link()}")

    def pull_the_cable(self) -> None:
        """By its switch, as anybody may who tries the demo."""
        self._switch()
        self.until(lambda: not self.counter.line.contact().is_there, "offline")
        self._back()

    def put_it_back(self) -> None:
        """And everything that waited is sent."""
        self._switch()
        self.cashier.press(Key.Key_S, CONTROL)
        self.until(lambda: self.counter.line.contact().is_there, "online")
        self.until(lambda: self.counter.pending() == 0, "everything is sent")
        self._back()

    def _switch(self) -> None:
        self.cashier.press(Key.Key_S, CONTROL)
        assert self.cashier.at(ToSync)
        cable = [each for each in self.cashier.shown(Switch) if "网线" in each.accessibleName()]
        self.cashier.tap(cable[0])

    def _back(self) -> None:
        while not self.cashier.at(ToTill):
            self.cashier.press(Key.Key_Escape)

    def sent(self) -> SentFact:
        """The last sale with what head office answered."""
        fact = self.cashier.sales()[-1]
        found = self.cashier.read(lambda work: work.outbox.get(fact.op_id))
        assert isinstance(found, SentFact)
        return found


@contextmanager
def at_chain_till(counter: Counter, application: Application) -> Iterator[ChainCashier]:
    """Sit down at it and sign in by badge; leave it at the end, its line goes on."""
    till = with_printer(counter.real, counter.folder, SETTINGS)
    cashier = sit_down(till, application)
    try:
        cashier.scan(cashier.shop.badges["李明"])
        assert cashier.at(ToTill)
        cashier.begin()
        yield ChainCashier(counter, cashier)
    finally:
        cashier.leave()
        till.printer.queue.close()
