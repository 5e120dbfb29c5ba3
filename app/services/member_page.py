"""One member's page at the desk: who he is, and what each tab tells of him.

Owns: gathering it, masked, with the right. Does not own: judging an account (app/domain), changing
anything (profile.py, adjustment.py, ...), revealing his number (reveal.py), words.
Each tab is asked for by itself, so that none of them makes another one wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from app.domain.account import MemberAccount
from app.domain.facts import Fact, UnknownFact, read_fact
from app.domain.member import BirthdayOn, Member, masked_name, masked_phone
from app.domain.member_list import MemberState, state_of
from app.domain.merging import words_beside
from app.domain.money import Money, total
from app.domain.points_ledger import PointsLedger, points_ledger
from app.domain.program import Program, Text
from app.domain.tiers import rank_of
from app.domain.view import AccountView
from app.services.answers import MemberUnknown, Refusal
from app.services.churn import ChurnAnswer, churn_of_member
from app.services.desk import allowed, today
from app.services.member_list import judged
from app.services.member_panel import card_masked, lent_by, points_worth, tier_words
from app.services.ports import UnitOfWork
from app.services.price_desk import judge
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop
from app.services.words_beside import others_of

FACTS_MAX = 300
ORDERS_MAX = 100


@dataclass(frozen=True, slots=True)
class MemberHead:
    """Who it is, masked, and how he stands today. `merged`: how many other members he was."""

    member_id: str
    name_masked: str
    phone_masked: str | None
    card_masked: str
    birthday: BirthdayOn | None
    note: str
    tags: tuple[str, ...]
    account_manager: str
    state: MemberState
    joined: date
    last_visit: date | None
    days_away: int | None
    visits: int
    tier: Text
    tier_rank: int
    tier_count: int
    tier_until: date | None
    lent: Literal["", "pack", "trial"]
    """The tier is there for a time only: by a membership pack, or to try."""
    points: int
    points_worth: Money
    points_held: int
    spend: Money
    coupons: int
    merged: int
    tags_beside: tuple[str, ...] = ()
    note_beside: str = ""
    """What the shop wrote of those others; it goes with them when they are parted."""
    churn: ChurnAnswer | None = None
    """How likely he no longer comes: for the desk, never where he may read it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What every tab is made from."""

    member: Member
    account: MemberAccount
    seen: AccountView
    program: Program
    day: date

    @property
    def ids(self) -> Sequence[str]:
        """All of the person's ids; those of members who were merged into him too."""
        return sorted({self.member.member_id, *self.account.includes})


def look_at(*, shop: Shop, work: UnitOfWork, member_id: str) -> Looked | MemberUnknown | Refusal:
    """The member (or who he was merged into) with his account as of today. Needs the right."""
    refusal = allowed(shop, "member_note")
    if refusal:
        return refusal
    member = survivor(work, work.members.get(member_id))
    if member is None or member.status == "erased":
        return MemberUnknown(member_id)
    program = shop.desk.state.program
    day = today(program, shop.now())
    account = account_of_member(work, member.member_id)
    return Looked(member, account, judge(member, account, program, day), program, day)


def member_head(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> MemberHead | MemberUnknown | Refusal:
    """The head of the page. Needs the right to write about members. Changes nothing."""
    found = look_at(shop=shop, work=work, member_id=member_id)
    if not isinstance(found, Looked):
        return found
    graded = churn_of_member(shop=shop, work=work, member_id=member_id)
    others = others_of(work=work, member=found.member, account=found.account)
    beside = words_beside(found.member.person, others)
    return replace(_head(found), churn=graded, tags_beside=beside.tags, note_beside=beside.note)


def _head(found: Looked) -> MemberHead:
    member, seen, program = found.member, found.seen, found.program
    person, born, visited = member.person, member.person.birthday, member.last_visit
    listed = judged(0, member, found.account, program, found.day)
    return MemberHead(
        member_id=member.member_id,
        name_masked=masked_name(person.name),
        phone_masked=masked_phone(person.phone) if person.phone else None,
        card_masked=card_masked(member),
        birthday=born,
        note=person.note,
        tags=member.tags,
        account_manager=member.account_manager,
        state=state_of(listed, found.day),
        joined=seen.joined,
        last_visit=visited,
        days_away=None if visited is None else (found.day - visited).days,
        visits=seen.visits,
        tier=tier_words(program, seen.tier),
        tier_rank=rank_of(program, seen.tier),
        tier_count=len(program.tiers),
        tier_until=seen.tier_until,
        lent=lent_by(seen.tier_source),
        points=seen.balance,
        points_worth=points_worth(program, seen.balance),
        points_held=seen.held_points,
        spend=seen.spend_in_window,
        coupons=len(seen.coupons),
        merged=len(found.ids) - 1,
    )


# ------------------------------------------------------------------ orders


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One sale, with what came back of it in money."""

    sale_id: str
    receipt: str
    day: date
    sold_ms: int
    due: Money
    line_count: int
    paid_back: Money
    staff_id: str


@dataclass(frozen=True, slots=True)
class MemberOrders:
    """His sales here, newest first. `staff`: names by id; `more`: there are older ones."""

    rows: tuple[OrderRow, ...]
    staff: dict[str, str]
    more: bool


def member_orders(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> MemberOrders | MemberUnknown | Refusal:
    """What he bought, as far as this till knows. Needs the right. Changes nothing."""
    found = look_at(shop=shop, work=work, member_id=member_id)
    if not isinstance(found, Looked):
        return found
    sales = [sale for each in found.ids for sale in work.sales.of_member(each, ORDERS_MAX + 1)]
    sales.sort(key=lambda sale: (sale.sold_ms, sale.sale_id), reverse=True)
    rows = tuple(
        OrderRow(
            sale.sale_id,
            sale.receipt_code,
            sale.business_day,
            sale.sold_ms,
            sale.due,
            sale.line_count,
            total(refund.paid for refund in work.refunds.of_sale(sale.sale_id)),
            sale.staff_id,
        )
        for sale in sales[:ORDERS_MAX]
    )
    return MemberOrders(rows, _names(work), len(sales) > ORDERS_MAX)


def _names(work: UnitOfWork) -> dict[str, str]:
    return {person.staff_id: person.name for person in work.staff.all_staff()}


# ------------------------------------------------------------------ points


@dataclass(frozen=True, slots=True)
class MemberLedger:
    """His points with every cause. `has_all`: no older entry was left out."""

    ledger: PointsLedger
    staff: dict[str, str]
    undone: frozenset[str]
    """Adjustments that were taken back already."""
    has_all: bool


def member_ledger(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> MemberLedger | MemberUnknown | Refusal:
    """Every change of his points this till knows, and what makes them add up. Needs the right.

    Changes nothing.
    """
    found = look_at(shop=shop, work=work, member_id=member_id)
    if not isinstance(found, Looked):
        return found
    facts = list(_facts(work, found.ids))
    ledger = points_ledger(found.account, found.seen, facts)
    undone = frozenset(entry.undoes for entry in ledger.entries if entry.undoes)
    return MemberLedger(ledger, _names(work), undone, len(facts) < FACTS_MAX)


def _facts(work: UnitOfWork, ids: Sequence[str]) -> Iterator[Fact | UnknownFact]:
    """This till's facts of a person, and what it holds of other tills'."""
    known = set()
    for member_id in ids:
        for stored in work.facts.of_member(member_id, FACTS_MAX):
            known.add(stored.op_id)
            yield from _read(stored.data)
        for sale in work.sales.of_member(member_id, ORDERS_MAX):
            refunds = (refund.refund_id for refund in work.refunds.of_sale(sale.sale_id))
            for op_id in (sale.sale_id, *refunds):
                other = work.facts.get(op_id) if op_id not in known else None
                if other is not None:
                    known.add(op_id)
                    yield from _read(other.data)


def _read(data: bytes) -> Iterator[Fact | UnknownFact]:
    fact = read_fact(data)
    if isinstance(fact, Fact | UnknownFact):
        yield fact
