"""People for tests of messages: who agreed to what, with addresses, in the server's own tables.

Owns: those builders, and a post over both sinks. Does not own: databases, sinks, what is asserted.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain import effects as do
from app.domain.facts import ConsentChanged, MemberJoined
from app.domain.ids import uuid7
from app.domain.member import PersonalData
from app.domain.message import Channel
from app.wording import load
from sync.protocol import MemberKey
from sync.server.database import ServerDatabase
from sync.server.house import house_of
from sync.server.message import NewMessage, enqueue, message_table
from sync.server.messages.carrier import MessageSender
from sync.server.messages.post_settings import MessageSettings, Smtp, Webhook
from sync.server.messages.sending import LEASE_S, Post, send_due
from sync.server.messages.smtp import SmtpSender
from sync.server.messages.webhook import WebhookSender
from sync.server.secret import ServerSecret
from tests.domain.heart_builders import NOON_MS, STORE, moment
from tests.sync.server.asking import TODAY
from tests.sync.server.members import sealed
from tests.sync.server.messages.sinks import SECRET, Sink
from tests.sync.server.tills import Chain, Till

WHOLE_S = 0.4
"""So long a test gives a conversation."""
HOUR_MS = 3_600_000
MORNING_MS = NOON_MS - NOON_MS % 86_400_000 + 28 * HOUR_MS
"""Noon in Shanghai, on the day that the builders call today."""


@dataclass
class People:
    """A chain with members, and what may be sent to them."""

    database: ServerDatabase
    tenant: str
    now_ms: int = MORNING_MS
    secret: ServerSecret = field(default_factory=lambda: ServerSecret(secrets.token_bytes(32)))
    ids: dict[str, str] = field(default_factory=dict)
    till: Till = field(default_factory=lambda: Till("till-02"))

    @property
    def chain(self) -> Chain:
        return Chain(self.database, self.tenant, house=house_of(self.secret))

    def op(self) -> str:
        return uuid7(NOON_MS + len(self.till.ops), len(self.till.ops) + 1)

    def join(self, *people: Joining) -> None:
        """Let them join, in one push."""
        said, keys = len(self.till.ops), []
        for each in people:
            member = uuid7(NOON_MS, 50_000 + len(self.ids))
            self.ids[each.name] = member
            key = MemberKey(member=member, key_id=f"k-{member}", secret=secrets.token_bytes(32))
            keys.append(key)
            given = tuple(
                do.ConsentGiven(
                    consent=f"{member}-{purpose}", purpose=purpose, text_version="2", text_hash="ab"
                )
                for purpose in each.consents
            )
            self.till.record(
                MemberJoined(
                    op_id=self.op(), store=STORE, day=TODAY, clock=moment(), member=member,
                    card=f"M{len(self.ids):012}", effects=(do.Joined(), *given),
                    profile=sealed(each.person, key),
                )
            )  # fmt: skip
        self.chain.push(self.till, self.till.ops[said:], keys=tuple(keys))

    def withdraw(self, name: str) -> None:
        """He changes his mind at a till."""
        member = self.ids[name]
        ended = do.ConsentsEnded(consents=(f"{member}-marketing",))
        fact = ConsentChanged(
            op_id=self.op(), store=STORE, day=TODAY, clock=moment(), member=member, effects=(ended,)
        )
        self.till.record(fact)
        self.chain.push(self.till, self.till.ops[-1:])

    def want(self, name: str, **changes: Any) -> int:
        """Ask for a message of a campaign; how many are new."""
        said: dict[str, Any] = {
            "kind": "campaign", "occasion": "double-11", "campaign": "double-11",
            "variables": {"text_zh": "双倍积分！", "text_en": "Double points!"},
        }  # fmt: skip
        wanted = NewMessage(self.ids[name], **(said | changes))
        return self.database.write(
            lambda c: enqueue(c, self.tenant, [wanted], self.now_ms, house_of(self.secret))
        )

    def rows(self) -> list[dict[str, Any]]:
        return self.chain.rows(message_table)

    def states(self) -> dict[str, str]:
        """By name: the state of what was asked for, and why."""
        names = {member: name for name, member in self.ids.items()}
        return {names[row["member"]]: f"{row['state']} {row['why']}".strip() for row in self.rows()}

    def post(self, senders: dict[Channel, MessageSender], **settings: Any) -> Post:
        """Everything sending stands on. Each read of the clock is the moment of the test."""
        said = MessageSettings(**({"sms": "webhook", "email": "smtp"} | settings))
        return Post(
            self.database, self.tenant, "人民路店", self.secret, house_of(self.secret), said,
            senders, "https://vip.renmin.example", load, lambda: self.now_ms, retry_s=(1.0, 30.0),
        )  # fmt: skip

    def until_nothing_waits(self, post: Post, passes: int = 60, **said: Any) -> None:
        """Pass after pass, half a day apart where nothing else happens."""
        for _ in range(passes):
            down = send_due(post, **said).down
            left = [row for row in self.rows() if row["state"] in ("waiting", "sending")]
            if not left:
                return
            self.now_ms += max(LEASE_S * 1000, *(each - self.now_ms for each in down.values()), 0)


@dataclass(frozen=True)
class Joining:
    """Somebody who joins."""

    name: str
    person: PersonalData
    consents: tuple[str, ...] = ("membership", "marketing")


def joining(name: str, number: int, **changes: Any) -> Joining:
    """With a phone, unless something else is said."""
    person = changes.pop("person", PersonalData(phone=f"+86138{number:08}", name=name))
    return replace(Joining(name, person), **changes)


def by_webhook(sink: Sink, now_s: Callable[[], int] = lambda: 1_795_320_000) -> WebhookSender:
    """A sender to the sink."""
    url = f"http://127.0.0.1:{sink.port}/send"
    return WebhookSender(Webhook(url=url, secret=SECRET), now_s, WHOLE_S)


def by_mail(sink: Sink, now_s: Callable[[], int] = lambda: 1_795_320_000) -> SmtpSender:
    """A sender to the sink."""
    said = Smtp(
        host="127.0.0.1", port=sink.port, security="none",
        sender="人民路店 <news@renmin.example>",
    )  # fmt: skip
    return SmtpSender(said, now_s, WHOLE_S)
