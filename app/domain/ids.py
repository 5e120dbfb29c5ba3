"""Identifiers that are never shown: operations and everything they name.

Owns: the making of a UUIDv7 from given time and chance. Does not own: codes people see (codes.py).
"""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

from app.domain.bound import Id

OpId: TypeAlias = Id
"""A UUIDv7 in its canonical text form; made by the till before anything is sent."""

RANDOM_BITS = 74


def uuid7(unix_ms: int, random_bits: int) -> OpId:
    """A UUIDv7 (RFC 9562) from a wall time in milliseconds and 74 random bits."""
    if not 0 <= unix_ms < 2**48 or not 0 <= random_bits < 2**RANDOM_BITS:
        raise ValueError("needs 48 bits of milliseconds and 74 random bits")
    rand_a, rand_b = random_bits >> 62, random_bits & (2**62 - 1)
    value = unix_ms << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b
    return str(UUID(int=value))
