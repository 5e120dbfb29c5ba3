"""What follows the search, found the slow way: gifts, points against the bill, earning, tax.

Imports Money and nothing else of the product. Implements these sentences of DESIGN.md "Pricing":

- "Automatic offers without money effect (gift, multiplier) are applied afterwards wherever their
  group is free." "Coupons without money effect are offered, never used by themselves."
- "A gift unit that was not scanned is a line of its own (id gift:<rule>:<n>, its list price as
  list); its bundle is the lines that earned it (for an order threshold, the lines in scope)";
  "bundle savings, gifts included, spread over all units of the bundle".
- "(3) Points, an order-level adjustment (lowers tax base and earning, allocated to lines)";
  PROGRAM.md 2: minimum, step, maximum share of the bill, limit by how the member was identified.
- "tax once per rate on the sum of net"; "under exclusive prices ... each rate's tax is shared over
  its lines by largest remainder ... and the bill for the points share includes tax".
- "Earning, tax and qualifying spend count net: after points"; PROGRAM.md 2: points per unit of net,
  times the tier's rate, times category, campaign and birthday factors combined by best, multiply
  or add; "rounded down once per sale, shared out over lines by largest remainder".

Does not own: the search (brute_force.py), the cents of one combination (reckoning.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from tests.domain.laws.brute_force import Combination, allowed, best
from tests.domain.laws.reckoning import (
    Nets,
    apply_hands,
    half_up,
    in_scope,
    list_amount,
    reached,
    share,
)
from tests.domain.laws.shapes import Case, Factor, GiftOf, Line, Rule


@dataclass(frozen=True)
class TaxSum:
    """Tax of one rate over the lines that have it."""

    rate: Fraction
    net: int
    tax: int


@dataclass(frozen=True)
class Outcome:
    """Everything a quote says in numbers."""

    combination: Combination
    quiet: tuple[Rule, ...]
    lines: tuple[Line, ...]
    """The basket's lines and the gift lines."""
    before_points: Nets
    nets: Nets
    points: int
    points_most: int
    points_amount: int
    points_by_line: Nets
    earned: int
    earned_by_line: Nets
    tax: tuple[TaxSum, ...]
    tax_by_line: Nets

    @property
    def total(self) -> int:
        """The sum of net."""
        return sum(self.nets.values())


def reckon(case: Case) -> Outcome:
    """The whole price of a sale."""
    choice = best(case)
    quiet = quiet_rules(case, choice)
    lines, before = _with_gifts(case, choice, quiet)
    most = points_most(case, lines, before)
    points = most if case.wish is None else _whole_steps(case, min(case.wish, most))
    amount = worth(case, points)
    off = share(amount, [(line, before[line.line_id]) for line in lines])
    nets = {line_id: net - off[line_id] for line_id, net in before.items()}
    earned, earned_by_line = earn(case, lines, nets, quiet)
    tax, tax_by_line = taxes(case, lines, nets)
    return Outcome(
        combination=choice,
        quiet=quiet,
        lines=lines,
        before_points=before,
        nets=nets,
        points=points + sum(line.for_points for line in lines),
        points_most=most,
        points_amount=amount,
        points_by_line=_points_by_line(points, lines, before),
        earned=earned,
        earned_by_line=earned_by_line,
        tax=tax,
        tax_by_line=tax_by_line,
    )


def _points_by_line(points: int, lines: tuple[Line, ...], before: Nets) -> Nets:
    """Those against the bill by what the lines cost, those for goods on their own line."""
    shared = share(points, [(line, before[line.line_id]) for line in lines])
    return {line.line_id: shared[line.line_id] + line.for_points for line in lines}


# ------------------------------------------------------------------ gifts and multipliers


def quiet_rules(case: Case, choice: Combination) -> tuple[Rule, ...]:
    """Gifts and multipliers that apply, in id order, each where its group is still free."""
    on = choice.bundles + choice.orders
    applied: list[Rule] = []
    for rule in sorted(case.rules, key=lambda rule: rule.id):
        usable = rule.is_quiet and rule.trigger != "coupon" and case.times(rule)
        if isinstance(rule.effect, Factor) and case.shopper is None:
            continue  # nobody earns, so nothing is multiplied and its group stays free
        if (
            usable
            and in_scope(case, rule)
            and reached(case, rule, choice.after_bundles)
            and allowed(case, (*on, (rule, 1)))
        ):
            on = (*on, (rule, 1))
            applied.append(rule)
    return tuple(applied)


def _with_gifts(
    case: Case, choice: Combination, quiet: tuple[Rule, ...]
) -> tuple[tuple[Line, ...], Nets]:
    lines, nets = case.lines, apply_hands(case, choice.after_bundles, choice.nets)
    for rule in quiet:
        if not isinstance(rule.effect, GiftOf):
            continue
        goods = rule.effect.goods
        given = [
            replace(goods, line_id=f"gift:{rule.id}:{n + 1}", thousandths=1000, pieces=1)
            for n in range(rule.effect.count)
        ]
        nets |= {line.line_id: list_amount(line) for line in given}
        bundle = [(line, nets[line.line_id]) for line in (*in_scope(case, rule), *given)]
        for line_id, amount in share(sum(map(list_amount, given)), bundle).items():
            nets[line_id] -= amount
        lines = (*lines, *given)
    return lines, nets


# ------------------------------------------------------------------ points against the bill


def worth(case: Case, points: int) -> int:
    """What points pay, half up."""
    return half_up(Fraction(points * case.points.worth_amount.minor, case.points.worth_points))


def _whole_steps(case: Case, points: int) -> int:
    points -= points % case.points.step
    return points if points >= case.points.minimum else 0


def points_most(case: Case, lines: tuple[Line, ...], nets: Nets) -> int:
    """The most points that may be spent on this sale now, a whole step."""
    if case.shopper is None:
        return 0
    net = sum(nets.values())
    bill = net if case.tax_inclusive else net + sum(row.tax for row in taxes(case, lines, nets)[0])
    most = max(0, case.shopper.balance)
    if case.shopper.day_limit is not None:
        most = min(most, case.shopper.day_limit)
    while most > 0:
        most -= most % case.points.step
        if worth(case, most) <= min(Fraction(net), bill * case.points.max_share):
            break
        most -= 1
    return _whole_steps(case, max(0, most))


# ------------------------------------------------------------------ earning


def earn(
    case: Case, lines: tuple[Line, ...], nets: Nets, quiet: tuple[Rule, ...]
) -> tuple[int, Nets]:
    """Points earned, and by line."""
    if case.shopper is None:
        return 0, {line.line_id: 0 for line in lines}
    exact = {
        line.line_id: Fraction(nets[line.line_id], case.points.unit.minor)
        * case.shopper.earn_rate
        * factor(case, line, quiet)
        for line in lines
    }
    scale = prod({value.denominator for value in exact.values()})
    whole = int(sum(exact.values()))
    return whole, share(whole, [(line, int(exact[line.line_id] * scale)) for line in lines])


def factor(case: Case, line: Line, quiet: tuple[Rule, ...]) -> Fraction:
    """The combined category, campaign and birthday factor of a line."""
    by_category = [value for reach, value in case.points.categories if reach.covers(line)]
    if by_category and max(by_category) == 0:
        return Fraction(0)
    factors = [max(by_category)] if by_category else []
    factors += [
        rule.effect.factor
        for rule in quiet
        if isinstance(rule.effect, Factor) and rule.reach.covers(line)
    ]
    if case.shopper is not None and case.shopper.birthday_month == case.at.month:
        factors.append(case.points.birthday_factor)
    if case.points.combine == "multiply":
        return prod(factors, start=Fraction(1))
    if case.points.combine == "add":
        return 1 + sum((value - 1 for value in factors), Fraction(0))
    return max([Fraction(1), *factors])


# ------------------------------------------------------------------ tax


def taxes(case: Case, lines: tuple[Line, ...], nets: Nets) -> tuple[tuple[TaxSum, ...], Nets]:
    """Tax once per rate on the sum of net, and each line's share of it."""
    rows, by_line = [], dict.fromkeys(nets, 0)
    for rate in sorted({line.tax_rate for line in lines}):
        weights = [(line, nets[line.line_id]) for line in lines if line.tax_rate == rate]
        net = sum(amount for _, amount in weights)
        tax = half_up(net * rate / (1 + rate) if case.tax_inclusive else net * rate)
        rows.append(TaxSum(rate, net, tax))
        by_line |= share(tax, weights)
    return tuple(rows), by_line
