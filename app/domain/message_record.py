"""Message records: what head office says of the messages to a member, as a till shows it.

Owns: those values. Does not own: asking (sync/till/joined.py), sending (the server's), whether one
may be sent (message.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from msgspec import Struct

from app.domain.server_answer import Unanswered

MessageState = Literal["waiting", "sending", "sent", "skipped", "failed"]


class MessageRecord(Struct, frozen=True, omit_defaults=True):
    """One message: its kind, what became of it, and when; its words are kept by nobody."""

    kind: str
    state: str
    at_ms: int
    """When it went; of one that did not go, when it is due or was given up."""
    why: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class MessagesTold:
    """All of them, the newest first. They are in the store when this is answered."""

    records: tuple[MessageRecord, ...]


MessagesAnswer: TypeAlias = MessagesTold | Unanswered
