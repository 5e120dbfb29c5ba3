"""The result of a campaign over the whole chain: what both groups did at all tills, sums only.

Owns: who belongs to a campaign as head office heard it, adding up what they bought, answering a
till. Does not own: what may be said of the sums (app/domain/campaign_result.py - the same as of one
till's own), what the offer gave (campaign.py counts it).

The definitions are those of a till: a sale counts on the day its receipt says, on the first of them
from the publishing on, for what is left of it after every refund; a sale of which nothing is left
is none. Somebody drawn under several ids is one person, who bought what stands under any of them;
whoever was forgotten is in neither group, and so is who turned out to be in both: he had the offer
and was to be compared with those who had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import Connection, select

from app.domain.account import MemberAccount, account_of
from app.domain.campaign import OFFER_PREFIX
from app.domain.campaign_fact import CampaignDrawn, CampaignPublished
from app.domain.campaign_lent import lent_cost
from app.domain.campaign_record import SaleDays
from app.domain.campaign_result import GroupSums
from app.domain.facts import (
    SALE_KINDS,
    FirstRefundRecorded,
    RefundRecorded,
    SaleRecorded,
    read_fact,
)
from app.domain.program import Program
from sync.protocol import CampaignGroup, CampaignTold, CampaignWanted
from sync.server import tables as t
from sync.server.alias import merged_now, status_of
from sync.server.campaign_given import Given, given_by
from sync.server.device import Device
from sync.server.published import programs
from sync.server.rows import find, put
from sync.server.tables import shard_of, shop_table, whole

campaign_member_table = shop_table(
    "campaign_member", ("campaign", "member"), whole("is_control")
)  # fmt: skip
MEMBERS_AT_ONCE, DRAWN_AT_ONCE = 200, 2_000
_Lending: TypeAlias = tuple[str, Mapping[tuple[str, str], Program]]
"""Which tier is tried, and all rules that were ever published."""


def enter_drawn(connection: Connection, tenant: str, drawn: CampaignDrawn) -> None:
    """Keep who belongs to it; who was drawn before stays where he was."""
    groups = ((0, drawn.chosen), (1, drawn.control))
    rows = [
        _key(drawn.campaign) | {"member": member, "is_control": is_control}
        for is_control, members in groups
        for member in members
    ]
    put(connection, tenant, campaign_member_table, rows, "ignore")


def keep_published(connection: Connection, tenant: str, out: CampaignPublished) -> None:
    """Keep when it was published; the first time counts."""
    row = _published_key(out.plan.campaign_id) | {"value": str(out.clock.wall_ms)}
    put(connection, tenant, t.server_state, [row], "ignore")


def _published_ms(connection: Connection, tenant: str, campaign: str) -> int:
    """0 for one that was published before this was kept: all of its first day counts."""
    rows = find(connection, tenant, t.server_state, [_published_key(campaign)])
    return int(rows[0]["value"]) if rows else 0


def _published_key(campaign: str) -> dict[str, Any]:
    name = f"published:{campaign}"
    return {"shard_key": shard_of(name), "name": name}


def keep_tried(connection: Connection, tenant: str, campaign: str, tier: str) -> None:
    """Keep which tier its members were let try: no offer of the program says it."""
    row = _tried_key(campaign) | {"value": tier}
    put(connection, tenant, t.server_state, [row], "ignore")


def _tried(connection: Connection, tenant: str, campaign: str) -> str:
    rows = find(connection, tenant, t.server_state, [_tried_key(campaign)])
    return str(rows[0]["value"]) if rows else ""


def _tried_key(campaign: str) -> dict[str, Any]:
    name = f"tried:{campaign}"
    return {"shard_key": shard_of(name), "name": name}


def tell_campaign(
    connection: Connection, device: Device, asked: CampaignWanted, now_ms: int
) -> CampaignTold:
    """What a till hears of a campaign: Acts.campaign. It only reads."""
    tenant = device.tenant
    people = _people(connection, tenant, asked.campaign)
    tier = _tried(connection, tenant, asked.campaign)
    rules = programs(connection, tenant) if tier else {}
    since_ms = _published_ms(connection, tenant, asked.campaign)
    days = SaleDays(asked.first, asked.last, since_ms)
    groups = [GroupSums(), GroupSums()]
    given = given_by(connection, tenant, f"{OFFER_PREFIX}{asked.campaign}")
    while part := list(islice(people, MEMBERS_AT_ONCE)):
        gone = _forgotten(connection, tenant, part)
        here = [each for each in part if each.ids[0] not in gone]
        kept = _kept(connection, tenant, here, days)
        for each in here:
            bought = kept.get(each.ids[0], ())
            sums = GroupSums(1, 1 if bought else 0, len(bought), sum(bought))
            groups[each.is_control] = groups[each.is_control].plus(sums)
        if tier:
            given = given.plus(_lent(connection, tenant, here, (tier, rules), days))
    chosen, control = (
        CampaignGroup(
            members=each.members, came=each.came, sales=each.sales,
            takings_minor=each.takings_minor,
        )
        for each in groups
    )  # fmt: skip
    return CampaignTold(
        chosen=chosen, control=control, sales=given.sales, cost_minor=given.cost_minor,
        coupons_used=given.coupons, takings_minor=given.takings_minor, server_ms=now_ms,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody who was drawn. `ids`: all of them, as whom he is known now first."""

    ids: tuple[str, ...]
    is_control: int


def _people(connection: Connection, tenant: str, campaign: str) -> Iterator[_Person]:
    """Who belongs to one of its groups, each once: a whole chain may, so nobody holds them all.

    Only those of several ids are kept until the end: what is drawn under another id counts, too.
    """
    into = merged_now(connection, tenant)
    further: dict[str, list[str]] = {}
    for member, person in sorted(into.items()):
        further.setdefault(person, []).append(member)
    together: dict[str, set[int]] = {}
    for member, is_control in _drawn(connection, tenant, campaign):
        person = into.get(member, member)
        if person in further:
            together.setdefault(person, set()).add(is_control)
        else:
            yield _Person((person,), is_control)
    for person, [is_control, *other] in sorted(together.items()):
        if not other:
            yield _Person((person, *further[person]), is_control)


def _drawn(connection: Connection, tenant: str, campaign: str) -> Iterator[tuple[str, int]]:
    """Page by page, in the order of the table's key."""
    mine, last = campaign_member_table.c, ""
    asked = (
        select(mine.member, mine.is_control)
        .where(
            mine.tenant_id == tenant,
            mine.shard_key == shard_of(campaign),
            mine.campaign == campaign,
        )
        .order_by(mine.member)
        .limit(DRAWN_AT_ONCE)
    )
    while rows := connection.execute(asked.where(mine.member > last)).all():
        yield from ((row.member, row.is_control) for row in rows)
        last = rows[-1].member


def _forgotten(connection: Connection, tenant: str, people: Sequence[_Person]) -> set[str]:
    """Those of them who were forgotten, under whatever id."""
    keys = [
        {"shard_key": shard_of(member), "member": member} for each in people for member in each.ids
    ]
    found = find(connection, tenant, t.member, keys, columns=(t.member.c.member, t.member.c.status))
    rows = {row["member"]: row for row in found}
    return {each.ids[0] for each in people if status_of(each.ids, rows) == "erased"}


def _kept(
    connection: Connection, tenant: str, people: Sequence[_Person], days: SaleDays
) -> Mapping[str, list[int]]:
    """What is left of each of their sales in these days, by person."""
    persons = {member: each.ids[0] for each in people for member in each.ids}
    # By the row: a copied sale that was released stands under a name of its own.
    sales = {
        op_id: (fact.member or "", fact.total_minor)
        for op_id, fact in _sales(connection, tenant, list(persons), days)
    }
    back = _back(connection, tenant, list(sales))
    kept: dict[str, list[int]] = {}
    for op_id, (member, amount) in sorted(sales.items()):
        left = amount - back.get(op_id, 0)
        if left > 0:
            kept.setdefault(persons[member], []).append(left)
    return kept


def _sales(
    connection: Connection, tenant: str, members: Sequence[str], days: SaleDays
) -> Iterator[tuple[str, SaleRecorded]]:
    mine = t.op.c
    rows = connection.execute(
        select(mine.op_id, mine.data).where(
            mine.tenant_id == tenant,
            mine.member.in_(members),
            mine.kind.in_(sorted(SALE_KINDS)),
            mine.state == "counted",
            mine.stated_day >= days.first.isoformat(),
            mine.stated_day <= days.last.isoformat(),
        )
    )
    for row in rows:
        fact = read_fact(row.data)
        if isinstance(fact, SaleRecorded) and days.has(fact.day, fact.clock.wall_ms):
            yield row.op_id, fact


def _lent(
    connection: Connection, tenant: str, people: Sequence[_Person], lent: _Lending, days: SaleDays
) -> Given:
    """What lending the tier took off for those of them who were let try it, in these days."""
    tier, rules = lent
    persons = {member: each.ids[0] for each in people if not each.is_control for member in each.ids}
    accounts = _accounts(connection, tenant, sorted(set(persons.values())))
    given = Given()
    for _, fact in _sales(connection, tenant, list(persons), days):
        account = accounts.get(persons[fact.member or ""], MemberAccount())
        program = rules.get((fact.program.id, fact.program.version))
        cost = lent_cost(fact, program, account, tier)
        if cost > 0:
            given = given.plus(Given(1, cost, 0, fact.total_minor))
    return given


def _accounts(
    connection: Connection, tenant: str, members: Sequence[str]
) -> Mapping[str, MemberAccount]:
    keys = [{"shard_key": shard_of(each), "member": each} for each in members]
    rows = find(connection, tenant, t.account, keys)
    return {row["member"]: account_of(row["data"]) for row in rows}


def _back(connection: Connection, tenant: str, sales: Sequence[str]) -> Mapping[str, int]:
    """What came back of these sales was worth."""
    keys = [{"shard_key": shard_of(each), "sale": each} for each in sales]
    links = find(connection, tenant, t.link, keys)
    ids = sorted({row["op_id"] for row in links})
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in ids]
    back: dict[str, int] = {}
    for row in find(connection, tenant, t.op, keys, columns=(t.op.c.state, t.op.c.data)):
        fact = read_fact(row["data"]) if row["state"] == "counted" else None
        if isinstance(fact, FirstRefundRecorded | RefundRecorded):
            worth = sum(piece.amount_minor for piece in fact.pieces)
            back[fact.sale] = back.get(fact.sale, 0) + worth
    return back


def _key(campaign: str) -> dict[str, Any]:
    return {"shard_key": shard_of(campaign), "campaign": campaign}
