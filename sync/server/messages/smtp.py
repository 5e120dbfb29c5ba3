"""Mail: messages by a mail server.

Owns: the mail as it is written, the conversation, what its answers mean. Does not own: the server's
address and password (post_settings.py), trying again (sending.py).

What it can promise: SMTP knows no key. Each message has a `Message-ID` that never changes, and a
mail whose last answer was lost, or that was under way when this program was killed, is sent again
under the same one: a mailbox that looks at it shows one mail. What broke before the mail was whole
was never sent, and is tried again without doubt.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as AS_SENT
from email.utils import format_datetime, parseaddr
from typing import Any

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
from sync.server.messages.post_settings import Smtp

_FOR_GOOD = 500


def _code_of(error: Exception) -> str:
    """Before the mail itself: the server as a whole, or who we are to it."""
    assert isinstance(error, smtplib.SMTPResponseException)
    return f"SMTP {error.smtp_code}"


_BROKEN: Mapping[type[Exception], Callable[[Exception], str]] = {
    smtplib.SMTPResponseException: _code_of,
    OSError: name_of,
}


class _Held(smtplib.SMTP):
    """A conversation whose socket can be cut from outside as soon as there is one."""

    def __init__(self, held: list[socket.socket], settings: Smtp) -> None:
        self._held, self._is_tls = held, settings.security == "tls"
        # Its own name is not looked up: that alone may take half a minute.
        domain = domain_of(settings.sender)
        super().__init__(settings.host, settings.port, domain, timeout=CONNECT_S)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = socket.create_connection((host, port), timeout)
        self._held.append(made)
        return in_tls(made, host, self._held) if self._is_tls else made


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """MessageSender over a mail server."""

    settings: Smtp
    now_s: Callable[[], int]
    whole_s: float = WHOLE_S
    at_once_max: int = 1

    def send(self, messages: Sequence[Outgoing], batch: str) -> Sequence[Carried]:
        """One mail, one conversation each."""
        del batch
        return each_alone(messages, self.whole_s, self._said, _BROKEN)

    def _said(self, message: Outgoing, held: list[socket.socket]) -> Carried:
        said = self.settings
        mail = mail_of(message, said.sender, self.now_s())
        server = _Held(held, said)
        try:
            if said.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if server.sock is not None:
                held.append(server.sock)
                server.sock.settimeout(ANSWER_S)
            server.ehlo_or_helo_if_needed()
            if said.user:
                server.login(said.user, said.password)
            return _handed_over(server, parseaddr(said.sender)[1], message.to, mail)
        finally:
            server.close()


def _handed_over(server: smtplib.SMTP, sender: str, to: str, mail: EmailMessage) -> Carried:
    """One mail for one person; his address refused is about this message alone."""
    code, _ = server.mail(sender)
    if code >= 400:
        return NotNow(f"SMTP {code}", is_down=True)
    code, _ = server.rcpt(to)
    if code >= 400:
        return _refused(code)
    code, _ = server.data(mail.as_bytes(policy=AS_SENT))
    # No QUIT: whatever became of it, the mail is theirs now.
    return Sent() if code < 400 else _refused(code)


def _refused(code: int) -> NotNow | NeverTaken:
    """421 ends the conversation; the other fours speak of this mail, for now."""
    why = f"SMTP {code}"
    return NeverTaken(why) if code >= _FOR_GOOD else NotNow(why, is_down=code == 421)


def mail_of(message: Outgoing, sender: str, now_s: int) -> EmailMessage:
    """The mail as it is sent. Whoever reads mail may offer to unsubscribe by one tap (RFC 8058)."""
    mail: Any = EmailMessage()
    mail["From"] = sender
    mail["To"] = message.to
    mail["Subject"] = message.text.subject
    mail["Date"] = format_datetime(datetime.fromtimestamp(now_s, UTC))
    mail["Message-ID"] = f"<{message.key}@{domain_of(sender)}>"
    mail["List-Unsubscribe"] = f"<{message.text.stop}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    # Not every server on the way takes more than seven bits.
    mail.set_content(message.text.body, cte="base64")
    made: EmailMessage = mail
    return made


def domain_of(sender: str) -> str:
    """Of `Shop <news@shop.example>`."""
    return parseaddr(sender)[1].rpartition("@")[2]
