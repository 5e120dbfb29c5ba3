"""The post of a tenant: his settings, and the senders they name.

Owns: which sender stands behind which way, what is missing before anything can be sent. Does not
own: any sender, sending (sending.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from app.domain.message import Channel
from app.wording import Wording
from sync.server.database import ServerDatabase
from sync.server.house import house_of
from sync.server.messages.carrier import MessageSender
from sync.server.messages.post_settings import MessageSettings, kept_settings
from sync.server.messages.sending import Post
from sync.server.messages.sms_file import SmsFileSender
from sync.server.messages.smtp import SmtpSender
from sync.server.messages.webhook import WebhookSender
from sync.server.secret import ServerSecret
from sync.server.tenant import read_tenant


@dataclass(frozen=True, slots=True)
class NoPost:
    """Nothing can be sent: nobody set it up, no way was chosen, or phones cannot reach the page
    that ends messages."""

    why: Literal["no_settings", "no_way", "no_address"]


def wall_ms() -> int:
    """The clock of this machine."""
    return time.time_ns() // 1_000_000


def post_of(
    database: ServerDatabase,
    secret: ServerSecret,
    tenant: str,
    wording: Callable[[str], Wording],
    now_ms: Callable[[], int] = wall_ms,
) -> Post | NoPost:
    """Everything as it is now: settings may be changed while the server runs."""

    def work(connection: Connection) -> tuple[MessageSettings | None, str, str | None]:
        known = read_tenant(connection, tenant)
        return kept_settings(connection, tenant, secret), known.name, known.public_url

    settings, shop, public_url = database.read(work)
    if settings is None:
        return NoPost("no_settings")
    if not settings.channels:
        return NoPost("no_way")
    if public_url is None:
        return NoPost("no_address")
    return Post(
        database, tenant, shop, secret, house_of(secret), settings,
        senders_of(settings, lambda: now_ms() // 1000), public_url, wording, now_ms,
    )  # fmt: skip


def senders_of(
    settings: MessageSettings, now_s: Callable[[], int]
) -> Mapping[Channel, MessageSender]:
    """A sender for each way that was chosen; the settings were checked."""
    ways: Mapping[Channel, str | None] = {"sms": settings.sms, "email": settings.email}
    made: dict[Channel, MessageSender] = {}
    for channel, way in ways.items():
        if way == "webhook" and settings.webhook is not None:
            made[channel] = WebhookSender(settings.webhook, now_s)
        elif way == "smtp" and settings.smtp is not None:
            made[channel] = SmtpSender(settings.smtp, now_s)
        elif way == "file" and settings.file is not None:
            made[channel] = SmsFileSender(settings.file)
    return made
