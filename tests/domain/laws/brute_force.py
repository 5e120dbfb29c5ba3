"""The cheapest price of a sale, found the slow way: every combination, no cleverness.

Imports Money and nothing else of the product. Implements these sentences of DESIGN.md "Pricing":

- "A combination is (a) a set of levels switched on for the whole basket: list always; the member
  price list; each tier discount up to and including the member's own; each campaign price list on
  its own." "(b) A set of bundles switched on." "(c) An allowed set of order offers and coupons":
  one offer of each exclusive group, coupons up to the maximum of the sale.
- "How well we know the member decides how much may be spent": what the coupons of a combination
  take off, added up, is at most what is left of the day's limit ("Sync").
- "Coupons of one offer are interchangeable, earliest expiry first."
- "Ties: fewest coupons; then the sorted expiry dates of the coupons; then fewest rules; then the
  sorted rule ids (the smaller list wins)."
- "A cashier's choice is kept and marked": only the coupons chosen by hand take part, and in every
  exclusive group of one of them all that was not chosen stands aside; a chosen coupon is used where
  that is cheaper than not using it. Those that come out unused give their groups free again, and
  the search is repeated without them until no group is given free any more.
- `greedy`: "all levels on, all bundles on in id order, then again and again the one allowed offer
  or coupon that lowers the total most" ("Testing").

What a combination costs is in reckoning.py, what follows the search in afterwards.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, product

from tests.domain.laws.reckoning import (
    Nets,
    apply_bundles,
    apply_orders,
    hand_offs,
    in_scope,
    levels_in_force,
    price_lines,
    reached,
)
from tests.domain.laws.shapes import Case, Coupon, Level, Percent, Rule

On = tuple[tuple[Rule, int], ...]
"""Rules switched on, each with how many coupons of it (1 for what needs none)."""
Key = tuple[int, int, list[date], int, int, list[str]]


@dataclass(frozen=True)
class Combination:
    """One choice and what it costs."""

    total: int
    levels: tuple[str, ...]
    bundles: On
    orders: On
    coupons: tuple[Coupon, ...]
    level_nets: Nets
    after_bundles: Nets
    nets: Nets
    by_hand: int

    @property
    def rule_ids(self) -> list[str]:
        """The ids of all that is switched on, sorted."""
        return sorted({*self.levels, *(rule.id for rule, _ in self.bundles + self.orders)})

    @property
    def key(self) -> Key:
        """Smaller is chosen first: the total, then the ties of DESIGN.md."""
        expiries = sorted(coupon.expires or date.max for coupon in self.coupons)
        coupons, rules = len(self.coupons), len(self.rule_ids)
        return self.total, coupons, expiries, self.by_hand, rules, self.rule_ids


def allowed(case: Case, on: On) -> bool:
    """Exclusive groups hold one offer (one coupon of it), and coupons stay under the maximum."""
    groups: list[str] = []
    for rule, count in on:
        groups += [rule.group] * count if rule.group is not None else []
    coupons = sum(count for rule, count in on if rule.trigger == "coupon")
    return len(groups) == len(set(groups)) and coupons <= case.coupons_max


def _switches(case: Case, rules: Sequence[Rule]) -> Iterator[On]:
    for counts in product(*(range(case.times(rule) + 1) for rule in rules)):
        yield tuple((rule, count) for rule, count in zip(rules, counts, strict=True) if count)


def _level_sets(levels: Sequence[Level]) -> Iterator[tuple[Level, ...]]:
    for size in range(len(levels) + 1):
        yield from combinations(levels, size)


@dataclass(frozen=True)
class _Bundled:
    """The levels and bundles of a combination, reckoned once for many sets of offers."""

    levels: tuple[Level, ...]
    bundles: On
    level_nets: Nets
    nets: Nets
    by_hand: int
    """What all discounts of lines by hand take off."""

    def cost(self, final: Nets) -> int:
        """What a combination with these nets costs."""
        return max(0, sum(final.values()) - self.by_hand)


def _bundled(case: Case, levels: tuple[Level, ...], level_nets: Nets, bundles: On) -> _Bundled:
    nets = apply_bundles(case, level_nets, bundles)
    by_hand = sum(hand_offs(case, nets).values())
    return _Bundled(levels, bundles, level_nets, nets, by_hand)


def _combination(case: Case, under: _Bundled, orders: On, final: Nets) -> Combination:
    bundles = under.bundles
    coupons: list[Coupon] = []
    for rule, count in bundles + orders:
        if rule.trigger == "coupon":
            coupons += case.usable_coupons(rule)[:count]
    return Combination(
        total=under.cost(final),
        levels=tuple(level.id for level in under.levels),
        bundles=bundles,
        orders=orders,
        coupons=tuple(coupons),
        level_nets=under.level_nets,
        after_bundles=under.nets,
        nets=final,
        by_hand=under.by_hand,
    )


def has_room(case: Case, found: Combination) -> bool:
    """Whether its coupons take off no more than the member may still have today."""
    room = None if case.shopper is None else case.shopper.coupon_room
    return room is None or coupon_off(case, found) <= room


def coupon_off(case: Case, found: Combination) -> int:
    """What the coupons take off: each by the sums before and after it, in the order they apply."""
    bundles = sorted(found.bundles, key=lambda pair: pair[0].id)
    orders = sorted(found.orders, key=lambda p: (isinstance(p[0].effect, Percent), p[0].id))
    off = 0
    for n, (rule, _) in enumerate(bundles):
        if rule.trigger == "coupon":
            before = apply_bundles(case, found.level_nets, bundles[:n])
            after = apply_bundles(case, found.level_nets, bundles[: n + 1])
            off += sum(before.values()) - sum(after.values())
    for n, (rule, _) in enumerate(orders):
        if rule.trigger == "coupon":
            before = apply_orders(case, found.after_bundles, orders[:n])
            after = apply_orders(case, found.after_bundles, orders[: n + 1])
            off += sum(before.values()) - sum(after.values())
    return off


def rules_of(case: Case) -> tuple[list[Rule], list[Rule]]:
    """The bundles and the order offers that may be used now."""
    usable = [rule for rule in case.rules if not rule.is_quiet and case.times(rule)]
    return [r for r in usable if r.is_bundle], [r for r in usable if not r.is_bundle]


def best(case: Case) -> Combination:
    """The cheapest allowed combination; what was chosen by hand comes before its rivals."""
    while True:
        held = groups_held(case)
        choice = _cheapest(case, held)
        used = [coupon.coupon_id for coupon in choice.coupons]
        case = case if case.chosen is None else replace(case, chosen=tuple(used))
        if groups_held(case) == held:
            return choice


def groups_held(case: Case) -> set[str]:
    """The exclusive groups of the coupons chosen by hand that could be used in this basket."""
    if case.chosen is None:
        return set()
    return {
        rule.group
        for rule in case.rules
        if rule.group is not None and case.usable_coupons(rule) and in_scope(case, rule)
    }


def _cheapest(case: Case, held: set[str]) -> Combination:
    """The cheapest allowed combination, ties broken as DESIGN.md says."""
    bundles, orders = (
        [rule for rule in rules if rule.trigger == "coupon" or rule.group not in held]
        for rules in rules_of(case)
    )
    order_sets = list(_switches(case, orders))
    choice = _reckon(case, (), price_lines(case, []), ())
    for levels in _level_sets(levels_in_force(case)):
        level_nets = price_lines(case, levels)
        for bundles_on in _switches(case, bundles):
            under = _bundled(case, levels, level_nets, bundles_on)
            for orders_on in order_sets:
                if not allowed(case, bundles_on + orders_on):
                    continue
                final = apply_orders(case, under.nets, orders_on)
                if under.cost(final) > choice.total:
                    continue
                found = _combination(case, under, orders_on, final)
                if found.total < choice.total or (
                    found.total == choice.total and found.key < choice.key
                ):
                    choice = found if has_room(case, found) else choice
    return choice


# ------------------------------------------------------------------ greedy


def greedy(case: Case) -> Combination:
    """What a till that never looks back would take."""
    bundles, orders = rules_of(case)
    levels = tuple(levels_in_force(case))
    level_nets = price_lines(case, levels)
    on: On = ()
    for rule in sorted(bundles, key=lambda rule: rule.id):
        if rule.trigger != "coupon" and allowed(case, (*on, (rule, 1))):
            on = (*on, (rule, 1))
    by_coupon = [rule for rule in bundles if rule.trigger == "coupon"]
    now = _reckon(case, levels, level_nets, on)
    while True:
        steps = [
            _reckon(case, levels, level_nets, wider)
            for rule in by_coupon + orders
            if (wider := _one_more(case, on, rule)) is not None
        ]
        steps = [found for found in steps if has_room(case, found)]
        step = min(steps, key=lambda found: found.key, default=now)
        if step.total >= now.total:
            return now
        now, on = step, step.bundles + step.orders


def _one_more(case: Case, on: On, rule: Rule) -> On | None:
    counts = {other.id: count for other, count in on}
    if counts.get(rule.id, 0) >= case.times(rule):
        return None
    others = tuple(pair for pair in on if pair[0].id != rule.id)
    wider = (*others, (rule, counts.get(rule.id, 0) + 1))
    return wider if allowed(case, wider) else None


def _reckon(case: Case, levels: tuple[Level, ...], level_nets: Nets, on: On) -> Combination:
    bundles = tuple(pair for pair in on if pair[0].is_bundle)
    orders = tuple(pair for pair in on if not pair[0].is_bundle)
    under = _bundled(case, levels, level_nets, bundles)
    return _combination(case, under, orders, apply_orders(case, under.nets, orders))


# ------------------------------------------------------------------ what the laws ask about


def contested_groups(case: Case) -> int:
    """How many exclusive groups have at least two offers that could be used and would count now."""
    nets = price_lines(case, [])
    rivals: dict[str, int] = {}
    for rule in case.rules:
        if rule.group is not None and case.times(rule) and reached(case, rule, nets):
            rivals[rule.group] = rivals.get(rule.group, 0) + 1
    return sum(1 for count in rivals.values() if count > 1)
