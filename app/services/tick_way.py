"""Which way a benefit is ticked off: kept by head office, by a grant, within a limit, or alone.

Owns: judging that, asking once, keeping what was used without asking. Does not own: the fact
(entitlement.py), the sums (app/domain/offline_allowance.py), asking the server (a port).
A member nobody else knows yet is nobody else's to serve: his benefits need no asking.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from app.domain.grant import OfflineSpend, Reservation
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.offline_allowance import offline_uses
from app.domain.server_answer import PointsKept, PointsNotKept, ReserveAnswer
from app.services.authority import is_own_authority
from app.services.offline_room import offline_room
from app.services.ports import UnitOfWork
from app.services.promised import promised_elsewhere
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class Asked:
    """What head office said of a benefit."""

    reservation_id: str
    answer: ReserveAnswer


@dataclass(frozen=True, slots=True)
class Ticking:
    """A benefit that a member wants now."""

    shop: Shop
    work: UnitOfWork
    member_id: str
    entitlement_id: str
    left: int
    """As often he may still use it in its period, by his account."""
    now: Moment


@dataclass(frozen=True, slots=True)
class TickWay:
    """It may be used. At most one of the ways is set; none = alone."""

    reservation: str | None = None
    grant: str | None = None
    by_floor: bool = False


@dataclass(frozen=True, slots=True)
class AskFirst:
    """Ask head office for this, then try again with its answer."""

    wanted: Reservation


@dataclass(frozen=True, slots=True)
class GoneElsewhere:
    """Head office has no more of it to give."""


@dataclass(frozen=True, slots=True)
class NotOffline:
    """Head office cannot be asked, and this till lets no more through."""


TickWayAnswer: TypeAlias = TickWay | AskFirst | GoneElsewhere | NotOffline


def tick_way(*, at: Ticking, asked: Asked | None) -> TickWayAnswer:
    """How it may be used now, if it may. Changes: the reservations of this till."""
    work = at.work
    if is_own_authority(work=work) or work.confirmed.account(at.member_id) is None:
        return TickWay()
    if asked is None:
        return _asking(at) if at.shop.server.contact().is_there else _offline(at)
    kept = work.grants.reservation(asked.reservation_id)
    assert kept is not None, "it is kept before it is asked for"
    match asked.answer:
        case PointsKept(ends_ms=ends_ms):
            work.grants.put_reservation(replace(kept, state="posted", ends_ms=ends_ms))
            return TickWay(reservation=kept.reservation_id)
        case PointsNotKept():
            work.grants.put_reservation(replace(kept, state="refused"))
            return GoneElsewhere()
        case _:
            return _offline(at)  # nobody knows: what was kept in spite of that is voided later


def _asking(at: Ticking) -> AskFirst:
    wanted = Reservation(
        reservation_id=at.shop.op_id(at.now),
        asked_ms=at.now.wall_ms,
        member_id=at.member_id,
        entitlements={at.entitlement_id: 1},
    )
    at.work.grants.put_reservation(wanted)
    return AskFirst(wanted)


def _offline(at: Ticking) -> TickWay | NotOffline:
    room = offline_room(
        contact=at.shop.server.contact(), work=at.work, member_id=at.member_id, now=at.now
    )
    for grant in room.grants:
        if (grant.entitlements or {}).get(at.entitlement_id, 0) > 0:
            return TickWay(grant=grant.grant)
    others = promised_elsewhere(shop=at.shop, work=at.work, member_id=at.member_id, now=at.now)
    if others.uses.get(at.entitlement_id, 0) >= at.left:
        return NotOffline()
    limits = at.shop.desk.state.program.offline
    allowed = offline_uses(limits, is_known=True, since=room.since)
    return TickWay(by_floor=True) if allowed.count else NotOffline()


def note_way(*, at: Ticking, way: TickWay, op_id: OpId) -> None:
    """Keep what was used without asking, by the id of its fact. Changes: what was spent offline."""
    if way.grant is None and not way.by_floor:
        return
    at.work.grants.spend_offline(
        OfflineSpend(
            sale_id=op_id,
            member_id=at.member_id,
            grant_id=way.grant,
            buckets={},
            floor_points=0,
            boot_id=at.now.boot_id,
            monotonic_ms=at.now.monotonic_ms,
            floor_uses=int(way.by_floor),
            granted_uses={} if way.grant is None else {at.entitlement_id: 1},
        )
    )
