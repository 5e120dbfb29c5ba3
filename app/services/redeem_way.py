"""Which way a member's points and coupons are spent: by the server, by a grant, by floor limits,
or alone.

Owns: judging that for the open basket, and keeping what a sale spent that way. Does not own: the
sums (app/domain/offline_allowance.py), asking the server (reservation.py), what a basket may
redeem at all (pricing).
Nothing here waits: the server is asked before money is taken, and a sale that finds no reservation
is bound by the offline rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict

from app.domain.grant import CouponGone, OfflineSpend, Reservation
from app.domain.link import Contact
from app.domain.moment import Moment
from app.domain.months import Month
from app.domain.offline_allowance import (
    Grant,
    Why,
    granted_points,
    offline_allowance,
    offline_coupons,
    offline_uses,
)
from app.domain.redeem_way import OWN, RedeemWay, taken_of
from app.domain.reward import limited_uses, reward_rule, uses_left
from app.domain.uses_bound import ANY_USES, UsesBound
from app.domain.view import view
from app.services.authority import is_own_authority
from app.services.desk import requote, today
from app.services.offline_room import OfflineRoom, offline_room
from app.services.ports import UnitOfWork
from app.services.promised import PromisedElsewhere, promised_elsewhere
from app.services.shop import DeskState, MemberSeat, Shop
from app.services.usable_benefit import with_benefits


def with_way(
    *,
    shop: Shop,
    work: UnitOfWork,
    state: DeskState,
    now: Moment,
    paying: bool = False,
    wishing: bool = False,
) -> DeskState:
    """The state whose member may spend what he may now; not priced anew.

    `paying`: money is about to be taken, so what nobody keeps is judged by the offline rules.
    `wishing`: another wish is about to be judged, so what is kept for the last one does not bound
    it. Where money was taken, or a terminal asked for it, what was agreed on goes on to count.
    """
    seat = state.seat
    if seat is None:
        return state
    at = _Judging(shop, work, state, seat, now)
    way = _way(at, paying=paying, wishing=wishing)
    bound = state if way == seat.redeem else replace(state, seat=replace(seat, redeem=way))
    return with_benefits(shop=shop, work=work, state=bound, now=now)


def payable(*, shop: Shop, work: UnitOfWork, state: DeskState, now: Moment) -> DeskState:
    """The state as it may be paid: nothing is spent that nobody keeps and no limit allows.

    Once money was taken, or a terminal asked for it, the prices stand.
    """
    quote = state.quote
    spends = quote.points_redeemed or quote.coupons_used or limited_uses(quote, state.program)
    if state.seat is None or state.attempt or state.basket.tenders or not spends:
        return state
    bound = with_way(shop=shop, work=work, state=state, now=now, paying=True)
    seat = bound.seat
    assert seat is not None, "the member of a basket stays on it"
    uses = limited_uses(bound.quote, bound.program)
    return bound if seat.redeem.covers(bound.quote, uses) else requote(shop, bound, now)


def own_coupons(*, work: UnitOfWork, seat: MemberSeat) -> frozenset[str]:
    """Coupons that only this till knows of yet: nobody else can use them meanwhile."""
    held = seat.account.coupons.keys()
    if not held:
        return frozenset()
    confirmed = work.confirmed.account(seat.member.member_id)
    return frozenset(held if confirmed is None else held - confirmed.coupons.keys())


def own_grants(*, work: UnitOfWork, seat: MemberSeat) -> tuple[str, ...]:
    """Grants of this till that a question need not leave alone: none while the server may not know
    all that was spent of them, otherwise their points would be counted twice."""
    if work.outbox.count().pending:
        return ()
    ids = sorted(seat.account.includes)
    return tuple(each.grant_id for member in ids for each in work.grants.of_member(member))


@dataclass(frozen=True, slots=True)
class _Judging:
    shop: Shop
    work: UnitOfWork
    state: DeskState
    seat: MemberSeat
    now: Moment

    @property
    def member(self) -> str:
        return self.seat.member.member_id

    @property
    def day(self) -> date:
        return today(self.state.program, self.now)


def _way(at: _Judging, *, paying: bool, wishing: bool) -> RedeemWay:
    """The way for the member of the open basket."""
    if is_own_authority(work=at.work):
        return OWN
    asked = at.work.grants.reservation_of(at.state.basket.basket_id)
    kept = asked if asked is not None and asked.member_id == at.member else None
    contact = at.shop.server.contact()
    told = None if kept is None or kept.state == "voided" else kept
    gone = {} if told is None else told.gone
    stands = at.state.attempt is not None or bool(at.state.basket.tenders)
    if kept is not None and not wishing:
        if kept.state == "held" and (stands or is_alive(kept, contact, at.now)):
            return _kept(at, kept, paying=paying or stands)
        if kept.state == "refused":
            left = kept.available or 0
            uses = UsesBound(gone=kept.uses_left)
            way = RedeemWay("online", left, kept=_own(at), gone=gone, uses=uses)
            return replace(way, why="server_refused") if left < kept.points else way
    is_lost = kept is not None and kept.state == "asked"  # whether it is kept nobody knows
    if contact.is_there and not is_lost and not paying and not stands:
        return _not_asked(at, told)
    offline = _offline(at)
    return replace(offline, gone={**offline.gone, **gone})


def _not_asked(at: _Judging, told: Reservation | None) -> RedeemWay:
    """The server decides; what it told to be set aside for others need not be asked for, nor what
    it refused."""
    others = _promised(at)
    gone, left = ({}, {}) if told is None else (told.gone, told.uses_left)
    uses = UsesBound(gone={**_uses_beside(at, others), **left})
    way = RedeemWay("online", kept=_own(at), gone={**_set_aside(others), **gone}, uses=uses)
    if not others.points:
        return way
    return replace(way, most=max(0, at.seat.view.balance - others.points), why="promised")


def _promised(at: _Judging) -> PromisedElsewhere:
    return promised_elsewhere(shop=at.shop, work=at.work, member_id=at.member, now=at.now)


def _set_aside(others: PromisedElsewhere) -> dict[str, CouponGone]:
    return dict.fromkeys(sorted(others.coupons), "promised")


def _uses_beside(at: _Judging, others: PromisedElsewhere) -> dict[str, int]:
    """How often he may still have rewards that others were promised."""
    left = {}
    for reward in at.state.program.rewards:
        had, promised = uses_left(reward, at.seat.view), others.uses.get(reward_rule(reward.id), 0)
        if had is not None and promised:
            left[reward_rule(reward.id)] = max(0, had - promised)
    return left


def is_alive(kept: Reservation, contact: Contact, now: Moment) -> bool:
    """Whether the server still keeps a held one, as far as its time is known here."""
    return (kept.ends_ms or 0) > contact.server_ms(now)


def _kept(at: _Judging, kept: Reservation, *, paying: bool) -> RedeemWay:
    return RedeemWay(
        "online",
        kept.points,
        reservation=kept.reservation_id,
        kept=_own(at) | frozenset(kept.coupons),
        gone=kept.gone,
        coupons_most=0,
        uses=ANY_USES if _is_ours_alone(at) else UsesBound(kept.entitlements, 0, kept.uses_left),
        wish_most=kept.available,
        is_final=paying,
    )


def _is_ours_alone(at: _Judging) -> bool:
    """A member nobody else knows yet is nobody else's to serve."""
    return at.work.confirmed.account(at.member) is None


def _own(at: _Judging) -> frozenset[str]:
    return own_coupons(work=at.work, seat=at.seat)


def offline_way(
    *, shop: Shop, work: UnitOfWork, state: DeskState, seat: MemberSeat, now: Moment
) -> RedeemWay:
    """What this till may give a member of an enrolled shop without asking."""
    return _offline(_Judging(shop, work, state, seat, now))


def _offline(at: _Judging) -> RedeemWay:
    month, contact = Month.of(at.day).index, at.shop.server.contact()
    now_ms = contact.server_ms(at.now)
    room = offline_room(contact=contact, work=at.work, member_id=at.member, now=at.now)
    best, given = None, 0
    for each in room.grants:
        points = granted_points(each, now_ms=now_ms, month=month)
        if points > given:
            best, given = each, points
    others = _promised(at)
    balance = _confirmed_balance(at, others.points)
    limits = at.state.program.offline
    allowed = offline_allowance(limits, confirmed_balance=balance, granted=given, since=room.since)
    coupons = offline_coupons(limits, is_known=balance is not None, since=room.since)
    granted = best or next((each for each in room.grants if each.entitlements), None)
    alive = {} if best is None else {end: n for end, n in best.buckets.items() if end >= month}
    named = {coupon for each in room.grants for coupon in each.coupons}
    return RedeemWay(
        way="grant" if allowed.by_grant else "floor",
        most=allowed.points,
        why=allowed.limited_by,
        grant=best.grant if best is not None and allowed.by_grant else None,
        buckets=taken_of(alive, allowed.by_grant),
        kept=_own(at) | named,
        coupons_most=coupons.count,
        why_coupons=coupons.limited_by,
        gone=_set_aside(others),
        **_uses_offline(at, room, granted, others),
    )


class _Uses(TypedDict):
    uses: UsesBound
    uses_grant: str | None
    why_uses: Why | None


def _uses_offline(
    at: _Judging, room: OfflineRoom, granted: Grant | None, others: PromisedElsewhere
) -> _Uses:
    if _is_ours_alone(at):
        return _Uses(uses=ANY_USES, uses_grant=None, why_uses=None)
    allowed = offline_uses(at.state.program.offline, is_known=True, since=room.since)
    kept = {} if granted is None else granted.entitlements or {}
    bound = UsesBound(kept, allowed.count, _uses_beside(at, others))
    return _Uses(
        uses=bound,
        uses_grant=None if granted is None else granted.grant,
        why_uses=allowed.limited_by,
    )


def _confirmed_balance(at: _Judging, promised: int) -> int | None:
    """What the server last said, less what is promised to others and what was spent here since.

    Own earnings are not counted.
    """
    confirmed = at.work.confirmed.account(at.member)
    if confirmed is None:
        return None
    shown = at.seat.account
    spent = sum(shown.taken.values()) - sum(confirmed.taken.values())
    return view(confirmed, at.state.program, at.day).balance - promised - max(0, spent)


def granted_of(way: RedeemWay, uses: Mapping[str, int]) -> dict[str, int]:
    """How many of these uses are part of the grant."""
    kept = {} if way.uses_grant is None else way.uses.kept
    mine = {rule: min(count, kept.get(rule, 0)) for rule, count in uses.items()}
    return {rule: count for rule, count in mine.items() if count}


def post_redemption(
    *, work: UnitOfWork, state: DeskState, now: Moment
) -> tuple[str | None, str | None]:
    """Keep which way the paid basket spent points and coupons: (reservation, grant) for its fact.

    Changes: the reservation or what was spent offline.
    """
    seat, points = state.seat, state.quote.points_redeemed
    uses = limited_uses(state.quote, state.program)
    if seat is None or not (points or state.quote.coupons_used or uses):
        return None, None
    way = seat.redeem
    if way.way == "own" and is_own_authority(work=work):
        return None, None  # of a till that was enrolled meanwhile it counts as spent offline
    if way.reservation is not None:
        kept = work.grants.reservation(way.reservation)
        assert kept is not None, "a reservation is kept before it is asked for"
        work.grants.put_reservation(replace(kept, state="posted"))
        return way.reservation, None
    others = len(set(state.quote.coupons_used) - way.kept)
    if not points and not others and not uses:
        return None, None
    taken = taken_of(way.buckets, points)
    by_grant = sum(taken.values())
    work.grants.spend_offline(
        OfflineSpend(
            sale_id=state.basket.basket_id,
            member_id=seat.member.member_id,
            grant_id=way.grant if by_grant else way.uses_grant,
            buckets=taken,
            floor_points=points - by_grant,
            boot_id=now.boot_id,
            monotonic_ms=now.monotonic_ms,
            floor_coupons=others,
            floor_uses=0 if way.uses.most is None else way.uses.others(uses),
            granted_uses=granted_of(way, uses),
        )
    )
    return None, way.grant if by_grant else None
