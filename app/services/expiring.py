"""Expiring points: turned into a coupon before they lapse (积分变现).

Owns: recording the exchange. Does not own: whether it may be (exchange.py), the coupon's worth
(pricing), saying that points expire (member_panel.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from app.domain.exchange import NoExchange, PointsExchange, exchange_of
from app.domain.fact_parts import ProgramRef
from app.domain.facts import CouponIssued
from app.services.answers import NoMember, Refusal
from app.services.audit_trail import record
from app.services.desk import may_change, requote
from app.services.entitlement import AskHeadOffice
from app.services.exchange_way import (
    ExchangeWay,
    Exchanging,
    NotExchanged,
    exchange_way,
    note_exchange,
)
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, fresh_coupons, write_fact
from app.services.find_member import OwnMembership
from app.services.ports import UnitOfWork
from app.services.present import is_own_membership
from app.services.shop import DeskState, Shop
from app.services.standing import with_account
from app.services.tick_way import Asked, AskFirst
from app.services.till_state import TillState

WHY = "points"


@dataclass(frozen=True, slots=True)
class PointsExchanged:
    """The points are gone, the coupon is the member's: usable in this basket where it fits."""

    state: TillState
    points: int
    rule: str
    coupon_id: str


ExchangeAnswer: TypeAlias = (
    PointsExchanged | NoExchange | AskHeadOffice | NoMember | OwnMembership | Refusal
)


def exchange_expiring(
    *, shop: Shop, work: UnitOfWork, asked: Asked | None = None
) -> ExchangeAnswer:
    """Turn expiring points of the member on the basket into a coupon.

    It cannot be undone. Where others may spend them as well head office is asked first: `asked` is
    what it said. Changes: facts, the account, the coupons, audit, what is kept for it.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    now = shop.now()
    # Judged as of now: the member may have been on the basket since yesterday.
    state = requote(shop, shop.desk.state, now)
    seat = state.seat
    if seat is None:
        return NoMember()
    if is_own_membership(state):
        return OwnMembership()
    exchange = exchange_of(state.program, seat.view, seat.how.identified_by, seat.as_of)
    if isinstance(exchange, NoExchange):
        return exchange
    at = Exchanging(shop, work, seat, exchange.points, now)
    way = exchange_way(at=at, asked=asked)
    match way:
        case AskFirst(wanted):
            return AskHeadOffice(WHY, wanted)
        case NotExchanged(why, missing):
            return NoExchange(why, exchange.points, missing)
        case ExchangeWay():
            return _exchange(at, state, exchange, way)


def _exchange(
    at: Exchanging, state: DeskState, exchange: PointsExchange, way: ExchangeWay
) -> PointsExchanged:
    shop, work, seat, now = at.shop, at.work, at.seat, at.now
    day, _ = fact_day(work, state.program, now, state.last_moment)
    coupon = next(fresh_coupons(shop))
    fact = CouponIssued(
        **origin(shop=shop, now=now, day=day, member=seat.view.member_id),
        effects=exchange.effects(iter((coupon,))),
        why=WHY,
        program=ProgramRef(state.program.id, state.program.version),
    )
    note_exchange(at=at, way=way, op_id=fact.op_id)
    folded = write_fact(shop=shop, work=work, fact=fact)
    details = {"points": str(exchange.points), "offer": exchange.offer.id, "coupon": coupon}
    subject = seat.member.member_id
    record(shop=shop, work=work, now=now, act="points_exchanged", subject=subject, details=details)
    shown = with_account(shop, work, seat.view.member_id, folded, now)
    return PointsExchanged(shown, exchange.points, exchange.offer.id, coupon)
