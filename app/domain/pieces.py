"""Pieces: what each numbered piece of a sale is worth, in money and in points.

Owns: intervals of pieces, which are free, the worth of an interval by R(b) - R(a), and the effect
a refund of them has. A line of q pieces (a weight: of thousandths) is computed, never stored.
Does not own: who may refund, how money is paid out, pieces counted twice (settlement.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.effects import EarnedPart, EntitlementBack, SpentPart, Undone
from app.domain.facts import FactLine, FullSaleRecorded, RefundedPieces, SaleRecorded
from app.domain.money import divide_half_up, piece_share
from app.domain.refund_fact import PackKept
from app.domain.reward import reward_id_of


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Pieces [start, end) of one line."""

    line: str
    start: int
    end: int

    @property
    def count(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Worth:
    """What intervals are worth: net, tax on top, points earned, points spent by month."""

    net_minor: int
    tax_minor: int
    earned: int
    spent: tuple[SpentPart, ...]

    @property
    def money_minor(self) -> int:
        """What the customer paid for them (tax on top included)."""
        return self.net_minor + self.tax_minor


@dataclass(frozen=True, slots=True)
class TooMany:
    """Fewer pieces are left than were asked for."""

    line: str
    free: int


def intervals_of(pieces: Iterable[RefundedPieces]) -> list[Interval]:
    """The intervals a refund names."""
    return [Interval(piece.line, piece.start, piece.end) for piece in pieces]


def subtract(interval: Interval, taken: Iterable[Interval]) -> list[Interval]:
    """What is left of an interval outside others of its line, lowest first."""
    left, start = [], interval.start
    for other in sorted(each for each in taken if each.line == interval.line):
        if other.start >= interval.end:
            break
        if other.start > start:
            left.append(Interval(interval.line, start, other.start))
        start = max(start, other.end)
    if start < interval.end:
        left.append(Interval(interval.line, start, interval.end))
    return left


def free_pieces(
    line: FactLine, refunded: Iterable[Interval], count: int
) -> tuple[Interval, ...] | TooMany:
    """The lowest free pieces of a line, or how few are left."""
    free = subtract(Interval(line.line_id, 0, line.pieces), refunded)
    chosen, missing = [], count
    for interval in free:
        size = min(missing, interval.count)
        if size:
            chosen.append(Interval(line.line_id, interval.start, interval.start + size))
        missing -= size
    return TooMany(line.line_id, sum(each.count for each in free)) if missing else tuple(chosen)


def nothing_left(sale: SaleRecorded, refunded: Sequence[Interval]) -> bool:
    """Whether every piece of the sale came back."""
    return not any(
        subtract(Interval(line.line_id, 0, line.pieces), refunded) for line in sale.lines
    )


def worth(sale: SaleRecorded, intervals: Iterable[Interval]) -> Worth:
    """What pieces of a sale are worth together. Worths of disjoint intervals add up exactly."""
    lines = {line.line_id: line for line in sale.lines}
    net = tax = earned = 0
    spent: dict[tuple[int, bool], int] = {}
    for interval in intervals:
        line = lines[interval.line]
        at = (interval.start, interval.end, line.pieces)
        net += piece_share(line.net_minor, *at)
        tax += 0 if sale.tax_inclusive else piece_share(line.tax_minor, *at)
        earned += piece_share(line.points_earned, *at)
        before = piece_share(line.points_spent, 0, interval.start, line.pieces)
        size = piece_share(line.points_spent, *at)
        for part in _cut(line.spent_from, before, size):
            key = (part.expires_in, part.prolonged)
            spent[key] = spent.get(key, 0) + part.points
    parts = tuple(
        SpentPart(points=points, expires_in=expires_in, prolonged=prolonged)
        for (expires_in, prolonged), points in sorted(spent.items())
    )
    return Worth(net, tax, earned, parts)


def moved(
    sale: SaleRecorded, intervals: Sequence[Interval], packs: Sequence[PackKept] = ()
) -> Worth:
    """What a refund of pieces undoes: all they are worth, of packs the share that came back."""
    shares = {pack.line: pack.share for pack in packs}
    whole = [each for each in intervals if each.line not in shares]
    found = [
        worth(sale, whole),
        *(
            _shared(worth(sale, [each]), *shares[each.line])
            for each in intervals
            if each.line in shares
        ),
    ]
    return Worth(
        sum(each.net_minor for each in found),
        sum(each.tax_minor for each in found),
        sum(each.earned for each in found),
        tuple(part for each in found for part in each.spent),
    )


def _shared(value: Worth, num: int, den: int) -> Worth:
    spent = sum(part.points for part in value.spent)
    return Worth(
        divide_half_up(value.net_minor * num, den),
        divide_half_up(value.tax_minor * num, den),
        divide_half_up(value.earned * num, den),
        tuple(_cut(value.spent, 0, divide_half_up(spent * num, den))),
    )


def _cut(parts: Iterable[SpentPart], before: int, size: int) -> list[SpentPart]:
    """Of a line's spent points, oldest month first, the ones at places [before, before + size)."""
    cut = []
    for part in parts:
        skipped = min(before, part.points)
        used = min(part.points - skipped, size)
        before -= skipped
        size -= used
        if used:
            cut.append(SpentPart(points=used, expires_in=part.expires_in, prolonged=part.prolonged))
    return cut


def earned_parts(sale: SaleRecorded, points: int) -> tuple[EarnedPart, ...]:
    """Points earned on pieces, with the months of their sale."""
    if not points:
        return ()
    return (
        EarnedPart(
            points=points,
            expires_in=sale.earned_expires_in,
            usable_in_days=sale.earned_usable_in_days,
        ),
    )


def undone(
    sale: SaleRecorded,
    intervals: Sequence[Interval],
    already: Sequence[Interval] = (),
    plan_skus: frozenset[str] = frozenset(),
    packs: Sequence[PackKept] = (),
    packs_before: Sequence[PackKept] = (),
) -> Undone:
    """The effect of refunding pieces of a member's sale.

    `already`: pieces refunded before, as far as is known here; `plan_skus`: products that are
    paid plans: with a piece of one its tier goes. `packs`: those among the pieces; while the shop
    keeps anything of one, or of one that came back before, the visit stays.
    """
    value = moved(sale, intervals, packs)
    whole = all(pack.is_whole for pack in (*packs, *packs_before))
    gone = [*already, *intervals]
    plans = {line.line_id for line in sale.lines if line.sku in plan_skus}
    return Undone(
        sale=sale.op_id,
        earned=earned_parts(sale, value.earned),
        spent=value.spent,
        spend_minor=value.net_minor,
        visits=1 if whole and nothing_left(sale, gone) else 0,
        plan=any(interval.line in plans for interval in intervals),
    )


def uses_back(
    sale: SaleRecorded, intervals: Sequence[Interval], already: Sequence[Interval] = ()
) -> tuple[EntitlementBack, ...]:
    """Uses that come back with pieces: a reward with its piece, a benefit with the last one.

    Each is named by its piece, so that two refunds of one piece give back one use.
    """
    lines = {line.line_id: line for line in sale.lines}
    uses: dict[tuple[str, str], list[str]] = {}
    for interval in intervals:
        for change in lines[interval.line].adjustments:
            if reward_id_of(change.rule) is not None:
                named = [f"{interval.line}/{n}" for n in range(interval.start, interval.end)]
                uses.setdefault((change.rule, sale.op_id), []).extend(named)
    if isinstance(sale, FullSaleRecorded) and nothing_left(sale, [*already, *intervals]):
        for tick in sale.ticked:
            uses.setdefault((tick.entitlement, tick.of), []).append("")
    return tuple(
        EntitlementBack(entitlement=entitlement, of=of, uses=tuple(sorted(named)))
        for (entitlement, of), named in sorted(uses.items())
    )
