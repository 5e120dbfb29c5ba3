"""Payment answers: what taking money may come to.

Owns: those answers. Does not own: taking it (payment.py, tender.py), their sentences (ui).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.money import Money
from app.domain.payment import PaymentAttempt, TenderKind
from app.services.answers import Refusal
from app.services.checkout import SaleDone
from app.services.till_state import PayBlock, TillState


@dataclass(frozen=True, slots=True)
class NotPayable:
    """The basket cannot be paid yet."""

    why: PayBlock
    state: TillState | None = field(default=None, compare=False)
    """At the prices of this minute: what is in the way may be new."""


@dataclass(frozen=True, slots=True)
class StillDue:
    """What was given is not enough; nothing was recorded."""

    missing: Money


@dataclass(frozen=True, slots=True)
class ConfirmAmount:
    """An unlikely amount: ask, then call again with `confirmed`."""

    received: Money
    due: Money


@dataclass(frozen=True, slots=True)
class NoTerminal:
    """No terminal takes this kind of tender here."""

    kind: TenderKind


@dataclass(frozen=True, slots=True)
class PaymentStarted:
    """The attempt is recorded: now ask the terminal, outside the lane."""

    state: TillState
    attempt: PaymentAttempt


@dataclass(frozen=True, slots=True)
class ConfirmByHand:
    """A separate terminal: the cashier looks and says whether it was paid."""

    state: TillState
    attempt: PaymentAttempt


@dataclass(frozen=True, slots=True)
class PaymentDeclined:
    """Nothing was taken. The basket is as before; another try or another tender."""

    state: TillState
    reason: str


@dataclass(frozen=True, slots=True)
class PaymentUnknown:
    """It may have been taken. Query it; do not charge again."""

    state: TillState
    attempt: PaymentAttempt


@dataclass(frozen=True, slots=True)
class PaymentWithoutSale:
    """Money was taken for a basket that is gone or costs another sum by now: it has to be given
    back at the terminal. The basket, if it is still there, is free again.
    """

    attempt: PaymentAttempt
    state: TillState | None = None


@dataclass(frozen=True, slots=True)
class NoSuchAttempt:
    """No open attempt by this id."""

    attempt_id: str


@dataclass(frozen=True, slots=True)
class DueChanged:
    """Another sum is due than was shown; nothing was recorded. Show `due`, then ask again."""

    state: TillState
    due: Money


@dataclass(frozen=True, slots=True)
class TenderTaken:
    """A part of what is due was taken and stands on the basket; `remaining` is still to come."""

    state: TillState
    remaining: Money


@dataclass(frozen=True, slots=True)
class PartRefused:
    """So much cannot be taken as a part: nothing, or more than is due. Change comes from cash."""

    remaining: Money


PayCashAnswer = SaleDone | StillDue | ConfirmAmount | DueChanged | NotPayable | Refusal
TakePartAnswer = PayCashAnswer | TenderTaken | PartRefused
StartAnswer = (
    PaymentStarted | SaleDone | DueChanged | NotPayable | NoTerminal | PartRefused | Refusal
)
FinishAnswer = (
    SaleDone
    | TenderTaken
    | PaymentDeclined
    | PaymentUnknown
    | ConfirmByHand
    | PaymentWithoutSale
    | NoSuchAttempt
)
