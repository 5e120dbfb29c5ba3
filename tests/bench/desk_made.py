"""A till filled with very many members and sales of its own, for the benchmark of its desk.

Owns: filling it past the repositories, with facts, sales, lines and tenders in the tables that
selling fills. Does not own: what is timed on it (desk_pages.py).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import text

from app.domain.account import MemberAccount, fold_into
from app.domain.chain import GENESIS, chain_hash
from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.facts import SaleRecorded, canonical_bytes, fold_item
from app.domain.ids import uuid7
from app.domain.member import Member
from app.domain.moment import Moment
from app.store.made_up import MadeUp, made_members
from tests.domain.heart_builders import a_line, a_receipt, a_sale
from tests.real_shop import DAY, IDENTITY, RealShop

FIRST = DAY - timedelta(days=364)
CHUNK = 5_000
_SALE = (
    "INSERT INTO sale (sale_id, receipt_code, epoch, business_day, sequence, sold_ms, staff_id,"
    " member_id, identified_by, program_id, program_version, total_minor, list_total_minor,"
    " tax_minor, round_off_minor, due_minor, points_earned, points_redeemed, line_count)"
    " VALUES (?, ?, ?, ?, ?, ?, 'li', ?, ?, 'renmin', '1', ?, ?, 0, 0, ?, 0, 0, 1)"
)
_LINE = (
    "INSERT INTO sale_line (sale_id, number, line_id, sku, name, quantity_thousandths, list_minor,"
    " net_minor, tax_minor, points_earned, points_spent)"
    " VALUES (?, 1, '1', 'milk', '纯牛奶', 1000, ?, ?, 0, 0, 0)"
)
_TENDER = (
    "INSERT INTO sale_tender (sale_id, number, kind, amount_minor, received_minor, change_minor,"
    " reference, detail) VALUES (?, 1, 'cash', ?, ?, 0, '', '')"
)
_FACT = (
    "INSERT INTO fact (op_id, kind, epoch, dseq, chain_hash, business_day, wall_ms, monotonic_ms,"
    " boot_id, data) VALUES (?, 'sale_recorded.1', ?, ?, ?, ?, 0, 0, 'b', ?)"
)
_OF_MEMBER = "INSERT INTO fact_member (member_id, epoch, dseq) VALUES (?, ?, ?)"
_VISITED = text(
    "UPDATE member SET last_visit = s.day FROM (SELECT member_id, max(business_day) AS day"
    " FROM sale WHERE member_id IS NOT NULL GROUP BY member_id) s"
    " WHERE s.member_id = member.member_id"
)


def fill(shop: RealShop, members: int, sales: int) -> None:
    """Members as an import adds them; a year of sales to members chosen at random, some far more
    often than others, one in three to a walk-in; their accounts as folding these sales leaves
    them."""
    lane = shop.store.lane
    people = list(made_members(MadeUp(members, 0)))
    for start in range(0, members, CHUNK):
        lane.submit(partial(_join, people[start : start + CHUNK])).result()
        say(f"{start:,} members")
    head = lane.submit(_head).result()
    accounts: dict[str, MemberAccount] = {}
    rows: list[SaleRecorded] = []
    for fact in facts([each.member_id for each in people], sales):
        rows.append(fact)
        item = fold_item(fact, fact.day)
        if item is not None:
            account = accounts.setdefault(item.member, MemberAccount())
            accounts[item.member] = fold_into(account, [item], {})
        if len(rows) == CHUNK:
            head = lane.submit(partial(_append, rows=rows, head=head)).result()
            rows = []
            say(f"{fact.day}")
    lane.submit(partial(_append, rows=rows, head=head)).result()
    known = list(accounts.items())
    for start in range(0, len(known), CHUNK):
        lane.submit(partial(_keep, dict(known[start : start + CHUNK]))).result()
    lane.submit(lambda work: work.connection.execute(_VISITED)).result()


def _join(people: Sequence[Member], work: Any) -> None:
    for each in people:
        work.members.add(each)


def _keep(accounts: dict[str, MemberAccount], work: Any) -> None:
    work.accounts.put_many(accounts)


def facts(members: Sequence[str], count: int) -> Iterator[SaleRecorded]:
    """Sales of a year, a line each."""
    chance = Random(2)
    number, before = 0, FIRST
    for place in range(count):
        day = FIRST + timedelta(days=place * 364 // count)
        number, before = (1 if day != before else number + 1), day
        member = members[int(len(members) * chance.random() ** 2)]
        minor = chance.randrange(500, 30_000)
        at_ms = _noon(day) + number * 10_000
        lines = (a_line("1", list_minor=minor, net_minor=minor, unit_price_minor=minor),)
        yield a_sale(
            op_id=uuid7(1_700_000_000_000 + place, chance.getrandbits(74)), day=day,
            store=IDENTITY.store_id, member=member if chance.random() < 0.7 else None,
            staff="li", lines=lines, clock=Moment(at_ms, at_ms, "bench"), receipt=a_receipt(()),
            code=receipt_code(ReceiptNumber(7, 2, 1, day, number)).text,
        )  # fmt: skip


def _noon(day: date) -> int:
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000 + 2 * 3_600_000


def _head(work: Any) -> tuple[int, bytes]:
    stored = work.facts.all_facts(limit=100_000)
    return (stored[-1].dseq, stored[-1].chain_hash) if stored else (0, GENESIS)


def _append(work: Any, rows: Sequence[SaleRecorded], head: tuple[int, bytes]) -> tuple[int, bytes]:
    """Past the repositories: half a million single sales would take a day."""
    epoch, driver = work.device.epoch(), work.driver
    dseq, link = head
    stored, of_member = [], []
    for fact in rows:
        data = canonical_bytes(fact)
        dseq, link = dseq + 1, chain_hash(link, data)
        stored.append((fact.op_id, epoch, dseq, link, fact.day.isoformat(), data))
        if fact.member is not None:
            of_member.append((fact.member, epoch, dseq))
    driver.executemany(_FACT, stored)
    driver.executemany(_OF_MEMBER, of_member)
    driver.executemany(_SALE, [_sale_row(fact, epoch) for fact in rows])
    money = [(fact.op_id, fact.total_minor, fact.total_minor) for fact in rows]
    driver.executemany(_LINE, money)
    driver.executemany(_TENDER, money)
    return dseq, link


def _sale_row(fact: SaleRecorded, epoch: int) -> tuple[Any, ...]:
    number = (fact.clock.wall_ms - _noon(fact.day)) // 10_000
    how = "card" if fact.member is not None else None
    total = fact.total_minor
    return (fact.op_id, fact.code, epoch, fact.day.isoformat(), number, fact.clock.wall_ms,
            fact.member, how, total, total, total)  # fmt: skip


def say(words: str) -> None:
    """How far it is."""
    sys.stderr.write(f"\r{words:40}")
