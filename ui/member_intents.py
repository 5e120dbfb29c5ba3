"""Member intents: the list of members at the desk, and one member's page, as places to go.

Owns: those destinations. Does not own: going there (ui/navigation.py), the screens.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToMembers:
    """The list of members."""


@dataclass(frozen=True, slots=True)
class ToMember:
    """One member's page. `tab`: which of its tabs; empty: the first."""

    member_id: str
    tab: str = ""
