"""Combinations: what may be switched on together, and which of two combinations wins.

Owns: candidates, exclusive groups and coupon counts, the tie rule, the best one so far.
Does not own: walking them (search.py, order_search.py), what they cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.levels import Amounts, LevelSet
from app.domain.plan import OfferPlan
from app.domain.shelf import Positions, Shelf
from app.domain.view import HeldCoupon


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offer that may be switched on here: by itself, or by so many coupons."""

    offer: OfferPlan
    positions: Positions
    coupons: tuple[HeldCoupon, ...] = ()
    """Usable ones, earliest expiry first; none for an offer that needs none."""
    by_hand: bool = False
    """The cashier chose it: its exclusive group is its own (chosen.py)."""
    worth: int = 0
    """What one act of it gives away in goods, in minor units."""

    @property
    def times(self) -> int:
        return len(self.coupons) if self.offer.by_coupon else 1


On = tuple[tuple[Candidate, int], ...]
"""Candidates switched on, each with its number of coupons (1 for what needs none)."""

Key = tuple[int, list[date], int, list[str]]
HandKey = tuple[int, list[date], int, int, list[str]]
"""The key with what is taken off lines by hand before the number of rules."""


def tie_key(level_ids: tuple[str, ...], on: On) -> Key:
    """Fewest coupons; then their sorted expiry dates; then fewest rules; then sorted rule ids."""
    expiries: list[date] = []
    for candidate, count in on:
        expiries += [coupon.expires or date.max for coupon in candidate.coupons[:count]]
    ids = sorted({*level_ids, *(candidate.offer.id for candidate, _ in on)})
    return len(expiries), sorted(expiries), len(ids), ids


@dataclass(frozen=True, slots=True)
class Choice:
    """The combination found: what is on, and what the order costs before points.

    `total` has what is taken off lines by hand in it, but not what is taken off the whole order.
    """

    total: int
    levels: LevelSet
    bundles: On
    orders: On
    after_bundles: Sequence[int]
    """The nets that thresholds are tested on, by position."""
    coupon_off: int
    """What its coupons take off together."""

    by_hand: int = 0
    """What is taken off lines by hand."""

    @property
    def key(self) -> HandKey:
        """The tie rule; of equal coupons the least by hand, so that members see their price."""
        coupons, expiries, rules, ids = tie_key(self.levels.ids, self.bundles + self.orders)
        return coupons, expiries, self.by_hand, rules, ids


@dataclass(slots=True)
class Best:
    """The best combination known so far: the cheapest, then the one of the smallest key."""

    choice: Choice | None = None
    total: int = 0
    key: HandKey | None = None

    def is_out_of_reach(self, lower_bound: int, coupons: int) -> bool:
        """Whether nothing that costs so much or more, with so many coupons or more, can win."""
        if self.key is None:
            return False
        if lower_bound != self.total:
            return lower_bound > self.total
        return coupons > self.key[0]

    def offer(self, choice: Choice) -> None:
        """Keep the better one."""
        if self.key is None or choice.total <= self.total:
            key = choice.key
            if self.key is None or (choice.total, key) < (self.total, self.key):
                self.choice, self.total, self.key = choice, choice.total, key


@dataclass(frozen=True, slots=True)
class Field:
    """What may be combined."""

    shelf: Shelf
    level_sets: list[LevelSet]
    base: Amounts
    bundles: tuple[Candidate, ...]
    orders: tuple[Candidate, ...]
    coupons_max: int
    """Of this sale."""
    lacks_connection: bool = False
    """Whether it is fewer than the rules allow, for lack of a connection."""
    fixed: frozenset[int] = frozenset()
    """Positions of lines at their points price: no bundle takes them."""
    coupon_room: int | None = None
    """The most coupons may take off together; None = no limit.

    Whatever is added, what they take off only grows: the search leaves where it is exceeded, and
    stays exact.
    """

    def has_room_for(self, coupon_off: int) -> bool:
        return self.coupon_room is None or coupon_off <= self.coupon_room


@dataclass(frozen=True, slots=True)
class Used:
    """Groups and coupons taken by what is already on."""

    groups: frozenset[str] = frozenset()
    coupons: int = 0
    coupon_off: int = 0

    def allows(self, candidate: Candidate, count: int, coupons_max: int) -> bool:
        group = candidate.offer.group
        if group is not None and (group in self.groups or count > 1):
            return False
        return not candidate.offer.by_coupon or self.coupons + count <= coupons_max

    def plus(self, candidate: Candidate, count: int, off: int) -> Used:
        group = candidate.offer.group
        groups = self.groups if group is None else self.groups | {group}
        if not candidate.offer.by_coupon:
            return Used(groups, self.coupons, self.coupon_off)
        return Used(groups, self.coupons + count, self.coupon_off + off)


@dataclass(slots=True)
class Outcome:
    """Levels and bundles decided: the nets that thresholds are tested on."""

    levels: LevelSet
    bundles: On
    nets: list[int]
    used: Used
