"""Rooms of the desk: which there are, and which of them somebody may enter. Pure.

Owns: their order, names and rights. Does not own: the rooms (a folder each), the list (screen.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.staff import Permission
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui.campaign_intents import ToCampaigns
from ui.figure_intents import ToFigures
from ui.navigation import (
    Destination,
    ToAudit,
    ToComplaints,
    ToExceptions,
    ToMembers,
    ToPrivacy,
    ToSettings,
    ToShift,
    ToStaff,
    ToSync,
    ToTiers,
    ToTraining,
)


@dataclass(frozen=True, slots=True)
class DeskRoom:
    """One room. `right`: who lacks it does not see the room; None = everybody may enter."""

    name: str
    detail: str
    icon: str
    to: Callable[[], Destination]
    right: Permission | None = None


ROOMS: tuple[DeskRoom, ...] = (
    DeskRoom(
        N_("Audit log"),
        N_("Who did what and when, and whether the record is whole"),
        "shield-check",
        ToAudit,
        "see_audit",
    ),
    DeskRoom(
        N_("Exceptions"),
        N_("What somebody should look at"),
        "bell",
        ToExceptions,
        "see_audit",
    ),
    DeskRoom(N_("Shift"), N_("X and Z, cash in and out"), "cash", ToShift),
    DeskRoom(
        N_("Training mode"), N_("Learn the till where nothing is real"), "sparkles", ToTraining
    ),
    DeskRoom(N_("Sync"), N_("The link to the server, and what waits for it"), "refresh", ToSync),
    DeskRoom(N_("Settings"), N_("What the shop sets about its till"), "settings", ToSettings),
    DeskRoom(
        N_("Members"),
        N_("Who they are, what they bought, and every point with its cause"),
        "user",
        ToMembers,
        "member_note",
    ),
    DeskRoom(
        N_("Staff"),
        N_("Who works here, PINs, badges and roles"),
        "badge",
        ToStaff,
        "unlock_staff",
    ),
    DeskRoom(
        N_("Privacy"),
        N_("Erase a member's data, give a copy, consents, retention periods"),
        "user-off",
        ToPrivacy,
        "manage_settings",
    ),
    DeskRoom(
        N_("Tiers"),
        N_("Who is near a tier or about to lose one, and tiers given by hand"),
        "medal",
        ToTiers,
        "join_member",
    ),
    DeskRoom(
        N_("Campaigns"),
        N_("Offers for a time, coupons for a group, and what they brought"),
        "ticket",
        ToCampaigns,
        "manage_program",
    ),
    DeskRoom(
        N_("Figures"),
        N_("Sales, members and points in numbers; segments and cohorts"),
        "chart",
        ToFigures,
        "x_report",
    ),
    DeskRoom(
        N_("Complaints"),
        N_("What customers complained about, and how long they still wait"),
        "complaint",
        ToComplaints,
    ),
)
"""In the order of their keys: ten digits, then letters."""


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room as it is shown. `end`: how much waits there; empty for nothing."""

    room: DeskRoom
    name: str
    detail: str
    end: str


def rooms_for(
    state: TillState,
    waiting: Mapping[type[Destination], int],
    wording: Wording,
    *,
    has: Callable[[type[Destination]], bool],
) -> tuple[RoomRow, ...]:
    """The rooms of this window (`has`) that this person may enter; `waiting`: how much in each."""
    held = state.staff.permissions if state.staff is not None else frozenset[Permission]()
    return tuple(
        RoomRow(
            room,
            wording.t(room.name),
            wording.t(room.detail),
            str(waiting.get(type(room.to())) or ""),
        )
        for room in ROOMS
        if has(type(room.to())) and (room.right is None or room.right in held)
    )
