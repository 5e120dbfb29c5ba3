"""What one combination costs, to the fen: levels, bundles, order offers. No search, no cleverness.

Imports Money and nothing else of the product. Implements these sentences of DESIGN.md "Pricing":

- "Line prices: list, member, tier, campaign." "a line is unit price x quantity rounded half up;
  each line-level percentage once on the line" (the amount off is what is rounded).
- "Every line takes the lowest price among the levels on."
- "Bundles apply in id order, each as often as it can, taking the dearest units in scope that are
  in no bundle yet (ties sku, line id); a unit is in one bundle at most." "bundle savings ... spread
  over all units of the bundle". A unit is worth what the refund of that piece would be: "Piece n of
  q is worth R(n) - R(n-1), with R(x) = amount x / q rounded half up".
- "Every threshold is tested once, on the net after bundles of the lines in scope."
- "Then amounts off apply in id order, then percentages in id order on what is left of their scope;
  each is computed once on that sum, half up, limited by its cap and by what is left, and allocated
  at once": "to lines by largest remainder, ties by larger amount, sku, line id".

And the rule of app/domain/by_hand.py: a line's discount by hand is reckoned on the net after
bundles and comes off in full while the basket holds it, its own line first; the order's comes last.

Does not own: which combination is chosen (brute_force.py), what follows it (afterwards.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.money import Money
from tests.domain.laws.shapes import (
    CampaignLevel,
    Case,
    Cheapest,
    FixedUnits,
    Hand,
    LastOfGroup,
    Level,
    Line,
    MemberLevel,
    Off,
    Percent,
    Rule,
    Several,
)

Nets = dict[str, int]
"""Minor units per line id."""


def half_up(value: Fraction) -> int:
    """The nearest whole number; exactly half goes up (no amount here is negative)."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def share(whole: int, weights: Sequence[tuple[Line, int]]) -> Nets:
    """Largest remainder; ties to the larger weight, then sku, then line id."""
    together = sum(weight for _, weight in weights)
    if together == 0:
        return {line.line_id: 0 for line, _ in weights}
    parts = {line.line_id: whole * weight // together for line, weight in weights}
    queue = sorted(
        weights, key=lambda pair: (-(whole * pair[1] % together), -pair[1], *pair[0].tie)
    )
    for line, _ in queue[: whole - sum(parts.values())]:
        parts[line.line_id] += 1
    return parts


# ------------------------------------------------------------------ (a) levels


def list_amount(line: Line) -> int:
    """Unit price times quantity, half up."""
    return _times_quantity(line.unit_price, line)


def _times_quantity(price: Money, line: Line) -> int:
    return half_up(Fraction(price.minor * line.thousandths, 1000))


def _percent_off(amount: int, rate: Fraction) -> int:
    return amount - half_up(amount * rate)


def level_amount(level: Level, line: Line) -> int:
    """What the line costs at this level alone; the list amount where it says nothing."""
    listed = list_amount(line)
    if isinstance(level, MemberLevel):
        return listed if line.member_price is None else _times_quantity(line.member_price, line)
    if isinstance(level, CampaignLevel):
        prices = [listed]
        for entry in level.entries:
            if entry.reach.covers(line) and entry.price is not None:
                prices.append(_times_quantity(entry.price, line))
            if entry.reach.covers(line) and entry.rate is not None:
                prices.append(_percent_off(listed, entry.rate))
        return min(prices)
    return _percent_off(listed, level.rate) if level.reach.covers(line) else listed


def price_lines(case: Case, levels: Sequence[Level]) -> Nets:
    """Every line at the lowest price among list and the levels on."""
    return {
        line.line_id: line.fixed
        if line.fixed is not None
        else min([list_amount(line), *(level_amount(level, line) for level in levels)])
        for line in case.lines
    }


def levels_in_force(case: Case) -> list[Level]:
    """The levels this shopper may have now."""
    return [
        level
        for level in case.levels
        if not isinstance(level, CampaignLevel) or case.holds(level.when)
    ]


# ------------------------------------------------------------------ (b) bundles


@dataclass(frozen=True)
class Unit:
    """One piece of a line and what it is worth."""

    worth: int
    line: Line


@dataclass(frozen=True)
class Formed:
    """Units bound together and what that saves."""

    units: tuple[Unit, ...]
    saving: int


def units_of(lines: Iterable[Line], nets: Nets) -> list[Unit]:
    """Every piece in the basket, dearest first, then by sku and line id."""
    units = []
    for line in lines:
        # What is had for points is bound already: it is in no bundle.
        count = 0 if line.fixed is not None else line.pieces or 0
        amount = nets[line.line_id]
        worth_to = [half_up(Fraction(amount * n, count)) for n in range(count + 1) if count]
        units += [Unit(worth_to[n + 1] - worth_to[n], line) for n in range(count)]
    return sorted(units, key=lambda unit: (-unit.worth, *unit.line.tie))


def form_once(rule: Rule, free: Sequence[Unit]) -> Formed | None:
    """One application to the dearest free units in scope; None where it would save nothing."""
    units = tuple(unit for unit in free if rule.reach.covers(unit.line))
    effect = rule.effect
    if isinstance(effect, FixedUnits):
        units = tuple(unit for unit in units if unit.worth > effect.price.minor)[: effect.count]
        saving = sum(unit.worth - effect.price.minor for unit in units)
    elif isinstance(effect, Cheapest):
        enough = len(units) >= effect.of
        saving = half_up(units[-1].worth * effect.rate) if enough else 0
    elif isinstance(effect, Several):
        units = units[: effect.n] if len(units) >= effect.n else ()
        saving = sum(unit.worth for unit in units) - effect.price.minor
    elif isinstance(effect, LastOfGroup):
        units = units[: effect.size] if len(units) >= effect.size else ()
        reduced = sum(unit.worth for unit in units[-effect.reduced :])
        saving = half_up(reduced * effect.rate)
    else:
        raise TypeError(f"{rule.id} is no bundle")
    return Formed(units, saving) if saving > 0 else None


def form_all(rule: Rule, free: list[Unit], coupons: int) -> list[Formed]:
    """As often as it can (a coupon: once per coupon); removes the units it takes from `free`."""
    once = isinstance(rule.effect, FixedUnits | Cheapest)
    limit: int | None = 1 if once else rule.uses_per_sale
    if rule.trigger == "coupon":
        limit = coupons
    groups: list[Formed] = []
    while limit is None or len(groups) < limit:
        formed = form_once(rule, free)
        if formed is None:
            break
        for unit in formed.units:
            free.remove(unit)
        groups.append(formed)
    return groups


def spread(groups: Sequence[Formed]) -> Nets:
    """The savings over the lines whose units are in the bundle, by what those units are worth."""
    worth: dict[str, tuple[Line, int]] = {}
    for group in groups:
        for unit in group.units:
            before = worth.get(unit.line.line_id, (unit.line, 0))[1]
            worth[unit.line.line_id] = (unit.line, before + unit.worth)
    return share(sum(group.saving for group in groups), list(worth.values()))


def apply_bundles(case: Case, nets: Nets, on: Sequence[tuple[Rule, int]]) -> Nets:
    """The nets after the bundles that are on, in id order."""
    nets, free = dict(nets), units_of(case.lines, nets) if on else []
    for rule, count in sorted(on, key=lambda pair: pair[0].id):
        groups = form_all(rule, free, count)
        # Each coupon is an act of its own; an automatic bundle is one act however often it forms.
        acts = [[group] for group in groups] if rule.trigger == "coupon" else [groups]
        for act in acts:
            for line_id, amount in spread(act).items():
                nets[line_id] -= amount
    return nets


# ------------------------------------------------------------------ (c) order offers


def in_scope(case: Case, rule: Rule) -> list[Line]:
    """The lines the rule looks at."""
    return [line for line in case.lines if rule.reach.covers(line)]


def count_in_scope(case: Case, rule: Rule) -> int:
    """Pieces in scope; a weighed line counts as one."""
    return sum(line.pieces or 1 for line in in_scope(case, rule))


def reached(case: Case, rule: Rule, after_bundles: Nets) -> int:
    """How many times the rule's threshold is reached; 1 where it has none."""
    if rule.at_least is not None:
        net = sum(after_bundles[line.line_id] for line in in_scope(case, rule))
        return net // rule.at_least.minor
    if rule.at_least_count is not None:
        return count_in_scope(case, rule) // rule.at_least_count
    return 1


def apply_orders(case: Case, after: Nets, on: Sequence[tuple[Rule, int]]) -> Nets:
    """The nets after the order offers that are on: amounts in id order, then percentages."""
    nets = dict(after)
    for rule, count in sorted(on, key=lambda p: (isinstance(p[0].effect, Percent), p[0].id)):
        reach = reached(case, rule, after)
        for _ in range(count if reach else 0):
            for line_id, amount in _one_offer(case, rule, reach, nets).items():
                nets[line_id] -= amount
    return nets


def _one_offer(case: Case, rule: Rule, reach: int, nets: Nets) -> Nets:
    lines = [(line, nets[line.line_id]) for line in in_scope(case, rule)]
    left, effect = sum(amount for _, amount in lines), rule.effect
    if isinstance(effect, Percent):
        off = half_up(left * effect.rate)
    elif isinstance(effect, Off):
        off = effect.amount.minor * (reach if effect.each_time else 1)
    else:
        raise TypeError(f"{rule.id} is no order offer")
    if effect.cap is not None:
        off = min(off, effect.cap.minor)
    return share(min(off, left), lines)


# ------------------------------------------------------------------ by hand


def hand_off(hand: Hand, amount: int, line: Line | None = None) -> int:
    """What one discount by hand takes off an amount."""
    if hand.kind == "rate":
        off = half_up(amount * hand.rate)
    elif hand.kind == "price" and line is not None:
        off = max(0, amount - _times_quantity(hand.amount, line))
    else:
        off = min(hand.amount.minor, amount)
    return off if hand.most is None else min(off, half_up(amount * hand.most))


def hand_offs(case: Case, after_bundles: Nets) -> Nets:
    """What is taken off by hand for every line that has such a discount."""
    lines = {line.line_id: line for line in case.lines}
    return {
        line_id: hand_off(hand, after_bundles[line_id], lines[line_id])
        for line_id, hand in case.hands
    }


def apply_hands(case: Case, after_bundles: Nets, nets: Nets) -> Nets:
    """The nets after everything that is taken off by hand."""
    nets = dict(nets)
    offs = hand_offs(case, after_bundles)
    for line in sorted(case.lines, key=lambda line: line.tie):
        own = min(offs.get(line.line_id, 0), nets[line.line_id])
        nets[line.line_id] -= own
        offs[line.line_id] = offs.get(line.line_id, 0) - own
    for line in sorted(case.lines, key=lambda line: line.tie):
        nets = _off_all(case, min(offs[line.line_id], sum(nets.values())), nets)
    if case.whole_hand is not None:
        nets = _off_all(case, hand_off(case.whole_hand, sum(nets.values())), nets)
    return nets


def _off_all(case: Case, off: int, nets: Nets) -> Nets:
    parts = share(off, [(line, nets[line.line_id]) for line in case.lines])
    return {line_id: net - parts[line_id] for line_id, net in nets.items()}
