"""What members hear of without anybody asking: each occasion once, and only who agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace as with_fields

from app.domain import effects as do
from app.domain.facts import TierGranted
from app.domain.member import BirthdayOn, PersonalData
from app.domain.message import MessageKind
from sync.server.house import house_of
from sync.server.messages.calendar import Looking, look_at_calendar, look_at_news
from sync.server.messages.carrier import Carried, Outgoing, Sent
from sync.server.messages.post_settings import MessageSettings
from sync.server.messages.sending import send_due
from tests.domain.heart_builders import STORE, a_sale, moment, op
from tests.domain.pack_samples import a_trial
from tests.sync.server.asking import TODAY, gift
from tests.sync.server.messages.people import MORNING_MS, Joining, People, by_webhook, joining
from tests.sync.server.messages.sinks import Sink
from tests.sync.server.programs import put_in_force
from tests.sync.server.test_calendar_fact import TOML
from tests.sync.server.tills import DAY_MS, Till, with_clock

ALL: tuple[MessageKind, ...] = (
    "welcome", "birthday", "expiring_points", "review_ahead", "win_back", "receipt_thanks",
)  # fmt: skip


@pytest.fixture
def shop(people: People) -> People:
    put_in_force(people.chain, TOML)
    return people


def look(people: People, *kinds: MessageKind) -> list[str]:
    """The whole pass of a day and everything that came; the names of all messages there are."""
    settings = MessageSettings(kinds=kinds or ALL)
    at = Looking(people.database, people.tenant, house_of(people.secret), settings, people.now_ms)
    while look_at_calendar(at) + look_at_news(at):
        pass
    names = {member: name for name, member in people.ids.items()}
    return sorted(f"{names[row['member']]} {row['message']}" for row in people.rows())


def born_on(month: int, day: int, name: str, number: int, **changes: Any) -> Joining:
    person = PersonalData(phone=f"+86138{number:08}", birthday=BirthdayOn(month, day))
    return joining(name, number, person=person, **changes)


def test_a_birthday_is_wished_once_to_who_agreed(shop: People) -> None:
    shop.join(
        born_on(5, 29, "today", 1), born_on(5, 27, "lately", 2), born_on(5, 20, "long ago", 3),
        born_on(6, 1, "soon", 4), born_on(5, 29, "never asked", 5, consents=("membership",)),
    )  # fmt: skip
    wanted = ["lately birthday:2026", "today birthday:2026"]
    assert look(shop, "birthday") == wanted
    shop.now_ms += DAY_MS
    assert look(shop, "birthday") == wanted


def test_what_is_switched_off_is_not_looked_for(shop: People) -> None:
    shop.join(born_on(5, 29, "today", 1))
    assert look(shop, "win_back") == []
    assert look(shop, "receipt_thanks") == []


def test_points_that_expire_soon(shop: People) -> None:
    shop.join(joining("soon", 1), joining("later", 2))
    till = Till("till-03")
    for number, (name, months) in enumerate({"soon": 0, "later": 2}.items()):
        gained = do.Gained(points=340, expires_in=months)
        till.record(gift(700 + number, gained, member=shop.ids[name]))
    shop.chain.push(till)
    assert look(shop, "expiring_points") == ["soon expiring_points:2026-05-31"]
    hook_text = sent_texts(shop)
    assert hook_text == ["人民路店：您有 340 积分可用至 2026-05-31。"]


def sent_texts(people: People) -> list[str]:
    """What would be sent now, without the link."""

    texts: list[str] = []

    class Reads:
        at_once_max = 1

        def send(self, messages: Sequence[Outgoing], batch: str) -> Sequence[Carried]:
            texts.extend(each.text.body.splitlines()[0] for each in messages)
            return [Sent()] * len(messages)

    send_due(people.post({"sms": Reads()}))
    return texts


def test_the_end_of_a_tier_is_announced_60_and_30_days_ahead(shop: People) -> None:
    shop.join(joining("银卡", 1))
    till = Till("till-03")
    given = do.TierGiven(tier="silver", days=70)
    till.record(
        TierGranted(
            op_id=op(801), store=STORE, day=TODAY, clock=moment(), member=shop.ids["银卡"],
            effects=(given,), reason_type="goodwill",
        )
    )  # fmt: skip
    shop.chain.push(till)
    assert look(shop, "review_ahead") == []
    shop.now_ms += 15 * DAY_MS
    first = look(shop, "review_ahead")
    assert sent_texts(shop) == [
        "人民路店：您的银卡等级将在 2026-08-07 之后复核。如何保级，店里可为您说明。"
    ]
    shop.now_ms += 30 * DAY_MS
    both = look(shop, "review_ahead")
    assert first == ["银卡 review_ahead:2026-08-07:60"]
    assert sorted(both) == ["银卡 review_ahead:2026-08-07:30", *first]


def test_the_end_of_a_trial_is_announced_as_what_it_is(shop: People) -> None:
    shop.join(joining("体验", 1))
    till = Till("till-03")
    tried = {"day": TODAY, "member": shop.ids["体验"], "tier": "silver", "trial": "silver-taste"}
    effects = (do.TierTried(tier="silver", days=20),)
    till.record(a_trial(802, **tried, effects=effects, last_day=TODAY + timedelta(days=20)))
    shop.chain.push(till)
    assert look(shop, "review_ahead") == ["体验 review_ahead:2026-06-18:30"]
    assert sent_texts(shop) == ["人民路店：您的银卡有效期至 2026-06-18，您自己获得的等级不受影响。"]


def test_who_was_not_here_for_three_months(shop: People) -> None:
    shop.join(joining("away", 1), joining("here", 2), joining("gone", 3))
    till = Till("till-03")
    chain = shop.chain
    for number, (name, days) in enumerate({"gone": 130, "away": 95, "here": 10}.items()):
        day = date.fromordinal(TODAY.toordinal() - days)
        till.record(with_fields(a_sale(810 + number, day), member=shop.ids[name]))
        chain.now_ms = MORNING_MS - days * DAY_MS
        chain.push(till, till.ops[-1:])
    assert look(shop, "win_back") == ["away win_back:2026-02-23"]


def test_a_welcome_and_a_thank_you_as_they_come(shop: People, hook: Sink) -> None:
    shop.join(joining("before", 1))
    assert look(shop, "welcome", "receipt_thanks") == []
    shop.join(joining("new", 2), joining("never asked", 3, consents=("membership",)))
    till = Till("till-03")
    for number, name in enumerate(shop.ids):
        till.record(with_fields(a_sale(820 + number, TODAY), member=shop.ids[name]))
    chain, away = shop.chain, Till("till-04")
    old = date.fromordinal(TODAY.toordinal() - 5)
    late = with_clock(a_sale(830, old), MORNING_MS - 5 * DAY_MS)
    away.record(with_fields(late, member=shop.ids["new"]))
    chain.now_ms = shop.now_ms
    chain.push(till)
    chain.push(away)
    sales = [op.op_id for op in till.ops[:2]]
    wanted = sorted(
        [
            f"before receipt_thanks:{sales[0]}", f"new receipt_thanks:{sales[1]}", "new welcome",
            "before welcome",
        ]
    )  # fmt: skip
    assert look(shop, "welcome", "receipt_thanks") == wanted
    assert look(shop, "welcome", "receipt_thanks") == wanted
    shop.until_nothing_waits(shop.post({"sms": by_webhook(hook)}))
    assert len(hook.taken) == 4
