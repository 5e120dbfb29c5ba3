"""What people do with a shift in journeys: sell, count, close; and what can be read then.

Owns: those acts by real keys. Does not own: the cashier (cashier.py), what is asserted.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.facts import read_fact
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK, OIL, TOWEL
from ui.kit.buttons import KitButton
from ui.kit.text import FitFigure
from ui.navigation import ToShiftClose
from ui.shift.count_grid import CountGrid

Key = Qt.Key

CASH_SALES = 5900 + 1990 + 6800
"""Milk, a towel and oil, paid in cash."""


def facts_of(cashier: Cashier, kind: type[Any]) -> list[Any]:
    stored = cashier.read(lambda work: work.facts.all_facts())
    return [fact for fact in (read_fact(each.data) for each in stored) if type(fact) is kind]


def grid_of(cashier: Cashier) -> CountGrid:
    return next(iter(cashier.shown(CountGrid)))


def sell(cashier: Cashier) -> None:
    for code in (MILK, TOWEL, OIL):
        cashier.scan(code)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_Return)


def to_close(cashier: Cashier) -> None:
    """Ctrl+J, Enter: the shift, its count."""
    cashier.press(Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    cashier.press(Key.Key_Return)
    assert cashier.at(ToShiftClose)


PIECES = {
    "100": "04",
    "50": "01",
    "20": "04",
    "10": "04",
    "5": "04",
    "1": "06",
    "0.5": "01",
    "0.1": "04",
}
"""596.90: the float and the sales are there to the fen."""


def count(cashier: Cashier, pieces: dict[str, str]) -> None:
    """Two figures and Enter for each of the eight denominations."""
    for figures in pieces.values():
        cashier.type(figures)
        cashier.press(Key.Key_Return)


def tab(cashier: Cashier, name: str) -> QWidget:
    """A tab of the header by the screen it leads to."""
    return next(each for each in cashier.window.header._tabs if each.tab.name == name)


def visible_texts(cashier: Cashier) -> list[str]:
    """What can be read on the screen now."""
    said = [label.text() for label in cashier.shown(QLabel)]
    said += [button.text() for button in cashier.shown(KitButton)]
    said += [figure.text() for figure in cashier.shown(FitFigure)]
    return [text for text in said if text]
