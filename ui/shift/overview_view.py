"""Overview view: the open shift and the closed ones, in words. Pure.

Owns: texts of the screen. Does not own: widgets, figures (they stand on the X and the Zs).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.shift import ClosedShift
from app.services.sync_state import Agreement, Differs
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting
from ui.agreement_words import Marked, proof_mark, proof_way_out
from ui.shift.check_view import signed

NOT_ASKED: Mapping[date, Agreement] = {}


@dataclass(frozen=True, slots=True)
class ActView:
    """One thing that can be done; `act` names it for the controller."""

    act: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class ZRow:
    """A closed shift in the list; a press prints its Z again."""

    number: int
    name: str
    detail: str
    end: str
    mark: Marked | None = None
    """Whether the server counted its day alike; None: there is no server."""


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The whole screen."""

    title: str
    lines: tuple[str, ...]
    warning: str
    acts: tuple[ActView, ...]
    list_title: str
    rows: tuple[ZRow, ...]
    empty: str


def overview_view(
    state: TillState,
    closed: tuple[ClosedShift, ...],
    wording: Wording,
    *,
    opened: datetime | None,
    agreed: Mapping[date, Agreement] = NOT_ASKED,
) -> OverviewView:
    """`opened`: when the open shift began, by the shop's clock; None = none is open.

    `agreed`: business days as the server counted them; empty where there is no server.
    """
    t, shift = wording.t, state.shift
    lines, warning = [], ""
    if shift is not None and opened is not None:
        lines.append(t("Open since {when}", when=formatting.moment(opened)))
        if shift.name:
            lines.append(shift.name)
        lines.append(
            t("You answer for the drawer") if shift.is_mine else t("A colleague answers for it")
        )
        if shift.is_over_midnight:
            day = formatting.day(shift.business_day)
            warning = t("This shift is of {day}: count and close it soon.", day=day)
    odd = next((each for each in agreed.values() if isinstance(each, Differs)), None)
    if odd is not None and not warning:
        warning = t("A day differs from the server. {way_out}", way_out=proof_way_out(odd, wording))
    return OverviewView(
        title=t("Shift") if shift is not None else t("No shift is open"),
        lines=tuple(lines),
        warning=warning,
        acts=_acts(state, wording),
        list_title=t("Closed shifts"),
        rows=tuple(_row(each, state, wording, agreed.get(each.business_day)) for each in closed),
        empty=t("No shift was closed here yet."),
    )


def _acts(state: TillState, wording: Wording) -> tuple[ActView, ...]:
    t, shift = wording.t, state.shift
    if shift is None:
        return (ActView("open", t("Open the shift"), "drawer"),)
    end = (
        ActView("close", t("Count and close"), "check-circle")
        if shift.is_mine
        else ActView("take_over", t("Take over this shift"), "user")
    )
    return (
        end,
        ActView("x", t("Print X report"), "printer"),
        ActView("in", t("Cash in"), "plus"),
        ActView("out", t("Cash out"), "minus"),
        ActView("drop", t("Safe drop"), "download"),
    )


def _row(
    each: ClosedShift, state: TillState, wording: Wording, agreement: Agreement | None
) -> ZRow:
    currency = state.program.currency
    paid = formatting.money(each.paid - each.paid_back, currency=currency)
    sales = wording.n("{count} sale, {amount}", "{count} sales, {amount}", each.sales, amount=paid)
    mark = proof_mark(agreement, wording) if agreement is not None else None
    detail = f"{formatting.day(each.business_day)} {formatting.DOT} {sales}"
    if mark is not None:
        detail += f" {formatting.DOT} {mark[2]}"
    return ZRow(
        number=each.number,
        name=wording.t("Z {number}", number=each.number),
        detail=detail,
        end=signed(each.over_short, currency) if each.over_short.minor else "",
        mark=mark,
    )
