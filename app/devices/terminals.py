"""Payment terminals: who takes the money that is not cash, and gives it back.

Owns: the separate terminal that the cashier answers for, and the simulated one of the demo.
Does not own: the attempt's record and what follows from an answer (services/payment.py). Both
fit the port PaymentTerminal. A payer's code is looked at once, never kept and never logged.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from app.domain.money import Money
from app.domain.payment import (
    Approved,
    ChargeResult,
    Declined,
    NeedsConfirmation,
    NotFound,
    QueryResult,
    TenderKind,
    TimedOut,
    Unknown,
)
from app.domain.settings import Settings


class HandConfirmedTerminal:
    """A separate terminal without a cable: the cashier types the amount there and says the result.

    It keeps nothing: whether the money was taken is known to the cashier, who is asked again
    after a crash.
    """

    is_simulated = False

    def charge(
        self, attempt_id: str, amount: Money, kind: TenderKind, payer_code: str | None
    ) -> ChargeResult:
        """Always NeedsConfirmation; nothing is sent anywhere."""
        return NeedsConfirmation()

    def give_back(
        self, attempt_id: str, amount: Money, kind: TenderKind, original: str
    ) -> ChargeResult:
        """Always NeedsConfirmation: the cashier types the amount at the terminal."""
        return NeedsConfirmation()

    def query(self, attempt_id: str) -> QueryResult:
        """The same question again: only the cashier can look at the terminal's own paper."""
        return NeedsConfirmation()


Behaviour = Literal["approve", "decline", "expired", "time_out", "unknown"]
"""What the simulated bank does. `time_out`: the money was taken, the answer got lost.
`unknown`: the customer still types his password; the first query says so, the second knows."""

BEHAVIOUR_BY_ENDING: dict[str, Behaviour] = {
    "01": "decline",
    "02": "expired",
    "03": "time_out",
    "04": "unknown",
}
"""By the last two digits of the payer's code, or of the amount where there is no code."""


@dataclass(frozen=True, slots=True)
class _Charge:
    amount: Money
    kind: TenderKind
    outcome: Approved | Declined
    first_answer: ChargeResult
    queries_until_known: int
    original: str = ""
    """Money given back: the attempt that had taken it."""


class SimulatedTerminal:
    """The demo's terminal: no bank, no money, and no chance in what it answers.

    It behaves by `scripted` where that is set (tests, the demo's device page), else by the last
    two digits: see BEHAVIOUR_BY_ENDING; every other ending is approved. An attempt id is charged
    once: the same id with the same amount gets the first charge's answer as it stands by now.
    `label` stands on the receipt behind the tender, in the shop's language. Safe for several
    threads.
    """

    is_simulated = True

    def __init__(
        self,
        *,
        label: str = "SIMULATED",
        scripted: Callable[[], Behaviour | None] | None = None,
    ) -> None:
        self._label = label
        self._scripted = scripted
        self._charges: dict[str, _Charge] = {}
        self._lock = threading.Lock()

    def charge(
        self, attempt_id: str, amount: Money, kind: TenderKind, payer_code: str | None
    ) -> ChargeResult:
        """Take the amount once. ValueError where a known attempt comes with another amount."""
        with self._lock:
            known = self._charges.get(attempt_id)
            if known is not None:
                if (known.amount, known.kind) != (amount, kind):
                    raise ValueError(f"attempt {attempt_id} was made for another amount or tender")
                return self._answer(attempt_id, known)
            charge = self._new_charge(attempt_id, amount, kind, payer_code)
            self._charges[attempt_id] = charge
            return charge.first_answer

    def give_back(
        self, attempt_id: str, amount: Money, kind: TenderKind, original: str
    ) -> ChargeResult:
        """Give the amount back once; never more than the original took, where it is known here.

        ValueError where a known attempt comes with another amount or original.
        """
        with self._lock:
            known = self._charges.get(attempt_id)
            if known is not None:
                if (known.amount, known.kind, known.original) != (amount, kind, original):
                    raise ValueError(f"attempt {attempt_id} was made for another amount or tender")
                return self._answer(attempt_id, known)
            charge = replace(self._new_charge(attempt_id, amount, kind, None), original=original)
            if self._is_too_much(original, amount):
                charge = _Charge(amount, kind, Declined(), Declined(), 0, original)
            self._charges[attempt_id] = charge
            return charge.first_answer

    def query(self, attempt_id: str) -> QueryResult:
        """What became of an attempt. NotFound where it never arrived: nothing was taken."""
        with self._lock:
            known = self._charges.get(attempt_id)
            return NotFound() if known is None else self._answer(attempt_id, known)

    def taken(self) -> dict[str, Money]:
        """What the simulated bank has taken, by attempt: for the demo's end of day and tests."""
        with self._lock:
            return {
                attempt_id: charge.amount
                for attempt_id, charge in self._charges.items()
                if isinstance(charge.outcome, Approved) and not charge.original
            }

    def given_back(self) -> dict[str, Money]:
        """What the simulated bank has given back, by attempt."""
        with self._lock:
            return {
                attempt_id: charge.amount
                for attempt_id, charge in self._charges.items()
                if isinstance(charge.outcome, Approved) and charge.original
            }

    def _is_too_much(self, original: str, amount: Money) -> bool:
        taken = self._charges.get(original)
        if taken is None:
            return False  # of another run: this bank forgets at night
        back = sum(
            charge.amount.minor
            for charge in self._charges.values()
            if charge.original == original and isinstance(charge.outcome, Approved)
        )
        return back + amount.minor > taken.amount.minor

    def _answer(self, attempt_id: str, charge: _Charge) -> Approved | Declined | Unknown:
        if charge.queries_until_known == 0:
            return charge.outcome
        left = charge.queries_until_known - 1
        self._charges[attempt_id] = replace(charge, queries_until_known=left)
        return Unknown()

    def _new_charge(
        self, attempt_id: str, amount: Money, kind: TenderKind, payer_code: str | None
    ) -> _Charge:
        behaviour = (self._scripted and self._scripted()) or _behaviour(amount, payer_code)
        # The reference is made of the attempt, so that a repeated run gives the same receipts.
        approved = Approved(f"SIM-{attempt_id[-12:].upper()}", self._label)
        match behaviour:
            case "approve":
                return _Charge(amount, kind, approved, approved, 0)
            case "decline":
                return _Charge(amount, kind, Declined("insufficient"), Declined("insufficient"), 0)
            case "expired":
                return _Charge(amount, kind, Declined("expired_code"), Declined("expired_code"), 0)
            case "time_out":
                return _Charge(amount, kind, approved, TimedOut(), 0)
            case "unknown":
                return _Charge(amount, kind, approved, Unknown(), 1)


def _behaviour(amount: Money, payer_code: str | None) -> Behaviour:
    digits = payer_code or f"{amount.minor:02d}"
    return BEHAVIOUR_BY_ENDING.get(digits[-2:], "approve")


def terminals_of(
    settings: Settings, *, label: str
) -> dict[TenderKind, HandConfirmedTerminal | SimulatedTerminal]:
    """The terminals a shop's settings name; `label` stands beside what was only simulated."""
    chosen: dict[TenderKind, str] = {
        "mobile": settings.mobile_terminal,
        "card": settings.card_terminal,
    }
    return {
        kind: SimulatedTerminal(label=label) if name == "simulated" else HandConfirmedTerminal()
        for kind, name in chosen.items()
    }
