"""The chain's figures: counted once whatever is pushed how often, equal to a recount, on both
databases."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.domain import effects as do
from app.domain.chain_figures import SpanSums
from app.domain.erasure_fact import ErasureRequested
from app.domain.facts import ConsentChanged
from app.domain.figures import Days, Figure, LifeSums, PeopleSums, month_of
from app.domain.months import Month
from app.domain.pieces import Interval
from app.domain.segments import DEFAULT_RULES, SegmentRules
from sync.protocol import FiguresTold, FiguresWanted
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.figure_count import count_behind, count_unit, so_far
from sync.server.figures import (
    CHAIN,
    Slice,
    people_page,
    read_cells,
    slice_figures,
)
from sync.server.figures_told import DRAWN, tell_figures
from sync.server.segments import judge_all, segment_counts, segment_people
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_line, a_refund, a_sale, moment, op
from tests.sync.server.asking import a_device
from tests.sync.server.tills import Chain, Till, outcomes

DAY = date(2026, 5, 29)
MONTH = month_of(DAY)
OTHER = "lake-road"


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """Two stores, two members, a refund on the next day, a till that says everything twice."""
    world = Chain(database, tenant)
    one, two = Till("till-02"), Till("till-03", store=OTHER)
    sale = a_sale(1, DAY)
    one.record(sale)
    one.record(a_sale(2, DAY, member=FRIEND))
    one.record(a_refund(3, sale, [Interval("1", 0, 2)], DAY + timedelta(days=1)))
    two.record(a_sale(4, DAY, store=OTHER, lines=(a_line("1"), a_line("2"))))
    two.record(a_sale(5, DAY, store=OTHER, member=None, effects=(), identified_by=None))
    world.push(one)
    world.push(two)
    world.push(one.restored())
    return world


def count(chain: Chain, most: int = 3) -> None:
    """In units so small that a chain takes several."""
    write = chain.database.write
    while write(lambda connection: count_unit(connection, chain.tenant, most)):
        pass


def told(chain: Chain, days: Days, part: Slice = CHAIN) -> dict[str, Figure]:
    found = chain.database.read(
        lambda connection: slice_figures(connection, chain.tenant, days, part)
    )
    return {each.id: each for each in found}


def ratio(figure: Figure) -> tuple[int, int]:
    return figure.numerator, figure.denominator


def recount(days: Days, store: str | None = None) -> Counter[str]:
    """The facts of the fixture, in the plainest way: 59.70 a line, 3 pieces each."""
    sums: Counter[str] = Counter()
    sold = [
        (DAY, STORE, 5970, 1),
        (DAY, STORE, 5970, 1),
        (DAY, OTHER, 11940, 1),
        (DAY, OTHER, 5970, 0),
    ]
    for day, where, paid, member in sold:
        if day in days and store in (None, where):
            sums.update(sales=1, paid=paid, member_sales=member, member_paid=paid * member)
    if DAY + timedelta(days=1) in days and store in (None, STORE):
        sums.update(refunds=1, back=3980)
    return sums


@pytest.mark.parametrize("store", [None, STORE, OTHER])
@pytest.mark.parametrize("days", [MONTH, Days(DAY, DAY), Days(DAY, DAY + timedelta(days=1))])
def test_every_slice_is_what_its_facts_come_to(chain: Chain, days: Days, store: str | None) -> None:
    count(chain)
    found = told(chain, days, CHAIN if store is None else Slice(store))
    sums = recount(days, store)
    assert found["sales"].numerator == sums["sales"]
    assert found["paid"].numerator == sums["paid"]
    assert found["paid_back"].numerator == sums["back"]
    assert ratio(found["member_share"]) == (sums["member_sales"], sums["sales"])
    members = {None: 2, STORE: 2, OTHER: 1}[store]
    assert ratio(found["arpu"]) == (sums["member_paid"] - sums["back"], members)
    assert ratio(found["repeat_rate"]) == ({None: 1, STORE: 0, OTHER: 0}[store], members)
    assert ("lifetime_value" in found) == (store is None)


@pytest.mark.parametrize("days", [MONTH, Days(DAY, DAY)])
def test_a_till_is_told_the_sums_of_every_slice_of_the_chain(chain: Chain, days: Days) -> None:
    """And how many records no figure holds yet."""
    beside = Days(DAY + timedelta(days=1), DAY + timedelta(days=1))
    wanted = FiguresWanted(
        first=days.first, last=days.last, beside_first=beside.first, beside_last=beside.last
    )

    def ask() -> FiguresTold:
        device = a_device(chain.tenant)
        return chain.database.read(lambda c: tell_figures(c, device, wanted, chain.now_ms))

    assert (ask().waiting > 0, ask().days) == (True, ())
    count(chain)
    answer = ask()
    assert answer.waiting == 0
    for part, of in ((answer.now, days), (answer.before, beside)):
        sums = SpanSums(
            part.sums,
            PeopleSums(part.active, part.repeated, part.paid_minor, part.back_minor),
            LifeSums(part.ever_bought, part.ever_paid_minor, part.ever_back_minor),
        )
        assert {each.id: each for each in sums.figures} == told(chain, of)
    assert answer.days[0].sums["paid"] == recount(Days(DAY, DAY))["paid"]
    assert set(answer.days[0].sums) <= DRAWN


def test_a_month_from_cohorts_is_a_month_from_visits(chain: Chain) -> None:
    """The quick way and the long way tell the same."""
    count(chain)
    quick = told(chain, MONTH)
    longer = told(chain, Days(MONTH.first, MONTH.last + timedelta(days=1)))
    assert {name: ratio(each) for name, each in quick.items()} == {
        name: ratio(each) for name, each in longer.items()
    }


def test_a_life_ends_with_the_day_that_is_asked_for(chain: Chain) -> None:
    count(chain)
    before = told(chain, Days(DAY - timedelta(days=3), DAY - timedelta(days=1)))
    assert before["lifetime_value"].is_empty
    first = told(chain, Days(DAY, DAY))["lifetime_value"]
    later = told(chain, Days(DAY, DAY + timedelta(days=1)))["lifetime_value"]
    assert ratio(first) == (5970 * 4, 2)
    assert ratio(later) == (5970 * 4 - 3980, 2)


def test_what_is_pushed_again_counts_once_and_what_comes_late_adds_itself(chain: Chain) -> None:
    count(chain)
    first = told(chain, MONTH)
    late = Till("till-04")
    late.record(a_sale(6, DAY - timedelta(days=9)))
    chain.push(late)
    waiting = chain.database.read(lambda connection: so_far(connection, chain.tenant)).waiting
    assert waiting == 1
    assert count_behind(chain.database, chain.tenant, 0) == 1
    assert count_behind(chain.database, chain.tenant, 0) == 0
    assert told(chain, MONTH)["sales"].numerator == first["sales"].numerator + 1


def test_merged_members_are_one_and_parted_ones_two_again(chain: Chain) -> None:
    count(chain)
    two = told(chain, MONTH)
    into(chain, FRIEND, MEMBER)
    assert count_behind(chain.database, chain.tenant, 0) == 0  # no fact, yet they are one now
    one = told(chain, MONTH)
    assert ratio(one["repeat_rate"]) == (1, 1)
    assert one["lifetime_value"].numerator == two["lifetime_value"].numerator
    [page] = [people(chain)]
    assert page == [(MEMBER, 3, 5970 * 4 - 3980)]
    into(chain, FRIEND, FRIEND)
    count_behind(chain.database, chain.tenant, 0)
    assert {name: ratio(each) for name, each in told(chain, MONTH).items()} == {
        name: ratio(each) for name, each in two.items()
    }
    month = Month.of(DAY).index
    cells = chain.database.read(lambda connection: read_cells(connection, chain.tenant))
    assert cells[month, month].active == 2


def into(chain: Chain, member: str, survivor: str) -> None:
    mine = t.account.c
    changed = update(t.account).where(mine.tenant_id == chain.tenant, mine.member == member)
    chain.database.write(lambda connection: connection.execute(changed.values(survivor=survivor)))


def people(chain: Chain) -> list[tuple[str, int, int]]:
    return chain.database.read(lambda connection: people_page(connection, chain.tenant, MONTH))


def judge(chain: Chain, rules: SegmentRules = DEFAULT_RULES, today: date = DAY) -> Any:
    return judge_all(chain.database, chain.tenant, today, rules, lambda done, of_all: True)


def test_nobody_is_scored_who_was_forgotten(chain: Chain) -> None:
    count(chain)
    till = Till("till-05")
    head: dict[str, Any] = {"op_id": op(7), "store": STORE, "day": DAY, "clock": moment()}
    till.record(ErasureRequested(**head, staff="li", member=FRIEND, reason="本人要求"))
    assert outcomes(chain.push(till)) == ["accepted"]
    judged = judge(chain, today=DAY + timedelta(days=100))
    assert (dict(judged.by_segment), judged.refused) == ({"dormant": 1}, 0)


def test_segments_leave_out_who_said_no_and_a_stop_changes_nothing(chain: Chain) -> None:
    count(chain)
    today = DAY + timedelta(days=100)
    judged = judge(chain, today=today)
    assert dict(judged.by_segment) == {"dormant": 2}
    stopped = judge_all(
        chain.database, chain.tenant, today, DEFAULT_RULES, lambda done, of_all: False
    )
    assert stopped is None
    till = Till("till-05")
    agreed = do.ConsentGiven(
        consent="c1", purpose="profiling", text_version="1", text_hash="0" * 64
    )
    for number, effect in ((7, agreed), (8, do.ConsentsEnded(consents=("c1",)))):
        head: dict[str, Any] = {"op_id": op(number), "store": STORE, "day": DAY, "clock": moment()}
        till.record(ConsentChanged(**head, staff="li", member=FRIEND, effects=(effect,)))
    chain.push(till)
    count(chain)
    judged = judge(chain, SegmentRules(silent_days=90), today)
    assert (dict(judged.by_segment), judged.refused, judged.silent) == ({"dormant": 1}, 1, 1)
    kept = chain.database.read(lambda connection: segment_counts(connection, chain.tenant))
    assert kept == {"dormant": 1}
    [person] = chain.database.read(
        lambda connection: segment_people(connection, chain.tenant, "dormant")
    )
    assert (person.person, person.recency_days, person.is_silent) == (MEMBER, 100, True)
    assert person.money_minor == 5970 * 3 - 3980
    assert not chain.database.read(
        lambda connection: segment_people(connection, chain.tenant, "dormant", 1)
    )
