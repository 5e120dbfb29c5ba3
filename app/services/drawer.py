"""Opening the cash drawer without a sale (F10): with a reason, with a trace.

Owns: who may and what is recorded. Does not own: the pulse (a port), counting cash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.ports import UnitOfWork
from app.services.shop import Shop

DrawerReason = Literal["change_money", "wrong_change", "stuck", "check"]


@dataclass(frozen=True, slots=True)
class DrawerOpened:
    """The pulse was sent after the trace was durable; whether it opened one has to look."""


def open_drawer(*, shop: Shop, work: UnitOfWork, reason: DrawerReason) -> DrawerOpened | Refusal:
    """Open the drawer without a sale. Needs the right. Changes: audit."""
    refusal = allowed(shop, "open_drawer")
    if refusal:
        return refusal
    details = {"reason": reason}
    record(shop=shop, work=work, now=shop.now(), act="drawer_opened", details=details)
    work.after_commit(shop.drawer.open_drawer)
    return DrawerOpened()
