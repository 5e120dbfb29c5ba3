"""The lists of the tier desk over the real shop: a walk finds who belongs, each is judged anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain import effects as do
from app.domain.facts import PointsAdjusted
from app.domain.staff import AUDITOR
from app.domain.tier_change import TierWish
from app.domain.tier_desk import DeskList
from app.services import tier_desk
from app.services.answers import NotAllowed
from app.services.fact_origin import origin
from app.services.fact_writer import write_fact
from app.services.tier_change import change_tier
from app.services.tier_desk import DeskPage, Walked, desk_page, members_to_tell, walk_all, walk_on
from tests.real_shop import DAY, RealShop

ENDS = date(2026, 12, 31)
"""Of 张三丰: gold by a review of January, with little bought since."""


def names(shop: RealShop, which: DeskList) -> list[str]:
    page = shop.do(desk_page, which=which)
    assert isinstance(page, DeskPage), page
    return [row.member.person.name for row in page.rows]


def walk(shop: RealShop) -> list[Walked]:
    found = [shop.do(walk_on)]
    while not found[-1].done:
        found.append(shop.do(walk_on))
    return found


def buy(shop: RealShop, who: str, minor: int) -> None:
    """So much at some till of the shop."""

    def work(unit: Any) -> None:
        said = origin(shop=shop.shop, now=shop.shop.now(), day=DAY, member=shop.members[who])
        bought = (do.Visited(spend_minor=minor),)
        write_fact(shop=shop.shop, work=unit,
                   fact=PointsAdjusted(**said, effects=bought, reason="import"))  # fmt: skip

    shop.store.lane.submit(work).result()


@pytest.mark.parametrize("unit", [1, 2, 250])
def test_a_walk_finds_who_belongs_and_goes_on_where_it_stopped(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch, unit: int
) -> None:
    monkeypatch.setattr(tier_desk, "MEMBERS_A_WALK", unit)
    assert names(shop, "due") == []
    buy(shop, "陈静", 170_000)
    walked = walk(shop)
    everybody = shop.do(lambda shop, work: len(work.members.all_ids()))
    assert sum(part.seen for part in walked) == everybody
    assert names(shop, "due") == names(shop, "falling") == ["张三丰"]
    assert names(shop, "by_hand") == ["王小红"]
    assert names(shop, "near") == ["陈静"]
    page = shop.do(desk_page, which="falling")
    (row,) = page.rows
    assert (row.standing.tier, row.standing.until, row.place.due) == ("gold", ENDS, ENDS)
    assert (page.walked, page.more) == (DAY, False)
    assert page.counts.lists == {"near": 1, "due": 1, "falling": 1, "by_hand": 1, "lent": 0}
    assert walk(shop) == [Walked(0, True)], "once a day"


def test_who_left_a_list_since_the_walk_is_taken_off_when_it_is_shown(shop: RealShop) -> None:
    buy(shop, "陈静", 170_000)
    walk(shop)
    buy(shop, "陈静", -60_000)
    assert names(shop, "near") == []
    assert shop.do(desk_page, which="near").counts.lists["near"] == 0


def test_what_is_given_by_hand_stands_on_its_list_at_once(shop: RealShop) -> None:
    walk(shop)
    shop.sign_in("王芳")
    wish = TierWish("gold", DAY, DAY + timedelta(days=40), "regular", "")
    shop.do(change_tier, member_id=shop.members["陈静"], wish=wish)
    assert names(shop, "by_hand") == ["陈静", "王小红"], "what ends first stands first"


def test_who_is_due_to_be_told_and_the_night_walks_too(shop: RealShop) -> None:
    walk_all(shop=shop.shop, lane=shop.store.lane)
    told = shop.do(members_to_tell)
    assert [(member, each.days_ahead, each.last_day) for member, each in told] == [
        (shop.members["张三丰"], 60, ENDS)
    ]
    shop.clock.go_on(milliseconds=20 * 86_400_000)
    assert [each.days_ahead for _, each in shop.do(members_to_tell)] == [30]


def test_who_may_not_see_members_sees_no_list(shop: RealShop) -> None:
    state = shop.shop.desk.state
    assert state.staff is not None
    shop.shop.desk.adopt(replace(state, staff=replace(state.staff, role=AUDITOR)))
    assert shop.do(desk_page, which="near") == NotAllowed("join_member")
    assert shop.do(walk_on) == NotAllowed("join_member")
