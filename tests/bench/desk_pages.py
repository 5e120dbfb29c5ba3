"""Benchmark of the desk's pages: a till with very many members and sales of its own, on disk.

    python -m tests.bench.desk_pages --members 100000 --sales 500000

Owns: filling a till past the repositories, with facts, sales, lines and tenders in the tables that
selling fills; timing what a person waits for, and a sale while somebody else turns pages. Does not
own: the budgets (said beside the figures, never enforced: a benchmark is no timed test).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text

from app.domain.account import MemberAccount, fold_into
from app.domain.chain import GENESIS, chain_hash
from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.facts import SaleRecorded, canonical_bytes, fold_item
from app.domain.figures import Days, month_of
from app.domain.ids import uuid7
from app.domain.member import Member
from app.domain.member_list import ListChoice
from app.domain.moment import Moment
from app.services.churn_keeping import judge_churn
from app.services.complaint import ComplaintTaken, NewComplaint, take_complaint
from app.services.complaint_view import list_complaints
from app.services.figure_gathering import read_long_figures
from app.services.figure_keeping import count_facts, judge_members
from app.services.figure_receipts import hours_of_day, receipts_of_day
from app.services.figures import people_behind, people_of_segment, read_cohorts, read_figures
from app.services.member_list import MembersPart, judge_list, list_members
from app.services.member_page import member_head, member_orders
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.segments import people_of_grade, read_groups
from app.services.tier_desk import LISTS, desk_page, walk_all
from app.store.made_up import MadeUp, made_members
from tests.bench.bench_store import percentile
from tests.domain.heart_builders import a_line, a_receipt, a_sale
from tests.real_shop import DAY, IDENTITY, MILK, OIL, TOWEL, RealShop, copy_shop
from tests.services.figure_shop import LaneOf

FIRST = DAY - timedelta(days=364)
CHUNK = 5_000
TIMES = 5
CASES, SALES_MEANWHILE, ROWS = 200, 60, 50
PAGE_MS = 300
ORDERS = ("last_visit", "spend", "points", "newest")
NARROWED: dict[str, ListChoice] = {
    "tier": ListChoice(tier="gold"),
    "nobody of a tier, by points": ListChoice(order="points", tier="silver"),
    "frozen, by spend": ListChoice(order="spend", state="frozen"),
    "dormant, newest": ListChoice(order="newest", state="dormant"),
    "normal": ListChoice(state="normal"),
    "here this week, by points": ListChoice(order="points", visited="week"),
    "never bought, by spend": ListChoice(order="spend", visited="never"),
    "never bought, by last visit": ListChoice(visited="never"),
    "a tag nobody has, by spend": ListChoice(order="spend", tag="没有"),
    "away 180 days, gold": ListChoice(order="newest", visited="away_180", tier="gold"),
}
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


def main(arguments: Sequence[str]) -> int:
    """Fill, count, time; JSON on the standard output."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk_pages")
    parser.add_argument("--members", type=int, default=5_000)
    parser.add_argument("--sales", type=int, default=25_000)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        told = of_till(Path(folder), asked.members, asked.sales)
    print(json.dumps(told, indent=1, ensure_ascii=False))  # noqa: T201 - a command's answer
    return 0


def of_till(folder: Path, members: int, sales: int) -> dict[str, Any]:
    """The pages of a desk, each beside its budget."""
    shop = copy_shop(folder)
    told: dict[str, Any] = {"members": members, "sales": sales}
    told["filled_s"] = took_s(lambda: fill(shop, members, sales))
    lane = LaneOf(shop)
    count, ever = partial(count_facts, shop=shop.shop, lane=lane), lambda so_far: True
    told["counted_s"] = took_s(lambda: count(keep_on=ever))
    told["segments_judged_s"] = took_s(lambda: judge_members(shop=shop.shop, lane=lane))
    told["churn_judged_s"] = took_s(lambda: judge_churn(shop=shop.shop, lane=lane))
    told["tiers_walked_s"] = took_s(lambda: walk_all(shop=shop.shop, lane=lane))
    shop.sign_in("王芳")
    told["list_judged_s"] = took_s(lambda: judge_whole_list(shop))
    for number in range(CASES):
        taken = shop.do(take_complaint, new=NewComplaint(topic="weight", text=f"少了 {number} g",
                        member_id=shop.members["王小红"]))  # fmt: skip
        assert isinstance(taken, ComplaintTaken), taken
    _say("pages")
    told["budget_ms"] = PAGE_MS
    told["slowest_of_five_ms"] = {name: worst_ms(page) for name, page in pages(shop).items()}
    told["sale"] = sale_meanwhile(shop)
    shop.close()
    return told


# ------------------------------------------------------------------ filling


def fill(shop: RealShop, members: int, sales: int) -> None:
    """Members as an import adds them; a year of sales to members chosen at random, some far more
    often than others, one in three to a walk-in; their accounts as folding these sales leaves
    them."""
    lane = shop.store.lane
    people = list(made_members(MadeUp(members, 0)))
    for start in range(0, members, CHUNK):
        lane.submit(partial(_join, people[start : start + CHUNK])).result()
        _say(f"{start:,} members")
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
            _say(f"{fact.day}")
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


def judge_whole_list(shop: RealShop) -> None:
    after: int | None = 0
    while after is not None:
        after = shop.do(judge_list, after=after).looked


# ------------------------------------------------------------------ pages


def pages(shop: RealShop) -> dict[str, Callable[[], object]]:
    """What a person opens, by name."""
    month, busy = month_of(DAY - timedelta(days=30)), DAY - timedelta(days=7)
    buyer = shop.do(people_behind, figure="active", days=month).lines[0].person

    def asked(service: Any, **wanted: Any) -> Callable[[], object]:
        return lambda: shop.do(service, **wanted)

    told: dict[str, Callable[[], object]] = {
        f"members by {order}": partial(member_page, shop, ListChoice(order=order))  # type: ignore[arg-type]  # one of the orders
        for order in ORDERS
    }
    told |= {f"members: {name}": partial(member_page, shop, c) for name, c in NARROWED.items()}
    told |= {f"tiers: {which}": asked(desk_page, which=which) for which in LISTS}
    return told | {
        "figures of a day": asked(read_figures, days=Days(busy, busy)),
        "its hours": asked(hours_of_day, day=busy),
        "its receipts": asked(receipts_of_day, day=busy),
        "figures of a month": asked(read_figures, days=month),
        "members behind a month": asked(people_behind, figure="active", days=month),
        "cohorts": asked(read_cohorts, last=DAY),
        "segments": asked(read_groups),
        "members of a segment": asked(people_of_segment, segment="dormant"),
        "members of a grade": asked(people_of_grade, grade="high"),
        "complaints of the store": asked(list_complaints, desk="store"),
        "complaints overdue": asked(list_complaints, desk="overdue"),
        "a member": asked(member_head, member_id=buyer),
        "orders of a member": asked(member_orders, member_id=buyer),
        "figures of a year (beside the till)": partial(
            read_long_figures, shop=shop.shop, lane=LaneOf(shop), days=Days(FIRST, DAY)
        ),
    }


def member_page(shop: RealShop, choice: ListChoice) -> None:
    """As the window does it: ask on until a page is full or the list has ended."""
    after, wanted = None, ROWS
    while wanted > 0:
        part = shop.do(list_members, choice=choice, after=after, want=wanted)
        assert isinstance(part, MembersPart)
        after, wanted = part.place, wanted - len(part.rows)
        if after is None:
            return


def sale_meanwhile(shop: RealShop) -> dict[str, Any]:
    """How long confirming a sale of three lines takes, alone and while the desk turns pages."""
    told = {}
    for name, turning in (("alone", False), ("while pages turn", True)):
        with turned(shop, turns=turning):
            times = [_confirmed_ns(shop) for _ in range(SALES_MEANWHILE)]
        told[name] = {
            "p50_ms": round(percentile(times, 0.5), 1), "p99_ms": round(percentile(times, 0.99), 1)
        }  # fmt: skip
    return told


def _confirmed_ns(shop: RealShop) -> int:
    for code in (MILK, TOWEL, OIL):
        shop.do(scan_code, text=code)
    began = time.perf_counter_ns()
    shop.do(pay_cash)
    return time.perf_counter_ns() - began


@contextmanager
def turned(shop: RealShop, *, turns: bool) -> Iterator[None]:
    """Somebody opens one page after the other, in the same lane."""
    stop = threading.Event()
    each = list(pages(shop).values())

    def turn() -> None:
        while turns and not stop.is_set():
            for page in each:
                page()
                if stop.is_set():
                    return

    reader = threading.Thread(target=turn)
    reader.start()
    try:
        yield
    finally:
        stop.set()
        reader.join()


# ------------------------------------------------------------------ timing


def worst_ms(work: Callable[[], object]) -> int:
    """The slowest of a few times."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return round(max(took) * 1000)


def took_s(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 1)


def _say(words: str) -> None:
    sys.stderr.write(f"\r{words:40}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
