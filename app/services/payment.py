"""Payment: cash with change and round-off, card and mobile code by a terminal.

Owns: the steps of taking money. Does not own: completing the sale (checkout.py), terminals
(a port).

A terminal is slow and may not know what it did. So an attempt is committed under its idempotency
key before the terminal is asked (`start_payment`), asked outside the lane (`ask_terminal`), and
settled afterwards (`finish_payment`). Without an answer it is queried, never charged again; an
attempt open at a crash is found at the start of the till and queried. The payer's code goes from
the scan to the terminal and is never stored or logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec.structs import replace as replace_struct

from app.domain.moment import Moment
from app.domain.money import ZERO, Money, total
from app.domain.payment import (
    OPEN_STATES,
    Approved,
    ChargeResult,
    Declined,
    NeedsConfirmation,
    NotFound,
    PaymentAttempt,
    QueryResult,
    Tender,
    TenderKind,
)
from app.services.answers import Changed, Refusal
from app.services.audit_trail import record
from app.services.checkout import SaleDone, complete_sale
from app.services.desk import allowed, keep, requote, shift_first
from app.services.ports import UnitOfWork
from app.services.present import cash_round_off, due_of, pay_block
from app.services.shop import DeskState, Shop
from app.services.till_state import PayBlock, TillState

CONFIRM_ABOVE = Money(1_000_000)
CONFIRM_TIMES = 10


@dataclass(frozen=True, slots=True)
class NotPayable:
    """The basket cannot be paid yet."""

    why: PayBlock


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


PayCashAnswer = SaleDone | StillDue | ConfirmAmount | DueChanged | NotPayable | Refusal
StartAnswer = PaymentStarted | SaleDone | DueChanged | NotPayable | NoTerminal | Refusal
FinishAnswer = (
    SaleDone | PaymentDeclined | PaymentUnknown | ConfirmByHand | PaymentWithoutSale | NoSuchAttempt
)


def pay_cash(
    *,
    shop: Shop,
    work: UnitOfWork,
    received: Money | None = None,
    shown: Money | None = None,
    confirmed: bool = False,
) -> PayCashAnswer:
    """Pay what is due in cash and complete the sale; `received` None = exactly what is due.

    `shown`: what a person was told is due in cash; None = nobody was. Changes: all of a sale.
    """
    refusal, state, now = _before_paying(shop)
    if refusal is not None:
        return refusal
    due = _remaining(state)
    round_off = cash_round_off(state.program, due)
    due_cash = due - round_off
    if shown not in (None, due_cash):
        return DueChanged(keep(shop, work, state, now), due_cash)
    given = due_cash if received is None else received
    if given < due_cash:
        return StillDue(due_cash - given)
    if not confirmed and _is_unlikely(given, due_cash):
        return ConfirmAmount(given, due_cash)
    tender = Tender("cash", due_cash, given, given - due_cash)
    return complete_sale(
        shop=shop,
        work=work,
        state=state,
        tenders=(*state.basket.tenders, tender),
        round_off=round_off,
        now=now,
    )


def _before_paying(shop: Shop) -> tuple[NotPayable | Refusal | None, DeskState, Moment]:
    now = shop.now()
    state = shop.desk.state
    refusal = allowed(shop, "sell") or shift_first(shop)
    if refusal is not None:
        return refusal, state, now
    block = pay_block(state)
    if block is not None:
        return NotPayable(block), state, now
    # A program, a month or an offer may have ended since the last scan; else nothing is priced.
    if quote_is_stale(state, now):
        state = requote(shop, state, now)
    return None, state, now


def quote_is_stale(state: DeskState, now: Moment) -> bool:
    """Whether the quote was made in another minute: hours of offers are told in minutes."""
    return now.wall_ms // 60_000 != state.quoted_ms // 60_000


def _remaining(state: DeskState) -> Money:
    return due_of(state) - total(tender.amount for tender in state.basket.tenders)


def _is_unlikely(given: Money, due: Money) -> bool:
    above = given > CONFIRM_ABOVE
    times = due.minor > 0 and given.minor > CONFIRM_TIMES * due.minor
    return given != due and (above or times)


def start_payment(
    *, shop: Shop, work: UnitOfWork, kind: TenderKind, shown: Money | None = None
) -> StartAnswer:
    """Record an attempt for all that is due by a terminal. Changes: payments, audit.

    The attempt is durable when this answers; only then may the terminal be asked. Where nothing
    is due no terminal is asked: the sale is complete.
    """
    refusal, state, now = _before_paying(shop)
    if refusal is not None:
        return refusal
    if kind not in shop.terminals:
        return NoTerminal(kind)
    if shown not in (None, _remaining(state)):
        return DueChanged(keep(shop, work, state, now), _remaining(state))
    if _remaining(state) == ZERO:
        paid = state.basket.tenders
        return complete_sale(
            shop=shop, work=work, state=state, tenders=paid, round_off=ZERO, now=now
        )
    attempt = PaymentAttempt(
        attempt_id=shop.op_id(now),
        basket_id=state.basket.basket_id,
        kind=kind,
        amount=_remaining(state),
        started_ms=now.wall_ms,
        staff_id=state.staff.staff_id if state.staff else "",
    )
    work.payments.add(attempt)
    details = {"kind": kind, "amount": str(attempt.amount.minor)}
    record(
        shop=shop, work=work, now=now, act="payment_started",
        subject=attempt.attempt_id, details=details,
    )  # fmt: skip
    return PaymentStarted(keep(shop, work, replace(state, attempt=attempt), now), attempt)


def ask_terminal(
    *, shop: Shop, attempt: PaymentAttempt, payer_code: str | None = None
) -> ChargeResult:
    """Let the terminal take the money. Slow: outside the lane, once per attempt."""
    terminal = shop.terminals[attempt.kind]
    return terminal.charge(attempt.attempt_id, attempt.amount, attempt.kind, payer_code)


def query_terminal(*, shop: Shop, attempt: PaymentAttempt) -> QueryResult:
    """Ask what became of an attempt. Slow: outside the lane, as often as needed."""
    return shop.terminals[attempt.kind].query(attempt.attempt_id)


def finish_payment(
    *, shop: Shop, work: UnitOfWork, attempt_id: str, result: QueryResult
) -> FinishAnswer:
    """Settle an attempt with what the terminal said. Changes: payments; a sale if approved."""
    attempt = work.payments.get(attempt_id)
    if attempt is None or attempt.state not in OPEN_STATES:
        return NoSuchAttempt(attempt_id)
    now = shop.now()
    match result:
        case Approved(reference, detail):
            settled = replace(attempt, state="approved", reference=reference, detail=detail)
            return _approved(shop, work, settled, now)
        case Declined(reason):
            return _not_taken(shop, work, replace(attempt, state="declined"), reason, now)
        case NotFound():
            return _not_taken(shop, work, replace(attempt, state="not_found"), "not_found", now)
        case NeedsConfirmation():
            return _waiting(shop, work, replace(attempt, by_hand=True), now)
        case _:
            return _waiting(shop, work, replace(attempt, state="unknown"), now)


def confirm_by_hand(
    *, shop: Shop, work: UnitOfWork, attempt_id: str, taken: bool
) -> FinishAnswer | Refusal:
    """The cashier says whether a separate terminal took the money. Changes: as finish_payment."""
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    result = Approved(reference="", detail="") if taken else Declined("other")
    return finish_payment(shop=shop, work=work, attempt_id=attempt_id, result=result)


def set_payment_aside(
    *, shop: Shop, work: UnitOfWork, attempt_id: str
) -> Changed | NoSuchAttempt | Refusal:
    """Stop waiting for an answer: another tender is used. The attempt is still queried later.

    If it turns out to have been paid, it is an exception for the manager. Changes: basket, audit.
    """
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    state = shop.desk.state
    if state.attempt is None or state.attempt.attempt_id != attempt_id:
        return NoSuchAttempt(attempt_id)
    now = shop.now()
    work.payments.update(replace(state.attempt, state="unknown"))
    record(shop=shop, work=work, now=now, act="payment_set_aside", subject=attempt_id)
    aside = (*state.basket.set_aside, attempt_id)
    freed = replace(state, attempt=None, basket=replace_struct(state.basket, set_aside=aside))
    return Changed(keep(shop, work, freed, now))


def open_attempts(*, work: UnitOfWork) -> Sequence[PaymentAttempt]:
    """Attempts that may have taken money, oldest first: query them (at the start, at night)."""
    return work.payments.in_states(OPEN_STATES)


def _approved(
    shop: Shop, work: UnitOfWork, attempt: PaymentAttempt, now: Moment
) -> SaleDone | PaymentWithoutSale:
    work.payments.update(attempt)
    _record_finish(shop, work, attempt, now)
    state = shop.desk.state
    # Priced as when the attempt was made: the basket was frozen, and so was its quote.
    free = _without(state, attempt)
    if not _pays_for(state, attempt):
        return _without_sale(shop, work, attempt, free, now)
    tender = Tender(
        attempt.kind,
        attempt.amount,
        attempt.amount,
        attempt_id=attempt.attempt_id,
        reference=attempt.reference,
        detail=attempt.detail,
    )
    return complete_sale(
        shop=shop,
        work=work,
        state=free,
        tenders=(*state.basket.tenders, tender),
        round_off=ZERO,
        now=now,
    )


def _pays_for(state: DeskState, attempt: PaymentAttempt) -> bool:
    """Whether the money is for the basket on the desk, and exactly what it still costs.

    After a restart it may not be: a coupon given meanwhile, a program that came by a pull.
    """
    waited_for = state.attempt is not None and state.attempt.attempt_id == attempt.attempt_id
    return waited_for and _remaining(state) == attempt.amount


def _without_sale(
    shop: Shop, work: UnitOfWork, attempt: PaymentAttempt, free: DeskState, now: Moment
) -> PaymentWithoutSale:
    details = {"amount": str(attempt.amount.minor), "kind": attempt.kind}
    record(
        shop=shop, work=work, now=now, act="payment_without_sale",
        subject=attempt.attempt_id, details=details,
    )  # fmt: skip
    return PaymentWithoutSale(attempt, keep(shop, work, free, now))


def _not_taken(
    shop: Shop, work: UnitOfWork, attempt: PaymentAttempt, reason: str, now: Moment
) -> PaymentDeclined:
    work.payments.update(attempt)
    _record_finish(shop, work, attempt, now)
    return PaymentDeclined(keep(shop, work, _without(shop.desk.state, attempt), now), reason)


def _waiting(
    shop: Shop, work: UnitOfWork, attempt: PaymentAttempt, now: Moment
) -> PaymentUnknown | ConfirmByHand:
    work.payments.update(attempt)
    state = shop.desk.state
    if state.attempt is not None and state.attempt.attempt_id == attempt.attempt_id:
        state = replace(state, attempt=attempt)
    shown = keep(shop, work, state, now)
    by_hand = attempt.by_hand and attempt.state == "started"
    return ConfirmByHand(shown, attempt) if by_hand else PaymentUnknown(shown, attempt)


def _without(state: DeskState, attempt: PaymentAttempt) -> DeskState:
    mine = state.attempt is not None and state.attempt.attempt_id == attempt.attempt_id
    return replace(state, attempt=None) if mine else state


def _record_finish(shop: Shop, work: UnitOfWork, attempt: PaymentAttempt, now: Moment) -> None:
    record(
        shop=shop,
        work=work,
        now=now,
        act="payment_finished",
        subject=attempt.attempt_id,
        details={"state": attempt.state},
    )
