"""The shelf: a basket's lines as columns of whole numbers, in the one order that breaks ties.

Owns: list amounts, pieces, which lines a scope covers, sharing an amount over lines.
Does not own: prices and offers. Positions here count the lines sorted by (sku, line id), so that
no result can depend on the order of scanning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.basket import BasketLine
from app.domain.money import divide_half_up, split_by_weight
from app.domain.plan import EVERYTHING, Reach
from app.domain.quantity import THOUSAND

Positions = tuple[int, ...]


def amount_of(unit_minor: int, thousandths: int) -> int:
    """Unit price times quantity, half up, in minor units."""
    return divide_half_up(unit_minor * thousandths, THOUSAND)


def rate_of(amount: int, num: int, den: int) -> int:
    """A fraction of an amount (>= 0), half up."""
    return (2 * amount * num + den) // (2 * den)


@dataclass(slots=True)
class Shelf:
    """The lines in tie order with their columns."""

    lines: tuple[BasketLine, ...]
    list_amounts: tuple[int, ...]
    pieces: Positions
    """Whole pieces per line; 0 for what is weighed or cut, and so is in no bundle."""
    everything: Positions
    by_hand: Positions = ()
    """The lines that somebody takes something off by hand."""
    _by_sku: dict[str, set[int]] = field(default_factory=dict)
    _by_category: dict[str, set[int]] = field(default_factory=dict)
    _covered: dict[Reach, Positions] = field(default_factory=dict)

    def covered(self, reach: Reach) -> Positions:
        """The positions of the lines in a scope, ascending."""
        known = self._covered.get(reach)
        if known is None:
            known = self._covered[reach] = self._find(reach)
        return known

    def _find(self, reach: Reach) -> Positions:
        if reach == EVERYTHING:
            return self.everything
        if reach.products or reach.categories:
            found = _union(self._by_sku, reach.products)
            found |= _union(self._by_category, reach.categories)
        else:
            found = set(self.everything)
        found -= _union(self._by_sku, reach.except_products)
        found -= _union(self._by_category, reach.except_categories)
        return tuple(sorted(found))

    def count_in(self, positions: Positions) -> int:
        """Pieces on these lines; a weighed line counts as one."""
        return sum(self.pieces[position] or 1 for position in positions)


def _union(index: dict[str, set[int]], keys: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for key in keys:
        found |= index.get(key, set())
    return found


def make_shelf(lines: Sequence[BasketLine]) -> Shelf:
    """Sort the lines and read their columns."""
    ordered = tuple(sorted(lines, key=lambda line: (line.sku, line.line_id)))
    shelf = Shelf(
        lines=ordered,
        list_amounts=tuple(_list_amount(line) for line in ordered),
        pieces=tuple(
            line.quantity.pieces if line.quantity.is_pieces and not line.weighed else 0
            for line in ordered
        ),
        everything=tuple(range(len(ordered))),
        by_hand=tuple(place for place, line in enumerate(ordered) if line.by_hand is not None),
    )
    for position, line in enumerate(ordered):
        shelf._by_sku.setdefault(line.sku, set()).add(position)
        shelf._by_category.setdefault(line.category, set()).add(position)
    return shelf


def _list_amount(line: BasketLine) -> int:
    if line.given is not None:
        return line.given.list_amount.minor
    return amount_of(line.unit_price.minor, line.quantity.thousandths)


def given_amounts(shelf: Shelf) -> dict[int, int]:
    """What the lines cost that have a given price, by position."""
    return {
        position: line.given.net.minor
        for position, line in enumerate(shelf.lines)
        if line.given is not None
    }


def take_off(nets: list[int], positions: Positions, amount: int) -> list[tuple[int, int]]:
    """Take an amount off these lines by largest remainder; returns what each line gave.

    Changes `nets`. The amount must not be above what the lines hold.
    """
    if len(positions) == 1:
        nets[positions[0]] -= amount
        return [(positions[0], amount)]
    parts = split_by_weight(amount, [nets[position] for position in positions])
    shares = []
    for position, part in zip(positions, parts, strict=True):
        if part:
            nets[position] -= part
            shares.append((position, part))
    return shares
