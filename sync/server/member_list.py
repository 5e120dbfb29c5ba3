"""The members of the whole chain as a list, a page at a time, in an order that an index keeps.

Owns: the orders, what narrows the list, behind which place it goes on, what a row says. Does not
own: judging an account (app/domain/view.py - the same as at a till), when anybody bought last
(figure_count.py), segments (segments.py), who asks (commands).

Names and numbers are sealed, each under the key of its member; a list needs none of them, and tells
a card only masked. Somebody of several ids stands in it once; whoever was forgotten does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Literal

from sqlalchemy import Column, Connection, Select, literal, select, tuple_

from app.domain.account import MemberAccount, account_of
from app.domain.codes import Code, masked, parse_code
from app.domain.program import Program
from app.domain.segments import Segment
from app.domain.view import view
from sync.server import figure_tables as ft
from sync.server import tables as t
from sync.server.published import in_force, programs
from sync.server.rows import find
from sync.server.segments import PERSONS_A_PAGE, segment_people
from sync.server.tables import shard_of

ListOrder = Literal["last_purchase", "newest"]
ROWS_MAX = 200
LOOKED_MAX = 2_000
"""So many are looked at for one page: where nearly all are left out it comes short, and says behind
whom to go on."""


@dataclass(frozen=True, slots=True)
class ListChoice:
    """Who is wanted. `bought`: only who bought last within these days, both included. `segment`:
    one segment as it was judged last, those with the most money first, whatever the order."""

    order: ListOrder = "last_purchase"
    bought: tuple[date, date] | None = None
    segment: Segment | None = None


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Behind whom a list goes on: what it is ordered by, and who it was."""

    value: str
    member: str

    @property
    def text(self) -> str:
        return f"{self.value}~{self.member}"

    @staticmethod
    def of(said: str) -> ListPlace | None:
        """None: it is no place of a list."""
        value, sign, member = said.partition("~")
        return ListPlace(value, member) if value and sign and member else None


@dataclass(frozen=True, slots=True)
class ListedMember:
    """One row. Tier, points and spend by the program in force; None where none is."""

    member: str
    card: str
    status: str
    home_store: str
    last_purchase: date | None
    tier: str | None
    points: int | None
    spend_minor: int | None
    """Spent in the current month and the 12 before, as tiers count it."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some rows; `place`: where to go on, None = the list has ended."""

    rows: tuple[ListedMember, ...]
    place: ListPlace | None


def list_members(
    connection: Connection,
    tenant: str,
    choice: ListChoice,
    today: date,
    *,
    after: ListPlace | None = None,
    rows: int = 50,
) -> ListPage:
    """The next rows of a list. It only reads."""
    wanted = max(1, min(rows, ROWS_MAX))
    found: list[tuple[str, ListPlace]] = []
    looked, place = 0, after
    while len(found) < wanted and looked < LOOKED_MAX:
        part = _part(connection, tenant, choice, place, wanted)
        looked += len(part)
        kept = _themselves(connection, tenant, [member for member, _ in part])
        found += [each for each in part if each[0] in kept]
        place = part[-1][1] if len(part) == wanted else None
        if place is None:
            break
    if len(found) > wanted:
        found, place = found[:wanted], found[wanted - 1][1]
    return ListPage(_rows(connection, tenant, [member for member, _ in found], today), place)


# ------------------------------------------------------------------ whom


def _part(
    connection: Connection, tenant: str, choice: ListChoice, after: ListPlace | None, count: int
) -> Sequence[tuple[str, ListPlace]]:
    """The next ids in their order, each with its place."""
    if choice.segment is not None:
        return list(islice(_of_segment(connection, tenant, choice.segment, after), count))
    if choice.order == "newest":
        mine = t.member.c
        number = None if after is None else (_number(after), after.member)
        asked = _behind(mine.received_ms, mine.member, number)
        asked = asked.where(mine.tenant_id == tenant)
    else:
        his = ft.figure_person.c
        place = None if after is None else (after.value, after.member)
        asked = _behind(his.last_day, his.person, place)
        first, last = choice.bought or (date.min, date.max)
        asked = asked.where(
            his.tenant_id == tenant,
            his.last_day >= first.isoformat(),
            his.last_day <= last.isoformat(),
        )
    found = connection.execute(asked.limit(count))
    return [(member, ListPlace(str(value), member)) for value, member in found]


def _behind(
    value: Column[Any], member: Column[Any], after: tuple[Any, str] | None
) -> Select[tuple[Any, Any]]:
    asked = select(value, member).order_by(value.desc(), member.desc())
    if after is None:
        return asked
    place = (literal(after[0], value.type), literal(after[1], member.type))
    return asked.where(tuple_(value, member) < tuple_(*place))


def _number(place: ListPlace) -> int:
    return int(place.value) if place.value.isdecimal() else 0


def _of_segment(
    connection: Connection, tenant: str, segment: Segment, after: ListPlace | None
) -> Iterable[tuple[str, ListPlace]]:
    """By the number of each in his segment: who was judged anew meanwhile may stand elsewhere."""
    number = 0 if after is None else _number(after)
    while people := segment_people(connection, tenant, segment, number // PERSONS_A_PAGE):
        for each in people[number % PERSONS_A_PAGE :]:
            number += 1
            yield each.person, ListPlace(str(number), each.person)
        if number % PERSONS_A_PAGE:
            return


def _themselves(connection: Connection, tenant: str, members: Sequence[str]) -> set[str]:
    """Those of them who speak for themselves: not merged into another, not forgotten."""
    keys = [{"shard_key": shard_of(each), "member": each} for each in members]
    account, person = t.account.c, t.member.c
    merged = {
        row["member"]
        for row in find(
            connection, tenant, t.account, keys, columns=(account.member, account.survivor)
        )
        if row["survivor"] != row["member"]
    }
    gone = {
        row["member"]
        for row in find(connection, tenant, t.member, keys, columns=(person.member, person.status))
        if row["status"] == "erased"
    }
    return set(members) - merged - gone


# ------------------------------------------------------------------ what is said of them


def _rows(
    connection: Connection, tenant: str, members: Sequence[str], today: date
) -> tuple[ListedMember, ...]:
    keys = [{"shard_key": shard_of(each), "member": each} for each in members]
    accounts = {
        row["member"]: account_of(row["data"])
        for row in find(
            connection, tenant, t.account, keys, columns=(t.account.c.member, t.account.c.data)
        )
        if row["data"]
    }
    people = {row["member"]: row for row in find(connection, tenant, t.member, keys)}
    cards = cards_in_use(connection, tenant, members)
    bought = _last_days(connection, tenant, members)
    program = in_force(programs(connection, tenant).values(), today)
    return tuple(
        _row(each, people.get(each), accounts.get(each), program, today, cards, bought)
        for each in members
    )


def _row(
    member: str,
    person: dict[str, Any] | None,
    account: MemberAccount | None,
    program: Program | None,
    today: date,
    cards: dict[str, str],
    bought: dict[str, date],
) -> ListedMember:
    own = account or MemberAccount(includes={member})
    seen = None if program is None else view(own, program, today)
    return ListedMember(
        member=member,
        card=cards.get(member, ""),
        status="active" if person is None else person["status"],
        home_store="" if person is None else person["home_store"],
        last_purchase=bought.get(member),
        tier=None if seen is None else seen.tier,
        points=None if seen is None else seen.balance,
        spend_minor=None if seen is None else seen.spend_in_window.minor,
    )


def cards_in_use(connection: Connection, tenant: str, members: Sequence[str]) -> dict[str, str]:
    """The card each uses, masked."""
    keys = [{"member": each, "state": "in_use"} for each in members]
    found: dict[str, str] = {}
    for row in find(connection, tenant, t.card, keys, columns=(t.card.c.member, t.card.c.card)):
        code = parse_code(row["card"])
        if isinstance(code, Code):
            found[row["member"]] = masked(code)
    return found


def _last_days(connection: Connection, tenant: str, members: Sequence[str]) -> dict[str, date]:
    keys = [{"shard_key": shard_of(each), "person": each} for each in members]
    columns = (ft.figure_person.c.person, ft.figure_person.c.last_day)
    return {
        row["person"]: date.fromisoformat(row["last_day"])
        for row in find(connection, tenant, ft.figure_person, keys, columns=columns)
        if row["last_day"]
    }
