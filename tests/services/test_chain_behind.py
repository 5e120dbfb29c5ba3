"""What head office tells of the chain, at a till: an hour of years ago, a long file, an old
program. What it comes to between real tills: tests/sync/joined/test_figures_everywhere.py."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from app.domain.chain_behind import (
    BehindAnswer,
    BehindWanted,
    ChainHour,
    ChainHours,
    ChainHoursWanted,
    ChainPeople,
    ChainPeopleWanted,
    ChainPerson,
    ChainScores,
    ChainScoresWanted,
)
from app.domain.server_answer import Declined
from app.domain.survey_record import SurveyAnswer, SurveySums
from app.services.audit_trail import read_trail
from app.services.chain_behind import chain_hours
from app.services.chain_export import export_chain_answers, export_chain_people
from app.services.figure_export import PEOPLE_A_UNIT, FiguresExported
from app.services.figure_receipts import HoursOfDay, hours_of_day
from app.services.server_port import NoServerHere
from tests.real_shop import DAY, MILK, OIL, RealShop
from tests.services.figure_shop import TODAY, LaneOf
from tests.services.refunds import sold

MEMBERS = 1_450
PEOPLE = tuple(ChainPerson(f"p-{at}", f"M****{at:04}", 2, 9_000 - at) for at in range(MEMBERS))


class HeadOffice(NoServerHere):
    """A program that tells an hour as the clock of a till said it, and knows no cohorts."""

    def behind(  # type: ignore[override] # the other one never hears of a chain
        self, asked: BehindWanted
    ) -> BehindAnswer:
        match asked:
            case ChainHoursWanted():
                wild = (-231_469, -2, 0, 9, 700_000)
                return ChainHours(tuple(ChainHour(hour, 1, 4_290, 0, 0) for hour in wild))
            case ChainPeopleWanted(offset=at, rows=rows):
                return ChainPeople(PEOPLE[at : at + rows], at + rows < MEMBERS)
            case ChainScoresWanted(offset=at, rows=rows):
                page = tuple(map(_said, range(at, min(at + rows, MEMBERS))))
                return ChainScores(page, at + rows < MEMBERS, SurveySums(MEMBERS, 0, 0))
            case _:
                return Declined("not_found")


def _said(at: int) -> SurveyAnswer:
    return SurveyAnswer(f"s-{at}", f"a-{at}", "xidan", 2, f"R{at}", f"p-{at}", DAY, 0, 9, "page")


class CountedLane(LaneOf):
    """How many units a question took."""

    units = 0

    def run(self, work: Any) -> Any:
        self.units += 1
        return super().run(work)


def test_a_clock_that_fell_back_leaves_a_day_a_day(shop: RealShop) -> None:
    sold(shop, MILK)
    back = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp() * 1000) - shop.clock.now().wall_ms
    shop.clock.set_wrong(milliseconds=back)
    sold(shop, OIL)
    shop.clock.set_wrong(milliseconds=-back)
    shop.sign_in("王芳")
    own = shop.do(hours_of_day, day=DAY)
    told = chain_hours(shop=replace(shop.shop, server=HeadOffice()), day=DAY)
    assert isinstance(told, HoursOfDay)
    assert sum(each.sales for each in own.hours) == 2 and own.hours[0].hour == 0
    assert [(e.hour, e.sales) for e in told.hours if e.sales] == [(0, 3), (9, 1), (23, 1)]
    assert len(told.hours) == 24 and len(own.hours) <= 24


def trail(shop: RealShop) -> Any:
    return LaneOf(shop).run(lambda work: read_trail(work=work))


def test_a_long_file_is_named_in_small_units_and_leaves_one_trace(shop: RealShop) -> None:
    shop.sign_in("王芳")
    office = replace(shop.shop, server=HeadOffice())
    least = -(-MEMBERS // PEOPLE_A_UNIT)
    people = partial(export_chain_people, figure="active")
    for export in (people, export_chain_answers):
        before = Counter(e.entry.action for e in trail(shop))
        lane = CountedLane(shop)
        file = export(shop=office, lane=lane, days=TODAY, form="csv", language="en")
        assert isinstance(file, FiguresExported) and not file.is_cut
        assert file.data.count(b"\n") > MEMBERS and lane.units > least
        after = Counter(e.entry.action for e in trail(shop))
        assert after - before == Counter(figures_exported=1)
