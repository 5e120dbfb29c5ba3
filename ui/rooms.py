"""Rooms: every screen, dialog and panel of the till's window, in one list.

Owns: which rooms there are. Does not own: any of them (one folder each), what main.py hands in.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.services.backup_port import BackupKeeper
from ui import (
    approval,
    audit,
    camera,
    campaigns,
    complaints,
    customer_display,
    desk,
    devices,
    discount,
    exceptions,
    figures,
    holds,
    join,
    member,
    member_lookup,
    members,
    payment,
    privacy,
    receipt,
    refund,
    safety,
    scanner_wizard,
    segments,
    settings,
    setup,
    shift,
    sign_in,
    solutions,
    staff,
    sync_centre,
    tiers,
    training,
    void,
)
from ui.open_window import RegisterScreens
from ui.sync_centre.offline_page import OFFLINE
from ui.sync_centre.server_page import SERVER

_PLAIN: tuple[RegisterScreens, ...] = (
    payment.register,
    receipt.register,
    member_lookup.register,
    camera.register,
    scanner_wizard.register,
    join.register,
    refund.register,
    approval.register,
    discount.register,
    holds.register,
    void.register,
    shift.register,
    customer_display.register,
    devices.register,
    desk.register,
    audit.register,
    exceptions.register,
    staff.register,
    campaigns.register,
    figures.register,
    segments.register,
    members.register,
    tiers.register,
    complaints.register,
    solutions.register,
    member.register,
    privacy.register,
    sync_centre.register,
)
"""Those that want nothing but the window's parts."""


def every_room(
    wishes: setup.SetupWishes,
    *,
    demo_pins: Mapping[str, str] | None = None,
    backups: BackupKeeper | None = None,
    practice: training.Practice | None = None,
) -> list[RegisterScreens]:
    """All of them. `demo_pins`: PINs by name, shown on the sign-in screen where nothing is real.

    `backups`: who looks after them, for the settings and the header; `practice`: the way to the
    till to practise at, and back.
    """
    return [
        lambda parts: sign_in.register(parts, demo_pins=demo_pins),
        *_PLAIN,
        lambda parts: settings.register(parts, backups, (devices.PAGE, SERVER, OFFLINE)),
        lambda parts: safety.register(parts, backups),
        lambda parts: training.register(parts, practice),
        lambda parts: setup.register(parts, wishes),
    ]
