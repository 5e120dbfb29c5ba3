"""Member intents: members, one of them, importing some, and the tier desk, as places to go.

Owns: those destinations. Does not own: going there (ui/navigation.py), the screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ui.complaint_intents import ToComplaints


@dataclass(frozen=True, slots=True)
class ToMembers:
    """The list of members."""


@dataclass(frozen=True, slots=True)
class ToMemberImport:
    """Members out of a file of another system."""


@dataclass(frozen=True, slots=True)
class ToTiers:
    """The tier desk; with a member: him first."""

    member_id: str = ""


@dataclass(frozen=True, slots=True)
class ToMember:
    """One member's page. `tab`: which of its tabs; empty: the first. `back`: the room of the desk
    or the case that Esc leads back to, as it was left; empty: the list of members."""

    member_id: str
    tab: str = ""
    back: Literal["", "figures", "segments", "privacy"] | ToComplaints = ""
