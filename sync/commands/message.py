"""`main.py server message`: how messages are sent, what waits and what became of each.

Owns: the command lines and words. Does not own: sending (sync/server/messages), the server's own
thread for it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from app.wording import N_, Wording, load
from sync.commands.device import DeviceCommand
from sync.commands.exit import BAD_INPUT, NOT_POSSIBLE, OK
from sync.server.join import Ready
from sync.server.message import all_messages
from sync.server.messages.post import NoPost, post_of, wall_ms
from sync.server.messages.post_settings import (
    MessageSettings,
    WrongSettings,
    keep_settings,
    kept_settings,
    read_settings,
)
from sync.server.messages.rehearsal import Rehearsed, rehearse
from sync.server.messages.sending import Post, send_due
from sync.server.secret import system_chance
from sync.server.survey_message import survey_now

_EXAMPLE = "main.py server message settings --file messages.toml"
_HIDDEN = "***"
_LIST_MAX = 1_000
NO_POST: Mapping[str, str] = {
    "no_settings": N_("Nothing is sent: no settings yet. See main.py server message --help."),
    "no_way": N_("Nothing is sent: the settings name no way (sms, email)."),
    "no_address": N_(
        "Nothing is sent: phones cannot reach the page that ends messages. Give the server its "
        "address: main.py server public-url https://..."
    ),
}
_NO_SURVEY = N_(
    "Nobody is asked about a purchase: the program in force has no part [survey], which says how "
    "many hours after the sale (message_hours)."
)
WHY: Mapping[str, str] = {
    "erased": N_("erased"),
    "frozen": N_("held back until head office releases his till"),
    "no_consent": N_("does not agree to messages"),
    "refused": N_("does not agree to offers based on purchases"),
    "no_way": N_("no address, or no way that he chose"),
    "cap": N_("as many as he wants in 30 days"),
    "late": N_("too late by now"),
    "quiet": N_("quiet hours"),
    "twice": N_("went to his other card already"),
    "answered": N_("answered already"),
    "closed": N_("the purchase takes no answer any more"),
    "asked": N_("was asked or answered lately"),
}
STATES: Mapping[str, str] = {
    "waiting": N_("waiting"),
    "sending": N_("being sent"),
    "sent": N_("was sent"),
    "skipped": N_("not sent"),
    "failed": N_("failed"),
}


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server message",
        description=wording.t(
            "Messages to members who agreed to them. settings: show them, or take a file; dry-run: "
            "what would go now; send: send what is due, now; list: what waits and what became of "
            "each. A running server sends by itself."
        ),
        epilog=wording.t("Example: {command}", command=_EXAMPLE),
    )
    parser.add_argument("act", choices=("settings", "dry-run", "send", "list"))
    parser.add_argument(
        "--file", type=Path, metavar="TOML", help=wording.t("new settings; passwords stay sealed")
    )
    parser.add_argument("--json", action="store_true", help=wording.t("for a script"))
    return parser


def _run(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    if options.act == "settings":
        return _settings(ready, options, wording)
    if options.act == "list":
        return _list(ready, options, wording)
    post = post_of(ready.database, ready.secret, ready.tenant.tenant, load)
    if isinstance(post, NoPost):
        _tell_none(post, wording)
        return NOT_POSSIBLE
    return _dry_run(post, options, wording) if options.act == "dry-run" else _send(post, wording)


# ------------------------------------------------------------------ settings


def _settings(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    tenant = ready.tenant.tenant
    if options.file is not None:
        taken = _take(ready, options.file, wording)
        if taken != OK:
            return taken
    known = ready.database.read(lambda c: kept_settings(c, tenant, ready.secret))
    if known is None:
        _tell_none(NoPost("no_settings"), wording)
        print(SAMPLE)
        return OK
    print(json.dumps(shown(known), ensure_ascii=False, indent=2))
    if "survey" in known.kinds and not ready.database.read(
        lambda c: survey_now(c, tenant, wall_ms())
    ):
        print(wording.t(_NO_SURVEY), file=sys.stderr)
    post = post_of(ready.database, ready.secret, tenant, load)
    if isinstance(post, NoPost):
        _tell_none(post, wording)
    return OK


def _tell_none(post: NoPost, wording: Wording) -> None:
    sentence = NO_POST[post.why]
    print(wording.t(sentence), file=sys.stderr)


def _take(ready: Ready, file: Path, wording: Wording) -> int:
    try:
        data = file.read_bytes()
    except OSError:
        print(wording.t("There is no such file: {file}", file=file), file=sys.stderr)
        return BAD_INPUT
    read = read_settings(data)
    if isinstance(read, WrongSettings):
        why = wording.t(read.why, **dict(read.named))
        print(f"{file.name}: {read.where} {why}", file=sys.stderr)
        return BAD_INPUT
    tenant, secret = ready.tenant.tenant, ready.secret
    ready.database.write(lambda c: keep_settings(c, tenant, secret, read, system_chance))
    return OK


def shown(settings: MessageSettings) -> dict[str, Any]:
    """What may be read over somebody's shoulder."""
    said: dict[str, Any] = msgspec.to_builtins(settings)
    for part, name in (("webhook", "secret"), ("smtp", "password")):
        if said.get(part) and said[part].get(name):
            said[part][name] = _HIDDEN
    return said


SAMPLE = """
kinds = ["welcome", "birthday", "expiring_points", "review_ahead"]    # also: "win_back",
                       # "receipt_thanks", "survey" (the program's [survey] says when)
sms = "webhook"        # or "file"
email = "smtp"         # or "webhook"
language = "zh_CN"     # or "en"
most_in_30_days = 4
quiet_from = "21:00"
quiet_until = "08:00"

[webhook]
url = "https://sms.example/send"
secret = "sixteen letters or more"

[smtp]
host = "mail.example"
port = 465
security = "tls"       # or "starttls"
user = "news"
password = "..."
sender = "Renmin Road <news@shop.example>"

[file]
folder = "/srv/sms"

[words.birthday]
zh = "{shop}祝您生日快乐！"
en = "{shop} wishes you a happy birthday!"
"""


# ------------------------------------------------------------------ going, gone


def _dry_run(post: Post, options: argparse.Namespace, wording: Wording) -> int:
    found = rehearse(post)
    if options.json:
        print(json.dumps([msgspec.to_builtins(each) for each in found], ensure_ascii=False))
        return OK
    for each in found:
        print(f"{each.kind:<16} {_state_of(each, wording)}  {each.to}  {each.member}")
    going = sum(each.goes for each in found)
    print(
        wording.n(
            "{count} of {all} would go now. Nothing was sent.",
            "{count} of {all} would go now. Nothing was sent.",
            going,
            all=len(found),
        )
    )
    return OK


def _state_of(each: Rehearsed, wording: Wording) -> str:
    if each.goes:
        return str(each.channel)
    why = _said(WHY, each.why, wording)
    if each.until_ms is None:
        return wording.t("never: {why}", why=why)
    return wording.t("from {time}: {why}", time=_time(each.until_ms), why=why)


def _send(post: Post, wording: Wording) -> int:
    """Until nothing is due any more, or every way rests."""
    sent, passed = 0, send_due(post)
    sent += passed.sent
    while passed.count and passed.sent:
        passed = send_due(post, passed.down)
        sent += passed.sent
    print(wording.n("{count} message was sent.", "{count} messages were sent.", sent))
    for channel in sorted(passed.down):
        said = wording.t("The way by {channel} failed; it is tried again later.", channel=channel)
        print(said, file=sys.stderr)
    return OK


def _list(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    tenant = ready.tenant.tenant
    rows = ready.database.read(lambda c: all_messages(c, tenant, most=_LIST_MAX))
    if options.json:
        print(json.dumps([_told(row) for row in rows], ensure_ascii=False, indent=2))
        return OK
    for row in rows:
        at = _time(row["sent_ms"] or row["due_ms"])
        state = _said(STATES, row["state"], wording)
        print(f"{at}  {row['kind']:<16} {state:<10} {_said(WHY, row['why'], wording)}")
    _print_counts(rows, wording)
    return OK


def _said(words: Mapping[str, str], word: str, wording: Wording) -> str:
    """In a person's words; what another program said stays as it is."""
    return wording.t(words.get(word, word))


def _print_counts(rows: Sequence[Mapping[str, Any]], wording: Wording) -> None:
    if not rows:
        print(wording.t("There are no messages."))
        return
    counts = Counter(row["state"] for row in rows)
    print("  ".join(f"{_said(STATES, state, wording)} {count}" for state, count in counts.items()))


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("member", "message", "kind", "campaign", "state", "why", "channel", "tries")
    return {name: row[name] for name in (*names, "made_ms", "due_ms", "ends_ms", "sent_ms")}


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms // 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


MESSAGE_COMMANDS = {"message": DeviceCommand(_parser, _run)}
