"""`<database>.key`: the secrets of a store, wrapped by its recovery code.

Owns: that file - writing it whole or not at all, reading it, opening it with a code.
Does not own: the code's form (recovery_code.py), the unwrapped key's home (keys.py).

It lies beside the database and beside every backup, so that a copy plus the code is enough on
a new machine. Without the code it tells nothing but the id under which the keychain knows the key.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.store.cipher import KeyDerivation, NotOpened, StoreSecrets, seal, unseal
from app.store.errors import Damaged, FolderNotWritable, KeyMissing
from app.store.recovery_code import RecoveryCode

FORMAT = 1
SALT_LENGTH = 16
WRAPPED_BYTES_MAX = 16_384
DERIVATION = KeyDerivation()
"""What each new wrapping costs; a file that was written names its own."""


class _Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds, as JSON: a person may have to carry it by hand."""

    format: int
    key_id: str
    passes: int
    memory_kib: int
    lanes: int
    salt: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """Secrets that only a recovery code opens."""

    key_id: str
    derivation: KeyDerivation
    salt: bytes
    wrapped: bytes

    def open(self, code: RecoveryCode) -> StoreSecrets | NotOpened:
        """The secrets, or NotOpened for another store's code. Takes about 0.1 s by design."""
        key = self.derivation.derive(code.text, self.salt)
        plain = unseal(key, self.wrapped, bound_to=_binding(self.key_id))
        return plain if isinstance(plain, NotOpened) else StoreSecrets.from_bytes(plain)


def _binding(key_id: str) -> bytes:
    return f"zhanggui wrapped key {FORMAT} {key_id}".encode()


def new_key_id() -> str:
    """The name of a store's key in the keychain; says nothing about the key."""
    return secrets.token_hex(16)


def wrap(key_id: str, store_secrets: StoreSecrets, code: RecoveryCode) -> WrappedKey:
    """The secrets closed by the code, with a salt and a nonce of their own each time."""
    derivation, salt = DERIVATION, secrets.token_bytes(SALT_LENGTH)
    key = derivation.derive(code.text, salt)
    sealed = seal(key, store_secrets.to_bytes(), bound_to=_binding(key_id))
    return WrappedKey(key_id, derivation, salt, sealed)


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write beside, flush to the disk, rename over: after a crash the file is old or new."""
    beside = path.with_name(f"{path.name}.new")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise FolderNotWritable(str(error), folder=str(path.parent)) from error


def sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_wrapped(path: Path, key: WrappedKey) -> None:
    """Write `<database>.key`. Raises FolderNotWritable."""
    derivation = key.derivation
    envelope = _Envelope(
        FORMAT,
        key.key_id,
        derivation.passes,
        derivation.memory_kib,
        derivation.lanes,
        key.salt,
        key.wrapped,
    )
    write_whole(path, msgspec.json.format(msgspec.json.encode(envelope), indent=2) + b"\n")


def keep_other_key(path: Path) -> None:
    """Set the key of a file that is not here aside: whoever brings the file back needs it.

    Raises FolderNotWritable.
    """
    if not path.exists():
        return
    try:
        path.rename(path.with_name(f"{path.name}.{secrets.token_hex(4)}"))
    except OSError as error:
        raise FolderNotWritable(str(error), folder=str(path.parent)) from error


def read_wrapped(path: Path) -> WrappedKey:
    """Read `<database>.key`. Raises KeyMissing (no such file) or Damaged (not one of ours)."""
    try:
        with path.open("rb") as file:
            content = file.read(WRAPPED_BYTES_MAX)
    except OSError as error:
        raise KeyMissing(f"{path.name}: {error}", file=path.name) from error
    return read_wrapped_bytes(content, path.name)


def read_wrapped_bytes(content: bytes, name: str) -> WrappedKey:
    """The same from bytes of the file `name`. Raises Damaged."""
    try:
        envelope = msgspec.json.decode(content, type=_Envelope)
    except (msgspec.DecodeError, ValueError) as error:
        raise Damaged(f"{name}: {error}", file=name) from error
    derivation = KeyDerivation(envelope.passes, envelope.memory_kib, envelope.lanes)
    if envelope.format != FORMAT or not derivation.is_bearable:
        raise Damaged(f"{name}: format or cost not known", file=name)
    return WrappedKey(envelope.key_id, derivation, envelope.salt, envelope.wrapped)
