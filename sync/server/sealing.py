"""Sealing on the server: members' keys under the server's own, values under the member's.

Owns: what is bound to what (AES-256-GCM). Does not own: where the server's key is kept, which
rows hold sealed bytes (member.py). Whoever destroys a member's key makes his values unreadable.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_LENGTH = 12


def seal(key: bytes, plain: bytes, *, bound_to: str) -> bytes:
    """nonce || ciphertext || tag; opened only with what it is bound to."""
    nonce = secrets.token_bytes(NONCE_LENGTH)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, *, bound_to: str) -> bytes | None:
    """What was sealed; None for any other key, bytes or binding."""
    if len(sealed) <= NONCE_LENGTH:
        return None
    nonce, rest = sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:]
    try:
        return AESGCM(key).decrypt(nonce, rest, bound_to.encode())
    except (InvalidTag, ValueError):
        return None
