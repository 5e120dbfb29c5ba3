"""Who a campaign goes to, and the templates it begins with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.account import MemberAccount, fold
from app.domain.campaign import Audience
from app.domain.campaign_audience import is_meant, may_be_reached
from app.domain.campaign_check import check_plan
from app.domain.campaign_template import TEMPLATES, plan_from
from app.domain.effects import ConsentGiven, ConsentsEnded
from app.domain.member import BirthdayOn, Member, PersonalData
from app.domain.months import Month
from app.domain.points import Points, PointsBucket
from app.domain.program import Text, Trial
from tests.domain.campaign_samples import EXPIRING, SAVE, TODAY, WIN_BACK, plan
from tests.domain.heart_builders import MEMBER, op
from tests.domain.pricing_shop import member as a_view
from tests.domain.pricing_shop import program

from app.domain.account import FoldItem  # isort: skip

SHOP = program()


def person(**changes: Any) -> Member:
    fields: dict[str, Any] = {"member_id": MEMBER, "card_code": "M1", "joined": date(2026, 1, 5)}
    return Member(**(fields | changes))


def consented(*purposes: str, ended: str = "") -> MemberAccount:
    """Consents given, and those of one purpose taken back."""
    given = tuple(
        ConsentGiven(consent=each, purpose=each, text_version="1", text_hash="h")
        for each in purposes
    )
    back = (ConsentsEnded(consents=(ended,)),) if ended else ()
    return fold((FoldItem(op(1), MEMBER, TODAY, (*given, *back), None),))


@pytest.mark.parametrize(
    ("account", "who", "reached"),
    [
        (consented(), "members", False),
        (consented("marketing"), "members", True),
        (consented("marketing", ended="marketing"), "members", False),
        (consented("marketing", "profiling", ended="profiling"), "dormant", False),
        (consented("marketing", "profiling", ended="profiling"), "chosen", False),
        (consented("marketing", "profiling", ended="profiling"), "birthday", True),
        (consented("marketing", "profiling"), "dormant", True),
    ],
)
def test_only_who_agreed_is_reached(account: MemberAccount, who: Any, reached: bool) -> None:
    assert may_be_reached(account, Audience(who=who)) is reached


LONG_AGO, LATELY = date(2026, 8, 23), date(2026, 8, 24)


@pytest.mark.parametrize(
    ("last_visit", "joined", "meant"),
    [(LONG_AGO, LONG_AGO, True), (LATELY, LONG_AGO, False), (None, LONG_AGO, True),
     (None, LATELY, False)],
)  # fmt: skip
def test_dormant_is_ninety_days_without_a_purchase(
    last_visit: date | None, joined: date, meant: bool
) -> None:
    who = person(last_visit=last_visit, joined=joined)
    assert is_meant(who, a_view(), WIN_BACK, SHOP, TODAY) is meant


def test_birthdays_tiers_and_expiring_points() -> None:
    birthday = plan(WIN_BACK, audience=Audience(who="birthday"))
    of_november = person(person=PersonalData(birthday=BirthdayOn(11, 3)))
    of_may = person(person=PersonalData(birthday=BirthdayOn(5, 3)))
    meant = [is_meant(who, a_view(), birthday, SHOP, TODAY) for who in (of_november, of_may)]
    assert [*meant, is_meant(person(), a_view(), birthday, SHOP, TODAY)] == [True, False, False]
    silver = plan(SAVE, audience=Audience(who="tier", tier="silver"))
    tiers = ("regular", "silver", "gold")
    meant = [is_meant(person(), a_view(tier), silver, SHOP, TODAY) for tier in tiers]
    assert meant == [False, True, True]
    any_tier = plan(SAVE, audience=Audience(who="tier"))
    assert is_meant(person(), a_view(), any_tier, SHOP, TODAY)
    soon = (PointsBucket(Month.parse("2026-12"), Points(300)),)
    meant = [
        is_meant(person(), a_view(expiring=each), EXPIRING, SHOP, TODAY) for each in (soon, ())
    ]
    assert meant == [True, False]
    assert is_meant(person(), a_view(), SAVE, SHOP, TODAY)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_may_be_published_as_it_is(template: Any) -> None:
    gold = Trial(id="gold-taste", name=Text(zh="金卡体验", en="Gold to try"), tier="gold")
    made = plan_from(template, "a1", "活动", TODAY, category="dairy", trial=gold)
    assert check_plan(made, SHOP, TODAY, reached=40) == ()
    assert made.template == template
    assert made.ends > made.starts


def test_a_template_that_needs_goods_says_so_where_there_are_none() -> None:
    made = plan_from("nth_discount", "a1", "第二件半价", TODAY)
    assert [each.code for each in check_plan(made, SHOP, TODAY)] == ["scope_missing"]
