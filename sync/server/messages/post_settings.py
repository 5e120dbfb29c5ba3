"""Message settings: by which ways this server sends, what it sends by itself, and when not.

Owns: the owner's file (TOML), what is wrong with one, keeping it sealed: passwords and secrets
stand nowhere in plain. Does not own: sending (carrier.py, webhook.py, smtp.py, sms_file.py).
"""

from __future__ import annotations

import string
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct, field
from sqlalchemy import Connection

from app.domain.message import CAP_MAX, Channel, MessageKind, QuietHours
from app.wording import N_
from sync.server.rows import find, put
from sync.server.secret import Chance, NotOurs, ServerSecret
from sync.server.tables import server_state, shard_of

_NAME, _PURPOSE = "message_settings", "message settings"
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
SECRET_LENGTH_MIN = 16

Words = Annotated[str, Meta(min_length=1, max_length=500)]


class Webhook(Struct, frozen=True, forbid_unknown_fields=True):
    """A program of the shop, or of a provider, that sends for it."""

    url: str
    secret: str
    """Known to both; each request is signed by it."""


class Smtp(Struct, frozen=True, forbid_unknown_fields=True):
    """A mail server."""

    host: str
    sender: str
    """`Shop <news@shop.example>`."""
    port: Annotated[int, Meta(ge=1, le=65_535)] = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    password: str = ""


class SmsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A folder from which a provider of short messages fetches lists."""

    folder: str


class OwnWords(Struct, frozen=True, forbid_unknown_fields=True):
    """The shop's own words for a kind; `{shop}` and what the kind knows may stand in them."""

    zh: Words
    en: Words
    subject_zh: Words | None = None
    subject_en: Words | None = None


class MessageSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the owner decides about messages."""

    kinds: tuple[MessageKind, ...] = ()
    """What the server sends by itself. Campaigns are somebody's decision each time."""
    sms: Literal["webhook", "file"] | None = None
    email: Literal["webhook", "smtp"] | None = None
    language: Literal["zh_CN", "en"] = "zh_CN"
    most_in_30_days: Annotated[int, Meta(ge=0, le=CAP_MAX)] = 4
    quiet_from: str = "21:00"
    quiet_until: str = "08:00"
    webhook: Webhook | None = None
    smtp: Smtp | None = None
    file: SmsFile | None = None
    words: dict[MessageKind, OwnWords] = field(default_factory=dict)

    @property
    def quiet(self) -> QuietHours:
        """As checked."""
        return QuietHours(time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until))

    @property
    def channels(self) -> tuple[Channel, ...]:
        """By which it can send at all."""
        ways: Mapping[Channel, str | None] = {"sms": self.sms, "email": self.email}
        return tuple(channel for channel, way in ways.items() if way is not None)


@dataclass(frozen=True, slots=True)
class WrongSettings:
    """Not taken: which value, and what is wrong with it (a sentence of the catalogue)."""

    where: str
    why: str
    named: tuple[tuple[str, str], ...] = ()


KNOWN_WORDS: Mapping[MessageKind, frozenset[str]] = {
    "welcome": frozenset(),
    "birthday": frozenset(),
    "expiring_points": frozenset({"points", "day"}),
    "review_ahead": frozenset({"tier", "day"}),
    "win_back": frozenset(),
    "receipt_thanks": frozenset({"points"}),
    "campaign": frozenset({"text"}),
    "survey": frozenset({"day", "points", "link"}),
}
"""What each kind knows; `shop` besides."""

_HTTPS = N_("must begin with https:// and name a machine")
_SECRET = N_("needs a secret of at least {count} letters that the other side knows")
_OPEN = N_("without encryption is allowed only on this machine; write tls or starttls")
_SENDER = N_("must be an address such as Shop <news@shop.example>")
_HOUR = N_("must be a time such as 21:00")
_MISSING = N_("is chosen, but its part [{part}] is missing")
_FOLDER = N_("must be a folder that is there: {folder}")
_PLACE = N_("knows no {{{name}}}; known are: {known}")
_NO_LINK = N_("needs {place}: without it nobody could answer")
_BRACES = N_("has a brace too many or too few")
_NOT_TOML = N_("cannot be read: {why}")


def read_settings(data: bytes) -> MessageSettings | WrongSettings:
    """The settings of an owner's file."""
    try:
        read = msgspec.toml.decode(data, type=MessageSettings)
    except (UnicodeDecodeError, msgspec.DecodeError) as error:
        where = str(error).rpartition("`$.")[2].rstrip("`") if "`$." in str(error) else ""
        return WrongSettings(where, _NOT_TOML, (("why", str(error)),))
    return next(_wrong(read), read)


def _wrong(said: MessageSettings) -> Iterator[WrongSettings]:
    for name in ("quiet_from", "quiet_until"):
        try:
            time.fromisoformat(getattr(said, name))
        except ValueError:
            yield WrongSettings(name, _HOUR)
    for channel, way in (("sms", said.sms), ("email", said.email)):
        if way is not None and getattr(said, way) is None:
            yield WrongSettings(channel, _MISSING, (("part", way),))
    if said.webhook is not None:
        yield from _wrong_webhook(said.webhook)
    if said.smtp is not None:
        yield from _wrong_smtp(said.smtp)
    if said.file is not None and not Path(said.file.folder).is_dir():
        yield WrongSettings("file.folder", _FOLDER, (("folder", said.file.folder),))
    for kind, words in said.words.items():
        yield from _wrong_words(kind, words)


def _wrong_webhook(said: Webhook) -> Iterator[WrongSettings]:
    if not _is_safe(said.url):
        yield WrongSettings("webhook.url", _HTTPS)
    if len(said.secret) < SECRET_LENGTH_MIN:
        yield WrongSettings("webhook.secret", _SECRET, (("count", str(SECRET_LENGTH_MIN)),))


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, is_bare = parts.hostname or "", not parts.username and parts.port != 0
    except ValueError:
        return False
    return (
        bool(host)
        and is_bare
        and (parts.scheme == "https" or (parts.scheme == "http" and host in HERE))
    )


def _wrong_smtp(said: Smtp) -> Iterator[WrongSettings]:
    if said.security == "none" and said.host not in HERE:
        yield WrongSettings("smtp.security", _OPEN)
    if not is_mail_address(parseaddr(said.sender)[1]):
        yield WrongSettings("smtp.sender", _SENDER)


def is_mail_address(text: str) -> bool:
    """Whether a mail could go there: one name, one machine, nothing that ends a line."""
    try:
        address = Address(addr_spec=text)
    except Exception:  # noqa: BLE001 - the library raises half a dozen kinds for a bad address
        return False
    return bool(address.username and "." in address.domain + ".") and text.isascii()


def _wrong_words(kind: MessageKind, words: OwnWords) -> Iterator[WrongSettings]:
    known = KNOWN_WORDS[kind] | {"shop"}
    for name in ("zh", "en", "subject_zh", "subject_en"):
        text, where = getattr(words, name), f"words.{kind}.{name}"
        try:
            places = [each[1] for each in string.Formatter().parse(text or "")]
        except ValueError:
            yield WrongSettings(where, _BRACES)
            continue
        for place in places:
            if place is not None and place not in known:
                said = (("name", place), ("known", ", ".join(sorted(known))))
                yield WrongSettings(where, _PLACE, said)
        if kind == "survey" and name in ("zh", "en") and "link" not in places:
            yield WrongSettings(where, _NO_LINK, (("place", "{link}"),))


# ------------------------------------------------------------------ kept


def keep_settings(
    connection: Connection,
    tenant: str,
    secret: ServerSecret,
    settings: MessageSettings,
    chance: Chance,
) -> None:
    """In place of those before; the next message goes by them."""
    plain = msgspec.json.encode(settings)
    sealed = secret.seal(_PURPOSE, plain, bound_to=tenant.encode(), chance=chance)
    value = b64encode(sealed).decode()
    row = {"shard_key": shard_of(_NAME), "name": _NAME, "value": value}
    put(connection, tenant, server_state, [row], "replace")


def kept_settings(
    connection: Connection, tenant: str, secret: ServerSecret
) -> MessageSettings | None:
    """As they were kept; None = this server sends nothing."""
    key = {"shard_key": shard_of(_NAME), "name": _NAME}
    rows = find(connection, tenant, server_state, [key])
    if not rows:
        return None
    plain = secret.unseal(_PURPOSE, b64decode(rows[0]["value"]), bound_to=tenant.encode())
    if isinstance(plain, NotOurs):
        return None
    return msgspec.json.decode(plain, type=MessageSettings)
