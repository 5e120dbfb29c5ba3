"""Payments: attempts to take money, and what a terminal may answer.

Owns: tenders, the record of an attempt (kept before the terminal is asked, so that a crash can
never charge twice), the answers of a terminal and what an attempt becomes by one, in both
directions. Does not own: terminals (app/devices/terminals.py),
the steps at the till (app/services/payment.py). A payer's code is never part of any record here.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, replace
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

from app.domain.money import ZERO, Money

TenderKind = Literal["cash", "card", "mobile", "other"]


@dataclass(frozen=True, slots=True)
class Approved:
    """The money is taken. `reference` is the terminal's own, `detail` may be printed."""

    reference: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """Nothing was taken. `reason` is a code: insufficient, expired_code, cancelled, other."""

    reason: str = "other"


@dataclass(frozen=True, slots=True)
class TimedOut:
    """No answer in time: it may have been taken. Query, never charge again."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The terminal itself does not know yet: it may have been taken. Query, never charge again."""


@dataclass(frozen=True, slots=True)
class NeedsConfirmation:
    """A separate terminal took or did not take it: the cashier says which, by hand."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """Only for queries: the terminal never heard of the attempt, so nothing was taken."""


ChargeResult = Approved | Declined | TimedOut | Unknown | NeedsConfirmation
QueryResult = ChargeResult | NotFound

AttemptState = Literal["started", "approved", "declined", "unknown", "not_found"]
"""started: the terminal was or is being asked. unknown: it answered without an answer."""

OPEN_STATES: tuple[AttemptState, ...] = ("started", "unknown")
"""Attempts in these states may have taken money: they are queried, also after a crash."""


class Attempt(Protocol):
    """One question to a terminal, to take money or to give it back."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def state(self) -> AttemptState: ...
    @property
    def by_hand(self) -> bool: ...


A = TypeVar("A", bound=Attempt)


@dataclass(frozen=True, slots=True)
class Heard(Generic[A]):
    """What an attempt is after its terminal has answered."""

    attempt: A
    moved: bool | None
    """Whether the money moved; None = nobody knows yet."""
    reason: str = ""
    """Why it did not."""


def heard(attempt: A, result: QueryResult) -> Heard[A]:
    """The attempt with what the terminal (or the cashier who looked at it) said."""
    match result:
        case Approved(reference, detail):
            known = replace(attempt, state="approved", reference=reference, detail=detail)
            return Heard(known, moved=True)
        case Declined(reason):
            return Heard(replace(attempt, state="declined"), moved=False, reason=reason)
        case NotFound():
            return Heard(replace(attempt, state="not_found"), moved=False, reason="not_found")
        case NeedsConfirmation():
            return Heard(replace(attempt, by_hand=True), moved=None)
        case _:
            return Heard(replace(attempt, state="unknown"), moved=None)


def said_by_hand(*, moved: bool) -> Approved | Declined:
    """What the cashier says of a separate terminal, as its answer."""
    return Approved(reference="") if moved else Declined("other")


def waits_for_cashier(attempt: Attempt) -> bool:
    """Whether only the cashier can say: no query helps."""
    return attempt.by_hand and attempt.state == "started"


@dataclass(frozen=True, slots=True)
class PaymentAttempt:
    """One try to take money for one basket; `attempt_id` is the idempotency key."""

    attempt_id: str
    basket_id: str
    kind: TenderKind
    amount: Money
    started_ms: int
    staff_id: str
    """Who began it: a sale it pays for is his, also where the till was restarted in between."""
    state: AttemptState = "started"
    by_hand: bool = False
    """The cashier has to confirm it, the terminal is a separate one."""
    reference: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tender:
    """Money for a sale. `amount` counts towards what is due; cash: received - change = amount."""

    kind: TenderKind
    amount: Money
    received: Money
    change: Money = ZERO
    attempt_id: str | None = None
    reference: str = ""
    detail: str = ""
