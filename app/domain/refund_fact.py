"""Refund facts: goods that came back, with the receipt they were sold on and without it.

Owns: RefundRecorded in all its versions, ReturnRecorded, and the sums that must hold in them.
Does not own: what is paid back and why (refund.py), settling pieces counted twice (settlement.py).
Money given back is positive.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from app.domain.bound import Id
from app.domain.fact_base import FactBase
from app.domain.fact_parts import FactTender, ProgramRef, RefundedPieces
from app.domain.ids import OpId
from app.domain.receipt import Receipt
from app.domain.refund_receipt import RefundReceipt


class FirstRefundRecorded(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="refund_recorded.1"
):
    """A refund as the first program would have written it; read for ever, written no more."""

    code: Id
    sale: OpId
    sale_code: Id
    pieces: tuple[RefundedPieces, ...]
    last_piece: bool = False
    tenders: tuple[FactTender, ...] = ()
    round_off_minor: int = 0
    points_earned: int = 0
    points_spent: int = 0
    kept_back_minor: int = 0
    coupons: tuple[str, ...] = ()
    shift: str | None = None
    reservation: Id | None = None
    approved_by: tuple[str, ...] = ()
    receipt: Receipt | None = None

    @property
    def settled_minor(self) -> int:
        """How much of what was paid for the sale this refund has dealt with."""
        return sum(tender.amount_minor for tender in self.tenders) + self.kept_back_minor


class RefundRecorded(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="refund_recorded.2"
):
    """A refund of named pieces of one sale.

    What the pieces are worth = `settled_minor` + `round_off_minor`, and what is settled is the
    money given back + what was kept back + `cash_rest_minor`.
    """

    code: Id
    sale: OpId
    sale_code: Id
    pieces: tuple[RefundedPieces, ...]
    last_piece: bool = False
    """With it nothing of the sale is left."""
    settled_minor: int = 0
    """How much of what was paid for the sale this refund deals with: tenders in their order,
    those of a terminal first; the next refund goes on behind it."""
    tenders: tuple[FactTender, ...] = ()
    round_off_minor: int = 0
    cash_rest_minor: int = 0
    """What could not be given in coins of a sum that goes back in cash instead of by its card."""
    points_earned: int = 0
    """Points earned on the pieces, taken back; `points_kept` of them by keeping back money."""
    points_spent: int = 0
    """Points spent on the pieces, given back."""
    points_kept: int = 0
    kept_back_minor: int = 0
    """The value of earned points that were spent already, kept back as a line of its own."""
    coupons: tuple[str, ...] = ()
    """Coupons of the sale, for the authority to give back after the last piece."""
    exchanged_for: OpId | None = None
    """The sale of the new goods; both facts were written in one transaction."""
    shift: str | None = None
    reservation: Id | None = None
    approved_by: tuple[str, ...] = ()
    receipt: RefundReceipt | None = None

    def __post_init__(self) -> None:
        # Asserted when the fact is made and again when it is read back: only a bug breaks it.
        worth = sum(piece.amount_minor for piece in self.pieces)
        paid = sum(tender.amount_minor for tender in self.tenders)
        settled = paid + self.kept_back_minor + self.cash_rest_minor
        assert worth == self.settled_minor + self.round_off_minor, self.op_id
        assert self.settled_minor == settled, self.op_id


class FullRefundRecorded(
    RefundRecorded, frozen=True, kw_only=True, omit_defaults=True, tag="refund_recorded.3"
):
    """A refund that gives back uses of rewards or benefits, or of goods whose batch is known; all
    others keep the second shape.
    """


PackWhy = Literal["unused", "not_begun", "months", "none"]
"""unused, not_begun: all comes back; months: by what is left; none: nothing does."""


class PackKept(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the shop kept of a paid pack that came back, by the terms it was sold under."""

    line: str
    plan: str
    why: PackWhy
    months_left: int
    months: int
    kept_minor: int = 0

    @property
    def share(self) -> tuple[int, int]:
        """What of it came back, as months of months: by it goes all that it did to the account."""
        if self.why == "unused":
            return 1, 1
        if self.why == "none":
            return 0, 1
        # Whatever somebody else's till wrote: never more than all of it, never less than nothing.
        months = max(1, self.months)
        return max(0, min(self.months_left, months)), months

    @property
    def is_whole(self) -> bool:
        left, months = self.share
        return left == months


class PackRefundRecorded(
    FullRefundRecorded, frozen=True, kw_only=True, omit_defaults=True, tag="refund_recorded.4"
):
    """A refund with paid packs in it; what was kept of them is part of `kept_back_minor`."""

    packs: tuple[PackKept, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        assert sum(each.kept_minor for each in self.packs) <= self.kept_back_minor, self.op_id


AnyRefund = FirstRefundRecorded | RefundRecorded


def packs_of(refund: AnyRefund) -> tuple[PackKept, ...]:
    """The paid packs a refund took back."""
    return refund.packs if isinstance(refund, PackRefundRecorded) else ()


class ReturnedGoods(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Goods taken back without their receipt; `amount_minor` with the tax on top of it, if any."""

    sku: str
    name: str
    quantity_thousandths: int
    amount_minor: int
    tax_rate: str = "0"
    tax_minor: int = 0
    reason: str = ""


class ReturnRecorded(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="return_recorded.1"
):
    """Goods taken back without a sale this till holds: money only, always approved.

    `sale_code` is the number on the customer's paper, where there is one: when that sale arrives
    its pieces are counted.
    """

    code: Id
    program: ProgramRef
    goods: tuple[ReturnedGoods, ...]
    sale_code: Id = ""
    tenders: tuple[FactTender, ...]
    round_off_minor: int = 0
    shift: str | None = None
    approved_by: tuple[str, ...]
    receipt: RefundReceipt

    def __post_init__(self) -> None:
        worth = sum(each.amount_minor for each in self.goods)
        paid = sum(tender.amount_minor for tender in self.tenders)
        assert worth == paid + self.round_off_minor, self.op_id
        assert self.member is None, self.op_id
        assert not self.effects, self.op_id
        assert self.approved_by, self.op_id
