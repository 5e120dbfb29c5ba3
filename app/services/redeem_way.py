"""Which way a member's points are spent: by the server, by a grant, by floor limits, or alone.

Owns: judging that for the open basket, and keeping what a sale spent that way. Does not own: the
sums (app/domain/offline_allowance.py), asking the server (reservation.py), what a basket may
redeem at all (pricing).
Nothing here waits: the server is asked before money is taken, and a sale that finds no reservation
is bound by the offline rules.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.domain.grant import OfflineSpend, PointGrant
from app.domain.moment import Moment
from app.domain.months import Month
from app.domain.offline_allowance import (
    Grant,
    SinceContact,
    granted_points,
    offline_allowance,
)
from app.domain.redeem_way import OWN, RedeemWay, taken_of
from app.domain.view import view
from app.services.authority import is_own_authority
from app.services.desk import requote, today
from app.services.ports import UnitOfWork
from app.services.shop import DeskState, MemberSeat, Shop


def with_way(
    *, shop: Shop, work: UnitOfWork, state: DeskState, now: Moment, paying: bool = False
) -> DeskState:
    """The state whose member may spend what he may now; not priced anew.

    `paying`: money is about to be taken, so what nobody keeps is judged by the offline rules.
    """
    seat = state.seat
    if seat is None:
        return state
    way = _way(shop, work, state, seat, now, paying=paying)
    return state if way == seat.redeem else replace(state, seat=replace(seat, redeem=way))


def payable(*, shop: Shop, work: UnitOfWork, state: DeskState, now: Moment) -> DeskState:
    """The state as it may be paid: no point is spent that nobody keeps and no limit allows.

    Once money was taken, or a terminal asked for it, the prices stand.
    """
    spends = state.quote.points_redeemed or state.quote.coupons_used
    if state.seat is None or state.attempt or state.basket.tenders or not spends:
        return state
    bound = with_way(shop=shop, work=work, state=state, now=now, paying=True)
    seat = bound.seat
    assert seat is not None, "the member of a basket stays on it"
    return bound if seat.redeem.covers(bound.quote) else requote(shop, bound, now)


def _way(
    shop: Shop, work: UnitOfWork, state: DeskState, seat: MemberSeat, now: Moment, *, paying: bool
) -> RedeemWay:
    """The way for the member of the open basket."""
    if is_own_authority(work=work):
        return OWN
    kept = work.grants.reservation_of(state.basket.basket_id)
    contact = shop.server.contact()
    if kept is not None and kept.member_id == seat.member.member_id:
        server_ms = now.wall_ms + (contact.offset_ms or 0)
        if kept.state == "held" and (kept.ends_ms or 0) > server_ms:
            return RedeemWay("online", kept.points, reservation=kept.reservation_id)
        if kept.state == "refused":
            return RedeemWay("online", 0, "server_refused")
        is_lost = kept.state in ("asked", "voided")
    else:
        is_lost = False
    if contact.is_there and not is_lost and not paying:
        return RedeemWay("online")
    return _offline(shop, work, state, seat, now)


def _offline(
    shop: Shop, work: UnitOfWork, state: DeskState, seat: MemberSeat, now: Moment
) -> RedeemWay:
    day, contact = today(state.program, now), shop.server.contact()
    member, month = seat.member.member_id, Month.of(day).index
    now_ms = now.wall_ms + (contact.offset_ms or 0)
    grant, given = None, 0
    for each in work.grants.of_member(member):
        left = _left(work, each)
        points = granted_points(left, now_ms=now_ms, month=month)
        if points > given:
            grant, given = left, points
    since = SinceContact(0, 0, None)
    heard = contact.heard_monotonic_ms
    if heard is not None:
        spent = work.grants.floor_spent(now.boot_id, heard)
        age = timedelta(milliseconds=max(0, now.monotonic_ms - heard))
        since = SinceContact(spent.get(member, 0), sum(spent.values()), age)
    allowed = offline_allowance(
        state.program.offline,
        confirmed_balance=_confirmed_balance(work, state, seat, day),
        granted=given,
        since=since,
    )
    alive = {} if grant is None else {at: n for at, n in grant.buckets.items() if at >= month}
    return RedeemWay(
        way="grant" if allowed.by_grant else "floor",
        most=allowed.points,
        why=allowed.limited_by,
        grant=grant.grant if grant is not None and allowed.by_grant else None,
        buckets=taken_of(alive, allowed.by_grant),
    )


def _left(work: UnitOfWork, grant: PointGrant) -> Grant:
    used = work.grants.used_of(grant.grant_id)
    left = {month: points - used.get(month, 0) for month, points in grant.buckets.items()}
    return Grant(
        grant=grant.grant_id,
        buckets={month: points for month, points in left.items() if points > 0},
        coupons=frozenset(grant.coupons),
        entitlements=grant.entitlements,
        ends_ms=grant.ends_ms,
    )


def _confirmed_balance(
    work: UnitOfWork, state: DeskState, seat: MemberSeat, day: date
) -> int | None:
    """What the server last said, less what was spent here since; own earnings are not counted."""
    confirmed = work.confirmed.account(seat.member.member_id)
    if confirmed is None:
        return None
    shown = seat.account
    spent = sum(shown.taken.values()) - sum(confirmed.taken.values())
    return view(confirmed, state.program, day).balance - max(0, spent)


def post_redemption(
    *, work: UnitOfWork, state: DeskState, now: Moment
) -> tuple[str | None, str | None]:
    """Keep which way the paid basket spent points and coupons: (reservation, grant) for its fact.

    Changes: the reservation or what was spent offline.
    """
    seat, points = state.seat, state.quote.points_redeemed
    if seat is None or seat.redeem.way == "own" or not (points or state.quote.coupons_used):
        return None, None
    way = seat.redeem
    if way.reservation is not None:
        kept = work.grants.reservation(way.reservation)
        assert kept is not None, "a reservation is kept before it is asked for"
        work.grants.put_reservation(replace(kept, state="posted"))
        return way.reservation, None
    if not points:
        return None, None
    taken = taken_of(way.buckets, points)
    by_grant = sum(taken.values())
    work.grants.spend_offline(
        OfflineSpend(
            sale_id=state.basket.basket_id,
            member_id=seat.member.member_id,
            grant_id=way.grant if by_grant else None,
            buckets=taken,
            floor_points=points - by_grant,
            boot_id=now.boot_id,
            monotonic_ms=now.monotonic_ms,
        )
    )
    return None, way.grant if by_grant else None
