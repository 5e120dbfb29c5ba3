"""What kind of thing a unit of work changed; screens decide for themselves what to reload.

Owns: the Changes value. Does not own: who listens (main.py forwards it to window and sync).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Changes:
    """One flag per kind of thing. `a | b` has every flag of both."""

    accounts: bool = False
    audit: bool = False
    basket: bool = False
    complaints: bool = False
    campaigns: bool = False
    consents: bool = False
    coupons: bool = False
    device: bool = False
    exceptions: bool = False
    figures: bool = False
    holds: bool = False
    members: bool = False
    outbox: bool = False
    payments: bool = False
    products: bool = False
    programs: bool = False
    refunds: bool = False
    rights: bool = False
    sales: bool = False
    settings: bool = False
    shifts: bool = False
    staff: bool = False
    surveys: bool = False
    sync: bool = False
    tiers: bool = False

    def __or__(self, other: Changes) -> Changes:
        return union((self, other))

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in _FLAGS)


_FLAGS = tuple(field.name for field in fields(Changes))
NO_CHANGES = Changes()


def union(said: Iterable[Changes]) -> Changes:
    """Every flag of any of them: asked once per unit of work, while somebody waits."""
    return Changes(**{name: True for one in said for name in _FLAGS if getattr(one, name)})
