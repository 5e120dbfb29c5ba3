"""The bank of the kill runs: a terminal whose memory is a file that no killed till can take along.

Owns: taking money once for an attempt, remembering every charge in a ledger of its own, answering
queries from it. Fits the port PaymentTerminal. Does not own: what the till makes of an answer.

The ledger counts every charge that arrived, also a second one for the same attempt: the check that
nobody was charged twice must be able to fail.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from app.domain.money import Money
from app.domain.payment import (
    Approved,
    ChargeResult,
    Declined,
    NotFound,
    QueryResult,
    TenderKind,
    TimedOut,
    Unknown,
)

LATENCY_MAX_S = 0.004
"""The longest way to the bank and the longest way back: moments in which the till may die."""


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of the ledger."""

    attempt_id: str
    amount_minor: int
    approved: bool


class LedgerBank:
    """Approves most, declines some; of what it took it does not always say so at once."""

    def __init__(self, ledger: Path, chance: Random) -> None:
        self._ledger = ledger
        self._chance = chance
        self._queried: set[str] = set()

    def charge(
        self, attempt_id: str, amount: Money, kind: TenderKind, payer_code: str | None
    ) -> ChargeResult:
        """Take the money, write it down, and then answer - or fail to."""
        time.sleep(self._chance.uniform(0, LATENCY_MAX_S))
        fate = self._chance.choices(
            ("approved", "declined", "lost answer", "not known yet"), (6, 2, 2, 2)
        )[0]
        self._write(Charge(attempt_id, amount.minor, fate != "declined"))
        time.sleep(self._chance.uniform(0, LATENCY_MAX_S))
        match fate:
            case "approved":
                return Approved(reference(attempt_id), "SIMULATED")
            case "declined":
                return Declined("insufficient")
            case "lost answer":
                return TimedOut()
            case _:
                return Unknown()

    def give_back(
        self, attempt_id: str, amount: Money, kind: TenderKind, original: str
    ) -> ChargeResult:
        """Give money back like it is taken: in the ledger first, and not always with an answer."""
        return self.charge(attempt_id, -amount, kind, None)

    def query(self, attempt_id: str) -> QueryResult:
        """What the ledger says; a first query may meet a bank that is not sure yet."""
        time.sleep(self._chance.uniform(0, LATENCY_MAX_S))
        charge = next((c for c in read_ledger(self._ledger) if c.attempt_id == attempt_id), None)
        if charge is None:
            return NotFound()
        if attempt_id not in self._queried and self._chance.random() < 0.3:
            self._queried.add(attempt_id)
            return Unknown()
        return Approved(reference(attempt_id), "SIMULATED") if charge.approved else Declined()

    def _write(self, charge: Charge) -> None:
        line = json.dumps([charge.attempt_id, charge.amount_minor, charge.approved])
        file = os.open(self._ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, f"{line}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)


def reference(attempt_id: str) -> str:
    """The bank's own number of a charge."""
    return f"BANK-{attempt_id[-12:].upper()}"


def read_ledger(ledger: Path) -> list[Charge]:
    """Every charge that ever arrived, oldest first."""
    if not ledger.exists():
        return []
    return [Charge(*json.loads(line)) for line in ledger.read_text("utf-8").splitlines()]
