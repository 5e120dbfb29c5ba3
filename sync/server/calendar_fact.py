"""What the calendar brings to members: reviews of tiers, birthday gifts, rewards for referrals.

Owns: looking at each member once a day, behind the pushes, and calling the authority's rules. Does
not own: the pass itself (day_pass.py), the rules (app.domain.authority), referrals (referral.py),
writing facts (own_fact.py). What was done is marked in the accounts: it may run again and does
nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import msgspec
from sqlalchemy import Connection

from app.domain.account import MemberAccount, account_of
from app.domain.authority import BirthdayGift, Review, issue_birthday, reopen_reviews, review_tier
from app.domain.birthday import birthday_this_month, nearest_birthday
from app.domain.codes import CodeKind, random_code
from app.domain.fact_parts import ProgramRef
from app.domain.facts import CouponIssued, TierReviewed
from app.domain.member import BirthdayOn, PersonalData
from app.domain.occasions import birthday_of
from app.domain.program import Program
from app.domain.referral import may_have_reached
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
from sync.server.referral import Friend, give_steps, owing, reward_referrer
from sync.server.referrer import referrers_of
from sync.server.rows import find
from sync.server.sender import House
from sync.server.tables import shard_of

CODE_BITS = 64
_NAME = "calendar"


@dataclass(frozen=True, slots=True)
class _Person:
    """What is known of a member besides his account."""

    ids: tuple[str, ...]
    status: Status
    store: str
    referrer: str | None
    birthday: BirthdayOn | None

    @property
    def member(self) -> str:
        """The one he goes by."""
        return self.ids[0]

    @property
    def friend(self) -> Friend | None:
        """As somebody who was referred."""
        return None if self.referrer is None else Friend(self.ids, self.referrer)


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
    friends = [each.friend for each in people if each.friend is not None]
    owed = owing(connection, tenant, friends) if program.referral is not None else set()
    due = tuple(
        each
        for each in people
        if each.status == "active"
        and (
            _has_due(accounts[each.member], program, each, day)
            or (each.member in owed and accounts[each.member].visits.raised)
            or may_have_reached(accounts[each.member], program.referral)
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


def _people(
    connection: Connection, tenant: str, house: House, everybody: Sequence[tuple[str, ...]]
) -> Iterator[_Person]:
    all_ids = [each for ids in everybody for each in ids]
    keys = [{"shard_key": shard_of(each), "member": each} for each in all_ids]
    rows = {row["member"]: row for row in find(connection, tenant, t.member, keys)}
    ring = key_ring(connection, tenant, all_ids, house)
    seen = profiles(connection, tenant, all_ids, ring)
    sent = referrers_of(connection, tenant, everybody, rows)
    for ids in everybody:
        profile = one_profile(seen.get(each) for each in ids)
        born = msgspec.json.decode(profile, type=PersonalData).birthday if profile else None
        yield _Person(
            ids,
            status_of(ids, rows),
            first_said(ids, rows, "home_store") or "",
            sent.get(ids),
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
    if person.friend is not None and account.visits.raised:
        reward_referrer(facts, program, person.friend)
    give_steps(facts, program, person.member, person.store, _fresh_coupons(facts.house))


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
