"""The refund of an exchange, recorded in the transaction of the sale it pays for.

Owns: finding the refund whose credit is among a basket's tenders, and recording it first, so that
the two facts stand together or not at all. Does not own: the exchange's steps (goods_exchange.py),
the sale (checkout.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec.structs import replace as replace_struct

from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.open_refund import OpenRefund
from app.domain.payment import Tender
from app.domain.refund import Chosen, RefundQuote, account_after, cash_step, quote_refund
from app.domain.refund_payout import payouts_of, set_off
from app.services.desk import keep, price_anew
from app.services.ports import UnitOfWork
from app.services.price_desk import judge
from app.services.refund_case import refund_desk
from app.services.refund_record import Exchanged, RecordedRefund, record_refund
from app.services.refund_state import Judged, caught_up, judge_refund
from app.services.seating import reseat
from app.services.shop import DeskState, Shop


def credit_of(tenders: Sequence[Tender]) -> Tender | None:
    """The credit of a refund among the tenders of a basket; its reference names the refund."""
    return next((each for each in tenders if each.kind == "other" and each.reference), None)


def is_paid_beside(state: DeskState) -> bool:
    """Whether money beside the credit was taken for the basket, or may have been."""
    credit = credit_of(state.basket.tenders)
    others = any(each is not credit for each in state.basket.tenders)
    return others or (credit is not None and state.attempt is not None)


def take_credit_off(*, shop: Shop, work: UnitOfWork, now: Moment) -> None:
    """Free the basket of a credit that stands on it: it is priced anew. Changes: the basket."""
    state = shop.desk.state
    if credit_of(state.basket.tenders) is None:
        return
    freed = replace_struct(state.basket, tenders=()).free_again()
    state = reseat(shop, work, replace(state, basket=freed), now)
    keep(shop, work, price_anew(shop, state, now), now)


def seat_as_refunded(
    *, shop: Shop, work: UnitOfWork, state: DeskState, begun: OpenRefund, now: Moment
) -> DeskState:
    """The desk with its member as the refund will leave him: by that the new goods are priced."""
    seat = state.seat
    desk = refund_desk(shop, work, begun.sale_id, now, state)
    if seat is None or desk is None:
        return state
    begun, desk = caught_up(begun, desk)
    if desk.member is None:
        return state
    chosen = [Chosen(each.line, each.count, each.reason or "") for each in begun.chosen]
    quote = quote_refund(desk.case, chosen, op_id=begun.refund_id, keep=begun.points_kept)
    if seat.member.member_id != desk.member.member_id or not isinstance(quote, RefundQuote):
        return state
    account = account_after(desk.case, begun.refund_id, quote.effects)
    view = judge(seat.member, account, desk.case.program, desk.case.day)
    return replace(state, seat=replace(seat, account=account, view=view, as_of=desk.case.day))


def seat_with_credit(*, shop: Shop, work: UnitOfWork, state: DeskState, now: Moment) -> DeskState:
    """After a restart: a basket that a refund's credit stands on keeps the prices it was shown."""
    credit = credit_of(state.basket.tenders)
    begun = work.refunds.load_open() if credit is not None else None
    if credit is None or begun is None or begun.refund_id != credit.reference:
        return state
    return seat_as_refunded(shop=shop, work=work, state=state, begun=begun, now=now)


def with_credit(judged: Judged, credit: Money) -> Judged:
    """The refund with only that to give back which its credit leaves."""
    step = cash_step(judged.desk.case.program)
    left = set_off(judged.quote.parts, credit.minor, step)
    payouts = payouts_of(left.parts, step, in_cash=frozenset(judged.begun.in_cash))
    return replace(judged, payouts=payouts)


def record_refund_along(
    *, shop: Shop, work: UnitOfWork, tenders: Sequence[Tender], sale_id: OpId, now: Moment
) -> RecordedRefund | None:
    """Record the refund that pays for this sale; None where none does.

    Changes: refunds, facts, accounts, coupons, audit.
    """
    credit = credit_of(tenders)
    if credit is None:
        return None
    begun = work.refunds.load_open()
    assert begun is not None, f"the credit of a refund that is gone: {credit.reference}"
    assert begun.refund_id == credit.reference, f"the credit of another refund: {credit.reference}"
    desk = refund_desk(shop, work, begun.sale_id, now)
    judged = judge_refund(shop=shop, begun=begun, desk=desk) if desk is not None else None
    assert judged is not None, "a credit comes of goods that were chosen"
    attempts = [each for each in work.refunds.attempts_of(begun.refund_id) if not each.is_set_aside]
    return record_refund(
        shop=shop,
        work=work,
        judged=with_credit(judged, credit.amount),
        attempts=attempts,
        now=now,
        exchanged=Exchanged(sale_id, credit.amount),
    )
