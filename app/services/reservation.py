"""Reservations: the server keeps points and coupons for the sale that is being rung up.

Owns: what is asked for, once under one id however often it is asked, and what its answer means for
the basket; voiding what no sale uses. Does not own: the way without an answer (redeem_way.py),
asking (a port).

As with a terminal: the row is committed before the server is asked (`begin_reservation`), it is
asked outside the lane (`ask_reservation`, two seconds at most), and settled afterwards. Without an
answer the sale goes on by the offline rules; what was kept in spite of that is voided later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from app.domain.grant import Reservation
from app.domain.moment import Moment
from app.domain.redeem_way import RedeemWay
from app.domain.server_answer import (
    Declined,
    PointsKept,
    PointsNotKept,
    ReserveAnswer,
    VoidAnswer,
    Voided,
)
from app.services.authority import is_own_authority
from app.services.desk import allowed, keep, requote
from app.services.ports import Lane, UnitOfWork
from app.services.redeem_way import with_way
from app.services.shop import DeskState, Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class NothingToReserve:
    """Nothing is spent, all of it is kept already, or nobody can be asked."""


@dataclass(frozen=True, slots=True)
class ReservationBegun:
    """It is kept here: ask the server for it now."""

    wanted: Reservation


@dataclass(frozen=True, slots=True)
class ReservationSettled:
    """The basket is priced by what the answer allows. `again`: ask for this smaller one now."""

    state: TillState
    again: Reservation | None = None


def begin_reservation(*, shop: Shop, work: UnitOfWork) -> ReservationBegun | NothingToReserve:
    """Keep what has to be asked for. Changes: the reservations of this till."""
    state = shop.desk.state
    seat, quote = state.seat, state.quote
    stands = state.attempt is not None or state.basket.tenders
    if seat is None or stands or allowed(shop, "sell") is not None:
        return NothingToReserve()
    spends = quote.points_redeemed or quote.coupons_used
    if not spends or is_own_authority(work=work) or not shop.server.contact().is_there:
        return NothingToReserve()
    now, member = shop.now(), seat.member.member_id
    known = work.grants.reservation_of(state.basket.basket_id)
    if known is not None and known.member_id == member:
        enough = known.points >= quote.points_redeemed
        enough = enough and set(known.coupons) >= set(quote.coupons_used)
        if known.state == "held" and enough and seat.redeem.reservation is not None:
            return NothingToReserve()
        if known.state == "asked" and enough:
            return ReservationBegun(known)  # a lost answer: the same id, the same answer
    return ReservationBegun(_begun(shop, work, state, quote.points_redeemed, now))


def ask_reservation(*, shop: Shop, wanted: Reservation) -> ReserveAnswer:
    """Ask the server. Two seconds at most: outside the lane."""
    return shop.server.reserve(wanted)


def settle_reservation(
    *, shop: Shop, work: UnitOfWork, reservation_id: str, answer: ReserveAnswer
) -> ReservationSettled:
    """Take the answer in and price the basket by it. Changes: reservations, the basket."""
    now, state = shop.now(), shop.desk.state
    kept = work.grants.reservation(reservation_id)
    available = 0
    if kept is not None and kept.state == "asked":
        match answer:
            case PointsKept(ends_ms=ends_ms):
                kept = replace(kept, state="held", ends_ms=ends_ms)
            case PointsNotKept(available=available):
                kept = replace(kept, state="refused")
            case Declined():
                kept = replace(kept, state="voided")
            case _:
                pass  # nobody knows: asked again by the same id, voided once it is of no use
        work.grants.put_reservation(kept)
    stands = state.attempt is not None or bool(state.basket.tenders)
    if stands or state.seat is None:
        return ReservationSettled(keep(shop, work, state, now))
    if available > 0 and kept is not None and kept.sale_id == state.basket.basket_id:
        return _less(shop, work, state, available, now)
    priced = requote(shop, with_way(shop=shop, work=work, state=state, now=now), now)
    return ReservationSettled(keep(shop, work, priced, now))


def void_leftovers(*, shop: Shop, lane: Lane) -> int:
    """Tell the server which reservations no sale will use; how many were ended. Off the lane.

    Changes: the reservations of this till.
    """
    if not shop.server.contact().is_there:
        return 0
    ended = 0
    for left in lane.run(lambda work: _leftovers(shop, work)):
        answer = shop.server.void(left.reservation_id)
        if not isinstance(answer, Voided):
            break
        lane.run(partial(_ended, left=left, answer=answer))
        ended += 1
    return ended


def _begun(shop: Shop, work: UnitOfWork, state: DeskState, points: int, now: Moment) -> Reservation:
    assert state.seat is not None, "only a member's points are kept"
    wanted = Reservation(
        reservation_id=shop.op_id(now),
        asked_ms=now.wall_ms,
        member_id=state.seat.member.member_id,
        points=points,
        coupons=state.quote.coupons_used,
        sale_id=state.basket.basket_id,
    )
    work.grants.put_reservation(wanted)
    return wanted


def _less(
    shop: Shop, work: UnitOfWork, state: DeskState, available: int, now: Moment
) -> ReservationSettled:
    """The server has fewer: as many as it has are wished for and asked for."""
    assert state.seat is not None, "only a member's points are kept"
    way = RedeemWay("online", available, "server_refused")
    priced = requote(shop, replace(state, seat=replace(state.seat, redeem=way)), now)
    again = None
    if priced.quote.points_redeemed or priced.quote.coupons_used:
        again = _begun(shop, work, priced, priced.quote.points_redeemed, now)
    return ReservationSettled(keep(shop, work, priced, now), again)


def _leftovers(shop: Shop, work: UnitOfWork) -> list[Reservation]:
    """Open ones that are not the newest of the basket on the desk."""
    committed = shop.desk.committed
    current = None
    if committed is not None:
        current = work.grants.reservation_of(committed.basket.basket_id)
    newest = None if current is None else current.reservation_id
    return [each for each in work.grants.open_reservations() if each.reservation_id != newest]


def _ended(work: UnitOfWork, left: Reservation, answer: VoidAnswer) -> None:
    posted = isinstance(answer, Voided) and answer.posted
    if posted and left.ends_ms is None:
        left = replace(left, ends_ms=left.asked_ms)
    work.grants.put_reservation(replace(left, state="posted" if posted else "voided"))
