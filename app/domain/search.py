"""The search: which levels, bundles, offers and coupons make this basket cheapest. Exact.

Owns: walking levels x bundles with bounds. Does not own: the best order offers for one outcome of
levels and bundles (order_search.py), the tie rule (combination.py), what anything costs
(levels.py, bundles.py, order_offers.py).

The bounds are proved, not guessed: an outcome is skipped only where even the most that bundles
and offers could still save would not beat what is already known. Higher prices make every saving
larger or leave it, so what they save on the dearest outcome bounds all others; the same holds for
what is taken off lines by hand (by_hand.py), which counts in what a combination costs.
"""

from __future__ import annotations

from app.domain.bundles import Run, act_limit, form, most_saved, unit_runs
from app.domain.by_hand import off_by_hand
from app.domain.combination import Best, Candidate, Choice, Field, Outcome, Used
from app.domain.levels import Amounts, LevelSet
from app.domain.order_search import most_off_together, search_orders


def cheapest(field: Field) -> Choice:
    """The cheapest combination, ties broken by the rule of DESIGN.md."""
    best = Best()
    _walk(field, field.level_sets[0], best)
    others = field.level_sets[1:]
    most = 0
    if others:
        most = _bundle_bounds(field, field.base)[0] + most_off_together(field, field.base)
        most += off_by_hand(field.shelf, field.base)
    for levels in others:
        if best.is_out_of_reach(max(0, levels.total - most), 0):
            break  # the sets are sorted by total: the rest are dearer still
        _walk(field, levels, best)
    assert best.choice is not None, "the first set of levels is always priced"
    return best.choice


def _walk(field: Field, levels: LevelSet, best: Best) -> None:
    if field.bundles:
        _LevelWalk(field, levels, best).run()
    else:
        search_orders(field, Outcome(levels, (), list(levels.amounts), Used()), best)


def _bundle_bounds(field: Field, amounts: Amounts) -> list[int]:
    """For each bundle, the most it and all after it can save at these line amounts."""
    runs = unit_runs(field.shelf, amounts, field.fixed)
    sums = [0]
    for bundle in reversed(field.bundles):
        most = most_saved(bundle.offer, runs, bundle.positions, bundle.times)
        sums.append(sums[-1] + most)
    return sums[::-1]


class _LevelWalk:
    """All sets of bundles on one set of levels."""

    def __init__(self, field: Field, levels: LevelSet, best: Best) -> None:
        self.field = field
        self.levels = levels
        self.best = best
        self.bundle_most = _bundle_bounds(field, levels.amounts)
        self.order_most = most_off_together(field, levels.amounts)
        self.order_most += off_by_hand(field.shelf, levels.amounts)

    def run(self) -> None:
        runs = unit_runs(self.field.shelf, self.levels.amounts, self.field.fixed)
        self._from(0, Outcome(self.levels, (), list(self.levels.amounts), Used()), runs)

    def _from(self, index: int, outcome: Outcome, runs: list[Run]) -> None:
        field, coupons = self.field, outcome.used.coupons
        bound = sum(outcome.nets) - self.bundle_most[index] - self.order_most
        if self.best.is_out_of_reach(max(0, bound), coupons):
            return
        if index == len(field.bundles):
            search_orders(field, outcome, self.best)
            return
        bundle = field.bundles[index]
        for count in range(bundle.times, 0, -1):
            if not outcome.used.allows(bundle, count, field.coupons_max):
                continue
            formed = _with_bundle(bundle, count, outcome, runs)
            if formed is not None and field.has_room_for(formed[0].used.coupon_off):
                self._from(index + 1, *formed)
        self._from(index + 1, outcome, runs)


def _with_bundle(
    bundle: Candidate, count: int, outcome: Outcome, runs: list[Run]
) -> tuple[Outcome, list[Run]] | None:
    """The outcome with this bundle on; None where not every coupon of it would form one."""
    nets, off = list(outcome.nets), 0
    for _ in range(count):
        formed, runs = form(bundle.offer, runs, bundle.positions, act_limit(bundle.offer))
        if not formed.groups:
            return None
        formed.spread(nets)
        off += formed.saving
    on = (*outcome.bundles, (bundle, count))
    return Outcome(outcome.levels, on, nets, outcome.used.plus(bundle, count, off)), runs
