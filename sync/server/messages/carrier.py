"""Carriers: the port through which messages leave this server, and what became of each.

Owns: `MessageSender`, its answers, and the limit of time of a conversation. Does not own: the three
ways (webhook.py, smtp.py, sms_file.py), when something is sent (sending.py).

What each way can promise where an answer is lost, or this program is killed between sending and
writing it down, stands at its sender. All repeat under the same key: `Outgoing.key` never changes
for a message, so whoever keeps keys sends nothing twice.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Thread
from typing import Protocol

from app.domain.message import Channel, MessageKind
from sync.server.messages.words import MessageText

CONNECT_S = 10.0
ANSWER_S = 20.0
WHOLE_S = 45.0
"""However slowly the other side talks: a conversation is cut then."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready to go."""

    key: str
    """The same for ever, and nobody can tell a member by it."""
    kind: MessageKind
    channel: Channel
    to: str
    language: str
    text: MessageText


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken it over."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """Not taken, or nobody knows: to be tried again under the same key."""

    why: str
    after_s: float | None = None
    """The other side said so; None = as we like."""
    is_down: bool = False
    """Not about this message: the next one would fare the same."""


@dataclass(frozen=True, slots=True)
class NeverTaken:
    """The other side will not take this one, however often it is tried."""

    why: str


Carried = Sent | NotNow | NeverTaken


class MessageSender(Protocol):
    """One way of sending."""

    @property
    def at_once_max(self) -> int:
        """How many it wants together."""

    def send(self, messages: Sequence[Outgoing], batch: str) -> Sequence[Carried]:
        """Send them; what became of each, in their order. Never longer than WHOLE_S for each.

        `batch`: names these messages together, the same when they are sent again. Raises nothing
        that the other side could cause.
        """


def each_alone(
    messages: Sequence[Outgoing],
    whole_s: float,
    say: Callable[[Outgoing, list[socket.socket]], Carried],
    broken: Mapping[type[Exception], Callable[[Exception], str]],
) -> Sequence[Carried]:
    """Say each of them by itself: what one leaves behind spoils no other.

    `broken`: how the other side may fail as a whole, and what is said of it; the first that fits.
    """
    return [_alone(each, whole_s, say, broken) for each in messages]


def _alone(
    message: Outgoing,
    whole_s: float,
    say: Callable[[Outgoing, list[socket.socket]], Carried],
    broken: Mapping[type[Exception], Callable[[Exception], str]],
) -> Carried:
    held: list[socket.socket] = []
    try:
        with cut_after(whole_s, held):
            return say(message, held)
    except tuple(broken) as error:
        why = next(words for kind, words in broken.items() if isinstance(error, kind))
        return NotNow(why(error), is_down=True)


def name_of(error: Exception) -> str:
    """What is said of a failure that says no more: no address, no name."""
    return type(error).__name__


@contextmanager
def cut_after(seconds: float, held: list[socket.socket]) -> Iterator[None]:
    """Whoever waits for one of these sockets is woken by its end when the time is over.

    A socket's own time-out begins anew with every byte: a server that says one in ten seconds
    would keep us for days.
    """
    done = Event()

    def watch() -> None:
        if not done.wait(seconds):
            for each in held:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    thread = Thread(target=watch, name="message-cut", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def in_tls(plain: socket.socket, host: str, held: list[socket.socket]) -> socket.socket:
    """The same connection, encrypted; it can be cut while the two come to terms."""
    context = ssl.create_default_context()
    made = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    held.append(made)
    made.do_handshake()
    return made
