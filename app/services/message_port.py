"""The port of messages: what services need of the store about what members were sent.

Owns: that Protocol. Does not own: the other ports (ports.py), any implementation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.message_record import MessageRecord


class MessageRepository(Protocol):
    """What head office told of them last (app/store/message.py)."""

    def put(self, member_id: str, records: Sequence[MessageRecord], asked_ms: int) -> None: ...

    def of(self, member_id: str) -> tuple[tuple[MessageRecord, ...], int] | None: ...
