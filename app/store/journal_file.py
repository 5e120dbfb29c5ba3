"""Journal files: the facts of a till, sealed one by one, as they lie in the backup folder.

Owns: the form of one file, appending whole records, reading whatever can be read of one.
Does not own: when something is written (journal.py), what a restore makes of it (restore.py).

A file is a head in the open (which store, which file) and sealed records behind it. Each record is
bound to its file and to its place in it, so that none can be left out of the middle, swapped or
brought in from elsewhere without being noticed. Nothing is ever written into an older file: a
record torn by a kill stays the last one of its file, and is skipped.
"""

from __future__ import annotations

import os
import re
import secrets
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec

from app.domain.keyed_hash import keyed_hash
from app.store.cipher import NotOpened, seal, unseal

MAGIC = b"ZGJRNL1\n"
MARK = b"\xf5ZGR"
"""Before each record: behind a damaged place the next one is found by it."""
RECORD_BYTES_MAX = 1 << 20
HEAD_BYTES_MAX = 4_096
_NAME = re.compile(r"journal-\d{13}-[0-9a-f]{16}\.zgj")
_LENGTH = struct.Struct(">I")
_FRAME = len(MARK) + _LENGTH.size


class Position(NamedTuple):
    """A place in the order of a till's facts; (0, 0) is before the first."""

    epoch: int
    dseq: int


BEFORE_ALL = Position(0, 0)
NO_LINK = b""


class ChainHead(NamedTuple):
    """The last fact of something, and its link; no hash where there is no fact."""

    place: Position
    chain_hash: bytes


class MemberSecret(msgspec.Struct, frozen=True, array_like=True):
    """The key of a member as it was when the record was written; None = destroyed."""

    member_id: str
    key_id: str
    secret: bytes | None = None


class JournalRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fact with its envelope, and what it needs to be read on another machine."""

    op_id: str
    kind: str
    epoch: int
    dseq: int
    follows: tuple[int, int]
    """The fact before it in this store, also over the border of an epoch."""
    chain_hash: bytes
    business_day: str
    wall_ms: int
    monotonic_ms: int
    boot_id: str
    offset_ms: int | None = None
    data: bytes
    members: tuple[str, ...] = ()
    shift_id: str | None = None
    secrets: tuple[MemberSecret, ...] = ()
    claim_key: str | None = None
    """The shop's key for claims on identities: made with the first member."""

    @property
    def position(self) -> Position:
        return Position(self.epoch, self.dseq)


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    key_id: str
    """Of the store's secrets, as in the wrapped key beside each backup."""
    file_id: str
    made_ms: int
    after: Position
    """Everything up to here lay elsewhere in the folder when the file was begun."""


_ENCODER, _DECODER = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(JournalRecord)


@dataclass(frozen=True, slots=True)
class JournalKey:
    """The key of a store's journal: who can open its backups can read it, and nobody else."""

    key_id: str
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, key_id: str, database_key: bytes) -> JournalKey:
        return cls(key_id, keyed_hash(database_key, "zhanggui journal", "1"))


@dataclass(slots=True)
class JournalWriter:
    """One new file. After an error it is given up: the next try begins another one."""

    path: Path
    key: bytes = field(repr=False)
    _handle: int
    _binding: bytes
    _size: int = 0

    @classmethod
    def begin(cls, folder: Path, key: JournalKey, after: Position, made_ms: int) -> JournalWriter:
        """Create a file with its head. Raises OSError, and leaves no file behind then."""
        file_id = secrets.token_hex(8)
        head = _Head(key_id=key.key_id, file_id=file_id, made_ms=made_ms, after=after)
        path = folder / f"journal-{made_ms:013d}-{file_id}.zgj"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        encoded = msgspec.json.encode(head)
        writer = cls(path, key.secret, handle, encoded)
        try:
            writer._write(MAGIC + _LENGTH.pack(len(encoded)) + encoded)
            _sync_folder(folder)
        except OSError:
            writer.close()
            path.unlink(missing_ok=True)
            raise
        return writer

    def append(self, records: list[JournalRecord]) -> None:
        """Write whole records, on the disk when this returns. Raises OSError."""
        parts, size = [], self._size
        for record in records:
            bound_to = _bound_to(self._binding, size)
            sealed = seal(self.key, _ENCODER.encode(record), bound_to=bound_to)
            part = MARK + _LENGTH.pack(len(sealed)) + sealed
            parts.append(part)
            size += len(part)
        self._write(b"".join(parts))

    def _write(self, content: bytes) -> None:
        left = memoryview(content)
        try:
            while left:
                left = left[os.write(self._handle, left) :]
            os.fsync(self._handle)
        except OSError:
            # A full folder gets no heap of half-written ends from many tries.
            _cut(self._handle, self._size)
            raise
        self._size += len(content)

    def is_there(self) -> bool:
        """Whether the file lies in its folder still: it may have been unplugged or moved."""
        try:
            seen, held = self.path.stat(), os.fstat(self._handle)
        except OSError:
            return False
        return (seen.st_ino, seen.st_dev) == (held.st_ino, held.st_dev)

    def close(self) -> None:
        """Give the file back; what was appended stays."""
        if self._handle >= 0:
            handle, self._handle = self._handle, -1
            os.close(handle)


def _cut(handle: int, size: int) -> None:
    try:
        os.ftruncate(handle, size)
    except OSError:
        return  # the disk is gone: a torn end is skipped by whoever reads it


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _bound_to(binding: bytes, place: int) -> bytes:
    return b"zhanggui journal record " + binding + place.to_bytes(8, "big")


@dataclass(frozen=True, slots=True)
class JournalHead:
    """What a file says in the open."""

    path: Path
    key_id: str
    made_ms: int
    after: Position
    start: int
    binding: bytes = field(repr=False)

    def read(self, key: JournalKey) -> JournalContent:
        """Everything that can be read, in the order of the file. Raises OSError."""
        return _read(self.path.read_bytes(), self, key.secret)


@dataclass(frozen=True, slots=True)
class JournalContent:
    """The records of one file. `torn`: it ends within a record, as after a kill.

    `damaged`: how many places in the middle cannot be read.
    """

    records: tuple[JournalRecord, ...]
    torn: bool = False
    damaged: int = 0


def journal_heads(folder: Path, key_id: str) -> list[JournalHead]:
    """The journal files of one store, by where they begin; others in the folder are left out.

    A file whose head was torn holds nothing yet. Raises OSError where the folder cannot be read.
    """
    heads = [_head_of(path) for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    own = [head for head in heads if head is not None and head.key_id == key_id]
    return sorted(own, key=lambda head: (head.after, head.made_ms))


def follow(
    after: Position, records: Iterable[JournalRecord]
) -> tuple[list[JournalRecord], list[JournalRecord]]:
    """The records that follow `after` without a gap, in order; and those behind the first gap."""
    following: dict[Position, JournalRecord] = {}
    for record in sorted(records, key=lambda each: each.position):
        following[Position(*record.follows)] = record
    whole, place = [], after
    while (record_behind := following.get(place)) is not None:
        whole.append(record_behind)
        place = record_behind.position
    beyond = [record for record in following.values() if record.position > place]
    return whole, sorted(beyond, key=lambda each: each.position)


def _head_of(path: Path) -> JournalHead | None:
    fixed = len(MAGIC) + _LENGTH.size
    with path.open("rb") as file:
        start = file.read(fixed)
        if len(start) < fixed or not start.startswith(MAGIC):
            return None
        (length,) = _LENGTH.unpack(start[len(MAGIC) :])
        encoded = file.read(length) if length <= HEAD_BYTES_MAX else b""
    try:
        head = msgspec.json.decode(encoded, type=_Head)
    except msgspec.DecodeError:
        return None
    return JournalHead(path, head.key_id, head.made_ms, head.after, fixed + length, encoded)


def _read(content: bytes, head: JournalHead, key: bytes) -> JournalContent:
    records: list[JournalRecord] = []
    place, damaged = head.start, 0
    while place < len(content):
        found = _record_at(content, place, head.binding, key)
        if found is None:
            following = _next_record(content, place + 1, head.binding, key)
            if following is None:
                return JournalContent(tuple(records), torn=True, damaged=damaged)
            place, damaged = following, damaged + 1
            continue
        record, place = found
        records.append(record)
    return JournalContent(tuple(records), damaged=damaged)


def _next_record(content: bytes, place: int, binding: bytes, key: bytes) -> int | None:
    """Where the next readable record begins, at or behind a place."""
    while (place := content.find(MARK, place)) >= 0:
        if _record_at(content, place, binding, key) is not None:
            return place
        place += 1
    return None


def _record_at(
    content: bytes, place: int, binding: bytes, key: bytes
) -> tuple[JournalRecord, int] | None:
    """The record at a place, and where the next one begins."""
    frame = content[place : place + _FRAME]
    if len(frame) < _FRAME or not frame.startswith(MARK):
        return None
    (length,) = _LENGTH.unpack(frame[len(MARK) :])
    end = place + _FRAME + length
    if length > RECORD_BYTES_MAX or end > len(content):
        return None
    bound_to = _bound_to(binding, place)
    plain = unseal(key, content[place + _FRAME : end], bound_to=bound_to)
    if isinstance(plain, NotOpened):
        return None
    return _DECODER.decode(plain), end
