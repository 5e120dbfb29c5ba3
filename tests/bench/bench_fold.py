"""Benchmark of the heart: folding 100,000 facts and viewing a member with 36 months.

Owns: the two figures of the budget. A benchmark is not a timed test: nothing here fails a build.
Run: python -m tests.bench.bench_fold
"""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter_ns

from app.domain import effects as do
from app.domain.account import FoldItem, Mark, MemberAccount, fold
from app.domain.facts import FactHead, canonical_bytes, fold_item, read_head
from app.domain.pieces import Interval, undone
from app.domain.view import view
from tests.domain.heart_builders import MEMBER, PROGRAM, a_line, a_sale, coupons, op

FACTS = 100_000
MONTHS = 36
START = date(2023, 12, 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside its budget, both in milliseconds."""

    what: str
    measured_ms: float
    budget_ms: float

    @property
    def holds(self) -> bool:
        return self.measured_ms <= self.budget_ms


def a_history(count: int) -> list[FoldItem]:
    """Three years of sales: each fifth redeems, each tenth fact is a refund; coupons, crossings."""
    sales, items = count * 9 // 10, []
    fresh = coupons()
    spent = (do.SpentPart(points=100, expires_in=3),)
    for number in range(sales):
        day = START + timedelta(days=number * 1095 // sales)
        effects: list[do.Effect] = [
            do.Visited(spend_minor=11_940, points_earned=118),
            do.Gained(points=118, expires_in=12),
        ]
        if number % 5 == 0:
            effects.append(do.Taken(points=100))
        if number % 400 == 0:
            coupon = next(fresh)
            effects += [do.CouponGiven(coupon=coupon, offer="welcome", days=30),
                        do.CouponUsed(coupon=coupon)]  # fmt: skip
        if number % 9000 == 0:
            effects.append(do.TierReached(tier="silver", months=12, measure="spend",
                                          line=2_000_000, return_days=7))  # fmt: skip
        mark = Mark("till-1", 1, number + 1)
        items.append(FoldItem(op(number), MEMBER, day, tuple(effects), mark))
    lines = (a_line("1", points_spent=100, spent_from=spent), a_line("2"))
    sold = a_sale(0, START, lines=lines)
    undo = undone(sold, [Interval("1", 0, 1)])
    for number in range(sales, count):
        target = items[(number - sales) * 9]
        effect = do.Undone(sale=target.op_id, earned=undo.earned, spent=undo.spent,
                           spend_minor=undo.spend_minor)  # fmt: skip
        items.append(FoldItem(op(number), MEMBER, target.day + timedelta(days=3), (effect,)))
    return items


def _best_ms(times_ns: list[int]) -> float:
    return min(times_ns) / 1e6


def measure_fold(rounds: int = 3) -> tuple[Figure, MemberAccount]:
    """Fold 100,000 facts of one member."""
    items, times = a_history(FACTS), []
    account = MemberAccount()
    for _ in range(rounds):
        begun = perf_counter_ns()
        account = fold(items)
        times.append(perf_counter_ns() - begun)
    return Figure(f"fold {FACTS:,} facts", _best_ms(times), 2_000), account


def measure_fold_from_bytes() -> Figure:
    """The same count read from canonical bytes, as a rebuild does (one sale of two lines)."""
    data = canonical_bytes(a_sale(1, lines=(a_line("1"), a_line("2"))))
    begun = perf_counter_ns()
    items = []
    for _ in range(FACTS):
        head = read_head(data)
        assert isinstance(head, FactHead)
        item = fold_item(head, head.day)
        assert item is not None
        items.append(item)
    fold(items)
    return Figure(f"read and fold {FACTS:,} facts", (perf_counter_ns() - begun) / 1e6, 2_000)


def measure_view(account: MemberAccount, rounds: int = 200) -> Figure:
    """View one member with 36 months of history (median)."""
    as_of, times = START + timedelta(days=1095), []
    for _ in range(rounds):
        begun = perf_counter_ns()
        view(account, PROGRAM, as_of)
        times.append(perf_counter_ns() - begun)
    return Figure(f"view of {MONTHS} months", statistics.median(times) / 1e6, 1)


def measure() -> list[Figure]:
    """All figures of the heart."""
    folded, _ = measure_fold()
    member = fold(a_history(1_800))
    return [folded, measure_fold_from_bytes(), measure_view(member)]


def main() -> int:
    figures = measure()
    for figure in figures:
        says = "holds" if figure.holds else "does not hold"
        sys.stdout.write(
            f"{figure.what}: {figure.measured_ms:.3f} ms, budget {figure.budget_ms:g} ms: {says}\n"
        )
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main())
