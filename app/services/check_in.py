"""The daily check-in: points for coming in, more with every day of the streak.

Owns: recording it once a day. Does not own: the streak and its points (view.py by the program).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain import effects as do
from app.domain.account import MemberAccount
from app.domain.fact_parts import ProgramRef
from app.domain.facts import CheckedIn
from app.domain.moment import Moment
from app.domain.occasions import check_in_of
from app.domain.view import CheckInState
from app.services.answers import NoMember, Refusal
from app.services.audit_trail import record
from app.services.desk import may_change, requote
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.find_member import OwnMembership
from app.services.ports import UnitOfWork
from app.services.present import is_own_membership
from app.services.shop import MemberSeat, Shop
from app.services.standing import with_account
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class MemberCheckedIn:
    """Checked in: the points and the day of the streak."""

    state: TillState
    points: int
    streak: int


@dataclass(frozen=True, slots=True)
class CheckedInBefore:
    """He has checked in today."""


@dataclass(frozen=True, slots=True)
class NoCheckIn:
    """The program has no check-in."""


def check_in(
    *, shop: Shop, work: UnitOfWork
) -> MemberCheckedIn | CheckedInBefore | NoCheckIn | NoMember | OwnMembership | Refusal:
    """Check the member on the basket in for today. Changes: facts, the account, audit."""
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
    today = seat.view.check_in
    if today is None:
        return NoCheckIn()
    day, _ = fact_day(work, state.program, now, state.last_moment)
    if today.done_today or check_in_of(day) in seat.view.occasions:
        return CheckedInBefore()
    folded = _write(shop, work, seat, today, day, now)
    details = {"streak": str(today.streak), "points": str(today.points)}
    subject = seat.member.member_id
    record(shop=shop, work=work, now=now, act="checked_in", subject=subject, details=details)
    shown = with_account(shop, work, seat.view.member_id, folded, now)
    return MemberCheckedIn(shown, today.points, today.streak)


def _write(
    shop: Shop, work: UnitOfWork, seat: MemberSeat, today: CheckInState, day: date, now: Moment
) -> MemberAccount | None:
    """The fact of a check-in, and the account with its points."""
    state = shop.desk.state
    points = do.OccasionGain(
        occasion=check_in_of(day),
        points=today.points,
        expires_in=state.program.tier(seat.view.tier).points_months,
    )
    fact = CheckedIn(
        **origin(shop=shop, now=now, day=day, member=seat.view.member_id),
        effects=(do.CheckIn(), points),
        streak=today.streak,
        program=ProgramRef(state.program.id, state.program.version),
    )
    return write_fact(shop=shop, work=work, fact=fact)
