"""Nightly work of a shop that is its own authority: reviews, birthdays, referrals, forgetting.

Owns: calling the authority's rules for every member, in units of few accounts. Does not
own: the rules (app/domain/authority.py), referrals (referral_authority.py). From enrolment with a
server on, only the server does this. It may run at any hour and again: what was done is not done
twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from app.domain.account import MemberAccount
from app.domain.authority import BirthdayGift, Review, issue_birthday, reopen_reviews, review_tier
from app.domain.birthday import birthday_this_month
from app.domain.fact_parts import ProgramRef
from app.domain.facts import (
    CouponIssued,
    TierReviewed,
)
from app.domain.member import Member
from app.domain.moment import Moment
from app.domain.program import Program
from app.domain.referral import may_have_reached
from app.services.audit_trail import record
from app.services.authority import is_own_authority
from app.services.desk import program_in_force, today
from app.services.fact_origin import calendar_origin
from app.services.fact_writer import fact_day, fresh_coupons, write_fact
from app.services.opening import refresh_desk
from app.services.ports import Lane, UnitOfWork
from app.services.price_desk import judge
from app.services.program import read_programs
from app.services.referral_authority import Night, give_steps, reward_referrer
from app.services.seating import account_of_member
from app.services.shop import Shop

MEMBERS_A_UNIT = 100
CLOSE_LOOKS_A_UNIT = 10
"""Few enough that a scan in between never waits noticeably. Most members have nothing due, which
is cheap to see: a million of them take minutes.
"""
NOT_APPLIED_DAYS = 35
NOTHING_HAPPENED = MemberAccount()


@dataclass(frozen=True, slots=True)
class NightDone:
    """What the night brought."""

    members: int
    reviews: int
    birthdays: int
    referrals: int


def run_night(*, shop: Shop, lane: Lane) -> NightDone:
    """Everything the calendar brings, member by member; of an enrolled till's members its server
    looks after. Call it off the lane thread.

    Changes: facts, accounts, coupons, audit; what is older than 35 days of the local notes goes.
    """
    programs = lane.run(lambda work: read_programs(work=work))
    done = NightDone(0, 0, 0, 0)
    after = ""
    while True:
        part, after = lane.run(partial(_unit, shop, programs, after))
        done = NightDone(
            done.members + part.members,
            done.reviews + part.reviews,
            done.birthdays + part.birthdays,
            done.referrals + part.referrals,
        )
        if not after:
            break
    lane.run(lambda work: _close(shop, work, done))
    if shop.desk.committed is not None:
        lane.run(lambda work: refresh_desk(shop=shop, work=work))
    return done


def _unit(
    shop: Shop, programs: Sequence[Program], after: str, work: UnitOfWork
) -> tuple[NightDone, str]:
    """The next few members; the id to go on behind, empty at the end."""
    if not is_own_authority(work=work):
        return NightDone(0, 0, 0, 0), ""
    now = shop.now()
    program = program_in_force(programs, today(programs[-1], now))
    day, _ = fact_day(work, program, now)
    night = Night(shop, program, day, now)
    page = work.members.page(after, MEMBERS_A_UNIT)
    accounts = work.accounts.get_many([member.member_id for member in page])
    done = [0, 0, 0]
    seen = looked = 0
    for member in page:
        seen += 1
        account = accounts.get(member.member_id, NOTHING_HAPPENED)
        if member.status != "active" or not _may_be_due(night, member, account):
            continue
        done[0] += _review_member(night, work, member)
        done[1] += _give_birthday(night, work, member)
        done[2] += reward_referrer(night=night, work=work, member=member)
        give_steps(night=night, work=work, member=member)
        looked += 1
        if looked == CLOSE_LOOKS_A_UNIT:
            break
    is_last = seen == len(page) < MEMBERS_A_UNIT
    return NightDone(seen, *done), "" if is_last else page[seen - 1].member_id


def _may_be_due(night: Night, member: Member, account: MemberAccount) -> bool:
    """Whether a member has to be looked at closely: by what stands in his rows alone."""
    born = member.person.birthday
    return bool(
        # A grant ends by itself, and the entry tier never does.
        account.crossings
        or account.reviews
        or (born is not None and birthday_this_month(born, night.day) is not None)
        or (member.referrer_id is not None and account.visits.raised)
        or may_have_reached(account, night.program.referral)
    )


def _close(shop: Shop, work: UnitOfWork, done: NightDone) -> None:
    now = shop.now()
    programs = read_programs(work=work)
    day = today(programs[-1], now)
    work.not_applied.forget_before(day - timedelta(days=NOT_APPLIED_DAYS))
    details = {
        "members": str(done.members),
        "reviews": str(done.reviews),
        "birthdays": str(done.birthdays),
        "referrals": str(done.referrals),
    }
    record(shop=shop, work=work, now=now, act="nightly", staff_id="", details=details)
    _note_open_shift(shop, work, day, now)


def _note_open_shift(shop: Shop, work: UnitOfWork, day: date, now: Moment) -> None:
    """A shift left open over midnight keeps its day; somebody should look at its drawer, once."""
    shift = work.shifts.current()
    if shift is None or not shift.is_over_midnight(day):
        return
    if work.audit.count("shift_left_open", shift.shift_id):
        return
    details = {"day": shift.business_day.isoformat(), "owner": shift.owner_id}
    record(
        shop=shop, work=work, now=now, act="shift_left_open", staff_id="",
        subject=shift.shift_id, details=details,
    )  # fmt: skip


def _review_member(night: Night, work: UnitOfWork, member: Member) -> int:
    """Every review that is due for a member, the earliest first; how many were recorded."""
    account = account_of_member(work, member.member_id)
    count = 0
    while isinstance(review := review_tier(account, night.program, night.day), Review):
        account = _record_review(night, work, member, account, review)
        count += 1
    for review in reopen_reviews(account, night.program, night.day):
        account = _record_review(night, work, member, account, review)
        count += 1
    return count


def _record_review(
    night: Night, work: UnitOfWork, member: Member, account: MemberAccount, review: Review
) -> MemberAccount:
    sums = dict(review.sums)
    fact = TierReviewed(
        **calendar_origin(shop=night.shop, now=night.now, day=night.day, member=member.member_id),
        effects=(review.effect,),
        before=review.before,
        after=review.after,
        program=_ref(night.program),
        spend_window_minor=sums.get("spend", 0),
        visits_window=sums.get("visits", 0),
        points_window=sums.get("points", 0),
        reopened=review.reopened,
    )
    folded = write_fact(shop=night.shop, work=work, fact=fact, account=account)
    assert folded is not None, "a review has a member"
    return folded


def _give_birthday(night: Night, work: UnitOfWork, member: Member) -> int:
    """The birthday gift where one is due; 1 where it was given."""
    born = member.person.birthday
    if born is None:
        return 0
    account = account_of_member(work, member.member_id)
    view = judge(member, account, night.program, night.day)
    gift = issue_birthday(
        view, night.program, born, night.day, fresh_coupons=fresh_coupons(night.shop)
    )
    if not isinstance(gift, BirthdayGift):
        return 0
    fact = CouponIssued(
        **calendar_origin(shop=night.shop, now=night.now, day=night.day, member=member.member_id),
        effects=gift.effects,
        why="birthday",
        program=_ref(night.program),
    )
    write_fact(shop=night.shop, work=work, fact=fact, account=account)
    return 1


def _ref(program: Program) -> ProgramRef:
    return ProgramRef(program.id, program.version)
