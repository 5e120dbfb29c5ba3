"""Expected: what the till must have taken, computed from the data alone.

Owns: the sums of pass 1, by store, household and month. Imports nothing of the product: its own
integers, its own reading of the rules written in this package's docstring.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

Key = tuple[int, int, str]
"""Store, household, month as "2017-03"."""


@dataclass(slots=True)
class Sums:
    """Cents and whole points; discounts are positive."""

    lines: int = 0
    list_total: int = 0
    retail: int = 0
    coupon: int = 0
    match: int = 0
    net: int = 0
    points: int = 0


@dataclass(slots=True)
class Quirks:
    """What was not sold as it was recorded, and what that was worth."""

    nothing_sold: int = 0
    """Lines of quantity 0 without money."""
    one_piece: int = 0
    """Lines of quantity 0 with money: rung up as one piece."""
    coupons_without_goods: int = 0
    coupon_beyond_line: int = 0
    """Cents that coupons were worth beyond what their line cost."""
    empty_baskets: int = 0


@dataclass(slots=True)
class Expected:
    """The sums by key, and the quirks met on the way."""

    by_key: dict[Key, Sums] = field(default_factory=dict)
    quirks: Quirks = field(default_factory=Quirks)


def expected_sums(
    columns: Mapping[str, Sequence[int]],
    baskets: Iterable[Sequence[int]],
    parts: Mapping[int, Sequence[int]],
) -> Expected:
    """Sum the baskets, each given as its row numbers in `columns`.

    `parts` says, for a basket id, how many sold lines each of its sales had: points are rounded
    down once per sale, and only the till knows where it had to close a basket.
    """
    answer = Expected()
    for rows in baskets:
        sold = [row for row in rows if _is_sold(columns, row, answer.quirks)]
        if not sold:
            answer.quirks.empty_baskets += 1
            continue
        first = rows[0]
        when = datetime.fromtimestamp(columns["at_ms"][first] / 1000, tz=UTC)
        key = (columns["store"][first], columns["household"][first], when.strftime("%Y-%m"))
        sums = answer.by_key.setdefault(key, Sums())
        nets = [_add_line(columns, row, sums, answer.quirks) for row in sold]
        start = 0
        for count in parts.get(columns["basket"][first], (len(nets),)):
            sums.points += sum(nets[start : start + count]) // 100
            start += count
        if start != len(nets):
            raise ValueError(f"basket {columns['basket'][first]}: {start} of {len(nets)} lines")
    return answer


def _is_sold(columns: Mapping[str, Sequence[int]], row: int, quirks: Quirks) -> bool:
    if columns["quantity"][row] > 0:
        return True
    if columns["sales"][row] > 0:
        quirks.one_piece += 1
        return True
    quirks.nothing_sold += 1
    quirks.coupons_without_goods += columns["coupon"][row]
    return False


def _add_line(columns: Mapping[str, Sequence[int]], row: int, sums: Sums, quirks: Quirks) -> int:
    sales, coupon = columns["sales"][row], columns["coupon"][row]
    taken = min(sales, coupon)
    quirks.coupon_beyond_line += coupon - taken
    sums.lines += 1
    sums.list_total += sales + columns["retail"][row] + columns["match"][row]
    sums.retail += columns["retail"][row]
    sums.match += columns["match"][row]
    sums.coupon += taken
    sums.net += sales - taken
    return sales - taken
