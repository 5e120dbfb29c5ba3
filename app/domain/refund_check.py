"""Checking a refund: what it moved, beside what the pieces it names are worth by their sale.

Owns: that comparison. Does not own: the worth of pieces (pieces.py), pieces that two refunds name
(settlement.py), what is done about a difference (the server's exceptions).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.effects import Undone
from app.domain.facts import SaleRecorded
from app.domain.pieces import Interval, intervals_of, moved, worth
from app.domain.refund_fact import AnyRefund, packs_of


@dataclass(frozen=True, slots=True)
class RefundAgrees:
    """The refund moved what its pieces are worth."""


@dataclass(frozen=True, slots=True)
class RefundDiffers:
    """What was moved, and what the pieces are worth: money, points taken and given back."""

    paid_minor: int
    expected_minor: int
    taken_back: int
    expected_taken_back: int
    given_back: int
    expected_given_back: int

    @property
    def points_beyond(self) -> int:
        """How many points the member has more than he should; negative: fewer."""
        given = self.given_back - self.expected_given_back
        return given - (self.taken_back - self.expected_taken_back)


def check_refund(sale: SaleRecorded, refund: AnyRefund) -> RefundAgrees | RefundDiffers:
    """Compare. A refund for nobody (a walk-in, or a person who was forgotten) moves money only."""
    due = worth(sale, _known(sale, refund))
    undoes = moved(sale, _known(sale, refund), packs_of(refund))
    done = [each for each in refund.effects if isinstance(each, Undone)]
    earned = sum(part.points for each in done for part in each.earned)
    spent = sum(part.points for each in done for part in each.spent)
    expected = (undoes.earned, sum(part.points for part in undoes.spent))
    if refund.member is None:
        expected = (0, 0)
    paid = sum(piece.amount_minor for piece in refund.pieces)
    if (paid, earned, spent) == (due.money_minor, *expected):
        return RefundAgrees()
    return RefundDiffers(paid, due.money_minor, earned, expected[0], spent, expected[1])


def _known(sale: SaleRecorded, refund: AnyRefund) -> list[Interval]:
    """The pieces that the sale has; of others nothing was paid for."""
    size = {line.line_id: line.pieces for line in sale.lines}
    return [
        Interval(each.line, each.start, min(each.end, size[each.line]))
        for each in intervals_of(refund.pieces)
        if each.start < size.get(each.line, 0)
    ]
