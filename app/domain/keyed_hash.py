"""Keyed hashes: an identity (a phone number, a PIN) as bytes that say nothing without the key.

Owns: the one way of hashing parts under a key, the claim on an identity, the same on till and
server. Does not own: the keys (the till's store, the server's tenant), who holds a claim.
"""

from __future__ import annotations

import hashlib
import hmac


def keyed_hash(key: bytes, *parts: str) -> bytes:
    """HMAC-SHA-256 over the parts, each with its length: ("ab","c") differs from ("a","bc")."""
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        encoded = part.encode()
        mac.update(len(encoded).to_bytes(4, "big") + encoded)
    return mac.digest()


def phone_claim(secret: bytes, e164: str) -> str:
    """The claim on a phone number, as hex: what facts and look-ups carry instead of the number."""
    return keyed_hash(secret, f"phone:{e164}").hex()
