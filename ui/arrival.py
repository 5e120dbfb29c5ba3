"""Arrival: where somebody who has just signed in begins: the till, the shift, or its count.

Owns: that choice, for every way into the till. Does not own: the screens, the rule that nothing is
sold without a shift (services/desk.py), whose shift it is.
"""

from __future__ import annotations

from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting
from ui.navigation import Destination, Navigation, ToPayment, ToShiftClose, ToShiftOpen, ToTill
from ui.window_parts import WindowParts


def place_to_begin(state: TillState, navigation: Navigation) -> Destination:
    """The till, unless this drawer first wants a shift, or stands still because it is counted.

    Where money was being taken, also before the process died, it goes on.
    """
    selling = _where_it_stood(state, navigation)
    if not navigation.can_go(ToShiftOpen):
        return selling
    shift, settings = state.shift, state.settings
    if shift is not None and shift.is_counting:
        return ToShiftClose() if shift.is_mine else ToShiftOpen()
    if not settings.shifts_required:
        return selling
    sells = shift is not None and (shift.is_mine or settings.shift_shared)
    return selling if sells else ToShiftOpen()


def _where_it_stood(state: TillState, navigation: Navigation) -> Destination:
    under_way = state.attempt is not None or state.giving_back or state.tenders
    return ToPayment() if under_way and navigation.can_go(ToPayment) else ToTill()


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
