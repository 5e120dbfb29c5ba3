"""Exceptions: odd patterns raise them by themselves, somebody else decides, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec.structs import replace as replace_struct

from app.domain.exception_case import ExceptionCase
from app.services.answers import NotAllowed
from app.services.checkout import SaleDone
from app.services.drawer import DrawerOpened, open_drawer
from app.services.exception_case import (
    CaseClosed,
    CaseCount,
    CaseStory,
    NoSuchCase,
    OpenCases,
    OwnCase,
    case_story,
    close_case,
    count_open_cases,
    decided_cases,
    open_cases,
)
from app.services.find_member import OwnMembership
from app.services.payment import pay_cash
from app.services.scan import scan_code
from tests.real_shop import TOWEL, RealShop
from tests.services.conftest import restarted, trail


def cases(shop: RealShop) -> list[ExceptionCase]:
    return list(shop.store.lane.submit(lambda work: work.exceptions.open_cases()).result())


def sell_to(shop: RealShop, name: str) -> None:
    shop.do(scan_code, text=shop.cards[name])
    shop.do(scan_code, text=TOWEL)
    assert isinstance(shop.do(pay_cash), SaleDone)


def owns_membership(shop: RealShop, staff: str, member: str) -> None:
    def work(unit: Any) -> None:
        person = unit.staff.get(shop.staff[staff])
        assert person is not None
        unit.staff.put(replace(person, member_ids=frozenset({shop.members[member]})))

    shop.store.lane.submit(work).result()
    restarted(shop)
    shop.sign_in(staff)


def test_ringing_up_ones_own_membership_is_refused_and_looked_at(shop: RealShop) -> None:
    owns_membership(shop, "李明", "陈静")
    assert shop.do(scan_code, text=shop.cards["陈静"]) == OwnMembership()
    (case,) = cases(shop)
    assert (case.kind, case.staff_id) == ("own_membership", shop.staff["李明"])
    assert case.subject == shop.members["陈静"]


def test_five_sales_to_one_member_a_day_are_usual_the_sixth_is_not(shop: RealShop) -> None:
    for _ in range(5):
        sell_to(shop, "王小红")
    assert cases(shop) == []
    sell_to(shop, "王小红")
    sell_to(shop, "王小红")
    (case,) = cases(shop)
    assert case.kind == "many_sales_of_member"
    assert dict(case.story) == {"day": "2026-11-21", "sales": "7"}


def test_what_is_usual_is_a_setting(shop: RealShop) -> None:
    settings = shop.shop.desk.state.settings
    shop.use_settings(replace_struct(settings, member_sales_limit=1, no_sale_limit=1))
    shop.sign_in("王芳")
    for _ in range(2):
        assert isinstance(shop.do(open_drawer, reason="check"), DrawerOpened)
        sell_to(shop, "王小红")
    assert {case.kind for case in cases(shop)} == {
        "many_no_sale_openings",
        "many_sales_of_member",
    }


def test_a_story_has_the_member_the_people_and_what_was_decided(shop: RealShop) -> None:
    owns_membership(shop, "李明", "陈静")
    shop.do(scan_code, text=shop.cards["陈静"])
    shop.sign_in("王芳")
    case_id = shop.do(open_cases).cases[0].case_id
    assert shop.do(count_open_cases) == CaseCount(1)
    story = shop.do(case_story, case_id=case_id)
    assert isinstance(story, CaseStory)
    assert story.member.startswith("陈* ")
    assert story.staff == {shop.staff["李明"]: "李明"}
    assert (story.receipt, story.shift) == ("", None)
    shop.do(close_case, case_id=case_id, choice="accepted", note="家人代买")
    assert shop.do(count_open_cases) == CaseCount(0)
    decided = shop.do(decided_cases)
    assert [case.end.note for case in decided.cases] == ["家人代买"]
    assert decided.staff[shop.staff["王芳"]] == "王芳"
    assert shop.do(case_story, case_id="none") == NoSuchCase("none")
    shop.sign_in("李明")
    for service in (decided_cases, count_open_cases):
        assert shop.do(service) == NotAllowed("see_audit")
    assert shop.do(case_story, case_id=case_id) == NotAllowed("see_audit")


def test_a_case_that_grew_after_it_was_decided_is_open_again(shop: RealShop) -> None:
    for _ in range(6):
        sell_to(shop, "王小红")
    shop.sign_in("王芳")
    (case,) = cases(shop)
    assert isinstance(shop.do(close_case, case_id=case.case_id, choice="accepted"), CaseClosed)
    assert cases(shop) == []
    shop.sign_in("李明")
    sell_to(shop, "王小红")
    (again,) = cases(shop)
    assert (again.case_id, dict(again.story)["sales"]) == (case.case_id, "7")


def test_many_openings_of_the_drawer_are_one_case_that_grows(shop: RealShop) -> None:
    shop.sign_in("王芳")
    for _ in range(7):
        assert isinstance(shop.do(open_drawer, reason="check"), DrawerOpened)
    (case,) = cases(shop)
    assert case.kind == "many_no_sale_openings"
    assert dict(case.story)["openings"] == "7"


def test_the_manager_sees_them_with_names_and_decides_once(shop: RealShop) -> None:
    owns_membership(shop, "李明", "陈静")
    shop.do(scan_code, text=shop.cards["陈静"])
    assert shop.do(open_cases) == NotAllowed("see_audit")
    shop.sign_in("王芳")
    seen = shop.do(open_cases)
    assert isinstance(seen, OpenCases)
    assert seen.staff == {shop.staff["李明"]: "李明"}
    case_id = seen.cases[0].case_id
    done = shop.do(close_case, case_id=case_id, choice="followed_up", note="已谈话 13800138000")
    assert isinstance(done, CaseClosed)
    assert done.case.end is not None
    assert (done.case.end.by, done.case.end.note) == (shop.staff["王芳"], "已谈话 *")
    assert trail(shop)[-1] == "exception_closed"
    assert shop.do(close_case, case_id=case_id, choice="accepted") == done
    assert cases(shop) == []
    assert shop.do(close_case, case_id="none", choice="accepted") == NoSuchCase("none")


def test_nobody_decides_his_own_case(shop: RealShop) -> None:
    owns_membership(shop, "王芳", "陈静")
    shop.do(scan_code, text=shop.cards["陈静"])
    (case,) = cases(shop)
    assert shop.do(close_case, case_id=case.case_id, choice="accepted") == OwnCase()
    shop.sign_in("李明")
    refused = shop.do(close_case, case_id=case.case_id, choice="accepted")
    assert refused == NotAllowed("see_audit")
