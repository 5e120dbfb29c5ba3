"""Return form: goods without a receipt as they were gathered on the counter. Pure.

Owns: these values. Does not own: gathering them (unlinked.py), drawing them (return_view.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import OpId
from app.domain.money import Money
from app.domain.open_refund import RefundReason
from app.domain.quantity import Quantity
from app.services.unlinked_return import ReturnShown


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Goods on the counter. `each`: the list price of one."""

    sku: str
    name: str
    unit: str
    quantity: Quantity
    each: Money
    weighed: bool
    reason: RefundReason | None = None


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """What was gathered. `shown` None: nothing was priced yet."""

    return_id: OpId
    lines: tuple[ReturnLine, ...] = ()
    sale_code: str = ""
    shown: ReturnShown | None = None
