"""Arrival: where somebody who has just signed in begins: the till, the shift, or its count.

Owns: that choice, for every way into the till. Does not own: the screens, the rule that nothing is
sold without a shift (services/desk.py), whose shift it is.
"""

from __future__ import annotations

from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting
from ui.navigation import Destination, Navigation, ToShiftClose, ToShiftOpen, ToTill
from ui.window_parts import WindowParts


def place_to_begin(state: TillState, navigation: Navigation) -> Destination:
    """The till, unless this drawer first wants a shift, or stands still because it is counted."""
    if not navigation.can_go(ToShiftOpen):
        return ToTill()
    shift, settings = state.shift, state.settings
    if shift is not None and shift.is_counting:
        return ToShiftClose() if shift.is_mine else ToShiftOpen()
    if not settings.shifts_required:
        return ToTill()
    sells = shift is not None and (shift.is_mine or settings.shift_shared)
    return ToTill() if sells else ToShiftOpen()


def begin(parts: WindowParts, state: TillState) -> None:
    """Bring whoever has just signed in to his place, and say what should not wait.

    A shift left open over midnight keeps its day: every new sale still counts into that one.
    """
    shift = state.shift
    parts.navigation.go(place_to_begin(state, parts.navigation))
    if shift is not None and shift.is_over_midnight:
        day = formatting.day(shift.business_day)

        def say(wording: Wording) -> str:
            return wording.t("This shift is of {day}: count and close it soon.", day=day)

        parts.tell(say, "warning")
