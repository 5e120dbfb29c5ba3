"""Exchange: goods come back and others go out in one flow, the difference paid or given back.

Owns: tying the open refund to the open basket, what is left to pay or to give, confirming both at
once. Does not own: choosing what comes back (refund.py), ringing up (lines.py), paying what is
left (payment.py).

The refund pays for the new goods as a tender of their sale (its credit), so each of the two facts
adds up by itself and they cancel out in every sum of tenders. Both are written in one transaction
(refund_along.py). The new goods are priced by the member's account as the refund leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec.structs import replace as replace_struct

from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.money import ZERO, Money, total
from app.domain.payment import Tender
from app.domain.refund import cash_step
from app.domain.refund_payout import SetOff, set_off
from app.services.answers import Refusal
from app.services.checkout import SaleDone, complete_sale
from app.services.desk import allowed, keep, price_anew
from app.services.open_approval import Approval
from app.services.payment import NotPayable
from app.services.ports import UnitOfWork
from app.services.present import due_of, pay_block, till_state
from app.services.redeem_way import payable
from app.services.refund import MoneyMoves, NoOpenRefund, RefundChanged, money_moves
from app.services.refund_along import (
    credit_of,
    is_paid_beside,
    seat_as_refunded,
    take_credit_off,
    with_credit,
)
from app.services.refund_answers import AskTerminalBack, NoTerminalBack, NothingChosen, NotReady
from app.services.refund_case import RefundDesk, refund_desk
from app.services.refund_payment import next_step, ready_refund
from app.services.refund_state import Judged, RefundState, fixed, judge_refund, refund_state
from app.services.shop import DeskState, Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """Both sides. `credit`: what of the refund pays for the new goods; then either `to_pay` or
    `to_give` is above zero, or it is even. `round_off`: taken off the new goods for whole steps.
    """

    refund: RefundState
    till: TillState
    due: Money
    credit: Money
    to_pay: Money
    to_give: Money
    round_off: Money


@dataclass(frozen=True, slots=True)
class ExchangeChanged:
    """Another sum is to be paid or given than was shown; show it, then ask again."""

    state: ExchangeState


@dataclass(frozen=True, slots=True)
class ExchangeToPay:
    """The credit stands on the basket: let the customer pay what is left (pay_cash, ...)."""

    state: TillState
    to_pay: Money


@dataclass(frozen=True, slots=True)
class NotAnExchange:
    """The open refund goes back as money: confirm the refund."""


@dataclass(frozen=True, slots=True)
class PaidInParts:
    """Other money was taken for this basket already: take it off first."""


ConfirmExchangeAnswer = (
    SaleDone
    | ExchangeToPay
    | ExchangeChanged
    | AskTerminalBack
    | NoTerminalBack
    | NotAnExchange
    | PaidInParts
    | NotPayable
    | NotReady
)


def make_exchange(
    *, shop: Shop, work: UnitOfWork, refund_id: OpId, on: bool = True
) -> RefundChanged | MoneyMoves | PaidInParts | NoOpenRefund | Refusal:
    """Let the open refund pay for the basket being rung up, or let it be a plain refund again.

    Changes: the open refund; the basket, where the credit stood on it already.
    """
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    begun = work.refunds.load_open()
    if begun is None or begun.refund_id != refund_id:
        return NoOpenRefund()
    now = shop.now()
    desk = _desk(shop, work, begun.sale_id, now)
    state = shop.desk.state
    if money_moves(work=work, begun=begun) or state.attempt is not None:
        return MoneyMoves(refund_state(shop=shop, work=work, begun=begun, desk=desk))
    if is_paid_beside(state):
        return PaidInParts()
    begun = replace_struct(begun, exchange=on, seen=None)
    work.refunds.save_open(begun)
    take_credit_off(shop=shop, work=work, now=now)
    return RefundChanged(refund_state(shop=shop, work=work, begun=begun, desk=desk))


def exchange_state(
    *, shop: Shop, work: UnitOfWork, refund_id: OpId
) -> ExchangeState | NothingChosen | NotAnExchange | NoOpenRefund:
    """What the exchange comes to with the goods on both sides now. Changes nothing."""
    begun = work.refunds.load_open()
    if begun is None or begun.refund_id != refund_id:
        return NoOpenRefund()
    if not begun.exchange:
        return NotAnExchange()
    now = shop.now()
    judged = judge_refund(shop=shop, begun=begun, desk=_desk(shop, work, begun.sale_id, now))
    if judged is None:
        return NothingChosen()
    return _both(shop, work, judged, _priced(shop, work, judged, now), now)


def confirm_exchange(
    *,
    shop: Shop,
    work: UnitOfWork,
    refund_id: OpId,
    shown: Money | None = None,
    approval: Approval | None = None,
) -> ConfirmExchangeAnswer:
    """Settle both sides. Where something is left to pay, the basket waits for it with the credit
    on it; otherwise what is left is given back and both are recorded.

    `shown`: what a person was told is to pay (negative: to give back); None = nobody was.
    Changes: all of a refund and of a sale; or the basket; or the open refund with a new try.
    """

    def then(*, shop: Shop, work: UnitOfWork, approval: Approval) -> ConfirmExchangeAnswer:
        return confirm_exchange(
            shop=shop, work=work, refund_id=refund_id, shown=shown, approval=approval
        )

    ready = ready_refund(shop=shop, work=work, refund_id=refund_id, yes=(then, approval))
    if not isinstance(ready, Judged):
        return ready
    if not ready.begun.exchange:
        return NotAnExchange()
    block = pay_block(shop.desk.state)
    if block is not None:
        return NotPayable(block)
    now = shop.now()
    state = _priced(shop, work, ready, now)
    if is_paid_beside(state):
        return PaidInParts()
    sums = _set_off(ready, state)
    net = Money(sums.due_minor - sum(part.amount_minor for part in sums.parts))
    if shown not in (None, net):
        return ExchangeChanged(_both(shop, work, ready, state, now))
    return _settle(shop, work, ready, _with_credit(state, ready, sums, now), now)


def _settle(
    shop: Shop, work: UnitOfWork, judged: Judged, state: DeskState, now: Moment
) -> SaleDone | ExchangeToPay | AskTerminalBack | NoTerminalBack:
    credit = credit_of(state.basket.tenders)
    assert credit is not None, "it was just put there"
    work.refunds.save_open(fixed(judged))
    sums = _set_off(judged, state)
    if sums.due_minor:
        return ExchangeToPay(keep(shop, work, state, now), Money(sums.due_minor))
    step = next_step(shop=shop, work=work, judged=with_credit(judged, credit.amount), now=now)
    if step is not None:
        keep(shop, work, state, now)
        return step
    return complete_sale(
        shop=shop,
        work=work,
        state=state,
        tenders=state.basket.tenders,
        round_off=due_of(state) - credit.amount,
        now=now,
    )


def _desk(shop: Shop, work: UnitOfWork, sale_id: OpId, now: Moment) -> RefundDesk:
    desk = refund_desk(shop, work, sale_id, now)
    assert desk is not None, "a refund was opened of a sale that is there"
    return desk


def _priced(shop: Shop, work: UnitOfWork, judged: Judged, now: Moment) -> DeskState:
    """The desk with the new goods priced by the account as the refund leaves it."""
    state = shop.desk.state
    if credit_of(state.basket.tenders) is not None or state.attempt is not None:
        return state  # priced so when the credit was put on the basket
    state = seat_as_refunded(shop=shop, work=work, state=state, begun=judged.begun, now=now)
    state = price_anew(shop, state, now)
    # The credit fixes the prices: nothing is spent by it that no limit allows.
    return payable(shop=shop, work=work, state=state, now=now)


def _set_off(judged: Judged, state: DeskState) -> SetOff:
    step = cash_step(judged.desk.case.program)
    credit = credit_of(state.basket.tenders)
    due = due_of(state)
    if credit is None:
        return set_off(judged.quote.parts, due.minor, step)
    # As it was when the credit was put on the basket: money may have moved since.
    frozen = set_off(judged.quote.parts, credit.amount.minor, step)
    if frozen.parts:
        return replace(frozen, round_off_minor=due.minor - credit.amount.minor)
    return replace(frozen, due_minor=due.minor - credit.amount.minor)


def _with_credit(state: DeskState, judged: Judged, sums: SetOff, now: Moment) -> DeskState:
    if credit_of(state.basket.tenders) is not None:
        return state
    amount = Money(sums.credit_minor)
    credit = Tender("other", amount, amount, reference=judged.begun.refund_id)
    agreed = state.basket.agreed_on(state.quote, now.wall_ms)
    frozen = replace_struct(agreed, tenders=(credit,))
    return replace(state, basket=frozen)


def _both(
    shop: Shop, work: UnitOfWork, judged: Judged, state: DeskState, now: Moment
) -> ExchangeState:
    sums = _set_off(judged, state)
    return ExchangeState(
        refund=refund_state(shop=shop, work=work, begun=judged.begun, desk=judged.desk),
        till=till_state(state, now),
        due=due_of(state),
        credit=Money(sums.credit_minor),
        to_pay=Money(sums.due_minor),
        to_give=total(Money(part.amount_minor) for part in sums.parts) or ZERO,
        round_off=Money(sums.round_off_minor),
    )
