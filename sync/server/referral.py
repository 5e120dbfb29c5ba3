"""What referrers get, of the whole chain: for each friend's first paid order, and for steps.

Owns: finding that order, recording what is given for it, once. Does not own: who was sent by whom
(referrer.py), the rules (app.domain.settlement, referral), when it is called (calendar_fact.py),
what refunds take back later (settlement.py). A shop alone does the same
(app/services/referral_authority.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from app.domain.account import account_of
from app.domain.fact_parts import ProgramRef
from app.domain.facts import (
    SALE_KINDS,
    CouponIssued,
    MemberJoined,
    SaleRecorded,
    SaleShared,
    read_fact,
)
from app.domain.keyed_hash import phone_claim
from app.domain.member import PersonalData
from app.domain.program import Program
from app.domain.referral import (
    WHY,
    any_rewarded,
    can_be_referred,
    due_steps,
    may_have_reached,
    referrals_in,
)
from app.domain.settlement import ShareEntry, referral_gift, shares_to_take_back
from app.domain.view import view
from sync.server import tables as t
from sync.server.alias import status_of
from sync.server.folding import awaited_by, known_days
from sync.server.member_keys import key_ring
from sync.server.own_fact import OwnFacts
from sync.server.profile import profiles
from sync.server.rows import find
from sync.server.sale_record import refunds_of, sale_of
from sync.server.tables import shard_of


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody who was referred: all his ids, the one he goes by first, and by whom."""

    ids: tuple[str, ...]
    referrer: str

    @property
    def member(self) -> str:
        """The one he goes by."""
        return self.ids[0]


def person_of(connection: Connection, tenant: str) -> Callable[[str], str]:
    """Whom an id stands for."""

    def one(member: str) -> str:
        key = {"shard_key": shard_of(member), "member": member}
        columns = (t.account.c.survivor,)
        rows = find(connection, tenant, t.account, [key], columns=columns)
        return str(rows[0]["survivor"]) if rows else member

    return one


def owing(connection: Connection, tenant: str, friends: Iterable[Friend]) -> set[str]:
    """Whose referrer was not rewarded for him yet, as far as can be seen."""
    waiting = list(friends)
    accounts = _accounts(connection, tenant, {each.referrer for each in waiting})
    return {
        each.member
        for each in waiting
        if each.referrer not in accounts
        or not any_rewarded(account_of(accounts[each.referrer]), each.ids)
    }


def _accounts(connection: Connection, tenant: str, members: Iterable[str]) -> dict[str, bytes]:
    """The account of each, also of who was merged into another one."""
    rows = _account_rows(connection, tenant, members)
    survivors = {row["survivor"] for row in rows.values()}
    found = _account_rows(connection, tenant, survivors - rows.keys()) | rows
    return {
        member: found[row["survivor"]]["data"]
        for member, row in rows.items()
        if row["survivor"] in found and found[row["survivor"]]["data"]
    }


def _account_rows(
    connection: Connection, tenant: str, members: Iterable[str]
) -> dict[str, dict[str, Any]]:
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(set(members))]
    columns = (t.account.c.member, t.account.c.survivor, t.account.c.data)
    return {
        row["member"]: row for row in find(connection, tenant, t.account, keys, columns=columns)
    }


# ------------------------------------------------------------------ for a friend


def reward_referrer(facts: OwnFacts, program: Program, friend: Friend) -> None:
    """What a referrer gets for a friend's first paid order, once."""
    rule, referrer = program.referral, friend.referrer
    if rule is None or not _may_be_rewarded(facts, friend):
        return
    account = facts.account(referrer)
    given = referrals_in(account, facts.day.year)
    ids = sorted({*friend.ids, *facts.account(friend.member).includes})
    if any_rewarded(account, ids) or given >= rule.per_year:
        return
    sale = _first_paid_order(facts, ids)
    if sale is None or _gave_before(facts, ids) or not _holds_a_number(facts, ids):
        return
    day = known_days(facts.connection, facts.tenant, {sale.op_id}).get(sale.op_id, sale.day)
    entry = referral_gift(
        sale,
        referrer,
        program,
        expires_in=_points_months(facts, program, referrer),
        gifts_this_year=given,
        waited_days=(facts.day - day).days,
    )
    if not isinstance(entry, ShareEntry):
        return
    gift = _share(facts, sale, referrer, entry)
    for back in shares_to_take_back(
        sale, refunds_of(facts.connection, facts.tenant, sale.op_id), [gift]
    ):
        _share(facts, sale, referrer, back)


def _gave_before(facts: OwnFacts, ids: Sequence[str]) -> bool:
    """Whether anybody was given something for him: two people may have won two memberships that
    turned out to be one person, who has one first order."""
    sales = _sales_of(facts, ids)
    links = awaited_by(facts.connection, facts.tenant, sales)
    keys = [
        {"shard_key": shard_of(each["op_id"]), "op_id": each["op_id"], "kind": "sale_shared.1"}
        for each in links
    ]
    return bool(find(facts.connection, facts.tenant, t.op, keys, columns=(t.op.c.op_id,)))


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


def _may_be_rewarded(facts: OwnFacts, friend: Friend) -> bool:
    """Somebody active, and not the friend himself under another id."""
    now = facts.account(friend.referrer)
    ids = sorted({friend.referrer, *now.includes})
    people = _people(facts, ids)
    known = friend.referrer in people and status_of(ids, people) == "active"
    return known and can_be_referred(friend.ids, ids)


def _people(facts: OwnFacts, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(set(ids))]
    return {row["member"]: row for row in find(facts.connection, facts.tenant, t.member, keys)}


def _holds_a_number(facts: OwnFacts, ids: Sequence[str]) -> bool:
    """Whether a number of his is his alone: an anonymous card, or a number that somebody else
    holds, could be referred again and again."""
    claims = {*_claims_joined_with(facts, ids), *_claims_now(facts, ids)}
    wanted = [{"shard_key": shard_of(each), "claim": each} for each in sorted(claims)]
    held = find(facts.connection, facts.tenant, t.identity_claim, wanted)
    return any(row["member"] in ids for row in held)


def _claims_joined_with(facts: OwnFacts, ids: Sequence[str]) -> Iterator[str]:
    ops = [row["joined_op"] for row in _people(facts, ids).values()]
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in ops]
    for row in find(facts.connection, facts.tenant, t.op, keys, columns=(t.op.c.data,)):
        fact = read_fact(row["data"])
        if isinstance(fact, MemberJoined):
            yield from fact.claims


def _claims_now(facts: OwnFacts, ids: Sequence[str]) -> Iterator[str]:
    """By the number his profile has: a shop that was alone hashed it under a key of its own."""
    secret = facts.house.claim_secret(facts.connection, facts.tenant)
    if secret is None:
        return
    ring = key_ring(facts.connection, facts.tenant, ids, facts.house)
    for profile in profiles(facts.connection, facts.tenant, ids, ring).values():
        phone = msgspec.json.decode(profile, type=PersonalData).phone if profile else None
        if phone:
            yield phone_claim(secret, phone)


def _sales_of(facts: OwnFacts, ids: Sequence[str]) -> list[str]:
    """What he bought under any of his ids, as far as it counts; the oldest first."""
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
    return list(sales)


def _first_paid_order(facts: OwnFacts, ids: Sequence[str]) -> SaleRecorded | None:
    for op_id in _sales_of(facts, ids):
        sale = sale_of(facts.connection, facts.tenant, op_id)
        if sale is None or sale.total_minor <= 0:
            continue
        refunds = refunds_of(facts.connection, facts.tenant, op_id)
        if not any(refund.last_piece for refund in refunds):
            return sale
    return None


# ------------------------------------------------------------------ for steps


def give_steps(
    facts: OwnFacts, program: Program, member: str, store: str, fresh_coupons: Iterator[str]
) -> None:
    """The steps a referrer has reached and was not given yet."""
    account = facts.account(member)
    if not may_have_reached(account, program.referral):
        return
    for gift in due_steps(
        account,
        program,
        facts.day,
        expires_in=_points_months(facts, program, member),
        fresh_coupons=fresh_coupons,
        person_of=person_of(facts.connection, facts.tenant),
    ):
        facts.write(
            CouponIssued(
                **facts.origin(member, store),
                effects=gift.effects,
                why=WHY,
                program=ProgramRef(program.id, program.version),
            )
        )


def _points_months(facts: OwnFacts, program: Program, member: str) -> int:
    tier = view(facts.account(member), program, facts.day).tier
    return program.tier(tier).points_months
