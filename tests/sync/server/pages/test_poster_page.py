"""The poster page: a member scans the poster, types his number, and has the coupon once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.campaign import CampaignPlan
from app.domain.campaign_program import with_campaign
from app.domain.campaign_template import plan_from
from app.domain.facts import CouponIssued
from app.domain.program import Program
from sync.protocol import PosterGiven, PosterWanted
from sync.server.database import ServerDatabase
from sync.server.pages.link import give_poster
from tests.domain.campaign_samples import WORDS, plan
from tests.sync.server.pages.members import STORE, WANG, Life, add_member
from tests.sync.server.pages.served import (
    PUBLIC,
    ZH,
    PhoneShop,
    phone_shop,
    program,
    served,
    text_of,
)

DAY = date(2026, 11, 22)
CLAIM = plan_from("scan_to_claim", "g7", "扫码领券", DAY)
NUMBER = {"phone": "13800138000"}


@pytest.fixture
def rules() -> dict[str, Program]:
    """The program in force: a test may put another one in its place."""
    return {"now": carried(CLAIM)}


@pytest.fixture
def shop(on_sqlite: ServerDatabase, tenant: str, rules: dict[str, Program]) -> Iterator[PhoneShop]:
    """A shop whose campaign is out, and whose pages are open."""
    made = phone_shop(on_sqlite, tenant)
    made.pages = replace(made.pages, program=lambda: rules["now"])
    with served(made) as open_shop:
        yield open_shop


def carried(what: CampaignPlan) -> Program:
    return with_campaign(program(), program(), what, WORDS, DAY)


def give(shop: PhoneShop, campaign: str = "g7") -> PosterGiven:
    return shop.pages.database.write(
        lambda work: give_poster(
            work, shop.pages, PosterWanted(campaign=campaign), tenant="renmin", store=STORE
        )
    )


def poster(shop: PhoneShop) -> str:
    given = give(shop)
    assert given.url is not None
    return given.url.removeprefix(PUBLIC)


def coupons(shop: PhoneShop, member: str) -> list[CouponIssued]:
    return [
        each for each in shop.members.of(member)
        if isinstance(each, CouponIssued) and each.why == "campaign"
    ]  # fmt: skip


def test_a_member_claims_once_and_nobody_learns_who_is_one(shop: PhoneShop) -> None:
    wang = add_member(shop.members, WANG)
    link = poster(shop)
    assert link == poster(shop), "the poster on the wall stays good"
    page = shop.get(link, ZH)
    assert page.status_code == 200
    assert "满50减10" in text_of(page.text)
    # The switch of the language claims nothing, and keeps what was typed.
    switched = shop.post(f"{link}?lang=en", NUMBER | {"switch": "1"})
    assert "13800138000" in switched.text
    assert coupons(shop, wang) == []
    done = [shop.post(link, NUMBER) for _ in range(2)]
    nobody = shop.post(link, {"phone": "13900139000"})
    assert {each.status_code for each in (*done, nobody)} == {200}
    assert done[0].text == done[1].text == nobody.text
    [fact] = coupons(shop, wang)
    assert (fact.effects[0].offer, fact.store) == ("camp-g7", STORE)  # type: ignore[union-attr]  # a coupon


def test_what_is_no_number_is_said_beside_it_and_stays(shop: PhoneShop) -> None:
    link = poster(shop)
    for typed, said in (("1380013", "11 digits"), ("", "type your mobile"), ("abc", "only digits")):
        page = shop.post(link, {"phone": typed})
        assert page.status_code == 422
        assert said in text_of(page.text)
        assert f'value="{typed}"' in page.text


def test_no_more_than_there_are(shop: PhoneShop, rules: dict[str, Program]) -> None:
    rules["now"] = carried(plan(CLAIM, uses=1))
    wang = add_member(shop.members, WANG)
    li = add_member(shop.members, Life(name="李四", phone="+8613900139000"))
    link = poster(shop)
    assert shop.post(link, NUMBER).status_code == 200
    late = shop.post(link, {"phone": "13900139000"})
    assert late.status_code == 410
    assert "All of these coupons" in text_of(late.text)
    assert shop.get(link).status_code == 410
    assert (len(coupons(shop, wang)), coupons(shop, li)) == (1, [])
    # Who has his own sees the same page as before.
    assert shop.post(link, NUMBER).status_code == 200


def test_before_its_days_after_them_and_once_it_is_ended(
    shop: PhoneShop, rules: dict[str, Program]
) -> None:
    wang, link = add_member(shop.members, WANG), poster(shop)
    for other in (
        carried(plan(CLAIM, starts=DAY + timedelta(days=1))),
        carried(plan(CLAIM, ends=DAY - timedelta(days=1))),
        program(),
    ):
        rules["now"] = other
        assert shop.get(link).status_code == 410
        assert shop.post(link, NUMBER).status_code == 410
    assert coupons(shop, wang) == []
    given = give(shop)
    assert given.refusal is not None
    assert (given.url, given.refusal.code) == (None, "unknown_campaign")


def test_who_is_frozen_gets_none_and_a_strange_link_opens_nothing(shop: PhoneShop) -> None:
    wang, link = add_member(shop.members, WANG), poster(shop)
    shop.members.status[wang] = "frozen"
    assert shop.post(link, NUMBER).status_code == 200
    assert coupons(shop, wang) == []
    assert shop.get(link[:-3] + "abc").status_code == 404
    shop.pages = replace(shop.pages, public_url=None)
    given = give(shop)
    assert given.refusal is not None
    assert given.refusal.code == "no_public_url"
