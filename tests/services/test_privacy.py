"""What a member may see and have of his data, what goes by itself, and whom a breach concerns."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from app.domain.churn_record import ChurnSeen
from app.domain.member import PersonalData
from app.domain.message_record import MessageRecord
from app.domain.page import PlacedText
from app.domain.tier_change import TierWish
from app.services.answers import MemberUnknown, NotAllowed
from app.services.breach import BreachAsked, BreachList, PeriodWrong, list_breach
from app.services.checkout import SaleDone
from app.services.complaint_act import answer_complaint
from app.services.consent import change_consent
from app.services.data_copy import (
    CopyGiven,
    DataCopy,
    PrivacyPage,
    copy_bytes,
    copy_of_data,
    privacy_page,
)
from app.services.data_copy_parts import ChurnCopy
from app.services.figure_keeping import count_facts, judge_members
from app.services.hold import hold_sale, recall_sale
from app.services.payment import pay_cash
from app.services.recommendation import learn_habits
from app.services.retention import (
    RetentionDone,
    RetentionDue,
    apply_retention,
    retention_due,
)
from app.services.reveal import reveal_phone
from app.services.scan import scan_code
from app.services.tier_answers import TierGiven
from app.services.tier_change import change_tier
from app.store.waiting_lane import WaitingLane
from app.wording import load
from tests.real_shop import DAY, GOLD_PHONE, OIL, RealShop
from tests.services.complaints import acted, sold_to, taken
from tests.services.conftest import trail
from ui.privacy.paper import copy_pages

DAY_MS = 86_400_000


@pytest.fixture
def manager(shop: RealShop) -> RealShop:
    shop.sign_in("王芳")
    return shop


def lane(shop: RealShop) -> WaitingLane:
    return WaitingLane(shop.store.lane)


def member(shop: RealShop, name: str = "张三丰") -> str:
    return shop.members[name]


def page(shop: RealShop) -> PrivacyPage:
    found = privacy_page(shop=shop.shop, lane=lane(shop), member_id=member(shop))
    assert isinstance(found, PrivacyPage), found
    return found


def test_the_copy_holds_everything_and_leaves_a_trace(manager: RealShop) -> None:
    manager.ring_up_story()
    given = copy_of_data(shop=manager.shop, lane=lane(manager), member_id=member(manager))
    assert isinstance(given, CopyGiven), given
    read = json.loads(copy_bytes(given.data))
    assert (read["phone"], read["name"]) == (f"+86{GOLD_PHONE}", "张三丰")
    assert msgspec.json.decode(copy_bytes(given.data), type=DataCopy) == given.data
    assert given.data.points == sum(given.data.points_expiring.values())
    assert all(each.lines for each in given.data.purchases)
    assert trail(manager)[-1] == "data_copied"
    assert isinstance(
        copy_of_data(shop=manager.shop, lane=lane(manager), member_id="nobody"), MemberUnknown
    )


def test_the_copy_holds_what_was_judged_said_and_sent(manager: RealShop, qapp: object) -> None:
    """In the file as on paper, in both languages; who handled a complaint is not the member's."""
    sold_to(manager, "张三丰")
    learn_habits(lane=lane(manager))
    count_facts(shop=manager.shop, lane=lane(manager))
    judge_members(shop=manager.shop, lane=lane(manager))
    mine = member(manager)
    seen, day = ChurnSeen("high", "silent", 21_034, 90, 7, 0), date(2026, 7, 1)
    manager.store.lane.run(lambda work: work.churn.put(day, {mine: seen}))
    case = taken(manager, "张三丰", text="苹果少了 200 g", wanted="补差价")
    acted(manager, answer_complaint, case, text="已道歉")
    wish = TierWish("gold", DAY, date(2027, 11, 30), "matched", photos=(b"\xff\xd8\xffa card",))
    assert isinstance(manager.do(change_tier, member_id=mine, wish=wish, in_place=True), TierGiven)
    record = MessageRecord("birthday", "sent", 1_795_320_000_000, channel="email")
    manager.store.lane.run(lambda work: work.messages.put(mine, [record], 1_795_320_000_000))
    given = copy_of_data(shop=manager.shop, lane=lane(manager), member_id=mine)
    assert isinstance(given, CopyGiven), given
    data = given.data
    assert data.segment is not None
    assert data.churn == ChurnCopy("high", "silent", 21_034, 90, 7, 0, day)
    assert [each.name for each in data.habits] == ["红富士苹果"]
    [told] = data.complaints
    assert (told.text, told.wanted, [each.text for each in told.steps]) == (
        "苹果少了 200 g", "补差价", ["已道歉"],
    )  # fmt: skip
    assert [(each.tier, each.pictures) for each in data.evidence] == [("gold", 1)]
    assert data.sent is not None
    assert data.sent.messages == (record,)
    assert msgspec.json.decode(copy_bytes(data), type=DataCopy) == data
    assert "王芳" not in copy_bytes(data).decode()
    for language, *words in (
        ("zh_CN", "您的客诉", "流失风险", "通常每 7 天来一次，已 90 天没来"),
        ("en", "Your complaints", "Churn risk", "usually here every 7 days, not here for 90 days"),
    ):
        pages = copy_pages(data, str, load(language))
        read = [mark.text for page in pages for mark in page.marks if isinstance(mark, PlacedText)]
        assert {*words, "2.1034", "苹果少了 200 g", "已道歉"} <= set(read)


def test_a_consent_says_when_it_was_given_and_withdrawn(manager: RealShop) -> None:
    wanted = {"member_id": member(manager), "purpose": "marketing"}
    at_ms = manager.shop.now().wall_ms
    manager.do(change_consent, **wanted, given=True)
    [given] = [each for each in page(manager).consents if each.purpose == "marketing"]
    assert (given.given_ms, given.is_withdrawn) == (at_ms, False)
    assert given.text_version
    manager.clock.go_on(milliseconds=5_000)
    manager.do(change_consent, **wanted, given=False)
    [ended] = [each for each in page(manager).consents if each.purpose == "marketing"]
    assert (ended.is_withdrawn, ended.withdrawn_ms) == (True, at_ms + 5_000)


def test_who_looked_at_the_number_is_listed(manager: RealShop) -> None:
    assert page(manager).reveals == ()
    manager.do(reveal_phone, member_id=member(manager), reason="member_asked")
    [seen] = page(manager).reveals
    assert (seen.by, seen.reason) == ("王芳", "member_asked")


def use(shop: RealShop, **settings: Any) -> None:
    shop.use_settings(msgspec.structs.replace(shop.shop.desk.state.settings, **settings))
    shop.sign_in("王芳")


def test_nobody_goes_by_himself_unless_the_shop_says_so(manager: RealShop) -> None:
    manager.clock.go_on(milliseconds=2_000 * DAY_MS)
    assert apply_retention(shop=manager.shop, lane=lane(manager)) == RetentionDone(0, 0)


def test_who_was_not_here_for_long_is_forgotten_at_night(manager: RealShop) -> None:
    use(manager, keep_inactive_months=24)
    due = due_now(manager)
    assert (due.members, due.before) == (0, date(2024, 11, 1))
    manager.clock.go_on(milliseconds=800 * DAY_MS)
    done = apply_retention(shop=manager.shop, lane=lane(manager))
    assert done.members == 0, "nothing happened here for two years: the clock was set ahead"
    manager.do(scan_code, text=OIL)
    assert isinstance(manager.do(pay_cash), SaleDone)
    manager.do(scan_code, text=manager.cards["王小红"])
    due = due_now(manager)
    assert due.members == 4
    done = apply_retention(shop=manager.shop, lane=lane(manager))
    assert done.members == 3, "王小红 stands at the till"
    left = people(manager)
    assert [name for name in left if name] == ["王小红"]
    assert "retention_applied" in trail(manager)
    assert apply_retention(shop=manager.shop, lane=lane(manager)).members == 0


def due_now(shop: RealShop) -> RetentionDue:
    found = retention_due(shop=shop.shop, lane=lane(shop))
    assert isinstance(found, RetentionDue), found
    return found


def people(shop: RealShop) -> list[str]:
    rows = shop.store.lane.run(lambda work: work.members.page("", 100))
    assert all(row.status == "erased" or row.person != PersonalData() for row in rows)
    return [row.person.name for row in rows]


def test_a_held_sale_that_ended_goes_with_its_note(manager: RealShop) -> None:
    manager.do(scan_code, text=OIL)
    manager.do(hold_sale)
    [held] = manager.store.lane.run(lambda work: work.holds.open_holds())
    manager.do(recall_sale, hold_id=held.hold_id)
    assert apply_retention(shop=manager.shop, lane=lane(manager)).holds == 0
    manager.clock.go_on(milliseconds=91 * DAY_MS)
    assert apply_retention(shop=manager.shop, lane=lane(manager)).holds == 1


@pytest.mark.parametrize(("in_full", "phone"), [(False, "138****8000"), (True, f"+86{GOLD_PHONE}")])
def test_whom_to_tell_after_a_breach(manager: RealShop, in_full: bool, phone: str) -> None:
    asked = BreachAsked("on_this_till", in_full=in_full)
    found = list_breach(shop=manager.shop, lane=lane(manager), asked=asked)
    assert isinstance(found, BreachList), found
    row = next(each for each in found.rows if each.member_id == member(manager))
    assert row.phone == phone
    assert "birthday" in row.had
    assert trail(manager)[-1] == "breach_listed"


def test_a_breach_of_some_days_concerns_who_was_here_then(manager: RealShop) -> None:
    def listed(since: date | None, until: date | None) -> object:
        asked = BreachAsked("in_period", since, until)
        return list_breach(shop=manager.shop, lane=lane(manager), asked=asked)

    assert listed(None, date(2026, 11, 1)) == PeriodWrong()
    assert listed(date(2026, 11, 2), date(2026, 11, 1)) == PeriodWrong()
    before = listed(date(2001, 1, 1), date(2001, 12, 31))
    assert isinstance(before, BreachList)
    assert before.rows == ()
    now = listed(date(2026, 11, 1), date(2026, 11, 30))
    assert isinstance(now, BreachList)
    assert member(manager) in {row.member_id for row in now.rows}


def test_it_takes_the_right(shop: RealShop) -> None:
    refused = NotAllowed("manage_settings")
    who: dict[str, Any] = {"member_id": member(shop)}
    at: dict[str, Any] = {"shop": shop.shop, "lane": lane(shop)}
    assert copy_of_data(**at, **who) == privacy_page(**at, **who) == refused
    assert retention_due(**at) == refused
    asked = BreachAsked("on_this_till")
    assert list_breach(shop=shop.shop, lane=lane(shop), asked=asked) == refused
