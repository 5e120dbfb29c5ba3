"""What kind of thing a unit of work changed; screens decide for themselves what to reload.

Owns: the Changes value. Does not own: who listens (main.py forwards it to window and sync).
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Changes:
    """One flag per kind of thing. `a | b` has every flag of both."""

    accounts: bool = False
    audit: bool = False
    basket: bool = False
    consents: bool = False
    coupons: bool = False
    device: bool = False
    exceptions: bool = False
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

    def __or__(self, other: Changes) -> Changes:
        flags = {
            field.name: getattr(self, field.name) or getattr(other, field.name)
            for field in fields(self)
        }
        return Changes(**flags)

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


NO_CHANGES = Changes()
