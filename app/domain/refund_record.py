"""The refund as the till's tables keep it: for lists, for what came back of a sale, for its paper.

Owns: the record of a finished refund or return. Does not own: the fact that carries it
(refund_fact.py: the bytes are the truth, this is for look-up).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.fact_parts import RefundedPieces
from app.domain.ids import OpId
from app.domain.money import Money


@dataclass(frozen=True, slots=True)
class Refund:
    """A finished refund; `refund_id` is its op_id. Without `sale_id`: a return without receipt."""

    refund_id: OpId
    receipt_code: str
    sequence: int
    business_day: date
    refunded_ms: int
    staff_id: str
    sale_id: OpId | None
    sale_code: str
    worth: Money
    paid: Money
    kept_back: Money
    last_piece: bool
    pieces: tuple[RefundedPieces, ...] = ()
    member_id: str | None = None
    shift_id: str | None = None
    exchanged_for: OpId | None = None
