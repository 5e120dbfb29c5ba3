"""Opening the cash drawer without a sale (F10): with a reason, with a trace.

Owns: who may and what is recorded; many of them in one shift are noted as odd. Does not own: the
pulse (a port), counting cash.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from app.domain import facts
from app.domain.money import ZERO
from app.services.answers import Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import allowed, keep, shift_first
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.open_approval import Approval, Wanted
from app.services.ports import UnitOfWork
from app.services.shop import Shop

DrawerReason = Literal["change_money", "wrong_change", "stuck", "check"]


@dataclass(frozen=True, slots=True)
class DrawerOpened:
    """The pulse was sent after the trace was durable; whether it opened one has to look."""


def open_drawer(
    *,
    shop: Shop,
    work: UnitOfWork,
    reason: DrawerReason,
    approval: Approval | None = None,
) -> DrawerOpened | ClearanceRefusal | Refusal:
    """Open the drawer without a sale, by right or a colleague's yes. Changes: facts, audit."""
    refusal = allowed(shop, "sell") or shift_first(shop)
    if refusal:
        return refusal
    state, now = shop.desk.state, shop.now()
    shift_id = state.shift.shift_id if state.shift is not None else None
    wanted = Wanted("no_sale_open", 0, ZERO, subject=shift_id or "", reason=reason)
    again = partial(open_drawer, reason=reason)
    cleared = clearance(shop=shop, work=work, wanted=wanted, then=again, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fact = facts.DrawerOpened(
        **origin(shop=shop, now=now, day=day),
        shift=shift_id,
        reason=reason,
        approved_by=(cleared.approved_by,) if cleared.approved_by else (),
    )
    write_fact(shop=shop, work=work, fact=fact)
    # Without shifts the day is what openings are counted by.
    subject = shift_id or day.isoformat()
    details = {"reason": reason, "approved_by": cleared.approved_by}
    told = {name: value for name, value in details.items() if value}
    record(shop=shop, work=work, now=now, act="drawer_opened", subject=subject, details=told)
    openings = work.audit.count("drawer_opened", subject)
    if openings > state.settings.no_sale_limit:
        odd = {"openings": str(openings)}
        record(
            shop=shop, work=work, now=now, act="many_drawer_openings", subject=subject, details=odd
        )
    keep(shop, work, state, now)
    work.after_commit(shop.drawer.open_drawer)
    return DrawerOpened()
