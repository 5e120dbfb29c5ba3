"""The best order offers and coupons for given levels and bundles. Exact, with bounds.

Owns: the inner search, its relaxation, its bounds. Does not own: levels and bundles (search.py).

It walks the offers in the order they apply in, so that every step is the real calculation, to the
minor unit and line by line. What is left of a scope only ever falls on the way; so what an offer
would take off now bounds what it can take off later, and a branch ends where even all of that
would not beat the best known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.by_hand import off_by_hand
from app.domain.combination import Best, Candidate, Choice, Field, On, Outcome
from app.domain.order_offers import amount_off, apply_offer, reached
from app.domain.plan import OfferPlan
from app.domain.shelf import Positions


@dataclass(slots=True)
class _Eligible:
    """A candidate whose threshold is reached, in the numbers of one outcome."""

    candidate: Candidate
    offer: OfferPlan
    reach: int
    most: int
    """The most one use can take off here, in minor units."""
    copies: int
    group: str | None
    by_coupon: bool
    scope: int = 0
    """The number of its scope among those of the walk."""


def most_off_together(field: Field, amounts: Sequence[int]) -> int:
    """An upper bound of what all order offers together can take off these or lower nets."""
    eligible = _eligible(field, amounts)
    return _most(eligible, [one.most for one in eligible], field.coupons_max)


def _eligible(field: Field, nets: Sequence[int]) -> list[_Eligible]:
    found = []
    for candidate in field.orders:
        offer = candidate.offer
        times = reached(offer, field.shelf, nets).times
        left = sum([nets[position] for position in candidate.positions])
        most = amount_off(offer, times, left) if times else 0
        if most:
            found.append(
                _Eligible(
                    candidate, offer, times, most, candidate.times, offer.group, offer.by_coupon
                )
            )
    return found


def _most(eligible: Sequence[_Eligible], gains: Sequence[int], slots: int) -> int:
    """The largest sum of gains that groups and coupon slots allow.

    Of a group one offer counts: its best without a coupon, or, for a slot, what its best coupon
    gains beyond that.
    """
    together = 0
    by_coupon: list[int] = []
    groups: dict[str, tuple[int, int]] = {}
    for one, gain in zip(eligible, gains, strict=True):
        if one.group is not None:
            free, for_slot = groups.get(one.group, (0, 0))
            if one.by_coupon:
                groups[one.group] = (free, max(for_slot, gain))
            else:
                groups[one.group] = (max(free, gain), for_slot)
        elif one.by_coupon:
            by_coupon += [gain] * one.copies
        else:
            together += gain
    for free, for_slot in groups.values():
        together += free
        if for_slot > free:
            by_coupon.append(for_slot - free)
    by_coupon.sort(reverse=True)
    return together + sum(by_coupon[:slots])


def search_orders(field: Field, outcome: Outcome, best: Best) -> None:
    """Offer the best set of order offers on this outcome to `best`."""
    eligible = [
        one for one in _eligible(field, outcome.nets) if one.group not in outcome.used.groups
    ]
    coupons = outcome.used.coupons
    slots = field.coupons_max - coupons
    bound = sum(outcome.nets) - _most(eligible, [one.most for one in eligible], slots)
    bound -= off_by_hand(field.shelf, outcome.nets)
    if not best.is_out_of_reach(max(0, bound), coupons):
        _OrderWalk(field, outcome, eligible, best).run()


@dataclass(slots=True)
class _State:
    """What is left of the lines on the way, and the sums of the scopes once somebody asked."""

    amounts: list[int]
    sums: list[int | None]
    coupon_off: int


class _OrderWalk:
    """Depth first through the offers in the order they apply in: with it, then without it."""

    def __init__(
        self, field: Field, outcome: Outcome, eligible: list[_Eligible], best: Best
    ) -> None:
        self.outcome = outcome
        self.eligible = eligible
        self.best = best
        self.slots = field.coupons_max - outcome.used.coupons
        self.scopes, amounts, self.rest = _places(eligible, outcome.nets)
        self.by_hand = off_by_hand(field.shelf, outcome.nets)
        self.rest -= self.by_hand
        self.has_room_for = field.has_room_for
        self.start = self._state(amounts, outcome.used.coupon_off)

    def run(self) -> None:
        self._greedy()
        self._from(0, self.start, self.slots, frozenset(), ())

    def _greedy(self) -> None:
        """Start from a good set: whatever takes off most alone."""
        counts = [0] * len(self.eligible)
        groups: set[str] = set()
        slots = self.slots
        by_gain = sorted(range(len(self.eligible)), key=lambda i: -self.eligible[i].most)
        for index in by_gain:
            one = self.eligible[index]
            if one.group in groups:
                continue
            counts[index] = min(one.copies, slots) if one.by_coupon else 1
            slots -= counts[index] if one.by_coupon else 0
            if one.group is not None and counts[index]:
                counts[index] = 1
                groups.add(one.group)
        state = self.start
        for index, one in enumerate(self.eligible):
            states = self._states(one, state, counts[index])
            state, counts[index] = states[-1], len(states) - 1
        self._offer(state, tuple(counts))

    def _offer(self, state: _State, counts: tuple[int, ...]) -> None:
        orders: On = tuple(
            (one.candidate, count)
            for one, count in zip(self.eligible, counts, strict=True)
            if count
        )
        outcome = self.outcome
        total = max(0, self.rest + sum(state.amounts))
        self.best.offer(
            Choice(
                total, outcome.levels, outcome.bundles, orders, outcome.nets, state.coupon_off,
                self.by_hand,
            )
        )  # fmt: skip

    def _from(
        self,
        index: int,
        state: _State,
        slots: int,
        groups: frozenset[str],
        counts: tuple[int, ...],
    ) -> None:
        coupons = self.outcome.used.coupons + self.slots - slots
        lowest = max(0, self.rest + self._lowest(index, state, slots, groups))
        if self.best.is_out_of_reach(lowest, coupons):
            return
        if index == len(self.eligible):
            self._offer(state, counts)
            return
        one = self.eligible[index]
        allowed = one.copies if one.group is None else int(one.group not in groups)
        if one.by_coupon:
            allowed = min(allowed, slots)
        states = self._states(one, state, allowed)
        for count in range(len(states) - 1, -1, -1):
            taken = count if one.by_coupon else 0
            wider = groups if one.group is None or not count else groups | {one.group}
            self._from(index + 1, states[count], slots - taken, wider, (*counts, count))

    def _states(self, one: _Eligible, state: _State, most: int) -> list[_State]:
        """The state after no use of the offer, one, two ... as long as each is of use and allowed.

        No coupon is used up for nothing, and coupons stay within the room they have.
        """
        states = [state]
        for _ in range(most):
            after = self._after(one, states[-1])
            if after is states[-1] or not self.has_room_for(after.coupon_off):
                break
            states.append(after)
        return states

    def _state(self, amounts: list[int], coupon_off: int) -> _State:
        return _State(amounts, [None] * len(self.scopes), coupon_off)

    def _left(self, state: _State, scope: int) -> int:
        """What the scope still holds."""
        left = state.sums[scope]
        if left is None:
            amounts = state.amounts
            left = state.sums[scope] = sum([amounts[place] for place in self.scopes[scope]])
        return left

    def _after(self, one: _Eligible, state: _State) -> _State:
        """The state after one use; the very same state where it takes nothing off."""
        amounts = list(state.amounts)
        shares = apply_offer(one.offer, one.reach, self.scopes[one.scope], amounts)
        if not shares:
            return state
        off = sum([part for _, part in shares]) if one.by_coupon else 0
        return self._state(amounts, state.coupon_off + off)

    def _lowest(self, index: int, state: _State, slots: int, groups: frozenset[str]) -> int:
        """A sum that no completion from here can go below."""
        open_ = [one for one in self.eligible[index:] if one.group not in groups]
        gains = [amount_off(one.offer, one.reach, self._left(state, one.scope)) for one in open_]
        return max(0, sum(state.amounts) - _most(open_, gains, slots))


def _places(
    eligible: list[_Eligible], nets: Sequence[int]
) -> tuple[list[Positions], list[int], int]:
    """The scopes, the amounts the walk works on, and the sum of the lines no offer looks at.

    Where all offers look at the same lines, allocation cannot matter, and their sum is enough.
    """
    scopes = sorted({one.candidate.positions for one in eligible})
    for one in eligible:
        one.scope = scopes.index(one.candidate.positions)
    touched = sorted(set().union(*scopes))
    rest = sum(nets) - sum(nets[position] for position in touched)
    if len(scopes) <= 1:
        return [(0,)], [sum(nets[position] for position in touched)], rest
    place = {position: index for index, position in enumerate(touched)}
    places = [tuple(place[position] for position in scope) for scope in scopes]
    return places, [nets[position] for position in touched], rest
