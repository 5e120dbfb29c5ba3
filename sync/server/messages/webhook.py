"""The webhook: messages handed to a program of the shop or of a provider, signed.

Owns: the request, its signature, what its answers mean. Does not own: the address and the secret
(post_settings.py), trying again (sending.py).

What it can promise: each message goes under an `Idempotency-Key` that never changes. Where an
answer was lost, or this program was killed before it wrote the answer down, the same request comes
again with the same key: whoever keeps keys for a week sends each message exactly once.

    POST <url>
    Idempotency-Key: 3f6c...                    the same for the same message, for ever
    Zhanggui-Time: 1795320000                   seconds since 1970; older than some minutes: refuse
    Zhanggui-Signature: v1=<hex>                HMAC-SHA-256 of "<time>.<body>" under the secret
    {"body": "...", "channel": "sms", "key": "3f6c...", "kind": "birthday", "language": "zh_CN",
     "stop": "https://...", "subject": "...", "to": "+8613800138000"}
"""

from __future__ import annotations

import hmac
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

import msgspec

from sync.server.messages.carrier import (
    ANSWER_S,
    CONNECT_S,
    WHOLE_S,
    Carried,
    NeverTaken,
    NotNow,
    Outgoing,
    Sent,
    each_alone,
    in_tls,
    name_of,
)
from sync.server.messages.post_settings import Webhook

_AGAIN = frozenset({408, 409, 425, 429})
"""Answers that speak of now. 409: the same key is under way there."""
_DOWN = frozenset({401, 403, 404, 407, 429})
"""Of the whole way, not of this message: a wrong secret or address, too many at once."""
AFTER_S_MAX = 6 * 3_600
_BROKEN: Mapping[type[Exception], Callable[[Exception], str]] = {
    HTTPException: name_of,
    OSError: name_of,
}


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """MessageSender over HTTP."""

    settings: Webhook
    now_s: Callable[[], int]
    whole_s: float = WHOLE_S
    at_once_max: int = 1

    def send(self, messages: Sequence[Outgoing], batch: str) -> Sequence[Carried]:
        """One request for each."""
        del batch
        return each_alone(messages, self.whole_s, self._said, _BROKEN)

    def _said(self, message: Outgoing, held: list[socket.socket]) -> Carried:
        body = body_of(message)
        parts = urlsplit(self.settings.url)
        connection = _connected(parts.scheme, parts.hostname or "", parts.port, held)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, self._headers(body, message.key))
            return _meant(connection.getresponse())
        finally:
            connection.close()

    def _headers(self, body: bytes, key: str) -> dict[str, str]:
        at = str(self.now_s())
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "Zhanggui-Time": at,
            "Zhanggui-Signature": f"v1={signature_of(self.settings.secret, at, body)}",
        }


def _connected(
    scheme: str, host: str, port: int | None, held: list[socket.socket]
) -> HTTPConnection:
    standard = 443 if scheme == "https" else 80
    connection = HTTPConnection(host, port or standard)
    connection.default_port = standard
    made = socket.create_connection((host, port or standard), CONNECT_S)
    held.append(made)
    connection.sock = in_tls(made, host, held) if scheme == "https" else made
    connection.sock.settimeout(ANSWER_S)
    return connection


def body_of(message: Outgoing) -> bytes:
    """The same bytes for the same message."""
    said = {
        "key": message.key,
        "kind": message.kind,
        "channel": message.channel,
        "to": message.to,
        "language": message.language,
        "subject": message.text.subject,
        "body": message.text.body,
        "stop": message.text.stop,
    }
    return msgspec.json.encode(said, order="sorted")


def signature_of(secret: str, at: str, body: bytes) -> str:
    """What the other side reckons, too."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()


def _meant(answer: HTTPResponse) -> Carried:
    """Only a success is one: whoever moves has not sent."""
    why = f"HTTP {answer.status}"
    if 200 <= answer.status < 300:
        return Sent()
    after_s = _after(answer.getheader("Retry-After"))
    if answer.status >= 500 or answer.status < 400:
        return NotNow(why, after_s, is_down=True)
    if answer.status in _AGAIN or answer.status in _DOWN:
        return NotNow(why, after_s, is_down=answer.status in _DOWN)
    return NeverTaken(why)


def _after(said: str | None) -> float | None:
    """Seconds; a date is as good as nothing said."""
    if said is None or not (said.isascii() and said.isdigit()):
        return None
    return float(min(int(said), AFTER_S_MAX))
