"""Entitlements: benefits that are not money, ticked off with one key.

Owns: recording a use, and giving it back with the sale. Does not own: how many are left (view.py
by the program).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeAlias

from msgspec.structs import replace as replace_struct

from app.domain import effects as do
from app.domain.entitlement_fact import (
    EntitlementReturned,
    EntitlementUsed,
    KeptEntitlementUsed,
)
from app.domain.fact_parts import FactTick, ProgramRef
from app.domain.grant import Reservation
from app.domain.moment import Moment
from app.domain.open_basket import BasketTick, OpenBasket
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
from app.services.tick_way import (
    Asked,
    AskFirst,
    GoneElsewhere,
    NotOffline,
    Ticking,
    TickWay,
    note_way,
    tick_way,
)
from app.services.till_state import TillState
from app.services.usable_benefit import with_benefits


@dataclass(frozen=True, slots=True)
class EntitlementTicked:
    """Recorded; so many are left in its period."""

    state: TillState
    entitlement_id: str
    left: int


@dataclass(frozen=True, slots=True)
class NoneLeft:
    """It is used up in this period; `elsewhere`: head office says so; `offline`: head office cannot
    be asked, and this till lets no more through."""

    entitlement_id: str
    why: Literal["used", "elsewhere", "offline"] = "used"


@dataclass(frozen=True, slots=True)
class AskHeadOffice:
    """It is kept here: ask the server for it (reservation.ask_reservation), then tick it off with
    its answer."""

    entitlement_id: str
    wanted: Reservation


@dataclass(frozen=True, slots=True)
class NotEntitled:
    """The member's tier does not include it."""

    entitlement_id: str


TickAnswer: TypeAlias = (
    EntitlementTicked | NoneLeft | NotEntitled | AskHeadOffice | NoMember | OwnMembership | Refusal
)


def tick_entitlement(
    *, shop: Shop, work: UnitOfWork, entitlement_id: str, asked: Asked | None = None
) -> TickAnswer:
    """Record that the member on the basket uses a benefit now. Changes: facts, account, audit,
    what is kept for it.

    Where others may use it as well head office is asked first: `asked` is what it said.
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
    left = {held.entitlement.id: held.left for held in seat.view.entitlements}
    if entitlement_id not in left:
        return NotEntitled(entitlement_id)
    if left[entitlement_id] <= 0:
        return NoneLeft(entitlement_id)
    at = Ticking(shop, work, seat.member.member_id, entitlement_id, left[entitlement_id], now)
    way = tick_way(at=at, asked=asked)
    if not isinstance(way, TickWay):
        return _not_now(way, entitlement_id)
    used = _used(state, seat, at, way)
    note_way(at=at, way=way, op_id=used.op_id)
    folded = write_fact(shop=shop, work=work, fact=used) or seat.account
    tick = BasketTick(entitlement_id, used.op_id, seat.view.member_id)
    basket = replace_struct(state.basket, ticked=(*state.basket.ticked, tick))
    view = judge(seat.member, folded, state.program, seat.as_of)
    noted = replace(state, basket=basket, seat=replace(seat, account=folded, view=view))
    noted = with_benefits(shop=shop, work=work, state=noted, now=now)
    shown = keep(shop, work, requote(shop, noted, now), now)
    return EntitlementTicked(shown, entitlement_id, left[entitlement_id] - 1)


def _not_now(
    why: AskFirst | GoneElsewhere | NotOffline, entitlement_id: str
) -> AskHeadOffice | NoneLeft:
    match why:
        case AskFirst(wanted):
            return AskHeadOffice(entitlement_id, wanted)
        case GoneElsewhere():
            return NoneLeft(entitlement_id, "elsewhere")
        case NotOffline():
            return NoneLeft(entitlement_id, "offline")


def _used(state: DeskState, seat: MemberSeat, at: Ticking, way: TickWay) -> EntitlementUsed:
    """The fact of the use, and its trail."""
    shop, work, now, name = at.shop, at.work, at.now, at.entitlement_id
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fields: dict[str, Any] = {
        **origin(shop=shop, now=now, day=day, member=seat.view.member_id),
        "effects": (do.EntitlementTicked(entitlement=name),),
        "entitlement": name,
        "program": ProgramRef(state.program.id, state.program.version),
        "sale": state.basket.basket_id,
    }
    subject, details = seat.member.member_id, {"entitlement": name}
    record(shop=shop, work=work, now=now, act="entitlement_used", subject=subject, details=details)
    if way.reservation is None:
        return EntitlementUsed(**fields)
    return KeptEntitlementUsed(**fields, reservation=way.reservation)


def return_ticks(*, shop: Shop, work: UnitOfWork, basket: OpenBasket, now: Moment) -> None:
    """Give back what was ticked off for a sale that is given up. Changes: facts, accounts, audit.

    It counts for the day it was ticked off on, whenever the sale is given up.
    """
    state = shop.desk.state
    for member_id in dict.fromkeys(tick.member_id for tick in basket.ticked):
        ticks = [tick for tick in basket.ticked if tick.member_id == member_id]
        day, _ = fact_day(work, state.program, now, state.last_moment)
        fact = EntitlementReturned(
            **origin(shop=shop, now=now, day=day, member=member_id),
            effects=tuple(
                do.EntitlementBack(entitlement=tick.entitlement, of=tick.of, uses=("",))
                for tick in ticks
            ),
            sale=basket.basket_id,
        )
        write_fact(shop=shop, work=work, fact=fact, days=days_of_ticks(work=work, ticks=ticks))
        names = ",".join(tick.entitlement for tick in ticks)
        record(
            shop=shop, work=work, now=now, act="entitlement_returned", subject=member_id,
            details={"entitlements": names, "basket": basket.basket_id},
        )  # fmt: skip


def days_of_ticks(*, work: UnitOfWork, ticks: Iterable[BasketTick | FactTick]) -> dict[str, date]:
    """The business dates of the facts that ticked something off, as far as they are here."""
    known = ((tick.of, work.facts.get(tick.of)) for tick in ticks)
    return {op_id: fact.business_day for op_id, fact in known if fact is not None}
