"""Settings: what is wrong with a file is said with its place, and nothing secret lies in plain."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.wording import load
from sync.commands.message import SAMPLE, shown
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.messages.post import NoPost, post_of
from sync.server.messages.post_settings import (
    MessageSettings,
    WrongSettings,
    keep_settings,
    kept_settings,
    read_settings,
)
from sync.server.messages.sms_file import SmsFileSender
from sync.server.messages.smtp import SmtpSender
from sync.server.messages.webhook import WebhookSender
from sync.server.secret import ServerSecret, system_chance
from sync.server.tenant import Tenant, set_public_url, the_tenant
from tests.sync.server.conftest import KINDS

HOOK = '[webhook]\nurl = "{url}"\nsecret = "{secret}"\n'
MAIL = '[smtp]\nhost = "{host}"\nsender = "{sender}"\nsecurity = "{security}"\n'
GOOD_SECRET = "sixteen letters or more"


def hook(url: str = "https://sms.example/send", secret: str = GOOD_SECRET) -> str:
    return HOOK.format(url=url, secret=secret)


def mail(**changes: str) -> str:
    said = {"host": "mail.example", "sender": "Shop <news@shop.example>", "security": "tls"}
    return MAIL.format(**(said | changes))


WRONG = {
    "no toml": ("kinds = [", ""),
    "a kind there is not": ('kinds = ["lottery"]', "kinds[0]"),
    "a word there is not": ("quiet = 1", ""),
    "no hour": ('quiet_from = "25:00"', "quiet_from"),
    "too many": ("most_in_30_days = 100", "most_in_30_days"),
    "no part": ('sms = "webhook"', "sms"),
    "in plain": (hook("http://sms.example/send"), "webhook.url"),
    "no machine": (hook("https:///send"), "webhook.url"),
    "a name in it": (hook("https://me:pass@sms.example"), "webhook.url"),
    "no address at all": (hook("https://[sms"), "webhook.url"),
    "a short secret": (hook(secret="short"), "webhook.secret"),
    "mail in plain": (mail(security="none"), "smtp.security"),
    "no sender": (mail(sender="the shop"), "smtp.sender"),
    "two lines": (mail(sender="a@b.example\\nBcc: c@d.example"), "smtp.sender"),
    "no folder": ('[file]\nfolder = "/no/such/folder"', "file.folder"),
    "a place there is not": ('[words.birthday]\nzh = "{name}"\nen = "x"', "words.birthday.zh"),
    "a place without a name": ('[words.birthday]\nzh = "x"\nen = "{}"', "words.birthday.en"),
    "no link to answer by": ('[words.survey]\nzh = "如何？{link}"\nen = "How?"', "words.survey.en"),
    "half a brace": ('[words.birthday]\nzh = "{shop"\nen = "x"', "words.birthday.zh"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_its_place(case: str) -> None:
    text, where = WRONG[case]
    answer = read_settings(text.encode())
    assert isinstance(answer, WrongSettings)
    assert answer.where == where
    assert load("zh_CN").t(answer.why, **dict(answer.named))


def test_the_sample_is_good_but_for_its_folder(tmp_path: Path) -> None:
    read = read_settings(SAMPLE.replace("/srv/sms", str(tmp_path)).encode())
    assert isinstance(read, MessageSettings)
    said: Any = shown(read)
    assert (said["smtp"]["password"], said["webhook"]["secret"]) == ("***", "***")
    assert read.channels == ("sms", "email")


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_kept_is_read_by_this_server_alone(
    brought_up: Callable[[str], ServerDatabase], kind: str
) -> None:
    database, secret = brought_up(kind), ServerSecret(bytes(32))

    def made(connection: Any) -> Tenant:
        found = the_tenant(connection, secret, name="店", now_ms=1, chance=system_chance)
        assert isinstance(found, Tenant)
        return found

    tenant = database.write(made).tenant
    assert post_of(database, secret, tenant, load) == NoPost("no_settings")
    settings = read_settings(f'sms = "webhook"\nemail = "smtp"\n{hook()}{mail()}'.encode())
    assert isinstance(settings, MessageSettings)

    def keep(said: MessageSettings) -> None:
        database.write(lambda c: keep_settings(c, tenant, secret, said, system_chance))

    keep(MessageSettings())
    assert post_of(database, secret, tenant, load) == NoPost("no_way")
    keep(settings)
    assert post_of(database, secret, tenant, load) == NoPost("no_address")
    database.write(lambda c: set_public_url(c, tenant, "https://vip.renmin.example"))
    post = post_of(database, secret, tenant, load)
    assert not isinstance(post, NoPost)
    ways = {channel: type(sender) for channel, sender in post.senders.items()}
    assert ways == {"sms": WebhookSender, "email": SmtpSender}
    with database.engine.connect() as connection:
        rows = connection.execute(t.server_state.select()).mappings().all()
    assert not any(GOOD_SECRET in str(row) for row in rows)
    other = ServerSecret(bytes(range(32)))
    assert database.read(lambda c: kept_settings(c, tenant, other)) is None


def test_a_list_for_a_provider(tmp_path: Path) -> None:
    from sync.server.messages.post import senders_of

    settings = read_settings(f'sms = "file"\n[file]\nfolder = "{tmp_path}"'.encode())
    assert isinstance(settings, MessageSettings)
    assert isinstance(senders_of(settings, lambda: 0)["sms"], SmsFileSender)
