"""Agreement: what two sides count of the same facts, to see that they hold the same.

Owns: the sums of one device's business day (facts, sales, money by tender, points by kind) and
what one fact adds to them. Till and server both count by it, each from its own facts, and compare.
Does not own: the chain (chain.py), the message (sync), what is done where they differ.
Amounts are minor units, refunds subtracted; the day is the one stated in the fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain import effects as do
from app.domain.facts import Fact, FactHead, PointsAdjusted, SaleRecorded
from app.domain.refund_fact import (
    AnyRefund,
    FirstRefundRecorded,
    RefundRecorded,
    ReturnRecorded,
)

_ADJUSTED = str(PointsAdjusted.__struct_config__.tag)


@dataclass(slots=True)
class PointsMoved:
    """What one fact did to its member's points, by kind."""

    earned: int = 0
    spent: int = 0
    given_back: int = 0
    """Spent points that a refund gave back."""
    taken_back: int = 0
    """Earned points that a refund took back."""
    adjusted: int = 0
    """By hand or import, signed; they stand in no other kind."""
    spend_minor: int = 0
    """What counts towards a tier, refunds subtracted."""


def points_moved(kind: str, effects: Iterable[do.Effect]) -> PointsMoved:
    """What the effects of a fact of this kind add up to."""
    moved = PointsMoved()
    for effect in effects:
        match effect:
            case do.Visited(spend_minor=spend):
                moved.spend_minor += spend
            case do.Gained() | do.HeldGain() | do.OccasionGain() | do.SaleShare():
                moved.earned += effect.points
            case do.Taken() | do.Exchanged():
                moved.spent += effect.points
            case do.Undone():
                _count_back(moved, effect, 1)
            case do.Redone():
                _count_back(moved, effect, -1)
            case _:
                pass  # coupons, tiers and consents move no points
    if kind == _ADJUSTED:
        moved.adjusted, moved.earned, moved.spent = moved.earned - moved.spent, 0, 0
    return moved


def _count_back(moved: PointsMoved, effect: do.Undone | do.Redone, sign: int) -> None:
    moved.taken_back += sign * sum(part.points for part in effect.earned)
    moved.given_back += sign * sum(part.points for part in effect.spent)
    moved.spend_minor -= sign * effect.spend_minor


POINT_KINDS = ("earned", "spent", "given_back", "taken_back", "adjusted")


@dataclass(slots=True)
class DayCount:
    """The sums of one device on one business day. Kinds without a sum are left out."""

    ops: int = 0
    sales: int = 0
    tenders: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)

    def count(self, fact: Fact | FactHead | None) -> None:
        """Add one op; None where its bytes tell nothing (refused, or of a newer program)."""
        self.ops += 1
        if fact is None:
            return
        match fact:
            case SaleRecorded():
                self.sales += 1
                _add_tenders(self.tenders, fact, 1)
            case FirstRefundRecorded() | RefundRecorded() | ReturnRecorded():
                _add_tenders(self.tenders, fact, -1)
            case _:
                pass  # no money changed hands for goods
        kind = fact.kind if isinstance(fact, FactHead) else str(fact.__struct_config__.tag)
        moved = points_moved(kind, fact.effects)
        for name in POINT_KINDS:
            _add_named(self.points, name, getattr(moved, name))


def _add_tenders(
    sums: dict[str, int], fact: SaleRecorded | AnyRefund | ReturnRecorded, sign: int
) -> None:
    for tender in fact.tenders:
        _add_named(sums, tender.kind, sign * tender.amount_minor)


def _add_named(sums: dict[str, int], name: str, amount: int) -> None:
    total = sums.get(name, 0) + amount
    if total:
        sums[name] = total
    else:
        sums.pop(name, None)
