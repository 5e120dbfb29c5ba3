"""The best order offers and coupons for given levels and bundles. Exact, with bounds.

Owns: the inner search, its relaxation, its bounds. Does not own: levels and bundles (search.py).

Lines that are in the scope of the very same offers form one atom. On atoms the amounts off and
percentages are followed in exact shares of a minor unit (scaled whole numbers), which is cheap;
only allocation to whole minor units may differ from it, by no more than `_drift`. Combinations
that this relaxation cannot rule out are calculated for real, line by line. With a single atom
allocation does not matter and the relaxation is the real thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.combination import Best, Candidate, Choice, Field, On, Outcome
from app.domain.order_offers import amount_off, apply_offer, reached
from app.domain.plan import OfferPlan
from app.domain.shelf import Positions, Shelf

_FINE = 1 << 20
"""Parts of a minor unit the relaxation calculates in."""


@dataclass(slots=True)
class _Eligible:
    """A candidate whose threshold is reached, in the numbers of one outcome."""

    candidate: Candidate
    offer: OfferPlan
    reach: int
    most: int
    """The most one use can take off here, in minor units."""
    copies: int
    forced: bool
    group: str | None
    by_coupon: bool
    atoms: Positions = ()


def most_off_together(field: Field, amounts: Sequence[int]) -> int:
    """An upper bound of what all order offers together can take off these or lower nets."""
    eligible = _eligible(field.shelf, amounts, field.orders)
    return _most(eligible, [one.most for one in eligible], field.coupons_max)


def _eligible(
    shelf: Shelf, nets: Sequence[int], candidates: Sequence[Candidate]
) -> list[_Eligible]:
    found = []
    for candidate in candidates:
        offer = candidate.offer
        times = reached(offer, shelf, nets).times
        if not times:
            continue
        most = 0
        if offer.stage != "quiet":
            left = sum([nets[position] for position in candidate.positions])
            most = amount_off(offer, times, left)
        if most or candidate.by_hand:
            found.append(
                _Eligible(
                    candidate, offer, times, most, candidate.times, candidate.by_hand,
                    offer.group, offer.by_coupon,
                )
            )  # fmt: skip
    return found


def _most(eligible: Sequence[_Eligible], gains: Sequence[int], slots: int) -> int:
    """The largest sum of gains that groups and coupon slots allow (slots ignored in groups)."""
    together = 0
    in_group: dict[str, int] = {}
    by_coupon: list[int] = []
    for one, gain in zip(eligible, gains, strict=True):
        if one.group is not None:
            in_group[one.group] = max(gain, in_group.get(one.group, 0))
        elif one.by_coupon:
            by_coupon += [gain] * one.copies
        else:
            together += gain
    by_coupon.sort(reverse=True)
    return together + sum(in_group.values()) + sum(by_coupon[:slots])


def search_orders(field: Field, outcome: Outcome, best: Best) -> None:
    """Offer the best set of order offers on this outcome to `best`."""
    eligible = [
        one
        for one in _eligible(field.shelf, outcome.nets, field.orders)
        if one.group is None or one.group not in outcome.used.groups
    ]
    slots = field.coupons_max - outcome.used.coupons
    bound = sum(outcome.nets) - _most(eligible, [one.most for one in eligible], slots)
    if not best.is_out_of_reach(max(0, bound), outcome.used.coupons):
        _OrderWalk(outcome, eligible, slots, best).run()


class _OrderWalk:
    """Depth first through the offers in the order they apply in: with it, then without it."""

    def __init__(self, outcome: Outcome, eligible: list[_Eligible], slots: int, best: Best) -> None:
        self.outcome = outcome
        self.eligible = eligible
        self.best = best
        self.slots = slots
        atoms, self.rest = _atoms(eligible, outcome.nets)
        self.is_exact = len(atoms) <= 1
        self.scale = 1 if self.is_exact else _FINE
        self.start = [
            sum(outcome.nets[position] for position in atom) * self.scale for atom in atoms
        ]
        self.drift = 0 if self.is_exact else _drift(eligible, atoms, outcome.nets, slots)

    def run(self) -> None:
        self._try(self._greedy())
        self._from(0, self.start, self.slots, frozenset(), [])

    def _greedy(self) -> list[_Eligible]:
        """A good set to start from: forced ones, then whatever takes off most alone."""
        chosen: list[_Eligible] = []
        groups: set[str] = set()
        slots = self.slots
        for one in sorted(self.eligible, key=lambda one: (not one.forced, -one.most)):
            if one.group in groups or (one.by_coupon and not slots):
                continue
            copies = 1 if one.group is not None else one.copies
            if one.by_coupon:
                copies = min(copies, slots)
                slots -= copies
            if one.group is not None:
                groups.add(one.group)
            chosen += [one] * copies
        return sorted(chosen, key=lambda one: (one.offer.stage, one.offer.id))

    def _try(self, chosen: list[_Eligible]) -> None:
        """Calculate a set for real, line by line, and offer it."""
        nets = list(self.outcome.nets)
        for one in chosen:
            if one.offer.stage != "quiet":
                apply_offer(one.offer, one.reach, one.candidate.positions, nets)
        self._offer(sum(nets), chosen)

    def _offer(self, total: int, chosen: list[_Eligible]) -> None:
        counts: dict[int, int] = {}
        for one in chosen:
            counts[id(one)] = counts.get(id(one), 0) + 1
        orders: On = tuple(
            (one.candidate, counts[id(one)]) for one in self.eligible if id(one) in counts
        )
        outcome = self.outcome
        self.best.offer(Choice(total, outcome.levels, outcome.bundles, orders))

    def _from(
        self,
        index: int,
        state: list[int],
        slots: int,
        groups: frozenset[str],
        chosen: list[_Eligible],
    ) -> None:
        bound = self.rest + self._lowest(index, state, slots, groups)
        if self.best.is_out_of_reach(max(0, bound), self.outcome.used.coupons + self.slots - slots):
            return
        if index == len(self.eligible):
            if self.is_exact:
                self._offer(self.rest + sum(state), chosen)
            else:
                self._try(chosen)
            return
        one = self.eligible[index]
        allowed = one.copies if one.group is None else int(one.group not in groups)
        if one.by_coupon:
            allowed = min(allowed, slots)
        states = [state]
        for _ in range(allowed):
            states.append(self._after(one, states[-1]))
        for copies in range(allowed, -1, -1):
            if one.forced and allowed and copies < allowed:
                return
            taken = copies if one.by_coupon else 0
            wider = groups if one.group is None or not copies else groups | {one.group}
            self._from(index + 1, states[copies], slots - taken, wider, chosen + [one] * copies)

    def _off(self, one: _Eligible, left: int) -> int:
        """What one use takes off a scope that holds `left`, in the relaxation's parts."""
        offer, scale = one.offer, self.scale
        if offer.stage == "quiet":
            return 0
        if self.is_exact:
            return amount_off(offer, one.reach, left)
        if offer.stage == "percent":
            off = left * offer.num // offer.den
        else:
            off = scale * (offer.amount * one.reach if offer.per_threshold else offer.amount)
        if offer.cap is not None:
            off = min(off, offer.cap * scale)
        return min(off, left)

    def _after(self, one: _Eligible, state: list[int]) -> list[int]:
        left = sum([state[atom] for atom in one.atoms])
        off = self._off(one, left)
        if not off:
            return state
        after = list(state)
        for atom in one.atoms:
            after[atom] -= off * state[atom] // left
        return after

    def _lowest(self, index: int, state: list[int], slots: int, groups: frozenset[str]) -> int:
        """A total in minor units that no completion from here can go below."""
        open_ = [one for one in self.eligible[index:] if one.group not in groups]
        gains = [self._off(one, sum([state[atom] for atom in one.atoms])) for one in open_]
        left = sum(state)
        lowest = left - _most(open_, gains, slots)
        return (max(lowest, 0) - self.drift) // self.scale


def _atoms(eligible: list[_Eligible], nets: Sequence[int]) -> tuple[list[list[int]], int]:
    """Lines by the set of offers that look at them; sets each offer's atoms; and the rest's sum."""
    signatures: dict[int, int] = {}
    for bit, one in enumerate(eligible):
        for position in one.candidate.positions:
            signatures[position] = signatures.get(position, 0) | 1 << bit
    atoms: dict[int, list[int]] = {}
    for position, signature in signatures.items():
        atoms.setdefault(signature, []).append(position)
    for bit, one in enumerate(eligible):
        one.atoms = tuple(i for i, signature in enumerate(atoms) if signature >> bit & 1)
    rest = sum(net for position, net in enumerate(nets) if position not in signatures)
    return list(atoms.values()), rest


def _drift(
    eligible: list[_Eligible], atoms: list[list[int]], nets: Sequence[int], slots: int
) -> int:
    """How far, in parts, a real total can lie below the relaxed one.

    Allocating one amount moves an atom by less than its lines' rounding: at most n(m-n)/m for n
    of m lines, half of m for all atoms together. Following amounts and percentages never makes
    such differences grow (every step shrinks the lines of a scope by one common factor), so a
    percentage computes on a sum that is off by no more than all of them, plus its own half. An
    amount off is the same in both, except where what is left of its scope limits it.
    """
    together = _most(eligible, [one.most for one in eligible], slots)
    moved, rated, halves = [], [], []
    for one in eligible:
        sizes = [len(atoms[atom]) for atom in one.atoms]
        lines = sum(sizes)
        spread = sum(size * (lines - size) * _FINE // lines + 1 for size in sizes)
        moved.append(0 if len(sizes) == 1 else min(spread, lines * _FINE // 2))
        is_percent = one.offer.stage == "percent"
        halves.append(_FINE // 2 if is_percent else 0)
        if is_percent:
            rated.append(one.offer.num * _FINE // one.offer.den + 1)
        else:
            left = sum(nets[position] for atom in one.atoms for position in atoms[atom])
            rated.append(_FINE if together > left else 0)
    rates = _most(eligible, rated, slots)
    base = rates * _most(eligible, moved, slots) // _FINE + _most(eligible, halves, slots) + _FINE
    if rates <= _FINE:
        return base * (_FINE + 2 * rates) // _FINE
    return base << 2 * (rates // _FINE + 1)  # both are above e to the power of the rates
