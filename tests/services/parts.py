"""A till that takes money in parts: a bank that does as it is told, and the two ways to pay a part.

Owns: oil and milk for 127.00 in the basket, a mobile and a separate card terminal. Does not own:
what follows from a part.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.devices.terminals import Behaviour, HandConfirmedTerminal, SimulatedTerminal
from app.domain.money import Money
from app.services.payment import PaymentStarted, ask_terminal, finish_payment, start_payment
from app.services.scan import scan_code
from app.services.tender import take_cash_part
from tests.real_shop import MILK, OIL, RealShop, copy_shop


class Scripted:
    """The product's own simulated bank, told what to do next."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = "approve"
        self.bank = SimulatedTerminal(scripted=lambda: self.behaviour, label="模拟")


def till_in_parts(folder: Path, bank: Scripted) -> RealShop:
    """Oil and milk for 127.00 in the basket of 李明."""
    terminals = {"mobile": bank.bank, "card": HandConfirmedTerminal()}
    made = copy_shop(folder, terminals=terminals)  # type: ignore[arg-type] # dict is invariant in its keys
    made.sign_in()
    for code in (OIL, MILK):
        made.do(scan_code, text=code)
    return made


def mobile(till: RealShop, part: int | None = None) -> Any:
    """A part (None: all that is due) by the customer's phone; what came of it."""
    started = till.do(start_payment, kind="mobile", part=None if part is None else Money(part))
    assert isinstance(started, PaymentStarted), started
    result = ask_terminal(shop=till.shop, attempt=started.attempt, payer_code="1" * 18)
    return till.do(finish_payment, attempt_id=started.attempt.attempt_id, result=result)


def cash(till: RealShop, minor: int) -> Any:
    """So many fen in cash."""
    return till.do(take_cash_part, received=Money(minor))
