"""Tenders before the sale is complete: cash in parts, and taking one off again.

Owns: a part paid in cash, and giving back what was taken while the sale is not complete. Does not
own: completing the sale and terminals' attempts (payment.py), refunds of a finished sale
(refund_payment.py).

Cash is given back from the drawer at once. What a terminal took it gives back itself: it is asked
outside the lane under a key that is kept before (`ask_tender_back`), and whoever comes again while
its answer is missing queries under the same key; only where it has said no the next request has a
key of its own. Only when it says so the tender leaves the basket (`remove_tender` with its answer).
Until it has said anything the basket is not paid, also after a restart. The credit of an exchange
is no money: it leaves with its refund.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec.structs import replace as replace_struct

from app.domain.moment import Moment
from app.domain.money import ZERO, Money
from app.domain.payment import (
    Approved,
    ChargeResult,
    Declined,
    NeedsConfirmation,
    NotFound,
    QueryResult,
    Tender,
)
from app.services.answers import PaymentUnderWay, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed, keep, requote, shift_first
from app.services.drawer import open_for_part_back
from app.services.payment import before_paying, pay_cash, remaining_of, take_part
from app.services.payment_answer import (
    DueChanged,
    NoTerminal,
    PartRefused,
    TakePartAnswer,
)
from app.services.ports import UnitOfWork
from app.services.present import cash_round_off
from app.services.shop import DeskState, Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class TenderRemoved:
    """It is off the basket and given back; `remaining` is due now."""

    state: TillState
    tender: Tender
    remaining: Money


@dataclass(frozen=True, slots=True)
class NoSuchTender:
    """No money was taken in this place."""

    place: int


@dataclass(frozen=True, slots=True)
class AskTenderBack:
    """A terminal took it: ask it to give it back (outside the lane), then come with its answer.

    `key`: under which it is asked, once. `was_asked`: it was already: query it, ask nothing again.
    """

    state: TillState
    place: int
    tender: Tender
    key: str
    was_asked: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmTenderBack:
    """A separate terminal: somebody gives it back there and says so (Approved)."""

    state: TillState
    place: int
    tender: Tender


@dataclass(frozen=True, slots=True)
class TenderStays:
    """The terminal gave nothing back: the tender still counts."""

    state: TillState
    place: int
    tender: Tender
    reason: str


@dataclass(frozen=True, slots=True)
class TenderBackUnknown:
    """It may have been given back: query it, the tender counts until it is known."""

    state: TillState
    place: int
    tender: Tender


@dataclass(frozen=True, slots=True)
class TenderKept:
    """Nobody waits any more for its terminal to say whether it gave it back: it counts."""

    state: TillState
    place: int
    tender: Tender


@dataclass(frozen=True, slots=True)
class CreditStays:
    """The credit of an exchange: end the exchange instead."""


RemoveAnswer = (
    TenderRemoved
    | NoSuchTender
    | AskTenderBack
    | ConfirmTenderBack
    | TenderStays
    | TenderBackUnknown
    | CreditStays
    | NoTerminal
    | Refusal
)


def take_cash_part(
    *,
    shop: Shop,
    work: UnitOfWork,
    received: Money,
    shown: Money | None = None,
    confirmed: bool = False,
) -> TakePartAnswer:
    """Take so much in cash; what is enough completes the sale, with change.

    `shown` and `confirmed` as in pay_cash.

    Changes: the basket, audit; all of a sale where it is enough.
    """
    refusal, state, now = before_paying(shop=shop, work=work)
    if refusal is not None:
        return refusal
    due = remaining_of(state)
    due_cash = due - cash_round_off(state.program, due)
    if received >= due_cash:
        return pay_cash(shop=shop, work=work, received=received, shown=shown, confirmed=confirmed)
    if shown not in (None, due_cash):
        return DueChanged(keep(shop, work, state, now), due_cash)
    if received <= ZERO:
        return PartRefused(due)
    tender = Tender("cash", received, received)
    taken = take_part(shop=shop, work=work, state=state, tender=tender, now=now)
    if shop.desk.state.settings.drawer:
        work.after_commit(shop.drawer.open_drawer)
    return taken


def stop_giving_back(
    *, shop: Shop, work: UnitOfWork, place: int
) -> TenderKept | NoSuchTender | Refusal:
    """Wait no longer for a terminal that does not say whether it gave a tender back: it counts.

    The same key is used when it is asked again, so that it never gives back twice. Changes: the
    basket, audit, exceptions.
    """
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    basket = shop.desk.state.basket
    asked = basket.giving_back
    if not 0 <= place < len(basket.tenders) or basket.tenders[place].attempt_id != asked:
        return NoSuchTender(place)
    tender = basket.tenders[place]
    # Nobody queries it later: a person has to look whether it was given back after all.
    record(
        shop=shop, work=work, now=shop.now(), act="part_back_unknown", subject=asked,
        details={"amount": str(tender.amount.minor), "kind": tender.kind},
    )  # fmt: skip
    return TenderKept(_noted(shop, work, "", basket.refusals_to_give_back), place, tender)


def ask_tender_back(*, shop: Shop, tender: Tender, key: str) -> ChargeResult:
    """Let the terminal give back what it took. Slow: outside the lane, once per key."""
    terminal = shop.terminals[tender.kind]
    return terminal.give_back(key, tender.amount, tender.kind, tender.attempt_id or "")


def query_tender_back(*, shop: Shop, tender: Tender, key: str) -> QueryResult:
    """Ask what became of it. Slow: outside the lane, as often as needed."""
    return shop.terminals[tender.kind].query(key)


def remove_tender(
    *, shop: Shop, work: UnitOfWork, place: int, back: QueryResult | None = None
) -> RemoveAnswer:
    """Take a tender off the basket again; `place` counts from 0, `back` is its terminal's word.

    With the last one off, the basket can change again and is priced anew. Changes: basket, audit.
    """
    state = shop.desk.state
    refusal = allowed(shop, "sell") or shift_first(shop)
    if refusal is not None:
        return refusal
    if state.attempt is not None:
        return PaymentUnderWay()
    asked = state.basket.giving_back
    # A word that nobody waits for is about a part of another sale.
    if (back is not None and not asked) or not 0 <= place < len(state.basket.tenders):
        return NoSuchTender(place)
    tender = state.basket.tenders[place]
    if asked and asked != tender.attempt_id:
        return PaymentUnderWay()
    if tender.kind == "cash":
        open_for_part_back(shop=shop, work=work, amount=tender.amount)
        return _removed(shop, work, place, shop.now())
    if tender.attempt_id is None:
        return CreditStays()
    if tender.kind not in shop.terminals:
        return NoTerminal(tender.kind)
    return _by_terminal(shop, work, place, tender, back)


def _by_terminal(
    shop: Shop, work: UnitOfWork, place: int, tender: Tender, back: QueryResult | None
) -> RemoveAnswer:
    basket, mine = shop.desk.state.basket, tender.attempt_id or ""
    refusals = basket.refusals_to_give_back
    match back:
        case None:
            shown = _noted(shop, work, mine, refusals)
            key = _back_key(tender, refusals)
            return AskTenderBack(shown, place, tender, key, was_asked=bool(basket.giving_back))
        case Approved():
            return _removed(shop, work, place, shop.now())
        case NeedsConfirmation():
            return ConfirmTenderBack(_noted(shop, work, mine, refusals), place, tender)
        case Declined(reason):
            return TenderStays(_noted(shop, work, "", refusals + 1), place, tender, reason)
        case NotFound():
            # It may still be on its way: under the same key it can only move money once.
            return TenderStays(_noted(shop, work, "", refusals), place, tender, "not_found")
        case _:
            return TenderBackUnknown(_noted(shop, work, mine, refusals), place, tender)


def _back_key(tender: Tender, refusals: int) -> str:
    """Under which key a terminal is asked to give this tender back; another one after each no."""
    again = f"-{refusals}" if refusals else ""
    return f"{tender.attempt_id}-back{again}"


def _noted(shop: Shop, work: UnitOfWork, attempt_id: str, refusals: int) -> TillState:
    """Keep that a terminal was asked (or has said no): a kill in between must not lose it."""
    state = shop.desk.state
    basket = replace_struct(state.basket, giving_back=attempt_id, refusals_to_give_back=refusals)
    return keep(shop, work, replace(state, basket=basket), shop.now())


def _removed(shop: Shop, work: UnitOfWork, place: int, now: Moment) -> TenderRemoved:
    state = shop.desk.state
    tenders = state.basket.tenders
    tender, left = tenders[place], (*tenders[:place], *tenders[place + 1 :])
    basket = replace_struct(state.basket, tenders=left, giving_back="")
    if not left:
        basket = basket.free_again()
    details = {"kind": tender.kind, "amount": str(tender.amount.minor)}
    if tender.attempt_id is not None:
        details["attempt"] = tender.attempt_id
    record(
        shop=shop, work=work, now=now, act="tender_removed", subject=basket.basket_id,
        details=details,
    )  # fmt: skip
    after: DeskState = requote(shop, replace(state, basket=basket), now)
    return TenderRemoved(keep(shop, work, after, now), tender, remaining_of(after))
