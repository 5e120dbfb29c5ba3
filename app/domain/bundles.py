"""Bundles: units bound together - N for a price, buy X get Y, the cheapest off, a fixed price.

Owns: forming bundles from the dearest free units, what they save, how the saving is spread, and
the most a bundle could ever save (the search's bound). Does not own: which bundles are on.

A unit is worth what the refund of that piece would be, so the units of a line differ by one minor
unit at most and add up to the line. Equal units are kept together as runs: 999 pieces cost no
more than two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.plan import OfferPlan
from app.domain.shelf import Positions, Shelf, rate_of, take_off

Run = tuple[int, int, int]
"""Worth of one unit, position of its line, how many such units."""


def unit_runs(
    shelf: Shelf, amounts: Sequence[int], fixed: frozenset[int] = frozenset()
) -> list[Run]:
    """All units in the basket, dearest first, then by position; `fixed` lines are left alone."""
    runs = []
    for position, count in enumerate(shelf.pieces):
        if count and position not in fixed:
            low, dearer = divmod(amounts[position], count)
            if dearer:
                runs.append((low + 1, position, dearer))
            runs.append((low, position, count - dearer))
    return sorted(runs, key=lambda run: (-run[0], run[1]))


@dataclass(slots=True)
class Formed:
    """What one act of a bundle offer took and saves: an automatic one's groups, or a coupon's."""

    saving: int = 0
    groups: int = 0
    worth: dict[int, int] = field(default_factory=dict)
    """Worth of the bound units by position."""

    def take(self, position: int, amount: int) -> None:
        self.worth[position] = self.worth.get(position, 0) + amount

    def spread(self, nets: list[int]) -> list[tuple[int, int]]:
        """Take the saving off the nets, shared by the worth of the bound units."""
        positions = tuple(sorted(self.worth))
        worth = [0] * len(nets)
        for position, amount in self.worth.items():
            worth[position] = amount
        shares = take_off(worth, positions, self.saving)
        for position, part in shares:
            nets[position] -= part
        return shares


def form(
    offer: OfferPlan, runs: list[Run], scope: Positions, limit: int | None
) -> tuple[Formed, list[Run]]:
    """Form the bundle from the free units in scope, at most `limit` times.

    Returns what was formed and the units still free. A group that would save nothing is not
    formed, and with it end the cheaper ones after it.
    """
    inside = set(scope)
    mine = [run for run in runs if run[1] in inside]
    if offer.form == "fixed":
        formed, left = _form_fixed(offer, mine)
    elif offer.form == "cheapest":
        formed, left = _form_cheapest(offer, mine)
    else:
        formed, left = _form_groups(offer, mine, limit)
    if not formed.groups:
        return formed, runs
    others = [run for run in runs if run[1] not in inside]
    return formed, sorted(others + left, key=lambda run: (-run[0], run[1]))


def _form_fixed(offer: OfferPlan, runs: list[Run]) -> tuple[Formed, list[Run]]:
    formed, left, wanted = Formed(), [], offer.size
    for worth, position, count in runs:
        taken = min(count, wanted) if worth > offer.price else 0
        if taken:
            formed.groups = 1
            formed.saving += taken * (worth - offer.price)
            formed.take(position, taken * worth)
            wanted -= taken
        if count > taken:
            left.append((worth, position, count - taken))
    return formed, left


def _form_cheapest(offer: OfferPlan, runs: list[Run]) -> tuple[Formed, list[Run]]:
    if sum(run[2] for run in runs) < offer.size:
        return Formed(), runs
    saving = rate_of(runs[-1][0], offer.num, offer.den)
    if saving == 0:
        return Formed(), runs
    formed = Formed(saving=saving, groups=1)
    for worth, position, count in runs:
        formed.take(position, worth * count)
    return formed, []


def _gain(offer: OfferPlan, group: list[Run]) -> int:
    """What one group of `size` units saves."""
    if offer.form == "several":
        return sum(worth * count for worth, _, count in group) - offer.price
    reduced, wanted = 0, offer.reduced
    for worth, _, count in reversed(group):
        taken = min(count, wanted)
        reduced += worth * taken
        wanted -= taken
    return rate_of(reduced, offer.num, offer.den)


def _form_groups(offer: OfferPlan, runs: list[Run], limit: int | None) -> tuple[Formed, list[Run]]:
    formed, size = Formed(), offer.size
    queue = list(reversed(runs))  # the dearest at the end, where a list gives and takes
    available = sum(run[2] for run in runs)
    while available >= size and (limit is None or formed.groups < limit):
        group, times = _next_group(queue, size, None if limit is None else limit - formed.groups)
        gain = _gain(offer, group)
        if gain <= 0:
            break
        formed.groups += times
        formed.saving += gain * times
        available -= size * times
        for worth, position, count in group:
            formed.take(position, worth * count * times)
            _remove(queue, count * times)
    return formed, list(reversed(queue))


def _next_group(queue: list[Run], size: int, limit: int | None) -> tuple[list[Run], int]:
    """The `size` dearest units, and how many times over the same run can give such a group."""
    worth, position, count = queue[-1]
    if count >= size:
        times = count // size if limit is None else min(count // size, limit)
        return [(worth, position, size)], times
    group, needed, place = [], size, len(queue)
    while needed:
        place -= 1
        worth, position, count = queue[place]
        taken = min(count, needed)
        group.append((worth, position, taken))
        needed -= taken
    return group, 1


def _remove(queue: list[Run], count: int) -> None:
    worth, position, held = queue.pop()
    if held > count:
        queue.append((worth, position, held - count))


def most_saved(offer: OfferPlan, runs: list[Run], scope: Positions, times: int) -> int:
    """An upper bound of what the offer saves, whatever other bundles took and levels lowered.

    With fewer or cheaper units every group is worth less; only the cheapest unit of what is left
    can be a dearer one, at most the `size`-th dearest. `times` is the number of coupons, or 1.
    """
    if offer.form == "cheapest":
        inside, needed = set(scope), offer.size
        for worth, position, count in runs:
            needed -= count if position in inside else 0
            if needed <= 0:
                return times * rate_of(worth, offer.num, offer.den)
        return 0
    return times * form(offer, runs, scope, act_limit(offer))[0].saving


def act_limit(offer: OfferPlan) -> int | None:
    """How often one act of a bundle forms it: a coupon once, else as the offer's budget says."""
    return 1 if offer.by_coupon else offer.offer.budget.uses_per_sale
