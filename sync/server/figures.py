"""The chain's figures: any span of the chain, of a store or of one of its tills; cohorts.

Owns: reading what was counted. Does not own: arithmetic (app/domain/figures.py - the same as at a
till), counting (figure_count.py), segments (segments.py), words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, select

from app.domain.figures import (
    LEAST_SALES,
    Days,
    Figure,
    LifeSums,
    PeopleSums,
    SentSums,
    month_of,
    people_figures,
    referral_figures,
    sum_figures,
    survey_figures,
)
from app.domain.months import Month
from app.domain.person_figures import CellKey, CohortCell
from sync.server import figure_tables as ft
from sync.server import tables as t
from sync.server.published import in_force, programs
from sync.server.survey import read_answers


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the chain. No store: all of it; no till: all of the store's."""

    store: str = ""
    till: int | None = None


CHAIN = Slice()
PersonRow: TypeAlias = tuple[str, int, int]
"""A person, his purchases, and what he paid less what was paid back."""


def slice_figures(
    connection: Connection, tenant: str, days: Days, part: Slice = CHAIN
) -> tuple[Figure, ...]:
    """Every figure of a slice: the one place where commands and exports get them from."""
    sums = read_sums(connection, tenant, days, part)
    people = read_people(connection, tenant, days, part)
    life = read_life(connection, tenant, days.last) if part == CHAIN else None
    answers = read_answers(connection, tenant, days, part.store, part.till)
    current = in_force(programs(connection, tenant).values(), days.last)
    asked = None if current is None else current.survey
    return (
        *sum_figures(sums),
        *people_figures(people, life),
        *referral_figures(read_sent(connection, tenant, days, part)),
        *survey_figures(answers, asked),
    )


def read_sums(
    connection: Connection, tenant: str, days: Days, part: Slice = CHAIN
) -> dict[str, int]:
    """The sums of a slice by name."""
    mine = ft.figure_sum.c
    rows = connection.execute(
        select(mine.name, func.sum(mine.amount))
        .where(_within(ft.figure_sum, tenant, days, part))
        .group_by(mine.name)
    )
    return {name: int(amount) for name, amount in rows}


def sums_by_day(
    connection: Connection,
    tenant: str,
    days: Days,
    names: Collection[str] | None = None,
    part: Slice = CHAIN,
) -> dict[date, dict[str, int]]:
    """Sums of a slice day by day, all or some of them; a day without any is left out."""
    mine = ft.figure_sum.c
    asked = select(mine.day, mine.name, func.sum(mine.amount)).where(
        _within(ft.figure_sum, tenant, days, part)
    )
    if names is not None:
        asked = asked.where(mine.name.in_(sorted(names)))
    rows = connection.execute(asked.group_by(mine.day, mine.name))
    found: dict[date, dict[str, int]] = {}
    for day, name, amount in rows:
        found.setdefault(date.fromisoformat(day), {})[name] = int(amount)
    return found


def read_people(connection: Connection, tenant: str, days: Days, part: Slice = CHAIN) -> PeopleSums:
    """What members did in a slice. Of a whole month of the chain the cohorts know it already."""
    if part == CHAIN and days == month_of(days.first):
        return _people_of_month(connection, tenant, days)
    by_person = _by_person(tenant, days, part).subquery()
    one = by_person.c
    row = connection.execute(
        select(
            func.count().filter(one.sales > 0),
            func.count().filter(one.sales > 1),
            func.coalesce(func.sum(one.paid), 0),
            func.coalesce(func.sum(one.back), 0),
        ).select_from(by_person)
    ).one()
    return PeopleSums(*map(int, row))


def read_sent(connection: Connection, tenant: str, days: Days, part: Slice = CHAIN) -> SentSums:
    """Of whoever joined in the slice and was sent by a friend; merged members are one."""
    person, sent = ft.figure_person.c, _sent(tenant, days, part).subquery()
    life = and_(person.tenant_id == tenant, person.person == sent.c.member)
    bought = person.first_day <= days.last.isoformat()
    row = connection.execute(
        select(func.count(), func.count().filter(bought)).select_from(
            sent.outerjoin(ft.figure_person, life)
        )
    ).one()
    return SentSums(*map(int, row))


def _sent(tenant: str, days: Days, part: Slice) -> Select[tuple[str]]:
    """Whoever joined in the slice and was sent: by the id that was sent, not by one that was merged
    into it."""
    visit, who, alias = ft.figure_visit.c, t.member.c, ft.figure_alias.c
    sent = and_(
        who.tenant_id == tenant,
        who.shard_key == visit.shard_key,
        who.member == visit.member,
        who.referrer.is_not(None),
    )
    merged = and_(alias.tenant_id == tenant, alias.member == visit.member)
    return (
        select(visit.member.distinct().label("member"))
        .select_from(ft.figure_visit.join(t.member, sent).outerjoin(ft.figure_alias, merged))
        .where(
            _within(ft.figure_visit, tenant, days, part), visit.joined > 0, alias.member.is_(None)
        )
    )


def _people_of_month(connection: Connection, tenant: str, days: Days) -> PeopleSums:
    mine = ft.figure_cohort.c
    active, repeated = connection.execute(
        select(
            func.coalesce(func.sum(mine.active), 0), func.coalesce(func.sum(mine.repeated), 0)
        ).where(mine.tenant_id == tenant, mine.month == str(Month.of(days.first).index))
    ).one()
    sums = read_sums(connection, tenant, days)
    paid, back = sums.get("member_paid", 0), sums.get("member_back", 0)
    return PeopleSums(int(active), int(repeated), paid, back)


def read_life(connection: Connection, tenant: str, until: date) -> LifeSums:
    """Of everybody whose first purchase is known, up to and with that day."""
    cells = read_cells(connection, tenant)
    month, last = Month.of(until).index, month_of(until).last
    within = {key: cell for key, cell in cells.items() if key[1] <= month}
    bought = sum(cell.active for (born, at), cell in within.items() if born == at)
    paid = sum(cell.paid_minor for cell in within.values())
    back = sum(cell.back_minor for cell in within.values())
    if until < last:
        rest = Days(date.fromordinal(until.toordinal() + 1), last)
        mine = ft.figure_person.c
        bought -= connection.execute(
            select(func.count()).where(
                mine.tenant_id == tenant,
                mine.first_day >= rest.first.isoformat(),
                mine.first_day <= rest.last.isoformat(),
            )
        ).scalar_one()
        paid_after, back_after = _of_buyers(connection, tenant, rest)
        paid, back = paid - paid_after, back - back_after
    return LifeSums(bought, paid, back)


def _of_buyers(connection: Connection, tenant: str, days: Days) -> tuple[int, int]:
    """Money of whoever has a first purchase: a refund of nobody's sale is in no life."""
    by_person, mine = _by_person(tenant, days, CHAIN).subquery(), ft.figure_person.c
    row = connection.execute(
        select(
            func.coalesce(func.sum(by_person.c.paid), 0),
            func.coalesce(func.sum(by_person.c.back), 0),
        ).select_from(
            by_person.join(
                ft.figure_person,
                and_(
                    mine.tenant_id == tenant,
                    mine.person == by_person.c.person,
                    mine.first_day.is_not(None),
                ),
            )
        )
    ).one()
    return int(row[0]), int(row[1])


def read_cells(connection: Connection, tenant: str) -> Mapping[CellKey, CohortCell]:
    """The cohort table of the chain."""
    mine = ft.figure_cohort.c
    rows = connection.execute(select(ft.figure_cohort).where(mine.tenant_id == tenant))
    return {
        (int(row.cohort), int(row.month)): CohortCell(
            row.active, row.repeated, row.paid_minor, row.back_minor
        )
        for row in rows
    }


def people_page(
    connection: Connection,
    tenant: str,
    days: Days,
    part: Slice = CHAIN,
    *,
    least_sales: int = 1,
    offset: int = 0,
    limit: int = 50,
) -> list[PersonRow]:
    """Persons with so many purchases in the span, with their sales and money; most money first."""
    by_person = _by_person(tenant, days, part).subquery()
    asked = by_person.c.sales >= least_sales
    return _page(connection, by_person, asked, offset, limit)


def behind_page(
    connection: Connection, tenant: str, figure: str, days: Days, *, offset: int, limit: int
) -> list[PersonRow] | None:
    """The members whom a figure of the chain counts, most money first; None: it counts none."""
    if figure == "lifetime_value":
        days, figure = Days(date.min, days.last), "active"
    by_person = _by_person(tenant, days, CHAIN).subquery()
    least = {str(name): sales for name, sales in LEAST_SALES.items()}.get(figure)
    if figure == "joined":
        asked: ColumnElement[bool] = by_person.c.joined > 0
    elif figure == "referral_conversion":
        asked = by_person.c.person.in_(_sent(tenant, days, CHAIN))
    elif least is not None:
        asked = by_person.c.sales >= least
    else:
        return None
    return _page(connection, by_person, asked, offset, limit)


def _page(
    connection: Connection, by_person: Any, asked: ColumnElement[bool], offset: int, limit: int
) -> list[PersonRow]:
    one = by_person.c
    net = one.paid - one.back
    rows = connection.execute(
        select(one.person, one.sales, net)
        .where(asked)
        .order_by(net.desc(), one.person)
        .limit(limit)
        .offset(offset)
    )
    return [(row[0], int(row[1]), int(row[2])) for row in rows]


def _by_person(tenant: str, days: Days, part: Slice) -> Any:
    visit, alias = ft.figure_visit.c, ft.figure_alias.c
    person = func.coalesce(alias.person, visit.member)
    joined = ft.figure_visit.outerjoin(
        ft.figure_alias, and_(alias.tenant_id == tenant, alias.member == visit.member)
    )
    return (
        select(
            person.label("person"),
            func.sum(visit.sales).label("sales"),
            func.sum(visit.paid_minor).label("paid"),
            func.sum(visit.back_minor).label("back"),
            func.sum(visit.joined).label("joined"),
        )
        .select_from(joined)
        .where(_within(ft.figure_visit, tenant, days, part))
        .group_by(person)
    )


def _within(table: Table, tenant: str, days: Days, part: Slice) -> ColumnElement[bool]:
    mine = table.c
    asked = [
        mine.tenant_id == tenant,
        mine.day >= days.first.isoformat(),
        mine.day <= days.last.isoformat(),
    ]
    if part.store:
        asked.append(mine.store == part.store)
    if part.till is not None:
        asked.append(mine.till == str(part.till))
    return and_(*asked)
