"""The ports of devices: what services need of terminals, printers and the cash drawer.

Owns: those Protocols. Does not own: the other ports (ports.py), any device.
"""

from __future__ import annotations

from typing import Protocol

from app.domain.money import Money
from app.domain.paper import Paper
from app.domain.payment import ChargeResult, QueryResult, TenderKind


class PaymentTerminal(Protocol):
    """Takes money for one attempt, and gives it back. Slow: never called on the store lane.

    The same `attempt_id` never moves money twice. `payer_code` is the customer's own code and
    must be forgotten with the call.
    """

    def charge(
        self, attempt_id: str, amount: Money, kind: TenderKind, payer_code: str | None
    ) -> ChargeResult: ...

    def give_back(
        self, attempt_id: str, amount: Money, kind: TenderKind, original: str
    ) -> ChargeResult:
        """Give an amount of an earlier payment back to where it came from.

        `original`: the attempt that took the money. Approved: it is on its way.
        """

    def query(self, attempt_id: str) -> QueryResult:
        """What became of an attempt, in either direction."""


class PrintQueue(Protocol):
    """Takes paper work; answers at once, a missing printer never blocks a sale."""

    def print_receipt(self, receipt: Paper) -> None: ...


class Drawer(Protocol):
    """The cash drawer."""

    def open_drawer(self) -> None: ...
