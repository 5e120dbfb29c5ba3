"""The chain: a till's facts linked by hashes, so that none can be lost, changed or slipped in.

Owns: the envelope of a fact and hash_n = SHA-256(hash_(n-1) || bytes_n), and its verification.
Does not own: the bytes (facts.py), where they are kept, the wire.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

GENESIS = bytes(32)
"""What the first fact of a device's first epoch is linked to."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where a fact stands: it travels beside the canonical bytes and never in them."""

    tenant: str
    device: str
    epoch: int
    dseq: int
    """Contiguous from 1 within device and epoch."""
    chain_hash: bytes


@dataclass(frozen=True, slots=True)
class Intact:
    """Every link holds; `head` is the last hash (where the chain is empty, its start)."""

    count: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link that does not hold. `reason`: hash (bytes or hash changed) or gap (dseq)."""

    dseq: int
    reason: str


def chain_hash(previous: bytes, data: bytes) -> bytes:
    """The hash of a fact's bytes linked to the hash before."""
    return sha256(previous + data).digest()


def verify_chain(
    links: Iterable[tuple[int, bytes, bytes]], *, start: bytes = GENESIS, first_dseq: int = 1
) -> Intact | Broken:
    """Check (dseq, bytes, hash) in the order of dseq, from `start` on."""
    head, expected = start, first_dseq
    for dseq, data, stored in links:
        if dseq != expected:
            return Broken(expected, "gap")
        head = chain_hash(head, data)
        if head != stored:
            return Broken(dseq, "hash")
        expected += 1
    return Intact(expected - first_dseq, head)
