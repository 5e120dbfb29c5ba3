"""Stored programs: every version a till has received, readable for ever.

Owns: the record. Does not own: reading the file (program.py), which one is in force (services).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class StoredProgram:
    """One version as the file was written; `toml` is kept as it came."""

    program_id: str
    version: str
    announced: date
    effective: date
    toml: str


@dataclass(frozen=True, slots=True)
class OfferUse:
    """How often and how much an offer has given in this shop; counted against its budget."""

    offer_id: str
    uses: int
    amount_minor: int
