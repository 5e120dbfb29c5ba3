"""Joining on one's own phone: what is asked and mended, what is recorded, and that once is once.

Owns: the join page over real HTTP. Does not own: single mistakes of phones and days (the domain's
tests), the card it ends at (test_card_page.py).
"""

from __future__ import annotations

import threading
from datetime import date

import pytest

from app.domain import effects as do
from app.domain.codes import Code, CodeKind, parse_code
from app.domain.facts import ConsentChanged, MemberJoined
from app.domain.keyed_hash import phone_claim
from app.domain.member import BirthdayOn, PersonalData
from app.domain.view import view
from sync.server.page_token import TRIES_MAX
from sync.server.pages.link import JOIN_MS
from tests.sync.server.pages.members import CLAIM_SECRET, STORE, WANG, add_member
from tests.sync.server.pages.served import (
    EN,
    ZH,
    PhoneShop,
    fields_of,
    program,
    text_of,
    ticked_on,
)

LI = {
    "phone": "139 0013 9000", "name": "李雷", "salutation": "mr", "calendar": "lunar", "month": "8",
    "day": "15", "membership": "1",
}  # fmt: skip


def filled(shop: PhoneShop, link: str, **changed: str) -> dict[str, str]:
    """The form as a browser sends it, filled in by Li Lei."""
    return fields_of(shop.get(link).text) | LI | changed


def without(fields: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in fields.items() if name not in names}


def test_a_new_member_is_recorded_with_everything_he_said(shop: PhoneShop) -> None:
    link = shop.link("join")
    sent = shop.post(link, filled(shop, link))
    assert sent.status_code == 303
    (fact,) = shop.members.facts
    assert isinstance(fact, MemberJoined)
    assert (fact.channel, fact.store, fact.day, fact.staff) == (
        "web", STORE, date(2026, 11, 22), None,
    )  # fmt: skip
    assert fact.claims == (phone_claim(CLAIM_SECRET, "+8613900139000"),)
    card = parse_code(fact.card)
    assert isinstance(card, Code) and card.kind is CodeKind.MEMBER
    assert shop.members.person(fact.member or "") == PersonalData(
        phone="+8613900139000",
        name="李雷",
        birthday=BirthdayOn(month=8, day=15, lunar=True),
        salutation="mr",
    )
    given = [each for each in fact.effects if isinstance(each, do.ConsentGiven)]
    text = shop.pages.consent_texts["membership"]
    assert [(each.purpose, each.text_version, each.text_hash) for each in given] == [
        ("membership", text.version, text.hash)
    ]


def test_the_welcome_pack_is_there_at_once(shop: PhoneShop) -> None:
    link = shop.link("join")
    card = shop.post(link, filled(shop, link)).headers["Location"]
    member = shop.members.joined()[0].member or ""
    seen = view(shop.members.account(member), program(), date(2026, 11, 22))
    assert seen.balance == program().welcome.points > 0
    assert [each.offer_id for each in seen.coupons] == list(program().welcome.offers)
    said = text_of(shop.get(card, EN).text)
    assert "Welcome! You are a member now." in said and "50 points" in said
    assert "last day 2026-12-22" in said
    assert "李*" in said


def test_what_is_voluntary_is_given_apart(shop: PhoneShop) -> None:
    link = shop.link("join")
    shop.post(link, filled(shop, link, marketing="1"))
    joined, agreed = shop.members.facts
    assert isinstance(agreed, ConsentChanged) and agreed.channel == "web"
    assert agreed.member == joined.member
    (effect,) = agreed.effects
    assert isinstance(effect, do.ConsentGiven)
    text = shop.pages.consent_texts["marketing"]
    assert (effect.purpose, effect.text_version, effect.text_hash) == (
        "marketing", text.version, text.hash,
    )  # fmt: skip
    account = shop.members.account(joined.member or "")
    assert view(account, program(), joined.day).consents == {"membership", "marketing"}


@pytest.mark.parametrize("headers", [EN, ZH], ids=["en", "zh"])
def test_nothing_is_ticked_and_the_texts_stand_in_full(
    shop: PhoneShop, headers: dict[str, str]
) -> None:
    page = shop.get(shop.link("join"), headers)
    assert ticked_on(page.text) == {"calendar", "salutation"}
    language = "zh_CN" if headers is ZH else "en"
    for text in shop.pages.consent_texts.values():
        assert " ".join(dict(text.texts)[language].split()) in text_of(page.text)


# ------------------------------------------------------------------ mistakes

MISTAKES = [
    pytest.param({"phone": ""}, "phone", "Please type your mobile number.", id="no phone"),
    pytest.param({"phone": "1390013"}, "phone", "this one has 7", id="short phone"),
    pytest.param({"phone": "139oo139000"}, "phone", "take out oo", id="letters"),
    pytest.param({"phone": "12900139000"}, "phone", "begins with 12", id="no such segment"),
    pytest.param({"phone": "+4915112345678"}, "phone", "from abroad", id="overseas"),
    pytest.param({"name": "李" * 41}, "name", "at most 40 characters", id="long name"),
    pytest.param({"day": ""}, "birthday", "choose month and day", id="half a birthday"),
    pytest.param({"day": "31"}, "birthday", "no such day", id="no such lunar day"),
    pytest.param({"month": "²"}, "birthday", "choose month and day", id="no number"),
    pytest.param({"month": "99999999999"}, "birthday", "no such day", id="huge number"),
]


@pytest.mark.parametrize(("changed", "field", "says"), MISTAKES)
def test_a_mistake_names_its_field_and_cure_and_keeps_what_was_typed(
    shop: PhoneShop, changed: dict[str, str], field: str, says: str
) -> None:
    link = shop.link("join")
    fields = filled(shop, link, marketing="1") | changed
    page = shop.post(link, fields)
    assert page.status_code == 422
    assert says in text_of(page.text)
    assert f'href="#{field}"' in page.text and f'id="{field}_wrong"' in page.text
    shown = fields_of(page.text)
    kept = without(fields, "month", "day")
    assert {name: shown.get(name) for name in kept} == kept
    assert shop.members.facts == []
    mended = shown | LI
    assert shop.post(link, mended).status_code == 303


def test_without_the_consent_nobody_joins(shop: PhoneShop) -> None:
    link = shop.link("join")
    page = shop.post(link, without(filled(shop, link), "membership"))
    assert page.status_code == 422 and shop.members.facts == []
    assert "Membership needs this consent." in text_of(page.text)
    assert 'href="#membership"' in page.text


def test_a_text_changed_meanwhile_is_read_again(shop: PhoneShop) -> None:
    link = shop.link("join")
    page = shop.post(link, filled(shop, link, text_marketing="0" * 64, marketing="1"))
    assert page.status_code == 422 and shop.members.facts == []
    assert "This text was changed a moment ago." in text_of(page.text)
    assert "marketing" not in ticked_on(page.text) and "membership" in ticked_on(page.text)


@pytest.mark.parametrize("headers", [EN, ZH], ids=["en", "zh"])
def test_a_known_phone_is_told_kindly_and_nothing_else(
    shop: PhoneShop, headers: dict[str, str]
) -> None:
    add_member(shop.members, WANG)
    before = len(shop.members.facts)
    link = shop.link("join")
    page = shop.post(link, filled(shop, link, phone="13800138000"), headers)
    said = text_of(page.text)
    assert page.status_code == 422 and len(shop.members.facts) == before
    assert ("Nice to see you again" if headers is EN else "又见面了") in said
    told = "This number has a membership" if headers is EN else "这个手机号已经是会员"
    assert said.count(told) == 1, "it is no mistake, and said once"
    for secret in ("王", "芳", "2,340", "Silver", "银卡", shop.members.joined()[0].card):
        assert secret not in said
    assert shop.post(link, filled(shop, link)).status_code == 303, "a mistyped number is mended"


def test_one_link_does_not_tell_of_a_whole_telephone_book(shop: PhoneShop) -> None:
    add_member(shop.members, WANG)
    link = shop.link("join")
    fields = filled(shop, link, phone="13800138000")
    answers = [shop.post(link, fields).status_code for _ in range(TRIES_MAX + 1)]
    assert answers == [422] * TRIES_MAX + [410]


# ------------------------------------------------------------------ once is once


def test_the_same_form_twice_is_one_member(shop: PhoneShop) -> None:
    link = shop.link("join")
    fields = filled(shop, link)
    first, second = shop.post(link, fields), shop.post(link, fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(shop.members.joined()) == 1


def test_the_same_form_at_one_moment_is_one_member(shop: PhoneShop) -> None:
    link = shop.link("join")
    fields, places = filled(shop, link), []
    posts = [
        threading.Thread(target=lambda: places.append(shop.post(link, fields).headers["Location"]))
        for _ in range(6)
    ]
    for each in posts:
        each.start()
    for each in posts:
        each.join()
    assert len(set(places)) == 1 and len(places) == 6
    assert len(shop.members.joined()) == 1


def test_a_used_link_shows_nobody_the_card(shop: PhoneShop) -> None:
    """Somebody who photographed the code on the till opens it later."""
    link = shop.link("join")
    shop.post(link, filled(shop, link))
    page = shop.get(link)
    assert page.status_code == 410 and "This link was used already" in page.text
    stranger = LI | {"submission": "C" * 22, "phone": "13700137000"}
    answer = shop.post(link, stranger)
    assert answer.status_code == 410 and "Location" not in answer.headers
    assert len(shop.members.joined()) == 1


def test_an_old_link_takes_nobody(shop: PhoneShop) -> None:
    link = shop.link("join")
    fields = filled(shop, link)
    shop.clock.now_ms += JOIN_MS
    assert shop.post(link, fields).status_code == 410
    assert "This link has ended" in shop.get(link).text and shop.members.facts == []


def test_a_form_without_its_number_is_only_shown_again(shop: PhoneShop) -> None:
    link = shop.link("join")
    page = shop.post(link, LI)
    assert page.status_code == 200 and shop.members.facts == []
    assert fields_of(page.text)["phone"] == LI["phone"]


def test_switching_the_language_keeps_what_was_typed(shop: PhoneShop) -> None:
    link = shop.link("join")
    fields = filled(shop, link, marketing="1") | {"switch": "1", "phone": "139"}
    page = shop.post(f"{link}?lang=zh", fields)
    assert page.status_code == 200 and shop.members.facts == []
    assert "成为会员" in page.text and "手机号应为" not in page.text
    shown = fields_of(page.text)
    assert {name: shown.get(name) for name in ("phone", "name", "month", "marketing")} == {
        "phone": "139", "name": "李雷", "month": "8", "marketing": "1",
    }  # fmt: skip


def test_what_was_typed_is_never_a_part_of_the_page(shop: PhoneShop) -> None:
    link = shop.link("join")
    nasty = '"><script>alert(1)</script>'
    page = shop.post(link, filled(shop, link, phone=nasty, name=nasty, salutation=nasty))
    assert "<script>" not in page.text
    name = fields_of(page.text)["name"]
    assert name == nasty


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(b"a=" + b"x" * 20_000, 413, id="too large"),
        pytest.param(b"&".join(b"a%d=1" % at for at in range(50)), 400, id="too many fields"),
        pytest.param(b"phone=\xff\xfe", 400, id="no text"),
        pytest.param(b"", 200, id="nothing"),
        pytest.param(b"{}", 200, id="no form"),
    ],
)
def test_a_broken_form_gets_a_page(shop: PhoneShop, data: bytes, status: int) -> None:
    import requests

    answer = requests.post(shop.url + shop.link("join"), data=data, headers=EN, timeout=60)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert shop.members.facts == []


def test_two_numbers_are_two_members(shop: PhoneShop) -> None:
    for phone in ("13900139001", "13900139002"):
        link = shop.link("join")
        assert shop.post(link, filled(shop, link, phone=phone)).status_code == 303
    joined = shop.members.joined()
    assert len({each.member for each in joined}) == len({each.card for each in joined}) == 2
