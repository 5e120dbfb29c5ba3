"""Figures of a shop: counted behind the scenes, equal to a recount of its facts and to the Z."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.figures import UNITS, Days, FigureId, month_of
from app.domain.months import Month
from app.domain.segments import SEGMENTS, SegmentRules
from app.services.answers import NotAllowed
from app.services.figure_gathering import (
    GatheringStopped,
    name_people,
    people_found,
    read_long_figures,
)
from app.services.figure_keeping import count_facts, is_judging_due, put_segment_rules
from app.services.figure_receipts import hours_of_day, receipts_of_day
from app.services.figure_words import figure_definition, figure_name, segment_definition
from app.services.figures import (
    NobodyBehind,
    PeopleBehind,
    SpanTooLong,
    figure_by_day,
    people_behind,
    people_of_cohort,
    people_of_segment,
    read_cohorts,
    read_figures,
)
from app.services.scan import scan_code
from app.services.void import void_sale
from tests.real_shop import DAY, MILK, OIL, TOWEL, RealShop, words_for
from tests.services.figure_shop import (
    TODAY,
    LaneOf,
    counted,
    judged,
    read,
    recount,
    value,
)
from tests.services.refunds import DAY_MS, refunded, sold
from tests.services.shifts import begin, close, count, with_shifts, z_fact


def a_day(shop: RealShop) -> str:
    """Two sales of 王小红, one of 陈静, two of walk-ins; the id of the first."""
    first = sold(shop, MILK, TOWEL, member="王小红")
    sold(shop, OIL, member="王小红")
    sold(shop, MILK, member="陈静")
    sold(shop, TOWEL)
    sold(shop, OIL, OIL)
    return first


def test_a_day_is_what_its_facts_come_to(shop: RealShop) -> None:
    a_day(shop)
    counted(shop)
    found, sums = read(shop), recount(shop)
    assert value(found, "sales") == (5, 1)
    assert value(found, "paid") == (sums["paid"], 1)
    assert value(found, "avg_basket") == (sums["paid"], 5)
    assert value(found, "member_share") == (3, 5)
    assert value(found, "avg_basket_member") == (sums["member_paid"], 3)
    assert value(found, "avg_basket_other") == (sums["paid"] - sums["member_paid"], 2)
    assert value(found, "active") == (2, 1)
    assert value(found, "repeat_rate") == (1, 2)
    assert value(found, "arpu") == (sums["member_paid"], 2)
    assert value(found, "lifetime_value") == (sums["member_paid"], 2)
    assert [(each.tender, each.basis_points) for each in found.tenders if each.received_minor] == [
        ("cash", 10_000)
    ]
    [one_day] = found.by_day
    assert (one_day.sales, one_day.paid_minor) == (5, sums["paid"])
    assert found.so_far.waiting == 0
    assert [each.till for each in found.tills] == [2]


def test_what_was_not_counted_yet_is_said_to_wait(shop: RealShop) -> None:
    counted(shop)
    sold(shop, MILK)
    found = read(shop)
    assert value(found, "sales") == (0, 1)
    assert found.so_far.waiting >= 1
    assert found.figures["avg_basket"].figure.rounded is None


def test_a_refund_lowers_the_money_of_its_own_day(shop: RealShop) -> None:
    first = a_day(shop)
    counted(shop)
    shop.clock.go_on(milliseconds=DAY_MS)
    done = refunded(shop, first, (1, 1))
    sold(shop, MILK)
    counted(shop)
    before, tomorrow = read(shop), Days(DAY + timedelta(days=1), DAY + timedelta(days=1))
    after, sums = read(shop, tomorrow), recount(shop, tomorrow)
    assert value(before, "paid_back") == (0, 1)
    assert value(after, "paid_back") == (sums["back"], 1)
    assert value(after, "refunds") == (1, 1)
    assert value(after, "net_paid") == (sums["paid"] - sums["back"], 1)
    assert sums["back"] == done.paid.minor
    both = Days(DAY, DAY + timedelta(days=1))
    paid, people = value(read(shop, both), "arpu")
    assert (paid, people) == (recount(shop, both)["member_paid"] - sums["back"], 2)


def test_a_voided_basket_is_in_no_figure(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    shop.do(void_sale, reason="customer_left")
    counted(shop)
    assert value(read(shop), "sales") == (0, 1)


def test_counting_again_changes_nothing_and_one_late_fact_adds_itself(shop: RealShop) -> None:
    a_day(shop)
    counted(shop)
    first = read(shop)
    counted(shop)
    assert read(shop) == first
    shop.sign_in()
    sold(shop, MILK)
    counted(shop)
    assert value(read(shop), "sales") == (6, 1)


def test_the_z_says_the_same(shop: RealShop) -> None:
    with_shifts(shop)
    begin(shop)
    first = a_day(shop)
    refunded(shop, first, (0, 1))
    shop.clock.go_on(milliseconds=60_000)
    report = z_of(shop)
    counted(shop)
    found = read(shop)
    assert value(found, "sales")[0] == report.sales.count
    assert value(found, "paid")[0] == report.sales.paid_minor
    assert value(found, "paid_back")[0] == report.refunds.paid_minor
    assert value(found, "refunds")[0] == report.refunds.count
    assert value(found, "member_share")[0] == report.sales.of_members
    cash = next(each for each in found.tenders if each.tender == "cash")
    assert cash.received_minor == report.cash.sales_minor
    assert cash.paid_out_minor == report.cash.refunds_minor


def z_of(shop: RealShop) -> Any:
    """Close the shift with what has to lie in its drawer; the report of its Z."""
    paid = recount(shop)
    expected = 45_000 + paid["paid"] - paid["back"]
    yuan, rest = divmod(expected, 100)
    count(shop, {"1": str(yuan), "0.1": str(rest // 10)})
    close(shop, left=0)
    return z_fact(shop).report


def test_the_members_behind_a_figure_are_as_many_as_it_says(shop: RealShop) -> None:
    a_day(shop)
    counted(shop)
    found = read(shop)
    behind = shop.do(people_behind, figure="active", days=TODAY)
    assert isinstance(behind, PeopleBehind)
    assert len(behind.lines) == value(found, "active")[0]
    assert sum(line.net_minor for line in behind.lines) == value(found, "arpu")[0]
    assert [line.member.person.name for line in behind.lines if line.member] == ["王小红", "陈静"]
    twice = shop.do(people_behind, figure="repeat_rate", days=TODAY)
    assert [line.sales for line in twice.lines] == [2]
    page = shop.do(people_behind, figure="active", days=TODAY, limit=1)
    assert (len(page.lines), page.has_more) == (1, True)
    ever = shop.do(people_behind, figure="lifetime_value", days=TODAY)
    assert sum(line.net_minor for line in ever.lines) == value(found, "lifetime_value")[0]
    assert shop.do(people_behind, figure="joined", days=month_of(DAY)).lines == ()
    assert isinstance(shop.do(people_behind, figure="refunds", days=TODAY), NobodyBehind)
    assert isinstance(shop.do(people_behind, figure="active", days=TODAY, till=9), PeopleBehind)


def test_a_cohort_keeps_those_who_came_back(shop: RealShop) -> None:
    a_day(shop)
    shop.clock.go_on(milliseconds=20 * DAY_MS)
    sold(shop, MILK, member="陈静")
    counted(shop)
    shop.sign_in("王芳")
    november, december = Month(2026 * 12 + 10), Month(2026 * 12 + 11)
    [line] = shop.do(read_cohorts, last=december.first_day, months=3).cohorts
    assert (line.month, line.members) == (november, 2)
    assert [cell.active for cell in line.later] == [2, 1]
    back = shop.do(people_of_cohort, cohort=november, month=december)
    assert [each.member.person.name for each in back.lines] == ["陈静"]
    assert line.net_minor(1) == value(read(shop, Days(DAY, december.last_day)), "arpu")[0]


def test_merged_members_are_one_person_and_parted_ones_two_again(shop: RealShop) -> None:
    a_day(shop)
    counted(shop)
    one, other = (shop.members[name] for name in ("王小红", "陈静"))

    def into(person: str | None) -> Any:
        def work(unit: Any) -> None:
            member = unit.members.get(other)
            status = "active" if person is None else "merged"
            unit.members.update(replace(member, status=status, merged_into=person))

        return shop.store.lane.submit(work).result()

    before = read(shop)
    into(one)
    counted(shop)
    merged = read(shop)
    assert value(merged, "active") == (1, 1)
    assert value(merged, "repeat_rate") == (1, 1)
    assert value(merged, "lifetime_value")[0] == value(before, "lifetime_value")[0]
    [cohort] = shop.do(read_cohorts, last=DAY).cohorts
    assert cohort.members == 1
    into(None)
    counted(shop)
    parted = read(shop)
    assert value(parted, "active") == value(before, "active")
    assert value(parted, "lifetime_value") == value(before, "lifetime_value")


def test_accounts_and_segments_stand_as_they_were_gone_through(shop: RealShop) -> None:
    a_day(shop)
    counted(shop)
    assert shop.do(is_judging_due)
    judged(shop)
    assert not shop.do(is_judging_due)
    found = read(shop)
    # Four members joined in other months; the frozen one holds nothing.
    assert value(found, "members") == (4, 1)
    owed = sum(
        view.balance + view.held_points
        for view in (shop.do(_view, name=name) for name in shop.members)
    )
    assert value(found, "points_outstanding") == (owed, 1)
    assert value(found, "points_value") == (owed, 1)  # 100 points are worth ¥1
    assert found.segments is not None
    assert dict(found.segments.by_segment) == {"new": 2}
    page = shop.do(people_of_segment, segment="new")
    assert [line.member.person.name for line in page.lines] == ["王小红", "陈静"]


def _view(*, shop: Any, work: Any, name: str) -> Any:
    from app.services.price_desk import judge
    from app.services.seating import account_of_member

    member = next(each for each in work.members.page("", 100) if each.person.name == name)
    account = account_of_member(work, member.member_id)
    return judge(member, account, shop.desk.state.program, DAY)


def test_a_dormant_member_is_found_by_the_rules_of_the_shop(shop: RealShop) -> None:
    a_day(shop)
    shop.clock.go_on(milliseconds=40 * DAY_MS)
    sold(shop, MILK, member="陈静")
    counted(shop)
    judged(shop)
    assert value(read(shop), "dormant") == (0, 1)
    rules = SegmentRules(by="thresholds", dormant_days=30, silent_days=35)
    shop.do(lambda shop, work: put_segment_rules(work=work, rules=rules))
    judged(shop)
    found = read(shop)
    assert value(found, "dormant") == (1, 1)
    assert found.segments is not None
    assert found.segments.silent == 1
    [line] = shop.do(people_of_segment, segment="dormant").lines
    assert line.member.person.name == "王小红"
    assert line.recency_days == 40


def test_counting_stops_when_it_is_told_to_and_goes_on_later(shop: RealShop) -> None:
    a_day(shop)
    done = count_facts(shop=shop.shop, lane=LaneOf(shop), keep_on=lambda so_far: False)
    assert done.is_done  # one unit was enough
    assert read(shop).so_far.waiting == 0


@pytest.mark.parametrize(("who", "answer"), [("李明", NotAllowed), ("王芳", SpanTooLong)])
def test_who_may_ask_and_for_how_much(shop: RealShop, who: str, answer: type) -> None:
    shop.sign_in(who)
    ten_years = Days(DAY - timedelta(days=3_650), DAY)
    assert isinstance(shop.do(read_figures, days=ten_years), answer)
    assert isinstance(shop.do(people_behind, figure="active", days=ten_years), answer)


def test_every_figure_has_its_words_in_both_languages() -> None:
    for name in UNITS:
        zh, en = (figure_definition(name, words_for(each)) for each in ("zh_CN", "en"))
        assert zh != en
        assert figure_name(name, words_for("zh_CN")) != figure_name(name, words_for("en"))
    assert all(segment_definition(each, words_for("zh_CN")).endswith("。") for each in SEGMENTS)


def test_receipts_and_days_behind_a_figure_come_to_the_figure(shop: RealShop) -> None:
    first = a_day(shop)
    shop.clock.go_on(milliseconds=DAY_MS)
    refunded(shop, first, (0, 1))
    sold(shop, MILK)
    counted(shop)
    tomorrow = DAY + timedelta(days=1)
    both = Days(DAY, tomorrow)
    found = read(shop, both)
    for name in ("paid", "sales", "paid_back", "net_paid", "points_earned"):
        days = shop.do(figure_by_day, figure=name, days=both)
        assert sum(each.numerator for _, each in days.lines) == value(found, name)[0]
    assert isinstance(shop.do(figure_by_day, figure="active", days=both), NobodyBehind)
    listed = [shop.do(receipts_of_day, day=day) for day in (DAY, tomorrow)]
    assert sum(each.paid.minor for each in listed) == value(found, "net_paid")[0]
    assert [row.kind for row in listed[1].rows] == ["sale", "refund"]
    assert shop.do(receipts_of_day, day=DAY, till=9).rows == ()
    hours = shop.do(hours_of_day, day=DAY).hours
    assert sum(each.sales for each in hours) == 5
    assert sum(each.member_paid_minor for each in hours) == recount(shop)["member_paid"]
    shop.sign_in("李明")
    for service in (receipts_of_day, hours_of_day):
        assert isinstance(shop.do(service, day=DAY), NotAllowed)


def test_a_day_of_more_receipts_than_a_list_shows_comes_to_all_of_them(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_day(shop)
    counted(shop)
    shop.sign_in("王芳")
    whole = shop.do(receipts_of_day, day=DAY)
    monkeypatch.setattr("app.services.figure_receipts.RECEIPTS_MAX", 2)
    listed = shop.do(receipts_of_day, day=DAY)
    assert (listed.rows, listed.has_more) == (whole.rows[:2], True)
    assert listed.paid.minor == whole.paid.minor == value(read(shop), "net_paid")[0]


def test_a_long_span_in_parts_is_what_it_is_at_once(shop: RealShop) -> None:
    refunded(shop, a_day(shop), (1, 1))
    for _ in range(3):
        shop.clock.go_on(milliseconds=25 * DAY_MS)
        sold(shop, MILK, member="陈静")
    counted(shop)
    judged(shop)
    days, lane = Days(DAY - timedelta(days=200), DAY + timedelta(days=80)), LaneOf(shop)
    shop.sign_in("王芳")
    wanted: dict[str, Any] = {"shop": shop.shop, "lane": lane, "days": days}
    told: list[int] = []

    def note(done: int, of: int) -> bool:
        told.append(of)
        return True

    whole = read_long_figures(**wanted, tell=note)
    assert whole == read(shop, days)
    assert len(set(told)) == 1
    assert len(told) > 1
    behind: tuple[FigureId, ...] = ("active", "repeat_rate", "joined", "lifetime_value")
    for figure in behind:
        at_once = shop.do(people_behind, figure=figure, days=days)
        found = people_found(**wanted, figure=figure)
        assert isinstance(found, tuple)
        assert shop.do(name_people, lines=found, has_more=False) == at_once
    stop: dict[str, Any] = {"tell": lambda done, of: False}
    assert isinstance(read_long_figures(**wanted, **stop), GatheringStopped)
    assert isinstance(people_found(**wanted, figure="active", **stop), GatheringStopped)
    assert isinstance(people_found(**wanted, figure="refunds"), NobodyBehind)
    too_long = {**wanted, "days": Days(DAY - timedelta(days=3_650), DAY)}
    assert isinstance(read_long_figures(**too_long), SpanTooLong)
    assert isinstance(people_found(**too_long, figure="active"), SpanTooLong)
    shop.sign_in("李明")
    assert isinstance(shop.do(name_people, lines=(), has_more=False), NotAllowed)
