"""Entitlements: benefits that are not money, ticked off with one key.

Owns: recording a use. Does not own: how many are left (view.py by the program).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec.structs import replace as replace_struct

from app.domain import effects as do
from app.domain.account import MemberAccount
from app.domain.fact_parts import ProgramRef
from app.domain.facts import EntitlementUsed
from app.domain.moment import Moment
from app.services.answers import NoMember, Refusal
from app.services.audit_trail import record
from app.services.desk import keep, may_change, requote
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.find_member import OwnMembership
from app.services.ports import UnitOfWork
from app.services.present import is_own_membership
from app.services.price_desk import judge
from app.services.shop import DeskState, MemberSeat, Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class EntitlementTicked:
    """Recorded; so many are left in its period."""

    state: TillState
    entitlement_id: str
    left: int


@dataclass(frozen=True, slots=True)
class NoneLeft:
    """It is used up in this period."""

    entitlement_id: str


@dataclass(frozen=True, slots=True)
class NotEntitled:
    """The member's tier does not include it."""

    entitlement_id: str


def tick_entitlement(
    *, shop: Shop, work: UnitOfWork, entitlement_id: str
) -> EntitlementTicked | NoneLeft | NotEntitled | NoMember | OwnMembership | Refusal:
    """Record that the member on the basket uses a benefit now. Changes: facts, account, audit."""
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
    left = {held.entitlement.id: held.left for held in seat.view.entitlements}
    if entitlement_id not in left:
        return NotEntitled(entitlement_id)
    if left[entitlement_id] <= 0:
        return NoneLeft(entitlement_id)
    folded = _write_use(shop, work, state, seat, entitlement_id, now)
    ticked = (*state.basket.entitlements, entitlement_id)
    view = judge(seat.member, folded, state.program, seat.as_of)
    noted = replace(
        state,
        basket=replace_struct(state.basket, entitlements=ticked),
        seat=replace(seat, account=folded, view=view),
    )
    shown = keep(shop, work, requote(shop, noted, now), now)
    return EntitlementTicked(shown, entitlement_id, left[entitlement_id] - 1)


def _write_use(
    shop: Shop,
    work: UnitOfWork,
    state: DeskState,
    seat: MemberSeat,
    entitlement_id: str,
    now: Moment,
) -> MemberAccount:
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fact = EntitlementUsed(
        **origin(shop=shop, now=now, day=day, member=seat.view.member_id),
        effects=(do.EntitlementTicked(entitlement=entitlement_id),),
        entitlement=entitlement_id,
        program=ProgramRef(state.program.id, state.program.version),
        sale=state.basket.basket_id,
    )
    folded = write_fact(shop=shop, work=work, fact=fact) or seat.account
    subject, details = seat.member.member_id, {"entitlement": entitlement_id}
    record(shop=shop, work=work, now=now, act="entitlement_used", subject=subject, details=details)
    return folded
