"""Signatures of passes: whether a key signed these bytes (Ed25519).

Owns: that arithmetic. Does not own: which key and which bytes (app/domain/member_pass.py).
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def is_signed(public: bytes, signed: bytes, signature: bytes) -> bool:
    """Whether the key (32 bytes) signed exactly these bytes; False for what is no key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True
