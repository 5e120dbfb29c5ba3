"""Keys and sealing: random bytes in, sealed bytes out. No files, no database.

Owns: the secrets of one store, authenticated encryption (AES-256-GCM), the key derived from a
recovery code (argon2id).
Does not own: where secrets are kept (keys.py), the file beside the database (wrapped_key.py),
which member has which key (member_keys.py).
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_LENGTH = 32
NONCE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class StoreSecrets:
    """What opens one store. The representation shows nothing: it may end in a log."""

    database_key: bytes = field(repr=False)
    device_secret: bytes = field(repr=False)
    """The pepper of PINs and badges; it moves with the store, or nobody could sign in again."""

    def __post_init__(self) -> None:
        if len(self.database_key) != KEY_LENGTH or len(self.device_secret) != KEY_LENGTH:
            raise ValueError(f"secrets are {KEY_LENGTH} bytes each")

    def to_bytes(self) -> bytes:
        return self.database_key + self.device_secret

    @classmethod
    def from_bytes(cls, packed: bytes) -> StoreSecrets:
        return cls(packed[:KEY_LENGTH], packed[KEY_LENGTH:])


def new_secrets() -> StoreSecrets:
    """Fresh secrets from the operating system's chance."""
    return StoreSecrets(secrets.token_bytes(KEY_LENGTH), secrets.token_bytes(KEY_LENGTH))


def new_key() -> bytes:
    """A fresh 256-bit key."""
    return secrets.token_bytes(KEY_LENGTH)


@dataclass(frozen=True, slots=True)
class NotOpened:
    """The key, the bytes or what they are bound to is not the one they were sealed with."""


def seal(key: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
    """nonce || ciphertext || tag. `bound_to` must be given again to open: no swapping of rows."""
    nonce = secrets.token_bytes(NONCE_LENGTH)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def seal_alike(key: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
    """As `seal`, into the same bytes each time: for what is sent in parts and may be cut off.

    The nonce is made from all of it, so that no other text is ever sealed under the same one.
    """
    made_from = bound_to + sha256(plain).digest()
    nonce = hmac.digest(key, made_from, "sha256")[:NONCE_LENGTH]
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes | NotOpened:
    """What was sealed, or NotOpened for any other key, bytes or binding."""
    if len(sealed) <= NONCE_LENGTH:
        return NotOpened()
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:], bound_to)
    except (InvalidTag, ValueError):
        return NotOpened()


@dataclass(frozen=True, slots=True)
class KeyDerivation:
    """argon2id and its cost. Stands in the file beside the database, so that costs may rise."""

    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 1

    PASSES_MAX = 10
    MEMORY_KIB_MAX = 256 * 1024
    LANES_MAX = 4

    @property
    def is_bearable(self) -> bool:
        """Whether a till can compute it: a tampered file must not hang the start."""
        return (
            1 <= self.passes <= self.PASSES_MAX
            and 8 * self.lanes <= self.memory_kib <= self.MEMORY_KIB_MAX
            and 1 <= self.lanes <= self.LANES_MAX
        )

    def derive(self, typed: str, salt: bytes) -> bytes:
        """A 256-bit key from a typed code."""
        return hash_secret_raw(
            typed.encode(),
            salt,
            time_cost=self.passes,
            memory_cost=self.memory_kib,
            parallelism=self.lanes,
            hash_len=KEY_LENGTH,
            type=Type.ID,
        )
