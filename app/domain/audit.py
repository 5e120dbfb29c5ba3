"""The audit trail: who did something sensitive, when, to what. Tamper-evident by a hash chain.

Owns: the entry, its canonical bytes and the chain. Does not own: where it is kept, who reads it.
Entries hold ids and codes, never a phone number, a name, a PIN or a payment code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

AUDIT_GENESIS = bytes(32)
"""What the first entry of a till is chained to."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One sensitive act. `details` are pairs of codes; no `staff_id` = the till."""

    at_ms: int
    staff_id: str
    action: str
    subject: str = ""
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChainedAuditEntry:
    """An entry as kept: its place from 1 and the hash over everything before it."""

    number: int
    entry: AuditEntry
    hash: bytes


def audit_hash(previous: bytes, number: int, entry: AuditEntry) -> bytes:
    """The link of one entry: SHA-256 over the previous hash, the number and the entry."""
    row = (number, entry.at_ms, entry.staff_id, entry.action, entry.subject, entry.details)
    return hashlib.sha256(previous + msgspec.json.encode(row)).digest()


@dataclass(frozen=True, slots=True)
class TrailHead:
    """How far a trail was followed and found sound: its last entry there, 0 = none yet."""

    number: int = 0
    hash: bytes = AUDIT_GENESIS


@dataclass(frozen=True, slots=True)
class TrailBroken:
    """The entry of this number was changed, removed or slipped in."""

    number: int


def follow_trail(
    entries: Iterable[ChainedAuditEntry], head: TrailHead | TrailBroken
) -> TrailHead | TrailBroken:
    """Follow the trail over the next entries. A trail of years is followed page by page.

    Once broken it stays so: what comes behind proves nothing any more.
    """
    if isinstance(head, TrailBroken):
        return head
    number, previous = head.number, head.hash
    for chained in entries:
        number += 1
        previous = audit_hash(previous, number, chained.entry)
        if chained.number != number or chained.hash != previous:
            return TrailBroken(number)
    return TrailHead(number, previous)


def first_broken_entry(entries: Iterable[ChainedAuditEntry]) -> int | None:
    """The number of the first entry that does not continue the chain; None = all sound."""
    end = follow_trail(entries, TrailHead())
    return end.number if isinstance(end, TrailBroken) else None
