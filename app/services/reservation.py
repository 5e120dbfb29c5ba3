"""Reservations: the server keeps points, coupons and limited rewards for the open sale.

Owns: what is asked for, once under one id however often it is asked, and what its answer means for
the basket; voiding what no sale uses. Does not own: the way without an answer (redeem_way.py),
asking (a port).

As with a terminal: the row is committed before the server is asked (`begin_reservation`), it is
asked outside the lane (`ask_reservation`, two seconds at most), and settled afterwards. Without an
answer the sale goes on by the offline rules; what was kept in spite of that is voided later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from app.domain.grant import Reservation
from app.domain.reward import limited_uses
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
from app.services.redeem_way import is_alive, own_coupons, own_grants, with_way
from app.services.shop import DeskState, MemberSeat, Shop
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
    """The basket is priced by what the answer allows. `again`: ask for this other one now."""

    state: TillState
    again: ReservationBegun | None = None


def begin_reservation(*, shop: Shop, work: UnitOfWork) -> ReservationBegun | NothingToReserve:
    """Keep what has to be asked for. Changes: the reservations of this till."""
    state = shop.desk.state
    seat = state.seat
    stands = state.attempt is not None or state.basket.tenders
    if seat is None or stands or allowed(shop, "sell") is not None:
        return NothingToReserve()
    if is_own_authority(work=work) or not shop.server.contact().is_there:
        return NothingToReserve()
    wish = _wish(work, state, seat)
    if not wish.is_any:
        return NothingToReserve()
    known = work.grants.reservation_of(state.basket.basket_id)
    if known is None or known.member_id != seat.member.member_id:
        return ReservationBegun(_begun(shop, work, state, wish))
    enough = wish.is_within(known)
    is_held = known.state == "held" and is_alive(known, shop.server.contact(), shop.now())
    if is_held and enough and seat.redeem.reservation == known.reservation_id:
        return NothingToReserve()
    if known.state == "asked" and enough:
        return ReservationBegun(known)  # a lost answer: the same id, the same answer
    return ReservationBegun(_begun(shop, work, state, wish, known))


def ask_reservation(*, shop: Shop, wanted: Reservation) -> ReserveAnswer:
    """Ask the server. Two seconds at most: outside the lane."""
    return shop.server.reserve(wanted)


def settle_reservation(
    *, shop: Shop, work: UnitOfWork, reservation_id: str, answer: ReserveAnswer
) -> ReservationSettled:
    """Take the answer in and price the basket by it. Changes: reservations, the basket."""
    now, state = shop.now(), shop.desk.state
    kept = work.grants.reservation(reservation_id)
    if kept is not None and kept.state == "asked":
        work.grants.put_reservation(_answered(kept, answer))
    stands = state.attempt is not None or bool(state.basket.tenders)
    if stands or state.seat is None:
        return ReservationSettled(keep(shop, work, state, now))
    priced = requote(shop, with_way(shop=shop, work=work, state=state, now=now), now)
    again = None
    if isinstance(answer, PointsNotKept) and kept is not None:
        again = _instead(shop, work, priced, kept)
    return ReservationSettled(keep(shop, work, priced, now), again)


def _answered(kept: Reservation, answer: ReserveAnswer) -> Reservation:
    match answer:
        case PointsKept(ends_ms=ends_ms):
            return replace(kept, state="held", ends_ms=ends_ms)
        case PointsNotKept(available=available, gone=gone, uses_left=left):
            said, uses = {**kept.gone, **gone}, {**kept.uses_left, **left}
            return replace(kept, state="refused", available=available, gone=said, uses_left=uses)
        case Declined():
            return replace(kept, state="voided")
        case _:
            return kept  # nobody knows: asked again by the same id, voided once it is of no use


def _instead(
    shop: Shop, work: UnitOfWork, state: DeskState, refused: Reservation
) -> ReservationBegun | None:
    """What is still wished for of this sale, now that some of it is refused; None = nothing, or
    the very same, which would be refused again."""
    seat = state.seat
    if seat is None or refused.sale_id != state.basket.basket_id:
        return None
    wish = _wish(work, state, seat)
    if not wish.is_any or not wish.is_other(refused):
        return None
    known = work.grants.reservation(refused.reservation_id)
    assert known is not None, "it was answered"
    wanted = replace(_begun(shop, work, state, wish, known), available=known.available)
    work.grants.put_reservation(wanted)
    return ReservationBegun(wanted)


def forget_refusal(*, work: UnitOfWork, sale_id: str) -> None:
    """A held sale is taken back: what was refused of it then may be there now.

    Changes: the reservations of this till.
    """
    newest = work.grants.reservation_of(sale_id)
    if newest is not None and newest.state == "refused":
        work.grants.put_reservation(replace(newest, state="voided"))


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


@dataclass(frozen=True, slots=True)
class _Wish:
    """What of a sale somebody else could have as well."""

    points: int
    coupons: tuple[str, ...]
    uses: Mapping[str, int]
    """Of rewards that a member may have only so often."""

    @property
    def is_any(self) -> bool:
        return bool(self.points or self.coupons or self.uses)

    def is_within(self, known: Reservation) -> bool:
        """Whether all of it was asked for already."""
        uses = all(known.entitlements.get(rule, 0) >= count for rule, count in self.uses.items())
        return known.points >= self.points and set(known.coupons) >= set(self.coupons) and uses

    def is_other(self, refused: Reservation) -> bool:
        """Whether it might not be refused again."""
        is_same = set(self.coupons) == set(refused.coupons) and self.uses == refused.entitlements
        return self.points < refused.points or not is_same


def _wish(work: UnitOfWork, state: DeskState, seat: MemberSeat) -> _Wish:
    quote = state.quote
    own = own_coupons(work=work, seat=seat) if quote.coupons_used else frozenset()
    coupons = tuple(coupon for coupon in quote.coupons_used if coupon not in own)
    uses = limited_uses(quote, state.program)
    if uses and work.confirmed.account(seat.member.member_id) is None:
        uses = {}  # nobody else knows him yet
    return _Wish(quote.points_redeemed, coupons, uses)


def _begun(
    shop: Shop,
    work: UnitOfWork,
    state: DeskState,
    wish: _Wish,
    earlier: Reservation | None = None,
) -> Reservation:
    """`earlier`: what was asked for this sale before; coupons and uses refused then stay refused,
    unless it was given up meanwhile."""
    assert state.seat is not None, "only a member's points are kept"
    now = shop.now()
    stood = None if earlier is None or earlier.state == "voided" else earlier
    wanted = Reservation(
        reservation_id=shop.op_id(now),
        asked_ms=now.wall_ms,
        member_id=state.seat.member.member_id,
        points=wish.points,
        coupons=wish.coupons,
        entitlements=dict(wish.uses),
        sale_id=state.basket.basket_id,
        uses_left={} if stood is None else stood.uses_left,
        gone={} if stood is None else stood.gone,
        own=_own(work, state.seat, earlier),
    )
    work.grants.put_reservation(wanted)
    return wanted


def _own(work: UnitOfWork, seat: MemberSeat, earlier: Reservation | None) -> tuple[str, ...]:
    """What this till was promised already and need not be left alone for the new question: grants,
    and what was kept for this sale before, which ends where the new one is kept."""
    before: tuple[str, ...] = ()
    if earlier is not None and earlier.member_id == seat.member.member_id:
        mine = work.grants.open_reservations()
        before = tuple(each.reservation_id for each in mine if each.sale_id == earlier.sale_id)
    return (*before, *own_grants(work=work, seat=seat))


def _leftovers(shop: Shop, work: UnitOfWork) -> list[Reservation]:
    """Open ones that are not the newest of the basket on the desk or of the open refund; of points
    that were spent at once only when the server knows it.
    """
    waits = bool(work.outbox.count().pending)
    committed = shop.desk.committed
    current = None
    if committed is not None:
        current = work.grants.reservation_of(committed.basket.basket_id)
    refund = work.refunds.load_open()
    of_use = {
        None if current is None else current.reservation_id,
        None if refund is None else refund.kept,
    }
    return [
        each
        for each in work.grants.open_reservations()
        if each.reservation_id not in of_use
        and not (waits and each.state == "held" and each.sale_id is None)
    ]


def _ended(work: UnitOfWork, left: Reservation, answer: VoidAnswer) -> None:
    posted = isinstance(answer, Voided) and answer.posted
    if posted and left.ends_ms is None:
        left = replace(left, ends_ms=left.asked_ms)
    work.grants.put_reservation(replace(left, state="posted" if posted else "voided"))
