"""Usable benefits: how often each may still be ticked off here, where that is less than is left.

Owns: telling it beforehand, as ticking off judges it (tick_way.py). Does not own: ticking off, what
others were promised (promised.py), the sums of the limits (app/domain/offline_allowance.py).
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.moment import Moment
from app.domain.offline_allowance import offline_uses
from app.domain.program import OfflineLimits
from app.domain.redeem_way import UsableBenefit
from app.services.offline_room import OfflineRoom, offline_room
from app.services.ports import UnitOfWork
from app.services.promised import promised_elsewhere
from app.services.shop import DeskState, Shop


def with_benefits(*, shop: Shop, work: UnitOfWork, state: DeskState, now: Moment) -> DeskState:
    """The state that knows what benefits its member may use here; not priced anew."""
    seat = state.seat
    if seat is None or seat.redeem.way == "own":
        return state
    found = _usable(shop, work, state, now)
    if found == seat.redeem.benefits:
        return state
    return replace(state, seat=replace(seat, redeem=replace(seat.redeem, benefits=found)))


def _usable(
    shop: Shop, work: UnitOfWork, state: DeskState, now: Moment
) -> dict[str, UsableBenefit]:
    seat = state.seat
    assert seat is not None, "whose benefits would it be"
    held, member = seat.view.entitlements, seat.member.member_id
    if not held or work.confirmed.account(member) is None:
        return {}
    others = promised_elsewhere(shop=shop, work=work, member_id=member, now=now)
    contact, limits = shop.server.contact(), state.program.offline
    room = None
    if not contact.is_there:
        room = offline_room(contact=contact, work=work, member_id=member, now=now)
    found = {}
    for each in held:
        name = each.entitlement.id
        free = max(0, each.left - others.uses.get(name, 0))
        here = UsableBenefit(free, "promised")
        if room is not None:
            here = _offline(limits, room, name, free, each.left)
        if here.most < each.left:
            found[name] = here
    return found


def _offline(
    limits: OfflineLimits, room: OfflineRoom, name: str, free: int, left: int
) -> UsableBenefit:
    """`free`: so many nobody else was promised. What grants name comes first."""
    granted = sum((each.entitlements or {}).get(name, 0) for each in room.grants)
    beside = max(0, free - granted)
    allowed = offline_uses(limits, is_known=True, since=room.since)
    most = min(left, granted + min(beside, allowed.count))
    return UsableBenefit(most, "promised" if beside <= allowed.count else allowed.limited_by)
