"""Inviting on a phone: the member's link and its picture, and a friend who joins by it.

Owns: the story over real HTTP. Does not own: joining (test_join_page.py), what it brings (the
calendar's tests), the look in a browser.
"""

from __future__ import annotations

import re

from sync.server.pages.invite import VISITORS_MAX
from sync.server.pages.ports import PageWork
from sync.server.pages.secret_link import token_hash
from tests.sync.server.pages.members import WANG, add_member
from tests.sync.server.pages.served import PUBLIC, ZH, PhoneShop, fields_of, text_of
from tests.sync.server.pages.test_card_page import scanned
from tests.sync.server.pages.test_join_page import LI

LINK = re.compile(rf'href="({re.escape(PUBLIC)}/p/invite/[\w-]{{22}})"')


def invitation(shop: PhoneShop, card: str) -> str:
    """The member asks for the link on the card; the path only."""
    sent = shop.post(f"{card}/invite", {})
    assert sent.status_code == 303
    found = LINK.search(shop.get(sent.headers["Location"]).text)
    assert found is not None
    return found[1].removeprefix(PUBLIC)


def join_by(shop: PhoneShop, invite: str, phone: str) -> tuple[int, str]:
    """A friend presses the button, fills the form in and sends it: status and page."""
    pressed = shop.post(invite, fields_of(shop.get(invite).text))
    form = pressed.headers["Location"]
    sent = shop.post(form, fields_of(shop.get(form).text) | LI | {"phone": phone})
    return sent.status_code, sent.text


def test_a_friend_who_joins_by_the_link_says_who_sent_him(shop: PhoneShop) -> None:
    wang = add_member(shop.members, WANG)
    card = shop.card_link(wang)
    page = shop.get(card)
    said = text_of(page.text)
    assert "you get 100 points, and 30% of the points of their first order" in said
    assert "0 friends count · this year 0 of 20 rewards" in said
    assert "5 more for 200 points" in said
    assert LINK.search(page.text) is None, "nobody asked for it yet"
    assert shop.get(f"{card}/invite.svg").status_code == 404
    link = invitation(shop, card)
    assert scanned(shop.get(f"{card}/invite.svg").text) == PUBLIC + link
    assert invitation(shop, card) == link, "asked again it is the same"
    asked = text_of(shop.get(link, ZH).text)
    assert f"{WANG.name[0]}*" in asked and "邀请您成为会员" in asked
    assert WANG.name not in asked
    for number, phone in enumerate(("139 0013 9000", "139 0013 9001"), start=1):
        status, text = join_by(shop, link, phone)
        assert status == 303, text
        assert shop.members.joined()[number].referrer == wang, "one link, many friends"
    status, text = join_by(shop, link, "139 0013 9001")
    assert (status, len(shop.members.joined())) == (422, 3), "a member already: nobody is won"


def test_a_link_ends_with_its_member_and_after_so_many_visitors(shop: PhoneShop) -> None:
    wang = add_member(shop.members, WANG)
    link = invitation(shop, shop.card_link(wang))
    form = fields_of(shop.get(link).text)
    pressed = {shop.post(link, form).headers["Location"] for _ in range(3)}
    assert len(pressed) == 1, "pressed twice it is one form"
    shop.members.status[wang] = "frozen"
    assert shop.get(link).status_code == 410
    [join] = pressed
    sent = shop.post(join, fields_of(shop.get(join).text) | LI)
    assert sent.status_code == 303, "who is on the form already joins, won by nobody"
    assert shop.members.joined()[-1].referrer is None
    shop.members.status[wang] = "active"
    assert shop.get(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404
    hashed = token_hash(shop.pages.secret, link.rpartition("/")[2])

    def visited(work: PageWork) -> None:
        for _ in range(VISITORS_MAX):
            work.tokens.count_try(hashed)

    shop.pages.database.write(visited)
    assert shop.get(link).status_code == 410
