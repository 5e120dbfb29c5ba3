"""Payment: cash with change and round-off, card and mobile code by a terminal.

Owns: the steps of taking money. Does not own: its answers (payment_answer.py), cash in parts and
taking a tender off again (tender.py), completing the sale (checkout.py), terminals (a port).

A terminal is slow and may not know what it did. So an attempt is committed under its idempotency
key before the terminal is asked (`start_payment`), asked outside the lane (`ask_terminal`), and
settled afterwards (`finish_payment`). Without an answer it is queried, never charged again; an
attempt open at a crash is found at the start of the till and queried. The payer's code goes from
the scan to the terminal and is never stored or logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec.structs import replace as replace_struct

from app.domain.moment import Moment
from app.domain.money import ZERO, Money, total
from app.domain.payment import (
    OPEN_STATES,
    ChargeResult,
    PaymentAttempt,
    QueryResult,
    Tender,
    TenderKind,
    heard,
    said_by_hand,
    waits_for_cashier,
)
from app.services.answers import Changed, Refusal
from app.services.audit_trail import record
from app.services.checkout import SaleDone, complete_sale
from app.services.desk import allowed, keep, requote, shift_first
from app.services.payment_answer import (
    ConfirmAmount,
    ConfirmByHand,
    DueChanged,
    FinishAnswer,
    NoSuchAttempt,
    NoTerminal,
    NotPayable,
    PartRefused,
    PayCashAnswer,
    PaymentDeclined,
    PaymentStarted,
    PaymentUnknown,
    PaymentWithoutSale,
    StartAnswer,
    StillDue,
    TenderTaken,
)
from app.services.ports import UnitOfWork
from app.services.present import cash_round_off, due_of, pay_block
from app.services.redeem_way import payable
from app.services.shop import DeskState, Shop

__all__ = [
    "ConfirmAmount", "ConfirmByHand", "DueChanged", "FinishAnswer", "NoSuchAttempt", "NoTerminal",
    "NotPayable", "PartRefused", "PayCashAnswer", "PaymentDeclined", "PaymentStarted",
    "PaymentUnknown", "PaymentWithoutSale", "StartAnswer", "StillDue", "TenderTaken",
    "ask_terminal", "before_paying", "confirm_by_hand", "finish_payment", "open_attempts",
    "pay_cash", "query_terminal", "quote_is_stale", "remaining_of", "set_payment_aside",
    "start_payment", "take_part",
]  # fmt: skip

CONFIRM_ABOVE = Money(1_000_000)
CONFIRM_TIMES = 10


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
    refusal, state, now = before_paying(shop=shop, work=work)
    if refusal is not None:
        return refusal
    due = remaining_of(state)
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


def before_paying(
    *, shop: Shop, work: UnitOfWork
) -> tuple[NotPayable | Refusal | None, DeskState, Moment]:
    """Why no money may be taken now (None = it may), and the basket at the prices of this minute.

    Once a part of the money was taken the prices stand. Changes: the basket, where it was priced
    anew and cannot be paid.
    """
    now = shop.now()
    state = shop.desk.state
    refusal = allowed(shop, "sell") or shift_first(shop)
    if refusal is not None:
        return refusal, state, now
    # A program, a month or an offer may have ended since the last scan; else nothing is priced.
    if quote_is_stale(state, now):
        state = requote(shop, state, now)
    state = payable(shop=shop, work=work, state=state, now=now)
    block = pay_block(state)
    if block is not None:
        return NotPayable(block, keep(shop, work, state, now)), state, now
    return None, state, now


def quote_is_stale(state: DeskState, now: Moment) -> bool:
    """Whether the quote was made in another minute: hours of offers are told in minutes."""
    return now.wall_ms // 60_000 != state.quoted_ms // 60_000


def remaining_of(state: DeskState) -> Money:
    """What is still due by anything but cash."""
    return due_of(state) - total(tender.amount for tender in state.basket.tenders)


def _is_unlikely(given: Money, due: Money) -> bool:
    above = given > CONFIRM_ABOVE
    times = due.minor > 0 and given.minor > CONFIRM_TIMES * due.minor
    return given != due and (above or times)


def start_payment(
    *,
    shop: Shop,
    work: UnitOfWork,
    kind: TenderKind,
    shown: Money | None = None,
    part: Money | None = None,
) -> StartAnswer:
    """Record an attempt by a terminal, for all that is due or a part. Changes: payments, audit.

    The attempt is durable when this answers; only then may the terminal be asked. Where nothing
    is due no terminal is asked: the sale is complete.
    """
    refusal, state, now = before_paying(shop=shop, work=work)
    if refusal is not None:
        return refusal
    if kind not in shop.terminals:
        return NoTerminal(kind)
    if shown not in (None, remaining_of(state)):
        return DueChanged(keep(shop, work, state, now), remaining_of(state))
    if part is not None and not ZERO < part <= remaining_of(state):
        return PartRefused(remaining_of(state))
    if remaining_of(state) == ZERO:
        paid = state.basket.tenders
        return complete_sale(
            shop=shop, work=work, state=state, tenders=paid, round_off=ZERO, now=now
        )
    amount = remaining_of(state) if part is None else part
    return _started(shop, work, state, kind, amount, now)


def _started(
    shop: Shop, work: UnitOfWork, state: DeskState, kind: TenderKind, amount: Money, now: Moment
) -> PaymentStarted:
    attempt = PaymentAttempt(
        attempt_id=shop.op_id(now),
        basket_id=state.basket.basket_id,
        kind=kind,
        amount=amount,
        started_ms=now.wall_ms,
        staff_id=state.staff.staff_id if state.staff else "",
    )
    work.payments.add(attempt)
    details = {"kind": kind, "amount": str(attempt.amount.minor)}
    record(
        shop=shop, work=work, now=now, act="payment_started",
        subject=attempt.attempt_id, details=details,
    )  # fmt: skip
    basket = state.basket.agreed_on(state.quote, now.wall_ms)
    if attempt.amount < remaining_of(state):
        basket = replace_struct(basket, parts=(*basket.parts, attempt.attempt_id))
    asked = replace(state, basket=basket, attempt=attempt)
    return PaymentStarted(keep(shop, work, asked, now), attempt)


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
    now, told = shop.now(), heard(attempt, result)
    if told.moved is None:
        return _waiting(shop, work, told.attempt, now)
    if not told.moved:
        return _not_taken(shop, work, told.attempt, told.reason, now)
    return _approved(shop, work, told.attempt, now)


def confirm_by_hand(
    *, shop: Shop, work: UnitOfWork, attempt_id: str, taken: bool
) -> FinishAnswer | Refusal:
    """The cashier says whether a separate terminal took the money. Changes: as finish_payment."""
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    attempt = work.payments.get(attempt_id)
    if attempt is None or not attempt.by_hand:
        # A terminal that answers itself is queried: nobody's word stands for its own.
        return NoSuchAttempt(attempt_id)
    result = said_by_hand(moved=taken)
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
    freed = _freed(state, state.attempt)
    aside = replace_struct(freed.basket, set_aside=(*freed.basket.set_aside, attempt_id))
    return Changed(keep(shop, work, replace(freed, basket=aside), now))


def open_attempts(*, work: UnitOfWork) -> Sequence[PaymentAttempt]:
    """Attempts that may have taken money, oldest first: query them (at the start, at night)."""
    return work.payments.in_states(OPEN_STATES)


def _approved(
    shop: Shop, work: UnitOfWork, attempt: PaymentAttempt, now: Moment
) -> SaleDone | TenderTaken | PaymentWithoutSale:
    work.payments.update(attempt)
    _record_finish(shop, work, attempt, now)
    state = shop.desk.state
    # Priced as when the attempt was made: the basket was frozen, and so was its quote.
    free = _without(state, attempt)
    if not _pays_for(state, attempt):
        return _without_sale(shop, work, attempt, _freed(state, attempt), now)
    tender = Tender(
        attempt.kind,
        attempt.amount,
        attempt.amount,
        attempt_id=attempt.attempt_id,
        reference=attempt.reference,
        detail=attempt.detail,
    )
    if attempt.amount < remaining_of(state):
        return take_part(shop=shop, work=work, state=free, tender=tender, now=now)
    paid = (*state.basket.tenders, tender)
    return complete_sale(shop=shop, work=work, state=free, tenders=paid, round_off=ZERO, now=now)


def take_part(
    *, shop: Shop, work: UnitOfWork, state: DeskState, tender: Tender, now: Moment
) -> TenderTaken:
    """Put a part of the money on the basket; from then on its prices stand. Changes: basket, audit.

    The sale is complete with the last part.
    """
    basket = state.basket.agreed_on(state.quote, now.wall_ms)
    paid = replace_struct(basket, tenders=(*basket.tenders, tender))
    details = {"kind": tender.kind, "amount": str(tender.amount.minor)}
    record(
        shop=shop, work=work, now=now, act="tender_taken", subject=basket.basket_id,
        details=details,
    )  # fmt: skip
    taken = replace(state, basket=paid)
    return TenderTaken(keep(shop, work, taken, now), remaining_of(taken))


def _pays_for(state: DeskState, attempt: PaymentAttempt) -> bool:
    """Whether the money is for the basket on the desk, and exactly what it still costs.

    After a restart it may not be: a coupon given meanwhile, a program that came by a pull.
    """
    waited_for = state.attempt is not None and state.attempt.attempt_id == attempt.attempt_id
    is_part = attempt.attempt_id in state.basket.parts and attempt.amount < remaining_of(state)
    return waited_for and (is_part or remaining_of(state) == attempt.amount)


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
    return PaymentDeclined(keep(shop, work, _freed(shop.desk.state, attempt), now), reason)


def _waiting(
    shop: Shop, work: UnitOfWork, attempt: PaymentAttempt, now: Moment
) -> PaymentUnknown | ConfirmByHand:
    work.payments.update(attempt)
    state = shop.desk.state
    if state.attempt is not None and state.attempt.attempt_id == attempt.attempt_id:
        state = replace(state, attempt=attempt)
    shown = keep(shop, work, state, now)
    if waits_for_cashier(attempt):
        return ConfirmByHand(shown, attempt)
    return PaymentUnknown(shown, attempt)


def _without(state: DeskState, attempt: PaymentAttempt) -> DeskState:
    mine = state.attempt is not None and state.attempt.attempt_id == attempt.attempt_id
    return replace(state, attempt=None) if mine else state


def _freed(state: DeskState, attempt: PaymentAttempt) -> DeskState:
    """Without the attempt; where nothing else was taken, without prices that stand too."""
    free = _without(state, attempt)
    if free is state or free.basket.tenders:
        return free
    return replace(free, basket=free.basket.free_again())


def _record_finish(shop: Shop, work: UnitOfWork, attempt: PaymentAttempt, now: Moment) -> None:
    record(
        shop=shop,
        work=work,
        now=now,
        act="payment_finished",
        subject=attempt.attempt_id,
        details={"state": attempt.state},
    )
