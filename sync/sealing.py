"""Sealing: a key that only the one who asked can read (HPKE, RFC 9180, base mode).

Owns: the suite and its label, for both ends. Does not own: what the key opens (snapshot.py).
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_LABEL = b"zhanggui-snapshot-1"


class NotSealedForUs(ValueError):
    """Another key is needed to read it, or it was changed on its way."""


def sealed(secret: bytes, public: bytes) -> bytes:
    """`secret` for the owner of an X25519 key (32 bytes). Raises ValueError for another length."""
    return _SUITE.encrypt(secret, X25519PublicKey.from_public_bytes(public), info=_LABEL)


def unsealed(data: bytes, private: X25519PrivateKey) -> bytes:
    """What was sealed. Raises NotSealedForUs."""
    try:
        return _SUITE.decrypt(data, private, info=_LABEL)
    except (InvalidTag, ValueError) as error:
        raise NotSealedForUs("sealed for another key, or changed") from error
