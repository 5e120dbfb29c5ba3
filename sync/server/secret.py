"""The server's own secret, and the keys that are derived from it.

Owns: sealing, signing and keyed hashing with a key for each purpose.
Does not own: where the secret is kept (main.py hands it in), what is sealed or signed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET_BYTES = 32
NONCE_BYTES = 12

Chance = Callable[[int], bytes]
"""That many random bytes; the operating system's, or a test's."""
system_chance: Chance = secrets.token_bytes


@dataclass(frozen=True, slots=True)
class NotOurs:
    """Sealed or signed by another secret, or changed since."""


@dataclass(frozen=True, slots=True)
class ServerSecret:
    """32 bytes shared by all workers of one server. Its representation shows nothing."""

    root: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.root) != SECRET_BYTES:
            raise ValueError(f"the server's secret has {SECRET_BYTES} bytes")

    def mac(self, purpose: str, data: bytes) -> bytes:
        """HMAC-SHA-256 under the key of a purpose: 32 bytes."""
        return hmac.digest(self._key(purpose), data, hashlib.sha256)

    def is_mac(self, purpose: str, data: bytes, said: bytes) -> bool:
        """Whether `said` is the mac of `data`; takes the same time for every wrong one."""
        return hmac.compare_digest(self.mac(purpose, data), said)

    def seal(self, purpose: str, plain: bytes, *, bound_to: bytes, chance: Chance) -> bytes:
        """nonce || ciphertext || tag. `bound_to` has to be given again: no swapping of rows."""
        nonce = chance(NONCE_BYTES)
        return nonce + AESGCM(self._key(purpose)).encrypt(nonce, plain, bound_to)

    def unseal(self, purpose: str, sealed: bytes, *, bound_to: bytes) -> bytes | NotOurs:
        """What was sealed for this purpose and binding, under this secret."""
        try:
            key = AESGCM(self._key(purpose))
            return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError):
            return NotOurs()

    def _key(self, purpose: str) -> bytes:
        return _key_of(self.root, purpose)


@lru_cache(maxsize=64)
def _key_of(root: bytes, purpose: str) -> bytes:
    """Kept: every request shows a token, and its key would be derived anew for each."""
    info = b"zhanggui server " + purpose.encode()
    return HKDF(SHA256(), SECRET_BYTES, salt=None, info=info).derive(root)
