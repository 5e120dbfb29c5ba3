"""Tax: once per rate on the sum of net, shared over the lines of that rate; and the round-off.

Owns: inclusive and exclusive tax, each line's share, how much cash is rounded down.
Does not own: rates (the product's or the program's default), when round-off happens (payment).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.money import ZERO, Money, multiply_half_up, split_by_weight
from app.domain.plan import minor
from app.domain.program import Program
from app.domain.quote import Quote, TaxRow


@dataclass(frozen=True, slots=True)
class Taxed:
    """The rows of the receipt and each line's share."""

    rows: tuple[TaxRow, ...]
    by_line: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(row.tax.minor for row in self.rows)


def tax_on(nets: Sequence[int], rates: Sequence[Decimal], *, inclusive: bool) -> Taxed:
    """Tax of each rate, half up once; the parts of the lines add up to it exactly."""
    by_line = [0] * len(nets)
    rows = []
    for rate in sorted(set(rates)):
        positions = [position for position, own in enumerate(rates) if own == rate]
        weights = [nets[position] for position in positions]
        net, fraction = Money(sum(weights)), Fraction(rate)
        tax = multiply_half_up(net, Fraction(fraction, 1 + fraction) if inclusive else fraction)
        rows.append(TaxRow(rate, net, tax))
        for position, part in zip(positions, split_by_weight(tax.minor, weights), strict=True):
            by_line[position] = part
    return Taxed(tuple(rows), tuple(by_line))


def due_before_round_off(quote: Quote, program: Program) -> Money:
    """What is to be paid: the total, and the tax on top of it under exclusive prices."""
    if program.prices.tax_inclusive:
        return quote.total
    return Money(quote.total.minor + sum(row.tax.minor for row in quote.tax))


def round_off(cash: Money, program: Program) -> Money:
    """How much a cash amount is rounded down by (>= 0); the customer pays the rest."""
    if program.prices.round_off_step is None:
        return ZERO
    step = minor(program.prices.round_off_step, program.prices.decimals)
    return Money(cash.minor % step) if step else ZERO
