"""Photos: pictures beside records, sealed, in parts that fit beside everything else.

Owns: those messages. Does not own: when one is sent (../photo.py), what a picture stands beside
(facts name it), keeping them (server/photo.py).
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

from sync.protocol.base import Message, WireCount, WireName
from sync.protocol.push import Refusal

PHOTO_PART_BYTES = 256 * 1024
"""Of one request: a thin line is not taken by a picture for long at a time."""
PHOTO_SEALED_MAX = 1024 * 1024 + 64
"""A picture as kept, and what sealing adds."""

WirePart: TypeAlias = Annotated[bytes, Meta(max_length=PHOTO_PART_BYTES)]
WireHash: TypeAlias = Annotated[bytes, Meta(min_length=32, max_length=32)]
WireSize: TypeAlias = Annotated[int, Meta(ge=1, le=PHOTO_SEALED_MAX)]


class PhotoPart(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/photo`: the bytes of a sealed picture from `start` on; without any it asks how much
    is there. Sent again it changes nothing.
    """

    photo: WireName
    about: WireName
    """The record it stands beside: a complaint, a request."""
    holder: WireName
    """Under whose key it is sealed."""
    key: WireName
    size: WireSize
    sha256: WireHash
    """Of all its sealed bytes."""
    start: WireCount
    data: WirePart = b""


class PhotoKept(Message, frozen=True, kw_only=True, omit_defaults=True):
    """So much of it is there, from its beginning; a sender goes on from here. `refusal`: why it is
    not taken: unknown_photo, erased, wrong_size, wrong_hash (it begins anew), not_for_you."""

    photo: str
    have: int
    refusal: Refusal | None = None
    server_epoch: int
    server_ms: int


class PhotoWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/photo`: a sealed picture from `start` on, as far as one part reaches."""

    photo: WireName
    about: WireName
    holder: WireName
    start: WireCount = 0


class PhotoGiven(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A part of it, and what the whole is; or why there is none: not_here, erased, not_for_you."""

    photo: str
    key: str = ""
    size: int = 0
    sha256: bytes = b""
    data: bytes = b""
    refusal: Refusal | None = None
    server_ms: int
