"""Which way points are spent at once, outside of a sale: kept by head office, or within the limit.

Owns: judging that, asking once, keeping what was spent without asking. Does not own: the facts
(reward.py, expiring.py), the sums (app/domain/offline_allowance.py), asking the server (a port).
The fact names no reservation: what was kept is given free once the fact is known to the server
(reservation.void_leftovers). A member nobody else knows yet is nobody else's to serve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from app.domain.grant import OfflineSpend, Reservation
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.server_answer import PointsKept, PointsNotKept
from app.services.authority import is_own_authority
from app.services.ports import UnitOfWork
from app.services.redeem_way import granted_of, offline_way, own_grants
from app.services.shop import MemberSeat, Shop
from app.services.tick_way import Asked, AskFirst


@dataclass(frozen=True, slots=True)
class Exchanging:
    """Points that the member on the basket wants to spend at once."""

    shop: Shop
    work: UnitOfWork
    seat: MemberSeat
    points: int
    now: Moment
    uses: Mapping[str, int] = field(default_factory=dict)
    """The reward they are for, where a member may have it only so often."""


@dataclass(frozen=True, slots=True)
class ExchangeWay:
    """They may be spent; so many of them by the floor limit, and so many uses."""

    floor_points: int = 0
    floor_uses: int = 0
    grant: str | None = None
    granted_uses: Mapping[str, int] = field(default_factory=dict)
    """Those that are part of a grant."""


@dataclass(frozen=True, slots=True)
class NotExchanged:
    """Not now. `elsewhere`: head office has not so many left; `offline`: it cannot be asked, and
    the limit of this till is lower. `missing` points."""

    why: Literal["elsewhere", "offline"]
    missing: int


def exchange_way(*, at: Exchanging, asked: Asked | None) -> ExchangeWay | AskFirst | NotExchanged:
    """How they may be spent now, if they may. Changes: the reservations of this till."""
    work, member = at.work, at.seat.member.member_id
    if is_own_authority(work=work) or work.confirmed.account(member) is None:
        return ExchangeWay()
    if asked is None:
        return _asking(at) if at.shop.server.contact().is_there else _offline(at)
    kept = work.grants.reservation(asked.reservation_id)
    assert kept is not None, "it is kept before it is asked for"
    match asked.answer:
        case PointsKept(ends_ms=ends_ms) if kept.points >= at.points:
            work.grants.put_reservation(replace(kept, state="held", ends_ms=ends_ms))
            return ExchangeWay()
        case PointsNotKept(available=available):
            work.grants.put_reservation(replace(kept, state="refused", available=available))
            return NotExchanged("elsewhere", max(0, at.points - available))
        case _:
            return _offline(at)  # nobody knows: what was kept in spite of that is voided later


def _asking(at: Exchanging) -> AskFirst:
    wanted = Reservation(
        reservation_id=at.shop.op_id(at.now),
        asked_ms=at.now.wall_ms,
        member_id=at.seat.member.member_id,
        points=at.points,
        entitlements=dict(at.uses),
        own=own_grants(work=at.work, seat=at.seat),
    )
    at.work.grants.put_reservation(wanted)
    return AskFirst(wanted)


def _offline(at: Exchanging) -> ExchangeWay | NotExchanged:
    """By the floor limit alone: the fact names no grant."""
    state = at.shop.desk.state
    way = offline_way(shop=at.shop, work=at.work, state=state, seat=at.seat, now=at.now)
    room = (way.most or 0) - sum(way.buckets.values())
    if at.points > room:
        return NotExchanged("offline", at.points - room)
    refusal = way.uses.refusal(at.uses)
    if refusal is not None:
        return NotExchanged("elsewhere" if refusal == "SET_ASIDE" else "offline", 0)
    granted = granted_of(way, at.uses)
    return ExchangeWay(at.points, way.uses.others(at.uses), way.uses_grant, granted)


def note_exchange(*, at: Exchanging, way: ExchangeWay, op_id: OpId) -> None:
    """Keep what was spent by the limit, by the id of its fact. Changes: what was spent offline."""
    if not way.floor_points:
        return
    at.work.grants.spend_offline(
        OfflineSpend(
            sale_id=op_id,
            member_id=at.seat.member.member_id,
            grant_id=way.grant if way.granted_uses else None,
            buckets={},
            floor_points=way.floor_points,
            boot_id=at.now.boot_id,
            monotonic_ms=at.now.monotonic_ms,
            floor_uses=way.floor_uses,
            granted_uses=way.granted_uses,
        )
    )
