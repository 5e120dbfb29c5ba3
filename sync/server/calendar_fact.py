"""What the calendar brings to members: reviews of tiers, birthday gifts, rewards for referrals.

Owns: looking at each member once a day, behind the pushes, and calling the authority's rules. Does
not own: the pass itself (day_pass.py), the rules (app.domain.authority, settlement), writing facts
(own_fact.py). What was done is marked in the accounts: it may run again and does nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import msgspec
from sqlalchemy import Connection, select

from app.domain.account import MemberAccount, account_of
from app.domain.authority import BirthdayGift, Review, issue_birthday, reopen_reviews, review_tier
from app.domain.birthday import birthday_this_month, nearest_birthday
from app.domain.codes import CodeKind, random_code
from app.domain.fact_parts import ProgramRef
from app.domain.facts import SALE_KINDS, CouponIssued, SaleRecorded, SaleShared, TierReviewed
from app.domain.member import BirthdayOn, PersonalData
from app.domain.occasions import birthday_of
from app.domain.program import Program
from app.domain.settlement import (
    ShareEntry,
    referral_gift,
    referrals_in,
    shares_to_take_back,
    was_rewarded,
)
from app.domain.view import AccountView, view
from sync.server import tables as t
from sync.server.alias import Status, first_said, ids_of, one_profile, status_of
from sync.server.database import ServerDatabase
from sync.server.day_pass import DayPass, Reached, accounts_after
from sync.server.folding import Accounts
from sync.server.member_keys import key_ring
from sync.server.own_fact import OwnFacts
from sync.server.profile import profiles
from sync.server.promise import today
from sync.server.published import in_force, programs
from sync.server.rows import find
from sync.server.sale_record import refunds_of, sale_of
from sync.server.sender import House
from sync.server.tables import shard_of

CODE_BITS = 64
_NAME = "calendar"


@dataclass(frozen=True, slots=True)
class _Person:
    """What is known of a member besides his account."""

    member: str
    status: Status
    store: str
    referrer: str | None
    birthday: BirthdayOn | None


def run_calendar(database: ServerDatabase, tenant: str, now_ms: int, house: House) -> int:
    """The next members of today's pass; how many were passed. Zero: the day is done.

    Again and again. Who has nothing due is only read; for everybody else there is a transaction of
    his own, which judges again what it then holds.
    """
    day = today(now_ms)
    passing = DayPass(database, tenant, _NAME)
    place = passing.place(day)
    if place is None:
        return 0
    reached, at = place
    page = database.read(lambda connection: _page(connection, tenant, at, day, house), exact=True)
    for person in page.due:
        database.write(partial(_give, tenant, now_ms, house, (page.program, person)))
    passing.remember(reached, page.last, day, page.count)
    return page.count


def _give(
    tenant: str,
    now_ms: int,
    house: House,
    due: tuple[Program | None, _Person],
    connection: Connection,
) -> int:
    """What one person has to get, as he stands now."""
    program, person = due
    assert program is not None, "without rules nothing is due"
    facts = OwnFacts(connection, tenant, now_ms, house, Accounts(tenant))
    _look_at(facts, program, person)
    return facts.finish()


@dataclass(frozen=True, slots=True)
class _Page:
    """The next people of a pass: how many, up to whom, and to whom something may be due."""

    count: int
    last: tuple[int, str]
    program: Program | None = None
    """The rules of the day; without them nothing is due."""
    due: tuple[_Person, ...] = ()


def _page(connection: Connection, tenant: str, at: Reached, day: date, house: House) -> _Page:
    """In the order of the table's key."""
    rows = accounts_after(connection, tenant, at)
    last = (rows[-1].shard_key, rows[-1].member) if rows else (at.shard, at.member)
    program = in_force(programs(connection, tenant).values(), day)
    if program is None:
        return _Page(len(rows), last)
    everybody = [ids_of(row.member, row.data) for row in rows]
    accounts = {row.member: account_of(row.data) for row in rows}
    people = list(_people(connection, tenant, house, everybody))
    owing = _owing(connection, tenant, people) if program.referral is not None else set()
    due = tuple(
        each
        for each in people
        if each.status == "active"
        and (
            _has_due(accounts[each.member], program, each, day)
            or (each.member in owing and accounts[each.member].visits.raised)
        )
    )
    return _Page(len(rows), last, program, due)


def _has_due(account: MemberAccount, program: Program, person: _Person, day: date) -> bool:
    """Whether a review or a birthday gift may be due, by what is only read."""
    if account.crossings or account.reviews:
        review = review_tier(account, program, day)
        if isinstance(review, Review) or any(True for _ in reopen_reviews(account, program, day)):
            return True
    born = None if person.birthday is None else birthday_this_month(person.birthday, day)
    return born is not None and birthday_of(born.year) not in account.occasions


def _owing(connection: Connection, tenant: str, people: Iterable[_Person]) -> set[str]:
    """Whose referrer was not rewarded for him yet, as far as can be seen."""
    referrers = {each.member: each.referrer for each in people if each.referrer is not None}
    keys = [
        {"shard_key": shard_of(each), "member": each} for each in sorted(set(referrers.values()))
    ]
    rows = find(connection, tenant, t.account, keys)
    accounts = {row["member"]: account_of(row["data"]) for row in rows if row["data"]}
    return {
        member
        for member, referrer in referrers.items()
        if referrer not in accounts or not was_rewarded(accounts[referrer], member)
    }


def _people(
    connection: Connection, tenant: str, house: House, everybody: Sequence[tuple[str, ...]]
) -> Iterator[_Person]:
    all_ids = [each for ids in everybody for each in ids]
    keys = [{"shard_key": shard_of(each), "member": each} for each in all_ids]
    rows = {row["member"]: row for row in find(connection, tenant, t.member, keys)}
    ring = key_ring(connection, tenant, all_ids, house)
    seen = profiles(connection, tenant, all_ids, ring)
    for ids in everybody:
        profile = one_profile(seen.get(each) for each in ids)
        born = msgspec.json.decode(profile, type=PersonalData).birthday if profile else None
        yield _Person(
            ids[0],
            status_of(ids, rows),
            first_said(ids, rows, "home_store") or "",
            first_said(ids, rows, "referrer"),
            born,
        )


def _look_at(facts: OwnFacts, program: Program, person: _Person) -> None:
    if person.status != "active":
        return
    account = facts.account(person.member)
    if account.crossings or account.reviews:
        _review(facts, program, person)
    if person.birthday is not None and birthday_this_month(person.birthday, facts.day):
        _give_birthday(facts, program, person, person.birthday)
    if person.referrer is not None and account.visits.raised:
        _reward_referrer(facts, program, person, person.referrer)


# ------------------------------------------------------------------ reviews and birthdays


def _review(facts: OwnFacts, program: Program, person: _Person) -> None:
    """Every review that is due, the earliest first; then those to be opened again."""
    while isinstance(
        review := review_tier(facts.account(person.member), program, facts.day), Review
    ):
        _record_review(facts, program, person, review)
    for review in reopen_reviews(facts.account(person.member), program, facts.day):
        _record_review(facts, program, person, review)


def _record_review(facts: OwnFacts, program: Program, person: _Person, review: Review) -> None:
    sums = dict(review.sums)
    facts.write(
        TierReviewed(
            **facts.origin(person.member, person.store),
            effects=(review.effect,),
            before=review.before,
            after=review.after,
            program=ProgramRef(program.id, program.version),
            spend_window_minor=sums.get("spend", 0),
            visits_window=sums.get("visits", 0),
            points_window=sums.get("points", 0),
            reopened=review.reopened,
        )
    )


def _judged(
    facts: OwnFacts, program: Program, account: MemberAccount, born: BirthdayOn | None
) -> AccountView:
    near = None if born is None else nearest_birthday(born, facts.day).day
    birthday = None if near is None else (near.month, near.day)
    return view(account, program, facts.day, birthday=birthday)


def _give_birthday(facts: OwnFacts, program: Program, person: _Person, born: BirthdayOn) -> None:
    seen = _judged(facts, program, facts.account(person.member), born)
    gift = issue_birthday(seen, program, born, facts.day, fresh_coupons=_fresh_coupons(facts.house))
    if isinstance(gift, BirthdayGift):
        facts.write(
            CouponIssued(
                **facts.origin(person.member, person.store),
                effects=gift.effects,
                why="birthday",
                program=ProgramRef(program.id, program.version),
            )
        )


def _fresh_coupons(house: House) -> Iterator[str]:
    while True:
        yield random_code(CodeKind.COUPON, house.chance(CODE_BITS)).text


# ------------------------------------------------------------------ referrals


def _reward_referrer(facts: OwnFacts, program: Program, person: _Person, referrer: str) -> None:
    """What a referrer gets for a friend's first paid order, once."""
    rule = program.referral
    if rule is None or not _may_be_rewarded(facts, referrer, person.member):
        return
    account = facts.account(referrer)
    given = referrals_in(account, facts.day.year)
    if was_rewarded(account, person.member) or given >= rule.per_year:
        return
    sale = _first_paid_order(facts, sorted(facts.account(person.member).includes))
    if sale is None:
        return
    tier = _judged(facts, program, account, None).tier
    months = program.tier(tier).points_months
    entry = referral_gift(sale, referrer, program, expires_in=months, gifts_this_year=given)
    if not isinstance(entry, ShareEntry):
        return
    gift = _share(facts, sale, referrer, entry)
    for back in shares_to_take_back(
        sale, refunds_of(facts.connection, facts.tenant, sale.op_id), [gift]
    ):
        _share(facts, sale, referrer, back)


def _share(facts: OwnFacts, sale: SaleRecorded, referrer: str, entry: ShareEntry) -> SaleShared:
    fact = SaleShared(
        **facts.origin(referrer, sale.store),
        effects=entry.effects,
        sale=sale.op_id,
        refund=entry.refund,
        by_line=entry.by_line,
    )
    facts.write(fact)
    return fact


def _may_be_rewarded(facts: OwnFacts, referrer: str, friend: str) -> bool:
    """Somebody active, and not the friend himself under another id."""
    key = {"shard_key": shard_of(referrer), "member": referrer, "status": "active"}
    if not find(facts.connection, facts.tenant, t.member, [key]):
        return False
    facts.account(referrer)
    return facts.accounts.survivors[referrer] != facts.accounts.survivors[friend]


def _first_paid_order(facts: OwnFacts, ids: Sequence[str]) -> SaleRecorded | None:
    op = t.op.c
    sales = facts.connection.execute(
        select(op.op_id)
        .where(
            op.tenant_id == facts.tenant,
            op.member.in_(ids),
            op.state == "counted",
            op.kind.in_(sorted(SALE_KINDS)),
        )
        .order_by(op.op_id)
    ).scalars()
    for op_id in sales:
        sale = sale_of(facts.connection, facts.tenant, op_id)
        if sale is None or sale.total_minor <= 0:
            continue
        refunds = refunds_of(facts.connection, facts.tenant, op_id)
        if not any(refund.last_piece for refund in refunds):
            return sale
    return None
