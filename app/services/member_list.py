"""The list of members at the desk: a page in an order, narrowed; looking somebody up; judging.

Owns: who may see the list, rows as they are shown (masked), judging members for its orders in small
units. Does not own: what narrows a list (app/domain/member_list.py), one member's page
(member_page.py). No unit of work here takes longer than a sale may wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.account import MemberAccount
from app.domain.codes import Code, CodeKind, parse_code
from app.domain.member import Member, masked_name, masked_phone
from app.domain.member_list import (
    ListChoice,
    ListedMember,
    ListPlace,
    MemberState,
    bounds_of,
    fits,
    place_of,
    state_of,
)
from app.domain.money import Money
from app.domain.phone import Phone
from app.domain.program import Program, Text
from app.domain.tiers import rank_of
from app.services.answers import Refusal
from app.services.desk import allowed, today
from app.services.member_panel import card_masked, tier_words
from app.services.phone import read_phone
from app.services.ports import UnitOfWork
from app.services.price_desk import judge
from app.services.seating import survivor
from app.services.shop import Shop
from app.services.words_beside import with_words_beside

LOOKED_A_UNIT = 20_000
"""Rows of the list that one unit of work looks at for a page."""
JUDGED_A_UNIT = 60
FOUND_MAX = 50
LAST_DIGITS = 4
_NO_SEPARATORS = {ord(sign): None for sign in " -()"}


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One row, masked."""

    member_id: str
    name_masked: str
    phone_masked: str | None
    card_masked: str
    tier: Text
    tier_rank: int
    points: int
    spend: Money
    """In the window that qualifies: this month and the twelve before."""
    last_visit: date | None
    days_away: int | None
    state: MemberState
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MembersPart:
    """A part of a page. `place`: behind which row the next part begins; None: there is no more."""

    rows: tuple[MemberRow, ...]
    place: ListPlace | None


@dataclass(frozen=True, slots=True)
class MembersLookedUp:
    """Whoever fits what was typed. `more`: there are others, type more of it."""

    rows: tuple[MemberRow, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What the list begins with: what this person chose last, and what can be chosen.

    `listed` of `members` stand in the list already; the others are judged now.
    """

    choice: ListChoice
    tiers: tuple[tuple[str, Text], ...]
    tags: tuple[str, ...]
    listed: int
    members: int


@dataclass(frozen=True, slots=True)
class Judged:
    """So far members were judged. `looked`: go on behind this number; None: all of them are."""

    looked: int | None
    count: int


def list_facts(*, shop: Shop, work: UnitOfWork) -> ListFacts | Refusal:
    """What the list begins with. Needs the right to write about members. Changes nothing."""
    refusal = allowed(shop, "member_note")
    if refusal:
        return refusal
    state = shop.desk.state
    staff_id = state.staff.staff_id if state.staff is not None else ""
    return ListFacts(
        choice=work.member_list.choice(staff_id),
        tiers=tuple((tier.id, tier.name) for tier in state.program.tiers),
        tags=tuple(work.member_list.tags()),
        listed=work.member_list.count(),
        members=work.members.count(),
    )


def keep_list_choice(*, shop: Shop, work: UnitOfWork, choice: ListChoice) -> None:
    """Begin with this the next time this person comes. Changes: what he chose."""
    staff = shop.desk.state.staff
    if staff is not None:
        work.member_list.keep_choice(staff.staff_id, choice)


def list_members(
    *, shop: Shop, work: UnitOfWork, choice: ListChoice, after: ListPlace | None, want: int
) -> MembersPart | Refusal:
    """At most `want` rows behind a place; fewer where not enough fitted among those looked at.

    Ask again behind its place for the rest. Needs the right. Changes nothing.
    """
    refusal = allowed(shop, "member_note")
    if refusal:
        return refusal
    day = today(shop.desk.state.program, shop.now())
    if choice.is_narrowed:
        found = work.member_list.narrowed(
            choice.order, after, bounds_of(choice, day), want=want, look=LOOKED_A_UNIT
        )
        rows = [row for row in found.rows if fits(row, choice, day)]
        place = found.place
    else:
        rows = list(work.member_list.page(choice.order, after, want))
        place = place_of(rows[-1], choice.order) if len(rows) == want else None
    return MembersPart(_shown(shop, work, [each.member_id for each in rows]), place)


def look_for_members(*, shop: Shop, work: UnitOfWork, text: str) -> MembersLookedUp | Refusal:
    """By card, phone, last four digits, name, pinyin or its initials. Needs the right.

    Who is frozen is found as well. Changes nothing.
    """
    refusal = allowed(shop, "member_note")
    if refusal:
        return refusal
    members = _found(work, text.strip())
    ids = dict.fromkeys(member.member_id for member in members[:FOUND_MAX])
    return MembersLookedUp(_shown(shop, work, list(ids)), len(members) > FOUND_MAX)


def _found(work: UnitOfWork, text: str) -> list[Member]:
    code = parse_code(text)
    if isinstance(code, Code) and code.kind is CodeKind.MEMBER:
        holder = work.members.by_card(code.text)
        member = survivor(work, work.members.get(holder.member_id)) if holder else None
        return [] if member is None else [member]
    digits = text.translate(_NO_SEPARATORS)
    if digits.lstrip("+").isdigit():
        phone = read_phone(digits)
        if isinstance(phone, Phone):
            found = (survivor(work, each) for each in work.members.by_phone(phone.e164))
            return [each for each in found if each is not None]
        return list(work.members.by_last_digits(digits[-LAST_DIGITS:], FOUND_MAX + 1))
    return list(work.members.search(text, FOUND_MAX + 1)) if text else []


def _shown(shop: Shop, work: UnitOfWork, member_ids: list[str]) -> tuple[MemberRow, ...]:
    """Judged now: a row says what is so at this moment."""
    program = shop.desk.state.program
    day = today(program, shop.now())
    accounts = work.accounts.get_many(member_ids)
    rows = []
    for member_id in member_ids:
        member = work.members.get(member_id)
        if member is not None:
            account = accounts.get(member_id) or MemberAccount(includes={member_id})
            member = with_words_beside(work=work, member=member, account=account)
            rows.append(_row(judged(0, member, account, program, day), member, program, day))
    return tuple(rows)


def _row(each: ListedMember, member: Member, program: Program, day: date) -> MemberRow:
    phone = member.person.phone
    return MemberRow(
        member_id=member.member_id,
        name_masked=masked_name(member.person.name),
        phone_masked=masked_phone(phone) if phone else None,
        card_masked=card_masked(member),
        tier=tier_words(program, each.tier),
        tier_rank=rank_of(program, each.tier),
        points=each.points,
        spend=Money(each.spend_minor),
        last_visit=each.last_visit,
        days_away=None if each.last_visit is None else (day - each.last_visit).days,
        state=state_of(each, day),
        tags=each.tags,
    )


def judged(
    number: int, member: Member, account: MemberAccount, program: Program, day: date
) -> ListedMember:
    """What the list keeps of a member."""
    seen = judge(member, account, program, day)
    return ListedMember(
        number=number,
        member_id=member.member_id,
        joined=member.joined,
        last_visit=member.last_visit,
        is_frozen=member.status == "frozen",
        tier=seen.tier,
        points=seen.balance,
        spend_minor=seen.spend_in_window.minor,
        tags=member.tags,
    )


def judge_list(*, shop: Shop, work: UnitOfWork, after: int = 0) -> Judged:
    """Judge the next members whom nobody judged today by the program in force.

    A shop with very many does it while somebody looks at the list, and at night. Changes: the list.
    """
    program = shop.desk.state.program
    day = today(program, shop.now())
    stamp = f"{day.isoformat()} {program.id} {program.version}"
    due = work.member_list.due(after, stamp, JUDGED_A_UNIT)
    accounts = work.accounts.get_many([member.member_id for _, member in due.members])
    rows = []
    for number, member in due.members:
        own = MemberAccount(includes={member.member_id})
        account = accounts.get(member.member_id) or own
        whole = with_words_beside(work=work, member=member, account=account)
        rows.append(judged(number, whole, account, program, day))
    work.member_list.put(rows, stamp)
    return Judged(due.looked, len(rows))
