"""The file of what waits: an export, sealed part by part, as it lies on a stick.

Owns: the form of that file, sealing and opening it. Does not own: what its parts say
(app/domain/pending_export.py), writing it to a disk (a command or a screen).

Like a backup it carries the store's wrapped key: the recovery code of the till opens it anywhere,
and nothing else does. Each part is bound to the file and to its place in it, and the last one says
that it is the last: nothing is left out, swapped or cut off without being noticed.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.domain.keyed_hash import keyed_hash
from app.store.cipher import NotOpened, StoreSecrets, seal, unseal
from app.store.errors import StoreError
from app.store.recovery_code import RecoveryCode, parse_recovery_code
from app.store.wrapped_key import WRAPPED_BYTES_MAX, read_wrapped_bytes

MAGIC = b"ZGWAIT1\n"
FILE_ID_LENGTH = 16
PART_BYTES_MAX = 8 << 20
_LENGTH = struct.Struct(">I")
_LAST, _MORE = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class PendingSeal:
    """Seals what waits in one store, and opens on the same machine what it sealed."""

    wrapped: Path
    """`<database>.key`, which goes along."""
    secrets: StoreSecrets = field(repr=False)

    def seal(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        """The file, piece by piece; without its end it opens as a torn one."""
        key, wrapped = _key(self.secrets), self.wrapped.read_bytes()
        file_id = secrets.token_bytes(FILE_ID_LENGTH)
        yield MAGIC + file_id + _LENGTH.pack(len(wrapped)) + wrapped
        place = 0
        for part in parts:
            yield _sealed(key, _MORE + part, file_id, place)
            place += 1
        yield _sealed(key, _LAST, file_id, place)

    def open(self, path: Path) -> Iterator[bytes]:
        """Its parts. Raises PendingFileFault."""
        with path.open("rb") as file:
            file_id, _ = _begin(file)
            yield from _parts(file, _key(self.secrets), file_id)


class PendingFileFault(Exception):
    """It cannot be read. `why`: not_one, wrong_code, not_a_code, torn."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A file and what opens it; its parts can be read more than once."""

    path: Path
    _key: bytes = field(repr=False)

    def parts(self) -> Iterator[bytes]:
        """From the first to the last. Raises PendingFileFault, OSError."""
        with self.path.open("rb") as file:
            file_id, _ = _begin(file)
            yield from _parts(file, self._key, file_id)


def open_pending(path: Path, code: str) -> PendingFile:
    """The file of another machine, by the recovery code of its till, as it was typed.

    Raises PendingFileFault, OSError.
    """
    with path.open("rb") as file:
        _, wrapped = _begin(file)
    parsed = parse_recovery_code(code)
    if not isinstance(parsed, RecoveryCode):
        raise PendingFileFault("not_a_code")
    try:
        opened = read_wrapped_bytes(wrapped, path.name).open(parsed)
    except StoreError as error:
        raise PendingFileFault("not_one") from error
    if isinstance(opened, NotOpened):
        raise PendingFileFault("wrong_code")
    return PendingFile(path, _key(opened))


def _key(opened: StoreSecrets) -> bytes:
    return keyed_hash(opened.database_key, "zhanggui pending export", "1")


def _bound_to(file_id: bytes, place: int) -> bytes:
    return b"zhanggui pending part " + file_id + place.to_bytes(8, "big")


def _sealed(key: bytes, plain: bytes, file_id: bytes, place: int) -> bytes:
    sealed = seal(key, plain, bound_to=_bound_to(file_id, place))
    return _LENGTH.pack(len(sealed)) + sealed


def _begin(file: BinaryIO) -> tuple[bytes, bytes]:
    """The file's id and its wrapped key."""
    fixed = len(MAGIC) + FILE_ID_LENGTH
    start = file.read(fixed)
    if len(start) < fixed or not start.startswith(MAGIC):
        raise PendingFileFault("not_one")
    wrapped = _block(file, WRAPPED_BYTES_MAX)
    if wrapped is None:
        raise PendingFileFault("not_one")
    return start[len(MAGIC) :], wrapped


def _block(file: BinaryIO, most: int) -> bytes | None:
    """The next bytes behind their length; None where they are not all there."""
    packed = file.read(_LENGTH.size)
    if len(packed) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(packed)
    content = file.read(length) if length <= most else b""
    return content if len(content) == length else None


def _parts(file: BinaryIO, key: bytes, file_id: bytes) -> Iterator[bytes]:
    place = 0
    while (sealed := _block(file, PART_BYTES_MAX)) is not None:
        plain = unseal(key, sealed, bound_to=_bound_to(file_id, place))
        if isinstance(plain, NotOpened):
            break
        if plain == _LAST:
            return
        yield plain[1:]
        place += 1
    raise PendingFileFault("torn")
