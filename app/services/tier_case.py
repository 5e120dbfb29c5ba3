"""A member at the tier desk as he stands now: whoever changes his tier begins here.

Owns: finding him, his account and his day, and that nobody deals with his own. Does not own: the
acts (tier_change.py, trial.py), what the desk shows of him (tier_member.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.account import MemberAccount
from app.domain.member import Member
from app.domain.moment import Moment
from app.domain.program import Program
from app.domain.tiers import Standing, standing
from app.services.answers import MemberUnknown, Refusal
from app.services.desk import allowed, program_in_force, today
from app.services.fact_writer import fact_day
from app.services.ports import UnitOfWork
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop
from app.services.tier_answers import OwnMembership


@dataclass(frozen=True, slots=True)
class TierCase:
    """A member as he stands now."""

    member: Member
    account: MemberAccount
    program: Program
    now: Moment
    day: date
    standing: Standing


def tier_case(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> TierCase | OwnMembership | MemberUnknown | Refusal:
    """How he stands, or why nobody may deal with his tier here."""
    refusal = allowed(shop, "join_member")
    if refusal:
        return refusal
    member = survivor(work, work.members.get(member_id))
    if member is None or member.status != "active":
        return MemberUnknown(member_id)
    staff, state = shop.desk.state.staff, shop.desk.state
    account = account_of_member(work, member.member_id)
    if staff is not None and staff.member_ids & {member.member_id, *account.includes}:
        return OwnMembership()
    now = shop.now()
    program = program_in_force(state.programs, today(state.program, now))
    day, _ = fact_day(work, program, now, state.last_moment)
    return TierCase(member, account, program, now, day, standing(account, program, day))
