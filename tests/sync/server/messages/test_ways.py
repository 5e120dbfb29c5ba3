"""The three ways of sending, each by itself: what leaves the house, and what an answer means."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.wording import load
from sync.server.messages.carrier import Carried, NeverTaken, NotNow, Outgoing, Sent
from sync.server.messages.post_settings import KNOWN_WORDS, OwnWords, SmsFile
from sync.server.messages.sending import LEASE_S, send_due
from sync.server.messages.sms_file import SmsFileSender
from sync.server.messages.smtp import mail_of
from sync.server.messages.words import MessageText, written
from tests.sync.server.messages.people import People, by_mail, by_webhook, joining
from tests.sync.server.messages.sinks import Sink

LINK = "https://vip.renmin.example/p/stop/abc"
KNOWN = {
    "shop": "人民路店", "points": "340", "day": "2026-11-30", "tier": "金卡",
    "text_zh": "双倍积分！", "text_en": "Double points!",
    "link": "https://vip.renmin.example/p/survey/AZNayA",
}  # fmt: skip


def outgoing(**changes: str) -> Outgoing:
    text = MessageText("双十一 at 人民路店", f"人民路店：双倍积分！\n退订：{LINK}", LINK)
    said = {"key": "3f6c", "kind": "campaign", "channel": "sms", "to": "+8613800138000",
            "language": "zh_CN"}  # fmt: skip
    return Outgoing(**(said | changes), text=text)  # type: ignore[arg-type]  # each test names what it means


HTTP = {
    "refuse": NotNow("RemoteDisconnected", is_down=True),
    "cut": NotNow("BadStatusLine", is_down=True),
    "500": NotNow("HTTP 500", is_down=True),
    "302": NotNow("HTTP 302", is_down=True),
    "401": NotNow("HTTP 401", is_down=True),
    "409": NotNow("HTTP 409"),
    "429": NotNow("HTTP 429", 7.0, is_down=True),
    "422": NeverTaken("HTTP 422"),
    "": Sent(),
}


@pytest.mark.parametrize("fault", HTTP)
def test_what_a_webhook_answers(hook: Sink, fault: str) -> None:
    hook.faults = [fault]
    assert list(by_webhook(hook).send([outgoing()], "b-1")) == [HTTP[fault]]


def test_a_webhook_nobody_listens_at() -> None:
    [answer] = by_webhook(Sink(port=9)).send([outgoing()], "b-1")
    assert answer == NotNow("ConnectionRefusedError", is_down=True)


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_webhook_that_takes_for_ever_is_cut(hook: Sink, fault: str) -> None:
    hook.faults = [fault]
    [answer] = by_webhook(hook).send([outgoing()], "b-1")
    assert isinstance(answer, NotNow)
    assert answer.is_down


SMTP = {
    "refuse": NotNow("SMTPServerDisconnected", is_down=True),
    "554": NotNow("SMTP 554", is_down=True),
    "450": NotNow("SMTP 450"),
    "550": NeverTaken("SMTP 550"),
    "452": NotNow("SMTP 452"),
    "": Sent(),
}


@pytest.mark.parametrize("fault", SMTP)
def test_what_a_mail_server_answers(mail: Sink, fault: str) -> None:
    mail.faults = [fault]
    message = outgoing(channel="email", to="wang@mail.example")
    assert list(by_mail(mail).send([message], "b-1")) == [SMTP[fault]]


def test_a_mail_server_that_hangs_is_left(mail: Sink) -> None:
    mail.faults = ["hang"]
    [answer] = by_mail(mail).send([outgoing(channel="email", to="wang@mail.example")], "b-1")
    assert isinstance(answer, NotNow)


def test_a_mail_as_it_arrives(mail: Sink) -> None:
    message = outgoing(channel="email", to="wang@mail.example")
    by_mail(mail).send([message], "b-1")
    [(name, read)] = mail.texts.items()
    assert name == "<3f6c@renmin.example>"
    assert read["Subject"] == "双十一 at 人民路店"
    assert (read["List-Unsubscribe"], read["To"]) == (f"<{LINK}>", "wang@mail.example")
    assert read.get_content().strip() == f"人民路店：双倍积分！\n退订：{LINK}"
    assert mail_of(message, "news@renmin.example", 0).as_bytes().isascii()


# ------------------------------------------------------------------ the file


def cells(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def test_the_file_holds_those_who_agreed_and_nobody_else(
    people_here: People, tmp_path: Path
) -> None:
    people = people_here
    people.join(
        joining("张三", 1), joining("李四", 2), joining("never asked", 3, consents=("membership",))
    )
    for name in people.ids:
        people.want(name, variables={"text_zh": "=1+1"})
    post = people.post({"sms": SmsFileSender(SmsFile(folder=str(tmp_path)))})
    assert send_due(post).sent == 2
    [file] = tmp_path.iterdir()
    head, *rows = cells(file)
    assert head == ["key", "phone", "language", "text"]
    assert sorted(row[1] for row in rows) == ["8613800000001", "8613800000002"]
    assert all(row[3].startswith("人民路店：=1+1\n退订：https://") for row in rows)


def test_a_file_written_before_a_crash_is_written_under_the_same_name(
    people_here: People, tmp_path: Path
) -> None:
    people = people_here
    people.join(joining("张三", 1), joining("李四", 2))
    for name in people.ids:
        people.want(name)
    sender = SmsFileSender(SmsFile(folder=str(tmp_path)))

    class Dies(SmsFileSender):
        def send(self, messages: Sequence[Outgoing], batch: str) -> Sequence[Carried]:
            sender.send(messages, batch)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_due(people.post({"sms": Dies(sender.settings)}))
    [first] = tmp_path.iterdir()
    before = first.read_bytes()
    people.now_ms += LEASE_S * 1000
    assert send_due(people.post({"sms": sender})).sent == 2
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [before]


def test_a_cell_is_no_formula_and_a_full_disk_no_loss(tmp_path: Path) -> None:
    text = MessageText("", "=HYPERLINK(1)", LINK)
    message = Outgoing("3f6c", "campaign", "sms", "+8613800138000", "en", text)
    sender = SmsFileSender(SmsFile(folder=str(tmp_path)))
    sender.send([message], "b-1")
    assert cells(tmp_path / "messages-b-1.csv")[1][3] == "'=HYPERLINK(1)"
    gone = SmsFileSender(SmsFile(folder=str(tmp_path / "gone")))
    assert gone.send([message], "b-2") == [NotNow("FileNotFoundError", is_down=True)]


# ------------------------------------------------------------------ words


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", KNOWN_WORDS)
def test_every_message_says_who_and_how_to_end_it(kind: str, language: str) -> None:
    text = written(kind, KNOWN, None, LINK, load(language))  # type: ignore[arg-type]  # a kind
    assert "人民路店" in text.subject
    assert "人民路店" in text.body
    assert text.body.endswith(LINK)
    assert "{" not in text.subject + text.body


def test_a_campaign_in_the_other_language_where_there_is_only_that() -> None:
    known = {"shop": "店", "text_en": "Double points!", "subject_zh": "双倍"}
    text = written("campaign", known, None, LINK, load("zh_CN"))
    assert (text.subject, text.body.splitlines()[0]) == ("双倍", "店：Double points!")


def test_the_shops_own_words() -> None:
    own = OwnWords(zh="{shop}：{points}分将于{day}到期", en="{points} points", subject_zh="积分")
    text = written("expiring_points", KNOWN, own, LINK, load("zh_CN"))
    assert text.subject == "积分"
    assert text.body == f"人民路店：340分将于2026-11-30到期\n退订：{LINK}"
    other = written("expiring_points", KNOWN, own, LINK, load("en"))
    assert other.body.startswith("340 points\n")
