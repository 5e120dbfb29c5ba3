"""Codes for customers' phones: shown only where a phone reaches the server; in words elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from app.domain.enrolment import Enrolment
from app.domain.phone_page import NoPages, PageAnswer, PageKind, PageLink, PageWanted
from app.domain.server_answer import Declined, NoAnswer, NoServer
from app.services.phone_page import (
    NoPagesHere,
    PagesHere,
    hidden_sentence,
    no_link_sentence,
    pages_by_now,
    phone_link,
    phone_pages,
)
from app.services.server_port import NoServerHere
from app.wording import load
from tests.real_shop import RealShop

PUBLIC = "https://card.example.cn"


class Pages(NoServerHere):
    """A server that answers so."""

    def __init__(self, answer: PageAnswer) -> None:
        self.answer = answer
        self.asked: list[PageWanted] = []

    def page(self, wanted: PageWanted) -> PageAnswer:  # type: ignore[override] # the other has none
        self.asked.append(wanted)
        return self.answer


def belongs(shop: RealShop, public_url: str | None) -> None:
    who = Enrolment("https://head.example.cn", "key", 1, public_url=public_url, server_epoch=1)
    shop.store.lane.run(lambda work: work.enrolment.write(who))


def test_a_shop_of_its_own_shows_no_such_code(shop: RealShop) -> None:
    assert shop.store.lane.run(lambda work: phone_pages(work=work)) == NoPagesHere("no_server")
    assert phone_link(shop=shop.shop, page="join") == NoServer()


@pytest.mark.parametrize(
    ("public_url", "pages"),
    [
        pytest.param(None, NoPagesHere("no_address"), id="no phone reaches it"),
        pytest.param(PUBLIC, PagesHere(PUBLIC), id="with an address"),
    ],
)
def test_a_till_of_a_server_shows_them_where_phones_reach_it(
    shop: RealShop, public_url: str | None, pages: object
) -> None:
    belongs(shop, public_url)
    assert shop.store.lane.run(lambda work: phone_pages(work=work)) == pages


def test_an_address_that_came_later_is_found_by_asking(shop: RealShop) -> None:
    server = Pages(PageLink(f"{PUBLIC}/p/join/abc", 9))
    mine = replace(shop.shop, server=server)
    assert pages_by_now(shop=mine) == PagesHere(PUBLIC)
    server.answer = NoPages()
    assert pages_by_now(shop=mine) == NoPagesHere("no_address")


def test_the_link_of_a_card_names_its_member(shop: RealShop) -> None:
    server = Pages(PageLink(f"{PUBLIC}/p/claim/abc", 9))
    mine = replace(shop.shop, server=server)
    assert phone_link(shop=mine, page="claim", member_id="m1") == server.answer
    assert server.asked == [PageWanted("claim", "m1")]


ANSWERS: list[PageAnswer] = [
    NoPages(), NoServer(), NoAnswer(), Declined("unknown_member"), Declined("something new"),
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_whatever_is_missing_is_said_with_what_to_do(language: str) -> None:
    wording = load(language)
    for page in get_args(PageKind):
        assert no_link_sentence(PageLink("https://x", 1), page, wording) == ""
        assert all(no_link_sentence(answer, page, wording) for answer in ANSWERS)
    hidden = {hidden_sentence(NoPagesHere(why), wording) for why in ("no_server", "no_address")}
    assert len(hidden) == 2
