"""Campaigns tell who is drawn for them: each once, by the ways they chose, while he agrees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.domain import effects as do
from app.domain.campaign_fact import CampaignAnnounced, CampaignDrawn
from app.domain.facts import ConsentChanged
from app.domain.member import PersonalData
from tests.domain.heart_builders import STORE, moment
from tests.sync.server.asking import TODAY
from tests.sync.server.messages.people import HOUR_MS, People, by_mail, by_webhook, joining
from tests.sync.server.messages.sinks import Sink
from tests.sync.server.test_release import let_go

TEXTS = {"text_zh": "好久不见！满50减10。", "text_en": "We miss you! ¥10 off ¥50."}


def common(people: People) -> dict[str, Any]:
    return {
        "op_id": people.op(), "store": STORE, "day": TODAY, "clock": moment(), "staff": "wang"
    }  # fmt: skip


def announced(people: People, campaign: str, **changes: Any) -> CampaignAnnounced:
    said: dict[str, Any] = {
        "channels": ("sms",), "starts": TODAY, "ends": TODAY + timedelta(days=20), **TEXTS
    }  # fmt: skip
    return CampaignAnnounced(**common(people), campaign=campaign, **(said | changes))


def drawn(people: People, campaign: str, *names: str, control: str = "王八") -> CampaignDrawn:
    chosen = tuple(people.ids[name] for name in names)
    return CampaignDrawn(
        **common(people), campaign=campaign, chosen=chosen, control=(people.ids[control],)
    )


def push(people: People, fact: Any) -> None:
    people.chain.push(people.till, [people.till.record(fact)])


def a_few(people: People) -> None:
    by_mail_only = PersonalData(name="钱二", email="qian@mail.example")
    people.join(
        joining("赵一", 1), joining("钱二", 2, person=by_mail_only), joining("孙三", 3),
        joining("李四", 4), joining("王八", 8),
        joining("周五", 5, consents=("membership", "marketing", "profiling")),
    )  # fmt: skip


def refuse(people: People, name: str) -> None:
    """He takes his consent to offers based on purchases back."""
    member = people.ids[name]
    ended = do.ConsentsEnded(consents=(f"{member}-profiling",))
    push(people, ConsentChanged(**common(people), member=member, effects=(ended,)))


def test_each_who_is_drawn_is_told_once_and_nobody_else(
    people: People, hook: Sink, mail: Sink
) -> None:
    a_few(people)
    push(people, announced(people, "a1", is_personal=True))
    said = drawn(people, "a1", "赵一", "钱二", "孙三", "周五")
    op = people.till.record(said)
    people.chain.push(people.till, [op])
    people.chain.push(people.till, [op])
    push(people, drawn(people, "nobody announced it", "李四"))
    push(people, drawn(people, "a1", "赵一", "李四"))
    people.withdraw("孙三")
    refuse(people, "周五")
    post = people.post({"sms": by_webhook(hook), "email": by_mail(mail)})
    people.until_nothing_waits(post)
    assert people.states() == {
        "赵一": "sent", "李四": "sent", "孙三": "skipped no_consent", "周五": "skipped refused",
        "钱二": "skipped no_way",
    }  # fmt: skip
    assert (len(hook.people()), mail.people()) == (2, [])
    rows = people.rows()
    assert {(row["kind"], row["campaign"]) for row in rows} == {("win_back", "a1")}
    bodies = [each["body"] for each in hook.texts.values()]
    assert len(bodies) == 2
    for body in bodies:
        assert body.startswith("人民路店：好久不见！满50减10。\n退订")
        assert "https://vip.renmin.example" in body


def test_it_is_told_from_its_first_day_to_its_last(people_here: People, hook: Sink) -> None:
    people = people_here
    a_few(people)
    later, over = TODAY + timedelta(days=3), TODAY - timedelta(days=1)
    push(people, announced(people, "later", starts=later, channels=("email", "sms")))
    push(people, announced(people, "over", ends=over))
    push(people, drawn(people, "later", "赵一"))
    push(people, drawn(people, "over", "孙三"))
    post = people.post({"sms": by_webhook(hook)}, email=None)
    people.until_nothing_waits(post, passes=1)
    assert people.states() == {"赵一": "waiting", "孙三": "skipped late"}
    people.now_ms += 72 * HOUR_MS
    people.until_nothing_waits(post)
    assert people.states()["赵一"] == "sent"


def test_what_a_held_till_announced_is_told_once_it_is_released(people_here: People) -> None:
    people = people_here
    a_few(people)
    facts: list[Any] = [announced(people, "a1")]
    ops = [people.till.record(facts[0])]
    facts.append(drawn(people, "a1", "赵一"))
    ops.append(people.till.record(facts[1]))
    people.chain.push(people.till, ops, revoked=True)
    assert people.rows() == []
    let_go(people.chain, people.till, *(each.op_id for each in facts))
    assert people.states() == {"赵一": "waiting"}
