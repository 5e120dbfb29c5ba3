"""The inbox: how far a till listened to its server.

Owns: that record. Does not own: what was told, the cursor's rules (sync).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listened:
    """How far a stream was heard, how far it goes, and when that was known (wall time)."""

    name: str
    cursor: int
    head: int
    heard_ms: int
