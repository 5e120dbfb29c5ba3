"""What stands behind the chain's figures: page by page it comes to what the figure says, on both
databases; nobody is named."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import update

from app.domain.figures import Days, FigureId
from app.domain.pieces import Interval
from app.domain.program import Program
from app.domain.program_file import decode_program
from sync.protocol import (
    AnswersBehindWanted,
    CohortsBehindWanted,
    DaysBehindWanted,
    HoursBehindWanted,
    PeopleBehindWanted,
    PersonBehind,
    ReceiptBehind,
    ReceiptsBehindWanted,
)
from sync.server import day_papers
from sync.server import tables as t
from sync.server.behind_told import (
    tell_answers,
    tell_cohorts,
    tell_days,
    tell_hours,
    tell_people,
    tell_receipts,
)
from sync.server.database import ServerDatabase
from sync.server.figure_count import count_unit
from sync.server.figures import slice_figures
from sync.server.merge import Merged
from sync.server.publish import publish_program
from sync.server.tenant import store_names, store_numbered
from tests.domain.heart_builders import FRIEND, MEMBER, NOON_MS, a_refund, a_sale, moment, op
from tests.domain.survey_samples import an_answer
from tests.sync.joined.made_chain import RULES
from tests.sync.server.asking import asking
from tests.sync.server.test_merge import joined, merged
from tests.sync.server.tills import DAY_MS, Chain, Till

DAY = date(2026, 5, 29)
NEXT = DAY + timedelta(days=1)
DAYS = Days(DAY, NEXT)
OTHER = "lake-road"
HOUR_MS = 3_600_000
FALLEN_MS = 946_699_200_000
"""A clock without a battery: noon of the first day of 2000."""


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """Two stores: a day with six sales (for one of them the clock fell back to 2000), an answer and
    a sale of the day before behind midnight (a clock was set back) and an hour in the next century
    (it was set wrong); a day with a refund and a sale; one till says everything twice."""
    world = Chain(database, tenant)
    one, two = Till("till-02"), Till("till-03", store=OTHER)
    sale = a_sale(1, DAY)
    century = [a_sale(number, date(2099, 1, 1)) for number in range(20, 24)]
    before = a_sale(8, DAY - timedelta(days=1))
    for fact in (before, sale, *century, a_sale(2, DAY, member=FRIEND)):
        one.record(fact)
    one.record(an_answer(9, sale=op(1), score=3, day=DAY, clock=moment(), words=None))
    one.record(a_refund(3, sale, [Interval("1", 0, 2)], NEXT))
    one.record(a_sale(6, DAY, clock=moment(NOON_MS + 6 * HOUR_MS)))
    one.record(a_sale(7, NEXT))
    two.record(a_sale(4, DAY, store=OTHER))
    two.record(a_sale(5, DAY, store=OTHER, member=None, effects=(), identified_by=None))
    two.record(a_sale(10, DAY, store=OTHER, clock=moment(FALLEN_MS)))
    for till in (one, two, one.restored()):
        world.push(till)
    while database.write(lambda connection: count_unit(connection, tenant, 3)):
        pass
    for number, name, store in ((2, "湖滨路店", OTHER), (3, None, "xidan")):
        database.write(partial(store_numbered, tenant=tenant, number=number, name=name, new=store))
    return world


def told(chain: Chain, days: Days) -> dict[FigureId, tuple[int, int]]:
    found = chain.database.read(lambda c: slice_figures(c, chain.tenant, days))
    return {each.id: (each.numerator, each.denominator) for each in found}


def people(chain: Chain, figure: FigureId, days: Days = DAYS) -> list[PersonBehind]:
    """All of them, one to a page."""
    found: list[PersonBehind] = []
    more = True
    while more:
        wanted = PeopleBehindWanted(
            figure=figure, first=days.first, last=days.last, offset=len(found), rows=1
        )
        page = asking(chain, tell_people, wanted)
        assert page.refusal is None
        found += page.people
        more = page.more
    return found


def receipts(chain: Chain, day: date, rows: int) -> list[ReceiptBehind]:
    found: list[ReceiptBehind] = []
    more = True
    while more:
        after = found[-1].op_id if found else ""
        page = asking(chain, tell_receipts, ReceiptsBehindWanted(day=day, after=after, rows=rows))
        found += page.receipts
        more = page.more
    return found


def test_members_behind_a_figure_are_as_many_and_paid_as_much_as_it_says(chain: Chain) -> None:
    figures = told(chain, DAYS)
    counts: tuple[FigureId, ...] = ("active", "active_share", "repeat_rate", "joined")
    for figure in counts:
        assert len(people(chain, figure)) == figures[figure][0], figure
    net, active = figures["arpu"]
    behind = people(chain, "arpu")
    assert (sum(each.net_minor for each in behind), len(behind)) == (net, active)
    whole, bought = figures["lifetime_value"]
    lives = people(chain, "lifetime_value")
    assert (sum(each.net_minor for each in lives), len(lives)) == (whole, bought)
    assert [each.member for each in behind] == [MEMBER, FRIEND], "who paid most first"
    assert len(people(chain, "referral_conversion")) == figures["referral_conversion"][1]
    nobody = asking(
        chain, tell_people, PeopleBehindWanted(figure="paid", first=DAY, last=DAY, rows=9)
    )
    assert nobody.refusal is not None and nobody.refusal.code == "no_such_figure"


def test_receipts_of_a_day_come_to_its_sums_however_small_the_pages(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_papers, "OPS_A_READ", 2)
    for day, count in ((DAY, 6), (NEXT, 2), (NEXT + timedelta(days=1), 0)):
        one_page, many = receipts(chain, day, 50), receipts(chain, day, 2)
        assert one_page == many and len(many) == count
        figures = told(chain, Days(day, day))
        assert sum(each.paid_minor for each in many) == figures["net_paid"][0]
        sold = [each for each in many if not each.refund]
        assert (len(sold), sum(each.paid_minor for each in sold)) == (
            figures["sales"][0], figures["paid"][0],
        )  # fmt: skip
        assert [each.op_id for each in many] == sorted((e.op_id for e in many), reverse=True)
    stores = {each.store for each in receipts(chain, DAY, 50)}
    assert OTHER in stores and len(stores) == 2
    page = asking(chain, tell_receipts, ReceiptsBehindWanted(day=DAY, after="", rows=50))
    assert page.stores == {OTHER: "湖滨路店"}, "the other one was never made here"
    assert chain.database.read(partial(store_names, tenant=chain.tenant, stores=["xidan"])) == {
        "xidan": "3"
    }


def test_days_hours_and_answers_come_to_the_same_sums(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = told(chain, DAYS)
    cohorts = asking(chain, tell_cohorts, CohortsBehindWanted(last=NEXT, months=1)).cells
    [cell] = [each for each in cohorts if each.cohort == each.month]
    assert (cell.active, cell.repeated) == (figures["active"][0], figures["repeat_rate"][0])
    days = asking(chain, tell_days, DaysBehindWanted(first=DAY, last=NEXT)).days
    assert [each.day for each in days] == [DAY, NEXT]
    assert sum(each.sums["paid"] for each in days) == figures["paid"][0]
    assert asking(chain, tell_hours, HoursBehindWanted(day=DAY)).hours == (), "by which clock?"
    program = decode_program(RULES)
    assert isinstance(program, Program)
    chain.database.write(lambda c: publish_program(c, chain.tenant, program, RULES, chain.now_ms))
    hours = asking(chain, tell_hours, HoursBehindWanted(day=DAY)).hours
    of_day = told(chain, Days(DAY, DAY))
    assert sum(each.sales for each in hours) == of_day["sales"][0] == 6
    assert sum(each.paid_minor for each in hours) == of_day["paid"][0]
    assert sum(each.member_sales for each in hours) == of_day["member_share"][0]
    assert (hours[0].hour, hours[0].sales) == (0, 1), "a wrong clock is no hour of years ago"
    assert hours[-1].hour - hours[1].hour == 6
    assert asking(chain, tell_hours, HoursBehindWanted(day=date.max)).hours == ()
    monkeypatch.setattr(day_papers, "HOUR_PAPERS_MAX", 4)
    assert asking(chain, tell_hours, HoursBehindWanted(day=DAY)).hours == ()
    said = asking(chain, tell_answers, AnswersBehindWanted(first=DAY, last=NEXT, rows=5))
    assert (len(said.answers), said.more) == (figures["survey_answers"][0], False)
    assert (said.count, said.promoters, said.detractors) == (1, 0, 1)
    assert (said.answers[0].score, said.answers[0].member) == (3, MEMBER)


def test_who_was_sent_is_counted_as_listed_also_when_two_ids_became_one(
    database: ServerDatabase, tenant: str
) -> None:
    """Sent in by a friend twenty days ago; the second card of the same person is no joining of
    somebody who was sent."""
    chain, till, early = Chain(database, tenant), Till("till-02"), DAY - timedelta(days=20)
    till.record(joined(1, MEMBER, day=early, clock=moment(NOON_MS - 20 * DAY_MS)))
    till.record(joined(2, FRIEND, day=DAY))
    chain.push(till)
    of_member = (t.member.c.tenant_id == tenant, t.member.c.member == MEMBER)
    database.write(lambda c: c.execute(update(t.member).where(*of_member).values(referrer=OTHER)))
    assert isinstance(merged(chain, MEMBER, FRIEND), Merged)
    while database.write(lambda connection: count_unit(connection, tenant)):
        pass
    for days, count in ((Days(DAY, DAY), 0), (Days(early, DAY), 1)):
        behind = people(chain, "referral_conversion", days)
        assert len(behind) == told(chain, days)["referral_conversion"][1] == count
