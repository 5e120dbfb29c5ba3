"""The desk between two acts: who may act, pricing after every change, keeping the result.

Owns: the shared steps of all till services. Does not own: the acts (one file per noun),
the price (pricing.py), the snapshot (present.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from msgspec.structs import replace as replace_struct

from app.domain.business_day import ShopTime, believed, business_day
from app.domain.moment import Moment
from app.domain.open_basket import OpenBasket, OpenLine
from app.domain.program import ExclusiveProducts, Program, precedence
from app.domain.staff import Permission
from app.domain.tiers import rank_of
from app.services.answers import (
    DiskNearlyFull,
    NotAllowed,
    OpenShiftFirst,
    PaymentUnderWay,
    Refusal,
    SignInFirst,
)
from app.services.ports import UnitOfWork
from app.services.present import exclusive_rule, till_state
from app.services.price_desk import empty_quote, judge, quote_of
from app.services.shop import DeskState, Shop
from app.services.till_state import TillState


def allowed(shop: Shop, permission: Permission) -> SignInFirst | NotAllowed | None:
    """Why the person at the till may not do this; None = he may."""
    state = shop.desk.state
    if state.staff is None or state.locked:
        return SignInFirst()
    return None if state.staff.may(permission) else NotAllowed(permission)


def shift_first(shop: Shop) -> OpenShiftFirst | None:
    """Why no money may move at this drawer now; None = it may. Selling, refunds, the drawer ask.

    A drawer that is being counted stands still, also in a shop that needs no shifts.
    """
    state = shop.desk.state
    shift, staff = state.shift, state.staff
    if shift is not None and shift.is_counting:
        return OpenShiftFirst("counting")
    if not state.settings.shifts_required:
        return None
    if shift is None:
        return OpenShiftFirst("none")
    is_own = staff is not None and staff.staff_id == shift.owner_id
    return None if is_own or state.settings.shift_shared else OpenShiftFirst("of_another")


def may_change(shop: Shop, permission: Permission = "sell") -> Refusal | None:
    """Why the basket may not be changed now; None = it may."""
    refusal = allowed(shop, permission)
    if refusal:
        return refusal
    state = shop.desk.state
    if state.attempt or state.basket.tenders:
        return PaymentUnderWay()
    begins = state.basket.is_empty and not shop.has_room()
    return DiskNearlyFull() if begins else None


def program_in_force(programs: Sequence[Program], day: date) -> Program:
    """The version with the latest effective day that has come; before all of them the first."""
    due = [program for program in programs if program.effective <= day]
    return max(due, key=precedence) if due else programs[0]


def today(program: Program, now: Moment) -> date:
    """The business day by the clock, in the shop's time zone."""
    return business_day(now, ShopTime(program.timezone))


def with_basket(shop: Shop, state: DeskState, basket: OpenBasket, now: Moment) -> DeskState:
    """The state with another basket, priced anew."""
    return requote(shop, replace(state, basket=basket), now)


def requote(shop: Shop, state: DeskState, now: Moment) -> DeskState:
    """Price the basket as of now: program in force, view of the day, members-only goods.

    While a terminal was asked for an amount, or money was taken, the quote it came from stands.
    """
    stands = state.attempt is not None or state.basket.tenders
    return state if stands else price_anew(shop, state, now)


def price_anew(shop: Shop, state: DeskState, now: Moment) -> DeskState:
    """Price the basket as of a moment, whatever was quoted before.

    A clock that stands before the last fact is not believed: what has lapsed stays lapsed.
    """
    at = believed(now, state.last_moment)
    day = today(state.program, at)
    program = program_in_force(state.programs, day)
    seat = state.seat
    if seat is not None and (seat.as_of != day or program is not state.program):
        view = judge(seat.member, seat.account, program, day)
        seat = replace(seat, view=view, as_of=day)
    tier = seat.view.tier if seat is not None else None
    lines = tuple(_admitted(line, program, tier, day) for line in state.basket.lines)
    basket = state.basket
    if lines != basket.lines:
        basket = replace_struct(basket, lines=lines)
    nothing = state.empty_quote
    if nothing is None or program is not state.program:
        nothing = empty_quote(program, at)
    state = replace(state, basket=basket, program=program, seat=seat, empty_quote=nothing)
    return replace(state, quote=quote_of(shop.identity, state, at), quoted_ms=now.wall_ms)


def keep(shop: Shop, work: UnitOfWork, state: DeskState, now: Moment) -> TillState:
    """Save what must survive a kill, adopt the state after the commit, show it.

    What bounds the next day is what the store says, also of a fact written in this unit of work.
    """
    state = replace(state, last_moment=work.facts.last_moment())
    committed = shop.desk.committed
    if committed is None or committed.basket is not state.basket:
        work.baskets.save(state.basket)
    work.after_commit(lambda: shop.desk.adopt(state))
    return till_state(state, now)


def _admitted(line: OpenLine, program: Program, tier: str | None, day: date) -> OpenLine:
    """The line with its `members_only` problem set or lifted."""
    if line.problem not in (None, "members_only"):
        return line
    rule = exclusive_rule(program, line)
    open_for_all = rule is None or (rule.opens_for_all is not None and day >= rule.opens_for_all)
    barred = not open_for_all and (tier is None or not _is_high_enough(program, rule, tier))
    problem = "members_only" if barred else None
    return line if line.problem == problem else replace_struct(line, problem=problem)


def _is_high_enough(program: Program, rule: ExclusiveProducts | None, tier: str) -> bool:
    if rule is None or rule.tier is None:
        return True
    return rank_of(program, tier) >= rank_of(program, rule.tier)
