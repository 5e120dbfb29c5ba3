"""Goods taken back without their sale at hand, bound to it once it is known by its receipt number.

Owns: which pieces of the sale such a return counts, and what it paid out beyond all there are.
Pure: whatever the order in which facts become known, the same comes out. Does not own: refunds
of named pieces, which come first (settlement.py), when it is looked at (sync/server).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.fact_parts import FactLine, FactPack
from app.domain.facts import (
    AnyRefund,
    PackSaleRecorded,
    ReturnedGoods,
    ReturnRecorded,
    SaleRecorded,
)
from app.domain.ids import OpId
from app.domain.pieces import Interval, subtract
from app.domain.settlement import counted_pieces


@dataclass(frozen=True, slots=True)
class BoundReturn:
    """What one return without a receipt counts of its sale."""

    op_id: OpId
    pieces: tuple[Interval, ...]
    beyond_minor: int
    """Paid for goods that the sale never had, or that had come back already."""


def bind_returns(
    sale: SaleRecorded, refunds: Iterable[AnyRefund], returns: Iterable[ReturnRecorded]
) -> tuple[BoundReturn, ...]:
    """Every return that names this sale's receipt, in the order of their ids: each takes the lowest
    pieces of its goods that neither a refund names nor an earlier return took.
    """
    taken = [each for own in counted_pieces(refunds).values() for each in own]
    bound = []
    for each in sorted({one.op_id: one for one in returns}.values(), key=lambda one: one.op_id):
        own: list[Interval] = []
        beyond = 0
        for goods in each.goods:
            lines = [line for line in sale.lines if line.sku == goods.sku]
            found = list(_lowest(lines, goods, [*taken, *own]))
            left = goods.quantity_thousandths - sum(thousandths for _, thousandths in found)
            beyond += goods.amount_minor * left // max(1, goods.quantity_thousandths)
            own += [interval for interval, _ in found]
        taken += own
        bound.append(BoundReturn(each.op_id, tuple(own), beyond))
    return tuple(bound)


def packs_in_pieces(sale: SaleRecorded, pieces: Sequence[Interval]) -> tuple[FactPack, ...]:
    """The paid packs among pieces of a sale: whoever brings one back has its tier no more."""
    if not isinstance(sale, PackSaleRecorded):
        return ()
    lines = {interval.line for interval in pieces}
    return tuple(pack for pack in sale.packs if pack.line in lines)


def _lowest(
    lines: Sequence[FactLine], goods: ReturnedGoods, taken: Sequence[Interval]
) -> Iterator[tuple[Interval, int]]:
    """Free pieces for these goods, each with how much of them it is, in thousandths."""
    left = goods.quantity_thousandths
    for line in lines:
        of_one = line.quantity_thousandths // max(1, line.pieces)
        for free in subtract(Interval(line.line_id, 0, line.pieces), taken):
            count = min(free.end - free.start, left // max(1, of_one))
            if count > 0:
                yield Interval(line.line_id, free.start, free.start + count), count * of_one
                left -= count * of_one
