"""What journeys of split tenders do and look at again and again.

Oil and milk for 127.00. The bank behaves by the last digits of the payer's code, or of the amount
where there is no code: 01 declines, 03 loses its answer, 04 does not know yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt

from app.devices.terminals import Behaviour, HandConfirmedTerminal, SimulatedTerminal
from app.domain.fact_parts import FactTender
from tests.journeys.cashier import Cashier, a_till, sit_down
from tests.real_shop import MILK, OIL
from ui.application import Application
from ui.payment.controller import PaymentController

Key = Qt.Key
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
PAID, DECLINED, LOST, LATER = (
    "134567890123456788", "134567890123456701", "134567890123456703", "134567890123456704",
)  # fmt: skip


class Bank:
    """The product's simulated bank; `says` where it does not go by the digits."""

    def __init__(self) -> None:
        self.says: Behaviour | None = None
        self.terminal = SimulatedTerminal(scripted=lambda: self.says, label="模拟")


@contextmanager
def paying_at(folder: Path, application: Application, bank: Bank) -> Iterator[Cashier]:
    """李明 at the payment screen, with 127.00 due."""
    till = a_till(folder, terminals={"mobile": bank.terminal, "card": HandConfirmedTerminal()})
    made = sit_down(till, application)
    made.scan(made.shop.badges["李明"])
    for code in (OIL, MILK):
        made.scan(code)
    made.press(Key.Key_F9)
    made.sounds.clear()
    made.begin()
    yield made
    made.leave()
    till.close()


def screen_of(cashier: Cashier) -> PaymentController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, PaymentController)
    return current


def due(cashier: Cashier) -> str:
    return screen_of(cashier)._screen._due.text()


def notice(cashier: Cashier) -> str:
    return screen_of(cashier)._screen._notice.sentence


def parts(cashier: Cashier) -> list[tuple[str, int]]:
    return [(each.kind, each.amount.minor) for each in cashier.state.tenders]


def a_part(cashier: Cashier, amount: str) -> None:
    """A part in cash by keys."""
    if not cashier.state.tenders:
        cashier.press(Key.Key_4, ALT)
    cashier.type(amount)
    cashier.press(Key.Key_Return)


def told(tenders: tuple[FactTender, ...]) -> list[tuple[str, int]]:
    return [(each.kind, each.amount_minor) for each in tenders]
