"""The facts of a sale: a paid basket, in every shape one has had.

Owns: SaleRecorded in all its versions, and the sums that must hold in them. Does not own: what it
is made of (fact_parts.py), the mapping from a basket (sale_fact.py), bytes (facts.py).
"""

from __future__ import annotations

from typing import Literal

from app.domain.bound import Id
from app.domain.fact_base import FactBase
from app.domain.fact_parts import (
    AsSeen,
    FactAdjustment,
    FactBeyond,
    FactByHand,
    FactLine,
    FactPack,
    FactTax,
    FactTender,
    FactTick,
    ProgramRef,
)
from app.domain.receipt import Receipt
from app.domain.view import IdentifiedBy


class SaleRecorded(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="sale_recorded.1"):
    """One sale, whole. Its effects are those on the member's account (none for a walk-in)."""

    code: Id
    """The receipt number (CodeKind.RECEIPT)."""
    program: ProgramRef
    currency: str = "CNY"
    tax_inclusive: bool = True
    lines: tuple[FactLine, ...]
    adjustments: tuple[FactAdjustment, ...] = ()
    tenders: tuple[FactTender, ...]
    total_minor: int
    list_total_minor: int
    round_off_minor: int = 0
    tax: tuple[FactTax, ...] = ()
    points_earned: int = 0
    points_spent: int = 0
    points_off_minor: int = 0
    earned_expires_in: int = 0
    """Months after this one in which the earned points lapse."""
    earned_usable_in_days: int | None = None
    """Set where the earned points are held for the return window."""
    coupons_used: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    redeem_asked: int | Literal["max"] = 0
    refused: tuple[str, ...] = ()
    identified_by: IdentifiedBy | None = None
    seen: AsSeen | None = None
    shift: str | None = None
    reservation: Id | None = None
    grant: Id | None = None
    approved_by: tuple[str, ...] = ()
    receipt: Receipt

    def __post_init__(self) -> None:
        # Asserted when the fact is made and again when it is read back: only a bug breaks it.
        lines = self.lines
        tax_on_top = 0 if self.tax_inclusive else sum(line.tax_minor for line in lines)
        paid = sum(tender.amount_minor for tender in self.tenders)
        assert self.total_minor == sum(line.net_minor for line in lines), self.op_id
        assert self.list_total_minor == sum(line.list_minor for line in lines), self.op_id
        assert paid == self.total_minor + tax_on_top - self.round_off_minor, self.op_id
        assert self.points_spent == sum(line.points_spent for line in lines), self.op_id


class SaleByHandRecorded(
    SaleRecorded, frozen=True, kw_only=True, omit_defaults=True, tag="sale_recorded.2"
):
    """A sale where somebody took something off by hand, or let the member spend beyond the limit of
    his identification; all others keep the first shape.
    """

    by_hand: tuple[FactByHand, ...] = ()
    beyond: FactBeyond | None = None


class FullSaleRecorded(
    SaleByHandRecorded, frozen=True, kw_only=True, omit_defaults=True, tag="sale_recorded.3"
):
    """A sale with a reward in it, with goods whose label names their batch, or in which benefits
    were ticked off (`ticked`); all others keep their shapes.
    """

    ticked: tuple[FactTick, ...] = ()


class PackSaleRecorded(
    FullSaleRecorded, frozen=True, kw_only=True, omit_defaults=True, tag="sale_recorded.4"
):
    """A sale of paid packs (`packs`), or one that had something of a pack; all others keep their
    shapes.
    """

    packs: tuple[FactPack, ...] = ()


SALE_KINDS = frozenset(
    str(kind.__struct_config__.tag)
    for kind in (SaleRecorded, SaleByHandRecorded, FullSaleRecorded, PackSaleRecorded)
)
"""The tags of every shape a sale has had."""
