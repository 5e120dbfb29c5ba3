"""Voiding: a sale that was rung up and will not be paid, given up for good.

Owns: giving up the open sale or a held one, with the right, a reason and a trail. Does not own:
clearing the basket by mistake and back (lines.clear_basket: undone within ten seconds), refunds of
what was paid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from app.domain.hold import HeldSale, HoldEnd
from app.domain.money import Money
from app.domain.note import clean_note
from app.domain.open_basket import OpenBasket
from app.domain.quantity import quantity_text
from app.services.act_reason import ReasonNeeded, missing_reason
from app.services.answers import Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import Act, record
from app.services.desk import allowed, keep, may_change
from app.services.entitlement import return_ticks
from app.services.hold import HoldEnded, NoSuchHold, empty_till, open_hold
from app.services.open_approval import Approval, Then, Wanted
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.till_state import TillState

LINES_TOLD_MAX = 40
"""Of a voided basket so many lines stand in the trail, and how many there were."""


@dataclass(frozen=True, slots=True)
class SaleVoided:
    """It is given up; what it would have cost, and who said yes where somebody had to."""

    state: TillState
    total: Money
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class NothingToVoid:
    """The basket is empty."""


VoidAnswer = SaleVoided | NothingToVoid | ReasonNeeded | ClearanceRefusal | Refusal


def void_sale(
    *, shop: Shop, work: UnitOfWork, reason: str, note: str = "", approval: Approval | None = None
) -> VoidAnswer:
    """Give the open sale up; it cannot be undone. Changes: the basket, facts, audit.

    A basket with money in it is refused: that has to be given back first.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    state = shop.desk.state
    if state.basket.is_empty:
        return NothingToVoid()
    wanted = Voided(state.basket, state.quote.total, reason, note)
    cleared = _cleared(shop, work, wanted, partial(void_sale, reason=reason, note=note), approval)
    if not isinstance(cleared, Cleared):
        return cleared
    _record(shop, work, wanted, cleared, "sale_voided")
    now = shop.now()
    return_ticks(shop=shop, work=work, basket=state.basket, now=now)
    shown = keep(shop, work, empty_till(shop=shop, state=state, now=now), now)
    return SaleVoided(shown, wanted.total, cleared.approved_by)


def void_hold(
    *,
    shop: Shop,
    work: UnitOfWork,
    hold_id: str,
    reason: str,
    note: str = "",
    approval: Approval | None = None,
) -> VoidAnswer | NoSuchHold | HoldEnded:
    """Give a held sale up. Changes: held sales, audit."""
    refusal = allowed(shop, "sell")
    if refusal:
        return refusal
    held = open_hold(work=work, hold_id=hold_id)
    if not isinstance(held, HeldSale):
        return held
    wanted = Voided(held.basket, held.seen.total, reason, note)
    again = partial(void_hold, hold_id=hold_id, reason=reason, note=note)
    cleared = _cleared(shop, work, wanted, again, approval)
    if not isinstance(cleared, Cleared):
        return cleared
    now, state = shop.now(), shop.desk.state
    by = state.staff.staff_id if state.staff is not None else ""
    work.holds.end(hold_id, HoldEnd("voided", by, now.wall_ms))
    return_ticks(shop=shop, work=work, basket=held.basket, now=now)
    _record(shop, work, wanted, cleared, "hold_voided")
    shown = keep(shop, work, replace(state, holds=work.holds.count_open()), now)
    return SaleVoided(shown, wanted.total, cleared.approved_by)


@dataclass(frozen=True, slots=True)
class Voided:
    """What is given up, and why."""

    basket: OpenBasket
    total: Money
    reason: str
    note: str


def _cleared(
    shop: Shop, work: UnitOfWork, wanted: Voided, then: Then, approval: Approval | None
) -> Cleared | ReasonNeeded | ClearanceRefusal:
    rights = shop.desk.state.rights
    missing = missing_reason(rights, "void_sale", wanted.reason, wanted.note)
    if missing is not None:
        return missing
    asked = Wanted(
        act="void_sale",
        asked=wanted.total.minor,
        effect=wanted.total,
        subject=wanted.basket.basket_id,
        before=str(wanted.total.minor),
        after="0",
        reason=wanted.reason,
    )
    return clearance(shop=shop, work=work, wanted=asked, then=then, approval=approval)


def _record(shop: Shop, work: UnitOfWork, wanted: Voided, cleared: Cleared, act: Act) -> None:
    lines = wanted.basket.lines
    told = [
        f"{line.goods.sku if line.goods is not None else line.scanned} x "
        f"{quantity_text(line.quantity)}"
        for line in lines[:LINES_TOLD_MAX]
    ]
    details = {
        "approved_by": cleared.approved_by,
        "goods": ", ".join(told),
        "lines": str(len(lines)),
        "member": wanted.basket.member.member_id if wanted.basket.member is not None else "",
        "note": clean_note(wanted.note),
        "reason": wanted.reason,
        "total": str(wanted.total.minor),
    }
    record(
        shop=shop, work=work, now=shop.now(), act=act, subject=wanted.basket.basket_id,
        details={name: value for name, value in details.items() if value},
    )  # fmt: skip
