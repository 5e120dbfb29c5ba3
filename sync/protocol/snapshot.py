"""Snapshots: everything of a till's streams at one exact place.

Owns: those messages. Does not own: making and merging one.
"""

from __future__ import annotations

from msgspec import field

from sync.protocol.base import Message, WireSmall


class SnapshotWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/snapshot`: everything of the streams of this device, at one exact place."""

    public: WireSmall
    """X25519 key of this request: the one-time key of the file is sealed to it."""


class Snapshot(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A SQLCipher file to fetch in ranges from `/v1/snapshot/{id}`.

    It holds one table, `event (stream TEXT, event BLOB)`: a row for each Event, in any order.
    """

    id: str
    ready: bool
    size: int = 0
    sha256: bytes = b""
    sealed_key: bytes = b""
    positions: dict[str, int] = field(default_factory=dict)
    members: int = 0
    server_ms: int
    server_epoch: int
