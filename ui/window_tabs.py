"""Window tabs: the rooms of the shop in the header.

Owns: which tabs this window has and in which order. Does not own: drawing them (header.py), what
the tabs of till and held sales do (open_window.py).
"""

from __future__ import annotations

from ui.header import Tab
from ui.navigation import (
    Destination,
    RecallHeld,
    ToAudit,
    ToComplaints,
    ToDesk,
    ToExceptions,
    ToPayment,
    ToPrivacy,
    ToReceipt,
    ToRefund,
    ToSettings,
    ToShift,
    ToShiftClose,
    ToShiftOpen,
    ToSolutions,
    ToSync,
    ToTiers,
    ToTill,
)
from ui.window_parts import WindowParts

PLAIN_TABS: dict[str, Destination] = {
    ToShift.__name__: ToShift(),
    ToDesk.__name__: ToDesk(),
}
"""Tabs that only bring their screen to the front."""


_OF_THE_TILL = (ToPayment, ToReceipt, ToRefund)
_OF_THE_SHIFT = (ToShiftOpen, ToShiftClose)
_OF_THE_DESK = (
    ToAudit, ToComplaints, ToSolutions, ToExceptions, ToPrivacy, ToSync, ToSettings, ToTiers,
)  # fmt: skip
TAB_OF: dict[str, str] = {
    **{screen.__name__: ToTill.__name__ for screen in _OF_THE_TILL},
    **{screen.__name__: ToShift.__name__ for screen in _OF_THE_SHIFT},
    **{screen.__name__: ToDesk.__name__ for screen in _OF_THE_DESK},
}
"""Screens without a tab, and the one they belong to."""


def tabs(parts: WindowParts, held: int) -> list[Tab]:
    """The rooms that this window has; `held`: how many sales wait."""
    found = [Tab(ToTill.__name__, parts.wording.t("Till"))]
    if parts.navigation.can_open(RecallHeld):
        found.append(Tab(RecallHeld.__name__, parts.wording.t("Held"), held))
    if parts.navigation.can_go(ToShift):
        found.append(Tab(ToShift.__name__, parts.wording.t("Shift")))
    if parts.navigation.can_go(ToDesk):
        found.append(Tab(ToDesk.__name__, parts.wording.t("Manage")))
    return found
