"""Opening the till: what it knew when it was closed or killed, back on the desk.

Owns: the cold start, and reading the desk anew (after a pull, at night, after a disk's fault).
Does not own: the first set-up (setup.py), the sign-in. The basket, the member on it and an open
payment come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.moment import Moment
from app.domain.open_basket import OpenBasket
from app.domain.payment import OPEN_STATES, PaymentAttempt
from app.domain.program import Program
from app.domain.settings import Settings
from app.domain.staff import StaffMember
from app.services.audit_trail import record
from app.services.desk import price_anew, program_in_force, today
from app.services.ports import UnitOfWork
from app.services.present import till_state
from app.services.price_desk import empty_quote, gift_products, judge
from app.services.program import read_programs
from app.services.refund_along import seat_with_credit
from app.services.seating import reseat
from app.services.shop import ClockBehind, DeskState, Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class TillOpened:
    """Ready. `to_query`: attempts that may have taken money before a crash: query them now."""

    state: TillState
    to_query: tuple[PaymentAttempt, ...]
    recovered: bool
    """An open basket with goods in it was found."""


@dataclass(frozen=True, slots=True)
class SetUpFirst:
    """This store has no program or nobody who works here yet. `step`: where set-up stopped."""

    step: str | None


@dataclass(frozen=True, slots=True)
class UpdateFirst:
    """A store in use whose every program is of a newer product: this one cannot price with them.

    Nothing was changed. `settings`: so that it is said in the shop's language.
    """

    settings: Settings


OpenAnswer = TillOpened | SetUpFirst | UpdateFirst


def open_till(*, shop: Shop, work: UnitOfWork) -> OpenAnswer:
    """Read the committed state of the till onto the desk. Changes: the basket if it is the first.

    Nobody is signed in afterwards.
    """
    programs = read_programs(work=work)
    if not programs and work.programs.all_programs():
        return UpdateFirst(work.settings.read())
    if not programs or not any(person.active for person in work.staff.all_staff()):
        return SetUpFirst(work.settings.setup_step())
    now = shop.now()
    stored = work.baskets.load()
    if stored is not None and stored.is_untouched and work.enrolment.read() is not None:
        # A copy of this machine has the same one: two sales of a chain never share an id.
        stored = None
    basket = stored or OpenBasket(basket_id=shop.op_id(now), opened_ms=now.wall_ms)
    state = _desk(shop, work, programs, basket, now)
    if stored is None:
        work.baskets.save(state.basket)
    if state.clock is not None:
        details = {"last_sold_ms": str(state.clock.last_sold_ms)}
        record(shop=shop, work=work, now=now, act="clock_behind", staff_id="", details=details)
    work.after_commit(lambda: shop.desk.adopt(state))
    waiting = tuple(work.payments.in_states(OPEN_STATES))
    recovered = stored is not None and not stored.is_empty
    return TillOpened(till_state(state, now), waiting, recovered)


def refresh_desk(*, shop: Shop, work: UnitOfWork) -> TillState:
    """Read program, settings and the seated member again; the basket stays as it is.

    After a pull, an import or nightly work has changed what the desk shows. Changes nothing else.
    """
    now = shop.now()
    before = shop.desk.state
    fresh = _desk(shop, work, read_programs(work=work), before.basket, now)
    state = replace(
        _frozen(fresh, before) if before.attempt or before.basket.tenders else fresh,
        staff=_still_here(work, before),
        locked=before.locked,
        attempt=before.attempt,
        approval=before.approval,
        clock=before.clock,
        last_sale_id=before.last_sale_id,
    )
    if state.basket is not before.basket:
        work.baskets.save(state.basket)
    work.after_commit(lambda: shop.desk.adopt(state))
    return till_state(state, now)


def reread_till(*, shop: Shop, work: UnitOfWork) -> None:
    """Put on the desk what the file says: after a commit nobody knows the end of.

    The sale that was being confirmed is there or its basket is, never both. Changes nothing.
    """
    before = shop.desk.committed
    if before is None:
        return
    now = shop.now()
    basket = work.baskets.load() or before.basket
    fresh = _desk(shop, work, read_programs(work=work), basket, now)
    state = replace(fresh, staff=_still_here(work, before), locked=before.locked)
    work.after_commit(lambda: shop.desk.adopt(state))


def _still_here(work: UnitOfWork, before: DeskState) -> StaffMember | None:
    """Who is signed in, as he is known now; None where he works here no more."""
    staff = work.staff.get(before.staff.staff_id) if before.staff is not None else None
    return staff if staff is not None and staff.active else None


def _frozen(fresh: DeskState, before: DeskState) -> DeskState:
    """What was read anew, but priced as before: money was taken, or a terminal asked for it."""
    return replace(
        fresh,
        basket=before.basket,
        program=before.program,
        quote=before.quote,
        empty_quote=before.empty_quote,
        quoted_ms=before.quoted_ms,
        gifts=before.gifts,
        seat=before.seat,
    )


def _desk(
    shop: Shop, work: UnitOfWork, programs: Sequence[Program], basket: OpenBasket, now: Moment
) -> DeskState:
    program = program_in_force(programs, today(programs[-1], now))
    latest = work.sales.latest(1)
    bare = DeskState(
        basket=basket,
        settings=work.settings.read(),
        rights=work.rights.read(),
        holds=work.holds.count_open(),
        programs=tuple(programs),
        program=program,
        quote=empty_quote(program, now),
        gifts=gift_products(work, program),
        offer_uses={use.offer_id: use for use in work.programs.offer_uses()},
        locked=True,
        attempt=_attempt_of(work, basket),
        clock=_clock(work, now),
        last_sale_id=latest[0].sale_id if latest else None,
        last_moment=work.facts.last_moment(),
        shift=work.shifts.current(),
    )
    seated = seat_with_credit(shop=shop, work=work, state=reseat(shop, work, bare, now), now=now)
    at = _priced_at(bare, now)
    return _as_agreed(seated, at) or price_anew(shop, seated, at)


def _as_agreed(state: DeskState, at: Moment) -> DeskState | None:
    """The basket at the prices the customer began to pay, whatever has changed since.

    None where nothing was agreed on, or its member is gone: then it is priced anew.
    """
    agreed, seat = state.basket.agreed, state.seat
    stands = state.attempt is not None or state.basket.tenders
    if agreed is None or not stands or (agreed.tier is not None and seat is None):
        return None
    version = (agreed.program_id, agreed.program_version)
    named = [each for each in state.programs if (each.id, each.version) == version]
    program = named[0] if named else state.program
    day = today(program, at)
    if seat is not None and (seat.as_of != day or program is not state.program):
        view = judge(seat.member, seat.account, program, day)
        seat = replace(seat, view=view, as_of=day)
    return replace(
        state,
        program=program,
        seat=seat,
        quote=agreed,
        quoted_ms=at.wall_ms,
        empty_quote=empty_quote(program, at),
    )


def _priced_at(state: DeskState, now: Moment) -> Moment:
    """When the basket's prices are those of: money taken, or an open attempt, keeps its own."""
    began_ms = state.attempt.started_ms if state.attempt is not None else 0
    since_ms = state.basket.priced_ms if state.basket.tenders else began_ms
    if not since_ms:
        return now
    ago_ms = now.wall_ms - since_ms
    return replace(now, wall_ms=now.wall_ms - ago_ms, monotonic_ms=now.monotonic_ms - ago_ms)


def _attempt_of(work: UnitOfWork, basket: OpenBasket) -> PaymentAttempt | None:
    """The attempt this basket still waits for."""
    for attempt in work.payments.of_basket(basket.basket_id):
        if attempt.state in OPEN_STATES and attempt.attempt_id not in basket.set_aside:
            return attempt
    return None


def _clock(work: UnitOfWork, now: Moment) -> ClockBehind | None:
    last_ms = work.sales.last_sold_ms()
    behind = last_ms is not None and now.wall_ms < last_ms
    return ClockBehind(last_ms, now.wall_ms) if behind and last_ms is not None else None
