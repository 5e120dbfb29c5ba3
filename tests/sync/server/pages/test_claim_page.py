"""Claiming a card: a one-time link that shows nothing before it is used, and is used once.

Owns: the claim page and the links tills get. Does not own: the card it ends at.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from sync.protocol import PageGiven, PageWanted
from sync.server.page_token import PageKind
from sync.server.pages.link import CLAIM_MS, JOIN_MS, give_page
from sync.server.pages.ports import PageWork
from tests.sync.server.pages.members import NOON_MS, STORE, WANG, add_member
from tests.sync.server.pages.served import PUBLIC, PhoneShop, fields_of, text_of


@pytest.fixture
def wang(shop: PhoneShop) -> str:
    return add_member(shop.members, WANG)


def test_looking_uses_nothing_up_and_shows_nothing(shop: PhoneShop, wang: str) -> None:
    link = shop.link("claim", wang)
    looks = [shop.get(link) for _ in range(3)]  # a messenger looks at links before people do
    for page in looks:
        assert page.status_code == 200
        assert "王" not in page.text and "2,340" not in page.text
    assert shop.post(link, fields_of(looks[0].text)).status_code == 303


def test_the_button_pressed_twice_is_one_use(shop: PhoneShop, wang: str) -> None:
    link = shop.link("claim", wang)
    fields = fields_of(shop.get(link).text)
    places = {shop.post(link, fields).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert "2,340 points" in text_of(shop.get(places.pop()).text)


def test_another_phone_comes_too_late(shop: PhoneShop, wang: str) -> None:
    link = shop.link("claim", wang)
    mine, theirs = fields_of(shop.get(link).text), fields_of(shop.get(link).text)
    assert shop.post(link, mine).status_code == 303
    late = shop.post(link, theirs)
    assert late.status_code == 410 and "This link was used already" in late.text
    assert shop.get(link).status_code == 410


def test_a_button_of_nobody_uses_nothing(shop: PhoneShop, wang: str) -> None:
    link = shop.link("claim", wang)
    assert shop.post(link, {}).status_code == 200
    assert shop.get(link).status_code == 200


def test_an_old_link_opens_nothing(shop: PhoneShop, wang: str) -> None:
    link = shop.link("claim", wang)
    fields = fields_of(shop.get(link).text)
    shop.clock.now_ms += CLAIM_MS
    assert shop.get(link).status_code == 410 and shop.post(link, fields).status_code == 410


@pytest.mark.parametrize("kind", ["join", "card"])
def test_a_link_opens_only_its_own_page(shop: PhoneShop, wang: str, kind: PageKind) -> None:
    link = shop.link("claim", wang).replace("claim", kind)
    assert shop.get(link).status_code == 404


# ------------------------------------------------------------------ what a till gets


def give(shop: PhoneShop, asked: PageWanted, work: PageWork) -> PageGiven:
    return give_page(work, shop.pages, asked, store=STORE)


def test_a_till_gets_a_whole_address_and_when_it_ends(shop: PhoneShop, wang: str) -> None:
    for asked, lives_ms in (
        (PageWanted(page="join"), JOIN_MS),
        (PageWanted(page="claim", member=wang), CLAIM_MS),
    ):
        given = shop.pages.database.write(partial(give, shop, asked))
        assert given.url is not None and given.url.startswith(f"{PUBLIC}/p/{asked.page}/")
        assert (given.ends_ms, given.server_ms) == (NOON_MS + lives_ms, NOON_MS)
        assert len(given.url) <= 100, "a QR of few modules"


@pytest.mark.parametrize(
    ("member", "status", "code"),
    [
        pytest.param(None, "active", "unknown_member", id="nobody named"),
        pytest.param("01a1fc42-0000-7000-8000-00000000ffff", "active", "unknown_member", id="none"),
        pytest.param("wang", "erased", "unknown_member", id="erased"),
    ],
)
def test_no_link_for_who_is_no_member(
    shop: PhoneShop, wang: str, member: str | None, status: str, code: str
) -> None:
    if status == "erased":
        shop.members.status[wang] = "erased"
    asked = PageWanted(page="claim", member=wang if member == "wang" else member)
    given = shop.pages.database.write(lambda work: give_page(work, shop.pages, asked, store=STORE))
    assert given.url is None and given.refusal is not None and given.refusal.code == code


def test_a_server_no_phone_can_reach_gives_no_links(shop: PhoneShop) -> None:
    pages = replace(shop.pages, public_url=None)
    given = pages.database.write(
        lambda work: give_page(work, pages, PageWanted(page="join"), store=STORE)
    )
    assert given.refusal is not None and given.refusal.code == "no_public_url"
