"""The end of messages: one tap, for whoever got the message and nobody else."""

from __future__ import annotations

import pytest

from app.domain import effects as do
from app.domain.facts import ConsentChanged
from sync.server.messages.stop_link import STOP_MS, put_stop_link, stop_path
from tests.sync.server.pages.members import NOON_MS, WANG, add_member
from tests.sync.server.pages.served import EN, ZH, BothBooks, PhoneShop, fields_of, text_of


def a_link(shop: PhoneShop, member: str, message: str = "birthday:2026") -> str:
    """The link in a message to him; the path only."""
    books = shop.pages.database
    assert isinstance(books, BothBooks)
    return stop_path(
        books.database.write(
            lambda c: put_stop_link(
                c, books.tenant, shop.pages.secret, (member, message), shop.clock.now_ms
            )
        )
    )


def agreeing(shop: PhoneShop) -> str:
    """A member who agreed to messages."""
    member = add_member(shop.members, WANG)
    agrees(shop, member)
    return member


def agrees(shop: PhoneShop, member: str) -> None:
    joined = next(each for each in shop.members.joined() if each.member == member)
    given = do.ConsentGiven(
        consent=f"c-{member}", purpose="marketing", text_version="2", text_hash="ab"
    )
    said = ConsentChanged(
        op_id=member[:-4] + "beef", store=joined.store, day=joined.day, clock=joined.clock,
        member=member, effects=(given,),
    )  # fmt: skip
    shop.members.write_facts([said], [])


def withdrawn(shop: PhoneShop, member: str) -> int:
    return len(shop.members.account(member).withdrawn)


def test_one_tap_ends_them(shop: PhoneShop) -> None:
    member = agreeing(shop)
    link = a_link(shop, member)
    page = shop.get(link, ZH)
    assert "不再接收" in text_of(page.text)
    assert withdrawn(shop, member) == 0, "a look at it ends nothing"
    done = shop.post(link, fields_of(page.text), ZH)
    assert (done.status_code, withdrawn(shop, member)) == (200, 1)
    assert "已退订" in text_of(done.text)
    fact = shop.members.agreed()[-1]
    assert (fact.channel, fact.member, fact.staff) == ("web", member, None)
    # Again, by the same link or an older one, is the same.
    for again in (link, a_link(shop, member, "welcome")):
        assert "unsubscribed" in text_of(shop.get(again, EN).text)
        assert shop.post(again, {}).status_code == 200
    assert len(shop.members.agreed()) == 2


def test_a_mail_program_asks_by_itself(shop: PhoneShop) -> None:
    member = agreeing(shop)
    sent = shop.post(a_link(shop, member), {"List-Unsubscribe": "One-Click"})
    assert (sent.status_code, withdrawn(shop, member)) == (200, 1)


def test_it_speaks_for_one_member(shop: PhoneShop) -> None:
    one, other = agreeing(shop), agreeing(shop)
    links = {a_link(shop, one), a_link(shop, one, "welcome"), a_link(shop, other)}
    assert len(links) == 3
    shop.post(a_link(shop, one), {})
    assert (withdrawn(shop, one), withdrawn(shop, other)) == (1, 0)


@pytest.mark.parametrize("path", ["/p/stop/AAAAAAAAAAAAAAAAAAAAAA", "/p/stop/x"])
def test_a_guess_opens_nothing(shop: PhoneShop, path: str) -> None:
    agreeing(shop)
    assert shop.get(path).status_code == 404
    assert shop.post(path, {}).status_code == 404


def test_a_link_of_another_kind_ends_nothing(shop: PhoneShop) -> None:
    member = agreeing(shop)
    claim = shop.link("claim", member).replace("/claim/", "/stop/")
    assert shop.post(claim, {}).status_code == 404
    assert shop.get(a_link(shop, member).replace("/stop/", "/card/")).status_code == 404


def test_after_a_year_and_for_who_was_erased(shop: PhoneShop) -> None:
    member = agreeing(shop)
    link = a_link(shop, member)
    shop.members.status[member] = "erased"
    assert shop.post(link, {}).status_code == 200
    assert withdrawn(shop, member) == 0
    shop.clock.now_ms = NOON_MS + STOP_MS
    assert shop.get(link).status_code == 410


def test_of_members_made_one_the_survivor_is_meant(shop: PhoneShop) -> None:
    survivor, merged = agreeing(shop), add_member(shop.members, WANG)
    shop.members.survivors[merged] = survivor
    shop.post(a_link(shop, merged), {})
    assert withdrawn(shop, survivor) == 1
