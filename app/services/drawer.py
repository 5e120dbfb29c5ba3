"""Opening the cash drawer without a sale (F10): with a reason, with a trace.

Owns: who may and what is recorded; many of them in one shift are noted as odd, parts in cash that
went back among them. Does not own: the pulse (a port), counting cash.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

from app.domain import facts
from app.domain.moment import Moment
from app.domain.money import ZERO, Money
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
Opening = Literal["drawer_opened", "drawer_part_back"]
"""The acts that open the drawer and leave no sale behind."""


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
    details = {"reason": reason, "approved_by": cleared.approved_by}
    told = {name: value for name, value in details.items() if value}
    _count(shop, work, now, "drawer_opened", told)
    keep(shop, work, state, now)
    work.after_commit(shop.drawer.open_drawer)
    return DrawerOpened()


def open_for_part_back(*, shop: Shop, work: UnitOfWork, amount: Money) -> None:
    """Open the drawer, if there is one, for a part in cash that goes back to the customer.

    It takes no right, so it is counted like an opening without a sale. Changes: audit, exceptions.
    """
    if shop.desk.state.settings.drawer:
        details = {"amount": str(amount.minor)}
        _count(shop, work, shop.now(), "drawer_part_back", details)
        work.after_commit(shop.drawer.open_drawer)


def _count(
    shop: Shop, work: UnitOfWork, now: Moment, act: Opening, details: dict[str, str]
) -> None:
    """Note the opening; beyond the limit of a shift it is odd."""
    state = shop.desk.state
    if state.shift is not None:
        subject = state.shift.shift_id
    else:  # without shifts the day is what openings are counted by
        subject = fact_day(work, state.program, now, state.last_moment)[0].isoformat()
    record(shop=shop, work=work, now=now, act=act, subject=subject, details=details)
    openings = sum(work.audit.count(each, subject) for each in get_args(Opening))
    if openings > state.settings.no_sale_limit:
        odd = {"openings": str(openings)}
        record(
            shop=shop, work=work, now=now, act="many_drawer_openings", subject=subject, details=odd
        )
