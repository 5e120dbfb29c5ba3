"""Offline room: what of a member this till has to itself while the server is not asked.

Owns: adding that up, of grants and since the server was last heard. Does not own: what may be spent
of it (redeem_way.py, tick_way.py, usable_benefit.py), the sums (app/domain/offline_allowance.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.domain.grant import FloorUsed, PointGrant
from app.domain.link import Contact
from app.domain.moment import Moment
from app.domain.offline_allowance import Grant, SinceContact
from app.services.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class OfflineRoom:
    """What of a member is safe here while the server is not asked. Points are those left."""

    since: SinceContact
    grants: tuple[Grant, ...]


def offline_room(*, contact: Contact, work: UnitOfWork, member_id: str, now: Moment) -> OfflineRoom:
    """What this till may give a member without asking, and what it gave since it last heard."""
    now_ms = contact.server_ms(now)
    grants = tuple(left_of(work=work, grant=each) for each in work.grants.of_member(member_id))
    alive = tuple(each for each in grants if each.ends_ms > now_ms)
    heard = contact.heard_monotonic_ms
    if heard is None:
        unheard = SinceContact(0, 0, None, was_restarted=contact.was_restarted)
        return OfflineRoom(unheard, alive)
    used = work.grants.floor_used(now.boot_id, heard)
    of_member = used.get(member_id, FloorUsed())
    since = SinceContact(
        member_points=of_member.points,
        till_points=sum(each.points for each in used.values()),
        data_age=timedelta(milliseconds=max(0, now.monotonic_ms - heard)),
        member_coupons=of_member.coupons,
        member_uses=of_member.uses,
    )
    return OfflineRoom(since, alive)


def left_of(*, work: UnitOfWork, grant: PointGrant) -> Grant:
    """What sales and ticks of this till have left of a grant; coupons stand until it ends."""
    used, ticked = work.grants.used_of(grant.grant_id), work.grants.uses_of(grant.grant_id)
    left = {month: points - used.get(month, 0) for month, points in grant.buckets.items()}
    uses = {name: count - ticked.get(name, 0) for name, count in grant.entitlements.items()}
    return Grant(
        grant=grant.grant_id,
        buckets={month: points for month, points in left.items() if points > 0},
        coupons=frozenset(grant.coupons),
        entitlements={name: count for name, count in uses.items() if count > 0},
        ends_ms=grant.ends_ms,
    )
