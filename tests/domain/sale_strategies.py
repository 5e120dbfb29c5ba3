"""Strategies: random sales of one member, and their pieces cut apart.

Owns: what the laws of refunds and settlement draw from. Does not own: the laws.
"""

from datetime import date
from itertools import pairwise

from hypothesis import strategies as st

from app.domain.effects import SpentPart
from app.domain.facts import SaleRecorded
from app.domain.pieces import Interval
from tests.domain.heart_builders import (
    a_line,
    a_sale,
)

SOLD = date(2026, 3, 10)


@st.composite
def sales(draw: st.DrawFn) -> SaleRecorded:
    """A member's sale of up to three lines: pieces or a weight, points earned and spent."""
    lines = []
    for number in range(draw(st.integers(1, 3))):
        weighed = draw(st.booleans())
        spent = draw(st.integers(0, 300))
        first = draw(st.integers(0, spent))
        parts = (
            SpentPart(points=first, expires_in=draw(st.integers(0, 2))),
            SpentPart(points=spent - first, expires_in=6, prolonged=draw(st.booleans())),
        )
        lines.append(
            a_line(
                str(number),
                quantity_thousandths=draw(
                    st.integers(1, 2500) if weighed else st.integers(1, 7).map(lambda n: n * 1000)
                ),
                weighed=weighed,
                net_minor=draw(st.integers(0, 9999)),
                tax_minor=draw(st.integers(0, 999)),
                points_earned=draw(st.integers(0, 500)),
                points_spent=spent,
                spent_from=tuple(part for part in parts if part.points),
            )
        )
    held = draw(st.none() | st.just(8))
    inclusive = draw(st.booleans())
    return a_sale(1, SOLD, lines=tuple(lines), earned_usable_in_days=held, tax_inclusive=inclusive)


@st.composite
def partitions(draw: st.DrawFn, sale: SaleRecorded) -> list[Interval]:
    """All pieces of a sale, cut into intervals and shuffled."""
    intervals = []
    for line in sale.lines:
        cuts = {0, line.pieces} | draw(st.sets(st.integers(0, line.pieces), max_size=3))
        ends = sorted(cuts)
        intervals += [Interval(line.line_id, start, end) for start, end in pairwise(ends)]
    return draw(st.permutations(intervals))
