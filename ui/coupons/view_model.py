"""Coupons view model: every coupon of the member, what it would do, what Enter does with it. Pure.

Owns: the rows of the sheet and its foot. Does not own: choosing (services/coupon.py), the list on
the member card (ui/till/member_view.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.money import Money
from app.services.till_state import CouponOnPanel, TillState
from app.wording import Wording
from ui import formatting, phrases
from ui.coupon_order import in_order
from ui.phrases import SEPARATOR, words


@dataclass(frozen=True, slots=True)
class CouponRow:
    """One coupon. `act`: what choosing the row does."""

    coupon_id: str
    name: str
    detail: str
    saved: str
    state: Literal["used", "free", "refused"]
    act: Literal["use", "refuse"]


@dataclass(frozen=True, slots=True)
class CouponsView:
    """The sheet. `chosen_by_hand`: "back to the best choice" does something."""

    title: str
    rows: tuple[CouponRow, ...]
    hint: str
    total: str
    chosen_by_hand: bool


def present(state: TillState, wording: Wording) -> CouponsView | None:
    """The sheet of this snapshot; None where nobody is on the basket."""
    panel = state.member
    if panel is None:
        return None
    rows = tuple(_row(held, state, wording) for held in in_order(panel.coupons))
    off = sum(held.saved.minor for held in panel.coupons if held.state == "used")
    by_hand = any(held.by_hand or held.state == "refused" for held in panel.coupons)
    saved = phrases.money(Money(off), state)
    return CouponsView(
        title=wording.n("{count} coupon", "{count} coupons", len(rows)),
        rows=rows,
        hint=wording.t("The best choice is made by itself. Enter uses a coupon or leaves it out."),
        total=wording.t("Coupons save {amount}", amount=saved),
        chosen_by_hand=by_hand,
    )


def _row(held: CouponOnPanel, state: TillState, wording: Wording) -> CouponRow:
    until = ""
    if held.expires is not None:
        day = formatting.short_day(held.expires, wording)
        until = wording.t("until {day}", day=day)
    match held.state:
        case "used":
            why = wording.t("Chosen by hand") if held.by_hand else wording.t("Best choice")
        case "refused":
            why = wording.t("Left out by hand")
        case _:
            why = phrases.coupon_why_not(held, state, wording)
    return CouponRow(
        coupon_id=held.coupon_id,
        name=words(held.words, wording),
        detail=SEPARATOR.join(part for part in (why, until) if part),
        saved=formatting.taken_off(held.saved, currency=state.program.currency)
        if held.state == "used"
        else "",
        state="free" if held.state == "not_used" else held.state,
        act="refuse" if held.state == "used" else "use",
    )
