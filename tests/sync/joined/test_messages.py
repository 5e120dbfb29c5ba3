"""A choice made at one till holds at head office and at the other till; both see what was sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.domain.message import MessageChoice
from app.domain.message_record import MessagesTold
from app.domain.server_answer import NoAnswer
from app.services.answers import Changed
from app.services.message import MemberMessages, ask_messages, choose_messages, member_messages
from app.wording import load
from sync.server.message import NewMessage, enqueue, ids_of_person
from sync.server.messages.carrier import Carried, Outgoing, Sent
from sync.server.messages.post_settings import MessageSettings
from sync.server.messages.recipient import recipient
from sync.server.messages.sending import Post, send_due
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, a_chain

pytestmark = pytest.mark.slow
EMAIL = "zhang@mail.example"
CHOICE = MessageChoice(channels=("email",), most=1, language="en")


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


class Mailbox:
    """A way of sending that keeps what it is given."""

    at_once_max = 1

    def __init__(self) -> None:
        self.got: list[Outgoing] = []

    def send(self, messages: Sequence[Outgoing], batch: str) -> Sequence[Carried]:
        self.got.extend(messages)
        return [Sent()] * len(messages)


def shown(counter: Counter, member: str) -> MemberMessages:
    told = counter.do(member_messages, member_id=member)
    assert isinstance(told, MemberMessages)
    return told


def ask(counter: Counter, member: str) -> object:
    return ask_messages(shop=counter.real.shop, member_id=member)


def send(chain: Chain, member: str, box: Mailbox) -> None:
    ready = chain.office.ready
    now_ms, tenant = chain.story.wall_ms(), ready.tenant.tenant
    wanted = [NewMessage(member, "campaign", f"week-{n}", {"text_en": "News"}) for n in (1, 2)]
    ready.database.write(lambda c: enqueue(c, tenant, wanted, now_ms, ready.house))
    said = MessageSettings(email="smtp", quiet_from="00:00", quiet_until="00:00")
    post = Post(
        ready.database, tenant, "人民路店", ready.secret, ready.house, said, {"email": box},
        "https://vip.example", load, lambda: now_ms,
    )  # fmt: skip
    send_due(post)


def test_a_choice_holds_everywhere_and_both_tills_see_what_was_sent(chain: Chain) -> None:
    (first, second), member = chain.both, chain.member()
    for counter in chain.both:
        counter.real.sign_in("王芳")
    first.line.switch(on=False)
    assert isinstance(ask(first, member), NoAnswer)
    chosen = first.do(choose_messages, member_id=member, choice=CHOICE, email=EMAIL)
    assert isinstance(chosen, Changed)
    first.line.switch(on=True)
    first.line.sync_now()
    first.until_sent()
    second.until(lambda: shown(second, member).choice == CHOICE, "the other till heard")
    assert shown(second, member).email_masked == "z***@mail.example"
    ready = chain.office.ready
    to = ready.database.read(
        lambda c: recipient(
            c, ready.tenant.tenant, ids_of_person(c, ready.tenant.tenant, member), ready.house
        )
    )
    assert (to.choice, to.addresses["email"]) == (CHOICE, EMAIL)
    box = Mailbox()
    send(chain, member, box)
    agrees = shown(first, member).agrees
    assert [each.to for each in box.got] == ([EMAIL] if agrees else [])
    for counter in chain.both:
        told = ask(counter, member)
        assert isinstance(told, MessagesTold)
        assert len(told.records) == 2
        assert shown(counter, member).records == told.records
    # He wants one in 30 days: the second waits for its turn, if he agrees to any.
    states = sorted(each.state for each in shown(first, member).records)
    assert states == (["sent", "skipped"] if agrees else ["skipped", "skipped"])
