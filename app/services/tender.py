"""Tenders before the sale is complete: cash in parts, and taking one off again.

Owns: a part paid in cash, and giving back what was taken while the sale is not complete. Does not
own: completing the sale and terminals' attempts (payment.py), refunds of a finished sale
(refund_payment.py).

Cash is given back from the drawer at once. What a terminal took it gives back itself: it is asked
outside the lane under one key for good (`ask_tender_back`), so that asking again after a crash
never gives back twice; only when it says so the tender leaves the basket (`remove_tender` with its
answer). Until it has said anything the basket is not paid, also after a restart. The credit of an
exchange is no money: it leaves with its refund.
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
from app.services.payment import before_paying, pay_cash, remaining_of, take_part
from app.services.payment_answer import (
    NoTerminal,
    PartRefused,
    PayCashAnswer,
    TenderTaken,
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
    """A terminal took it: ask it to give it back (outside the lane), then come with its answer."""

    place: int
    tender: Tender


@dataclass(frozen=True, slots=True)
class ConfirmTenderBack:
    """A separate terminal: somebody gives it back there and says so (Approved)."""

    place: int
    tender: Tender


@dataclass(frozen=True, slots=True)
class TenderStays:
    """The terminal gave nothing back: the tender still counts."""

    place: int
    tender: Tender
    reason: str


@dataclass(frozen=True, slots=True)
class TenderBackUnknown:
    """It may have been given back: query it, the tender counts until it is known."""

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
) -> PayCashAnswer | TenderTaken | PartRefused:
    """Take so much in cash; what is enough completes the sale, with change.

    `shown` and `confirmed` as in pay_cash, where it is enough.

    Changes: the basket, audit; all of a sale where it is enough.
    """
    refusal, state, now = before_paying(shop=shop)
    if refusal is not None:
        return refusal
    due = remaining_of(state)
    if received >= due - cash_round_off(state.program, due):
        return pay_cash(shop=shop, work=work, received=received, shown=shown, confirmed=confirmed)
    if received <= ZERO:
        return PartRefused(due)
    tender = Tender("cash", received, received)
    taken = take_part(shop=shop, work=work, state=state, tender=tender, now=now)
    _open_drawer(shop, work)
    return taken


def back_key(tender: Tender) -> str:
    """Under which key a terminal gives this tender back: always the same one."""
    return f"{tender.attempt_id}-back"


def ask_tender_back(*, shop: Shop, tender: Tender) -> ChargeResult:
    """Let the terminal give back what it took. Slow: outside the lane."""
    terminal = shop.terminals[tender.kind]
    return terminal.give_back(back_key(tender), tender.amount, tender.kind, tender.attempt_id or "")


def query_tender_back(*, shop: Shop, tender: Tender) -> QueryResult:
    """Ask what became of it. Slow: outside the lane, as often as needed."""
    return shop.terminals[tender.kind].query(back_key(tender))


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
    if not 0 <= place < len(state.basket.tenders):
        return NoSuchTender(place)
    tender = state.basket.tenders[place]
    if asked and asked != tender.attempt_id:
        return PaymentUnderWay()
    if tender.kind == "cash":
        _open_drawer(shop, work)
        return _removed(shop, work, place, shop.now())
    if tender.attempt_id is None:
        return CreditStays()
    if tender.kind not in shop.terminals:
        return NoTerminal(tender.kind)
    return _by_terminal(shop, work, place, tender, back)


def _by_terminal(
    shop: Shop, work: UnitOfWork, place: int, tender: Tender, back: QueryResult | None
) -> RemoveAnswer:
    match back:
        case None:
            _note_asked(shop, work, tender.attempt_id or "")
            return AskTenderBack(place, tender)
        case Approved():
            return _removed(shop, work, place, shop.now())
        case NeedsConfirmation():
            return ConfirmTenderBack(place, tender)
        case Declined(reason):
            _note_asked(shop, work, "")
            return TenderStays(place, tender, reason)
        case NotFound():
            _note_asked(shop, work, "")
            return TenderStays(place, tender, "not_found")
        case _:
            return TenderBackUnknown(place, tender)


def _note_asked(shop: Shop, work: UnitOfWork, attempt_id: str) -> None:
    """Keep that a terminal was asked (or has said no): a kill in between must not lose it."""
    state = shop.desk.state
    basket = replace_struct(state.basket, giving_back=attempt_id)
    keep(shop, work, replace(state, basket=basket), shop.now())


def _removed(shop: Shop, work: UnitOfWork, place: int, now: Moment) -> TenderRemoved:
    state = shop.desk.state
    tenders = state.basket.tenders
    tender, left = tenders[place], (*tenders[:place], *tenders[place + 1 :])
    basket = replace_struct(
        state.basket,
        tenders=left,
        priced_ms=state.basket.priced_ms if left else 0,
        giving_back="",
    )
    details = {"kind": tender.kind, "amount": str(tender.amount.minor)}
    if tender.attempt_id is not None:
        details["attempt"] = tender.attempt_id
    record(
        shop=shop, work=work, now=now, act="tender_removed", subject=basket.basket_id,
        details=details,
    )  # fmt: skip
    after: DeskState = requote(shop, replace(state, basket=basket), now)
    return TenderRemoved(keep(shop, work, after, now), tender, remaining_of(after))


def _open_drawer(shop: Shop, work: UnitOfWork) -> None:
    if shop.desk.state.settings.drawer:
        work.after_commit(shop.drawer.open_drawer)
