"""Messages at the till: a member's choice is kept and sent on; what he was sent is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from app.domain.message import MessageChoice
from app.domain.message_record import MessageRecord
from app.domain.server_answer import NoServer
from app.services.answers import Changed, MemberUnknown, NotAllowed, SignInFirst
from app.services.consent import change_consent
from app.services.message import (
    WAYS,
    EmailRefused,
    MemberMessages,
    MostRefused,
    ask_messages,
    choose_messages,
    masked_email,
    member_messages,
    way_of,
)
from app.services.staff import sign_out
from tests.real_shop import RealShop

EMAIL = "zhang@mail.example"


def shown(shop: RealShop, name: str = "张三丰") -> MemberMessages:
    member = shop.members[name]
    told = shop.store.lane.run(
        lambda work: member_messages(shop=shop.shop, work=work, member_id=member)
    )
    assert isinstance(told, MemberMessages)
    return told


@pytest.fixture(autouse=True)
def _at_the_desk(shop: RealShop) -> None:
    """Whose page shows messages: 王芳 is the manager."""
    shop.sign_in("王芳")


def test_they_are_for_whoever_may_see_his_page(shop: RealShop) -> None:
    member = shop.members["张三丰"]
    shop.sign_in()
    assert shop.do(member_messages, member_id=member) == NotAllowed("member_note")
    assert ask_messages(shop=shop.shop, member_id=member) == NotAllowed("member_note")
    shop.do(sign_out)
    assert shop.do(member_messages, member_id=member) == SignInFirst()
    assert ask_messages(shop=shop.shop, member_id=member) == SignInFirst()


def choose(shop: RealShop, choice: MessageChoice, email: str | None = None) -> object:
    member = shop.members["张三丰"]
    return shop.store.lane.run(
        lambda work: choose_messages(
            shop=shop.shop, work=work, member_id=member, choice=choice, email=email
        )
    )


def test_a_choice_is_kept_and_goes_to_head_office(shop: RealShop) -> None:
    before = shown(shop)
    assert (before.choice, before.email_masked, before.records) == (MessageChoice(), "", ())
    choice = MessageChoice(channels=("email",), most=2, language="en")
    assert isinstance(choose(shop, choice, f" {EMAIL} "), Changed)
    now = shown(shop)
    assert (now.choice, now.email_masked) == (choice, "z***@mail.example")
    kinds = shop.store.lane.run(
        lambda work: [fact.kind for fact in work.facts.of_member(shop.members["张三丰"])]
    )
    assert "profile_edit_requested.1" in kinds
    # The address stays where nothing is said of it, and goes where it is taken out.
    choose(shop, MessageChoice())
    assert shown(shop).email_masked == "z***@mail.example"
    choose(shop, MessageChoice(), "")
    assert shown(shop).email_masked == ""


@pytest.mark.parametrize(
    "email",
    ["wang", "@mail.example", "a@b", "a b@mail.example", "a@b@mail.example", "王@mail.example",
     "a@mail.example\nBcc: b@mail.example", "a,b@mail.example", "a" * 250 + "@mail.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_nothing_changes(shop: RealShop, email: str) -> None:
    assert isinstance(choose(shop, MessageChoice(channels=()), email), EmailRefused)
    assert shown(shop).choice == MessageChoice()


@pytest.mark.parametrize("most", [-1, 100])
def test_a_number_that_is_none(shop: RealShop, most: int) -> None:
    assert choose(shop, MessageChoice(most=most)) == MostRefused()


def as_work(change: Callable[..., object]) -> Callable[[Any], object]:
    return lambda work: change(work=work)


def test_consent_says_whether_anything_is_sent_at_all(shop: RealShop) -> None:
    member = shop.members["张三丰"]
    for given in (True, False, True):
        change = partial(
            change_consent, shop=shop.shop, member_id=member, purpose="marketing", given=given
        )
        shop.store.lane.run(as_work(change))
        assert shown(shop).agrees is given


def test_what_was_told_is_shown_as_of_then(shop: RealShop) -> None:
    record = MessageRecord("birthday", "skipped", 1, "no_consent")
    member = shop.members["张三丰"]
    shop.store.lane.run(lambda work: work.messages.put(member, [record], 7))
    assert (shown(shop).records, shown(shop).asked_ms) == ((record,), 7)
    assert ask_messages(shop=shop.shop, member_id=member) == NoServer()
    nobody = shop.store.lane.run(
        lambda work: member_messages(shop=shop.shop, work=work, member_id="nobody")
    )
    assert nobody == MemberUnknown("nobody")


def test_ways_and_masks() -> None:
    for way, channels in WAYS.items():
        assert way_of(MessageChoice(channels=channels)) == way
    assert way_of(MessageChoice(channels=("email", "sms"))) == "both"
    assert masked_email("") == ""
