"""The export of what waits: what a till that goes away leaves for head office.

Owns: the parts of that file, and their bytes. Does not own: how they are sealed (app/store), when
one is made (services), bringing it in (sync/server).
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from msgspec import Struct

FACTS_A_PART = 200
PART_BYTES_MAX = 400_000
"""Of facts: what one push may carry."""


class ExportHead(Struct, frozen=True, kw_only=True):
    """The first part: whose facts follow."""

    tenant: str
    store: str
    store_name: str
    device: str
    epoch: int
    till_number: int
    count: int
    claim_secret: bytes
    """The key of identity claims: a server that no till has joined yet has none."""


class ExportedFact(Struct, frozen=True, array_like=True):
    """A fact in an envelope it was, or would have been, sent in."""

    op_id: str
    epoch: int
    dseq: int
    chain_hash: bytes
    data: bytes


class ExportedKey(Struct, frozen=True, array_like=True):
    """What opens a member's personal data in the facts of the same part."""

    member: str
    key_id: str
    secret: bytes


class ExportedPart(Struct, frozen=True, array_like=True):
    """Every other part."""

    facts: tuple[ExportedFact, ...]
    keys: tuple[ExportedKey, ...] = ()


@dataclass(frozen=True, slots=True)
class NotAnExport:
    """These bytes are no part of one: another program's, or a newer one's."""

    why: str


_HEAD, _PART = msgspec.msgpack.Decoder(ExportHead), msgspec.msgpack.Decoder(ExportedPart)


def export_bytes(part: ExportHead | ExportedPart) -> bytes:
    """A part as it is sealed."""
    return msgspec.msgpack.encode(part)


def read_head(data: bytes) -> ExportHead | NotAnExport:
    """The first part."""
    try:
        return _HEAD.decode(data)
    except msgspec.DecodeError as error:
        return NotAnExport(str(error))


def read_part(data: bytes) -> ExportedPart | NotAnExport:
    """Any other part."""
    try:
        return _PART.decode(data)
    except msgspec.DecodeError as error:
        return NotAnExport(str(error))
