"""What referrers get, in a shop that is its own authority: for each friend, and for reaching steps.

Owns: finding a friend's first paid order and recording what his referrer gets for it, once.
Does not own: the rules (app/domain/settlement.py, referral.py), when it is called (nightly.py),
what refunds take back (refund_authority.py). A server does the same (sync/server/referral.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.domain.account import MemberAccount
from app.domain.fact_parts import ProgramRef
from app.domain.facts import SALE_KINDS, CouponIssued, SaleRecorded, SaleShared, read_fact
from app.domain.member import Member
from app.domain.moment import Moment
from app.domain.program import Program
from app.domain.referral import (
    WHY,
    any_rewarded,
    can_be_referred,
    due_steps,
    may_have_reached,
    referrals_in,
)
from app.domain.settlement import ShareEntry, referral_gift
from app.services.fact_origin import calendar_origin
from app.services.fact_writer import fresh_coupons, write_fact
from app.services.ports import UnitOfWork
from app.services.price_desk import judge
from app.services.refund_authority import KnownSale, gifts_for, take_shares_back
from app.services.refund_case import refunds_of
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class Night:
    """What every member is judged by."""

    shop: Shop
    program: Program
    day: date
    now: Moment


def person_of(*, work: UnitOfWork) -> Callable[[str], str]:
    """Whom an id stands for: the member himself, or the one he was merged into."""

    def find(member_id: str) -> str:
        member = survivor(work, work.members.get(member_id))
        return member_id if member is None else member.member_id

    return find


def reward_referrer(*, night: Night, work: UnitOfWork, member: Member) -> int:
    """What his referrer gets for a member's first paid order, once; 1 where it was given.

    The points vest after the return window by themselves: the effect says from which day on. What
    was rewarded is marked in the referrer's account: facts are read for a gift, not every night.
    """
    rule = night.program.referral
    if member.referrer_id is None or rule is None or member.is_anonymous:
        return 0
    referrer = survivor(work, work.members.get(member.referrer_id))
    if referrer is None or referrer.status != "active":
        return 0
    account = account_of_member(work, referrer.member_id)
    ids = {member.member_id, *account_of_member(work, member.member_id).includes}
    if any_rewarded(account, ids) or not can_be_referred(ids, {referrer.member_id}):
        return 0
    if referrals_in(account, night.day.year) >= rule.per_year:
        return 0
    sales = _orders(work, sorted(ids))
    sale = next((each for each in sales if each.total_minor > 0 and not _is_back(work, each)), None)
    # Two people may have won two memberships that turned out to be one person.
    if sale is None or gifts_for(work=work, sales={each.op_id for each in sales}):
        return 0
    entry = _gift_for(night, work, sale, referrer, account)
    if entry is None:
        return 0
    # Under the id that won the friend, as it stands with him: after a merge, and after its undoing.
    won_by = member.referrer_id
    fact = SaleShared(
        **calendar_origin(shop=night.shop, now=night.now, day=night.day, member=won_by),
        effects=entry.effects,
        sale=sale.op_id,
        by_line=entry.by_line,
    )
    days = {sale.op_id: sale.day}
    write_fact(shop=night.shop, work=work, fact=fact, account=account, days=days)
    known = KnownSale(sale, sale.day, refunds_of(work, sale.op_id), night.day)
    take_shares_back(shop=night.shop, work=work, known=known, now=night.now)
    return 1


def give_steps(*, night: Night, work: UnitOfWork, member: Member) -> int:
    """The steps a referrer has reached and was not given yet; how many."""
    account = account_of_member(work, member.member_id)
    if not may_have_reached(account, night.program.referral):
        return 0
    gifts = due_steps(
        account,
        night.program,
        night.day,
        expires_in=_points_months(night, member, account),
        fresh_coupons=fresh_coupons(night.shop),
        person_of=person_of(work=work),
    )
    program = ProgramRef(night.program.id, night.program.version)
    for gift in gifts:
        head = calendar_origin(
            shop=night.shop, now=night.now, day=night.day, member=member.member_id
        )
        fact = CouponIssued(**head, effects=gift.effects, why=WHY, program=program)
        account = write_fact(shop=night.shop, work=work, fact=fact, account=account) or account
    return len(gifts)


def _gift_for(
    night: Night, work: UnitOfWork, sale: SaleRecorded, referrer: Member, account: MemberAccount
) -> ShareEntry | None:
    """The gift for a friend's order, by all that was given before; None where there is none."""
    shares = _shares_of(work, sorted({referrer.member_id, *account.includes}))
    entry = referral_gift(
        sale,
        referrer.member_id,
        night.program,
        expires_in=_points_months(night, referrer, account),
        gifts_this_year=sum(1 for share in shares if share.day.year == night.day.year),
        waited_days=(night.day - sale.day).days,
    )
    return entry if isinstance(entry, ShareEntry) else None


def _orders(work: UnitOfWork, ids: list[str]) -> list[SaleRecorded]:
    stored = [each for one in ids for each in work.facts.of_member(one) if each.kind in SALE_KINDS]
    facts = [read_fact(each.data) for each in stored]
    return [fact for fact in facts if isinstance(fact, SaleRecorded)]


def _is_back(work: UnitOfWork, sale: SaleRecorded) -> bool:
    """Whether all of it came back: then it was no order to reward."""
    return any(refund.last_piece for refund in work.refunds.of_sale(sale.op_id))


def _shares_of(work: UnitOfWork, ids: list[str]) -> list[SaleShared]:
    facts = [
        read_fact(stored.data)
        for each in ids
        for stored in work.facts.of_member(each)
        if stored.kind == "sale_shared.1"
    ]
    return [fact for fact in facts if isinstance(fact, SaleShared) and fact.refund is None]


def _points_months(night: Night, member: Member, account: MemberAccount) -> int:
    view = judge(member, account, night.program, night.day)
    return night.program.tier(view.tier).points_months
