"""Open view: what whoever has just signed in reads before the first sale of a shift. Pure.

Owns: the words of opening, going on, taking over. Does not own: widgets, the count's rows.
"""

from __future__ import annotations

from app.domain.member import masked_name
from app.domain.moment import Moment
from app.domain.money import Money
from app.services.shift import DrawerFree, ShiftIsOpen
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting
from ui.shift.start_page import Notice, StartView


def free_view(
    free: DrawerFree, state: TillState, wording: Wording, *, till: str, name: str, notice: Notice
) -> StartView:
    """No shift is open and the last close left something: it is taken over with one key."""
    t = wording.t
    assert free.left is not None, "without it the drawer is counted first"
    return StartView(
        title=t("Open the shift"),
        lines=(_who(state, till, wording),),
        figure_label=t("Float left by the last shift"),
        figure=formatting.money(free.left, currency=free.currency),
        primary=t("Open with this float"),
        second=t("Count it first"),
        back=t("Sign out"),
        notice=notice,
        names=free.names,
        name=name,
    )


def open_view(
    found: ShiftIsOpen,
    state: TillState,
    wording: Wording,
    *,
    owner: str,
    zone: str,
    notice: Notice,
) -> StartView:
    """A shift is open at this drawer: go on, take it over, or neither."""
    t, shift = wording.t, found.shift
    opened = Moment(shift.opened_ms, 0, "").local(zone)
    at = t("Open since {when}", when=formatting.moment(opened))
    whose = t("{name} answers for the drawer", name=masked_name(owner) or t("a colleague"))
    if notice.sentence == "" and found.over_midnight:
        day = formatting.day(shift.business_day)
        notice = Notice(t("This shift is of {day}: count and close it soon.", day=day), "warning")
    counting = shift.is_counting and not found.is_mine
    can_sell = found.may_sell and not counting
    if can_sell:
        primary = t("Sell on in this shift")
    elif found.may_take_over:
        primary = t("Take over this shift")
    else:
        primary = t("Another cashier")
        why = t(
            "This is the shift of {name}: to be closed by them, or taken over by a supervisor.",
            name=masked_name(owner) or t("a colleague"),
        )
        notice = Notice(why, "warning")
    return StartView(
        title=t("A shift is open at this drawer"),
        lines=tuple(filter(None, (shift.name, at, whose))),
        primary=primary,
        second=t("Take over this shift") if can_sell and found.may_take_over else "",
        back=t("Sign out") if can_sell or found.may_take_over else "",
        notice=notice,
    )


def compared(counted: Money, free: DrawerFree, wording: Wording) -> str:
    """What the last close left, and whether the count says the same."""
    if free.left is None:
        return ""
    left = formatting.money(free.left, currency=free.currency)
    difference = counted - free.left
    if not difference.minor:
        return wording.t("The last shift left {amount}: the same.", amount=left)
    by = formatting.money(Money(abs(difference.minor)), currency=free.currency)
    if difference.minor > 0:
        return wording.t("The last shift left {amount}: {by} more.", amount=left, by=by)
    return wording.t("The last shift left {amount}: {by} less.", amount=left, by=by)


def _who(state: TillState, till: str, wording: Wording) -> str:
    name = masked_name(state.staff.name) if state.staff is not None else ""
    register = wording.t("Register {number}", number=till)
    return f"{register} {formatting.DOT} {name}" if name else register
