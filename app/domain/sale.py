"""The sale: what was paid and is final, as the till's tables keep it.

Owns: the record of a finished sale with its lines, adjustments and tenders, and its sums.
Does not own: the fact that carries it (facts.py: the bytes are the truth, this is for look-up).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.money import Money, total
from app.domain.payment import Tender
from app.domain.quantity import Quantity
from app.domain.quote import Adjustment
from app.domain.view import IdentifiedBy


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line as sold; `number` counts from 1 in the order of the receipt."""

    number: int
    line_id: str
    sku: str
    name: str
    quantity: Quantity
    list_amount: Money
    net: Money
    tax: Money
    points_earned: int
    points_spent: int
    gift_of: str | None = None
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class Sale:
    """A finished sale. `sale_id` is its op_id; `sold_ms` wall time, `business_day` the shop's."""

    sale_id: str
    receipt_code: str
    sequence: int
    """Per till, epoch and business day, from 1: the last part of the receipt number."""
    business_day: date
    sold_ms: int
    staff_id: str
    program_id: str
    program_version: str
    lines: tuple[SaleLine, ...]
    order_adjustments: tuple[Adjustment, ...]
    tenders: tuple[Tender, ...]
    total: Money
    list_total: Money
    tax: Money
    round_off: Money
    due: Money
    member_id: str | None = None
    identified_by: IdentifiedBy | None = None
    points_earned: int = 0
    points_redeemed: int = 0
    shift_id: str | None = None

    def __post_init__(self) -> None:
        # Asserted when a sale is made and again when it is read back: only a bug breaks it.
        assert self.total == total(line.net for line in self.lines), self.sale_id
        assert self.due == total(tender.amount for tender in self.tenders), self.sale_id


@dataclass(frozen=True, slots=True)
class SaleSummary:
    """One row of a list of sales."""

    sale_id: str
    receipt_code: str
    business_day: date
    sold_ms: int
    staff_id: str
    member_id: str | None
    due: Money
    line_count: int
