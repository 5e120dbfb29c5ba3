"""Expiring points: turned into a coupon before they lapse (积分变现).

Owns: recording the exchange. Does not own: whether it may be (exchange.py), the coupon's worth
(pricing), saying that points expire (member_panel.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.exchange import NoExchange, PointsExchange, exchange_of
from app.domain.fact_parts import ProgramRef
from app.domain.facts import CouponIssued
from app.domain.moment import Moment
from app.services.answers import NoMember, Refusal
from app.services.audit_trail import record
from app.services.desk import may_change, requote
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, fresh_coupons, write_fact
from app.services.find_member import OwnMembership
from app.services.ports import UnitOfWork
from app.services.present import is_own_membership
from app.services.shop import DeskState, MemberSeat, Shop
from app.services.standing import with_account
from app.services.till_state import TillState

WHY = "points"


@dataclass(frozen=True, slots=True)
class PointsExchanged:
    """The points are gone, the coupon is the member's: usable in this basket where it fits."""

    state: TillState
    points: int
    rule: str
    coupon_id: str


def exchange_expiring(
    *, shop: Shop, work: UnitOfWork
) -> PointsExchanged | NoExchange | NoMember | OwnMembership | Refusal:
    """Turn expiring points of the member on the basket into a coupon.

    It cannot be undone. Changes: facts, the account, the coupons, audit.
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
    return _exchange(shop, work, state, seat, exchange, now)


def _exchange(
    shop: Shop,
    work: UnitOfWork,
    state: DeskState,
    seat: MemberSeat,
    exchange: PointsExchange,
    now: Moment,
) -> PointsExchanged:
    day, _ = fact_day(work, state.program, now, state.last_moment)
    coupon = next(fresh_coupons(shop))
    fact = CouponIssued(
        **origin(shop=shop, now=now, day=day, member=seat.view.member_id),
        effects=exchange.effects(iter((coupon,))),
        why=WHY,
        program=ProgramRef(state.program.id, state.program.version),
    )
    folded = write_fact(shop=shop, work=work, fact=fact)
    details = {"points": str(exchange.points), "offer": exchange.offer.id, "coupon": coupon}
    subject = seat.member.member_id
    record(shop=shop, work=work, now=now, act="points_exchanged", subject=subject, details=details)
    shown = with_account(shop, work, seat.view.member_id, folded, now)
    return PointsExchanged(shown, exchange.points, exchange.offer.id, coupon)
