"""Groups of members: grades kept as the member's page tells them, who is left out, their files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.domain.churn import ChurnGrade
from app.domain.churn_record import ChurnSeen, seen_of
from app.services.answers import NotAllowed
from app.services.campaign_audience import members_of_segment
from app.services.campaign_plan import CampaignList, list_campaigns
from app.services.churn import churn_of_member
from app.services.churn_keeping import is_churn_due, judge_churn
from app.services.consent import change_consent
from app.services.figure_export import FiguresExported
from app.services.segments import GradeRead, export_group, people_of_grade, read_groups
from tests.real_shop import MILK, RealShop
from tests.services.figure_shop import LaneOf, counted, judged
from tests.services.refunds import DAY_MS, sold


def all_judged(shop: RealShop) -> None:
    counted(shop)
    judged(shop)
    assert judge_churn(shop=shop.shop, lane=LaneOf(shop))
    shop.sign_in("王芳")


def graded(shop: RealShop, grade: str) -> list[str]:
    page = shop.do(people_of_grade, grade=grade)
    assert isinstance(page, GradeRead)
    return [line.member.person.name for line in page.lines if line.member is not None]


def a_season(shop: RealShop) -> None:
    """王小红 comes each week and stays away then; 陈静 goes on."""
    for week in range(18):
        shop.sign_in()
        sold(shop, MILK, member="陈静")
        if week < 5:
            sold(shop, MILK, member="王小红")
        shop.clock.go_on(milliseconds=7 * DAY_MS)


def test_a_kept_grade_is_what_the_members_page_says(shop: RealShop) -> None:
    a_season(shop)
    assert shop.do(is_churn_due)
    all_judged(shop)
    assert not shop.do(is_churn_due)
    assert graded(shop, "high") == ["王小红"]
    assert "陈静" not in graded(shop, "high")
    [line] = shop.do(people_of_grade, grade="high").lines
    told = shop.do(churn_of_member, member_id=shop.members["王小红"])
    assert isinstance(told, ChurnGrade)
    assert line.seen == seen_of(told)
    found = shop.do(read_groups)
    assert found.churn.by_grade["high"] == 1
    assert sum(found.segments.money_minor.values()) == 5 * 5_600 + 18 * 5_900  # silver pays less

    listed = shop.do(list_campaigns)
    assert isinstance(listed, CampaignList)
    assert "churn_high" in listed.segments
    lane = LaneOf(shop)
    assert members_of_segment(lane=lane, segment="churn_high") == {shop.members["王小红"]}
    for group in ("high", found.segments and next(iter(found.segments.by_segment))):
        file = export_group(shop=shop.shop, lane=lane, group=group, form="csv", language="zh_CN")
        assert isinstance(file, FiguresExported)
        text = file.data.decode("utf-8-sig")
        assert "****" in text
        assert "王小红" not in text


def test_who_was_judged_on_another_day_goes_a_few_at_a_time(shop: RealShop) -> None:
    """Persons who became one with somebody else: nobody at the till waits for all of them."""
    day, lane = date(2026, 7, 2), shop.store.lane
    seen = ChurnSeen("high", "silent", 20_000, 90, 7, 0)
    for as_of, start in ((day - timedelta(days=1), 0), (day, 7)):
        people = {f"person-{number:02}": seen for number in range(start, 12)}
        lane.run(lambda work, of=as_of, people=people: work.churn.put(of, people))  # type: ignore[misc]  # bound now: it runs before the next turn
    after, left = "", []
    while after := lane.run(lambda work, after=after: work.churn.drop_before(day, after, 3)):  # type: ignore[misc]  # as above
        counts = lane.run(lambda work: work.churn.counts())
        assert counts is not None
        left.append(counts.by_grade["high"])
    assert left == [9, 6, 5, 5]


def test_nobody_is_graded_who_refused_and_stopping_keeps_what_was(shop: RealShop) -> None:
    a_season(shop)
    all_judged(shop)
    member = shop.members["王小红"]
    wanted: dict[str, Any] = {"member_id": member, "purpose": "profiling"}
    shop.do(change_consent, given=True, **wanted)
    shop.do(change_consent, given=False, **wanted)
    assert graded(shop, "high") == []  # at once, before anybody is judged again
    assert not judge_churn(shop=shop.shop, lane=LaneOf(shop), keep_on=lambda looked: False)
    all_judged(shop)
    assert shop.do(read_groups).churn.by_grade.get("high", 0) == 0
    assert shop.do(read_groups).segments.refused == 1
    shop.sign_in("李明")
    assert isinstance(shop.do(read_groups), NotAllowed)
    assert isinstance(shop.do(people_of_grade, grade="low"), NotAllowed)
