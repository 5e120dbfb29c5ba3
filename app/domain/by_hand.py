"""By hand: what a cashier or manager takes off a line or the whole order, beside the program.

Owns: the rule below, and its sums. Does not own: who may give how much (rights.py), reasons and
their words, the trail (app/services/discount.py).

The rule. Discounts by hand come after everything the program gives and before points, so that
nothing given by hand can cost the customer an offer:
(1) Levels, bundles, thresholds and order offers are reckoned as if nobody gave anything by hand.
(2) A line's discount is reckoned once on what the line costs after its price and its bundles: a
rate of it half up, an amount, or the difference to a price (which therefore is the most the line
costs: a cheaper one stands). It comes off in full beside the line's shares of order offers; what
the line no longer holds comes off the other lines, by largest remainder, while they hold any.
(3) The search minds it: what a combination costs is max(0, net after offers - all line discounts
by hand), and the cheapest one is taken; ties as always, but of equal coupons the least by hand, so
that a member sees his own price first. A free basket spends no coupon.
(4) The discount of the order is reckoned once on what is left then, half up, and allocated by
largest remainder. It is a rising function of that sum, so the search need not know it.
(5) Neither exceeds `most`, the fraction that was allowed, of what it is reckoned on.

Why it keeps the law "one more right never raises the total before points": a right more only adds
combinations, and each costs what it did; a larger discount by hand makes every combination cheaper
or leaves it. Goods that cost less by hand still count whole towards a threshold: a discount for a
dent must not take the voucher away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from app.domain.basket import BasketLine, ByHand
from app.domain.shelf import Shelf, amount_of, rate_of, take_off

HandAct = Literal["line_discount", "order_discount", "price_override"]
"""The names of these acts among rights (rights.py), rules and words."""

ACTS: tuple[HandAct, ...] = ("line_discount", "order_discount", "price_override")
PREFIX = "manual"


def line_act(given: ByHand) -> HandAct:
    """Which act a line's discount is."""
    return "price_override" if given.kind == "price" else "line_discount"


def rule_of(act: HandAct, reason: str) -> str:
    """The rule id of its adjustment: `manual:line_discount:damaged`."""
    return f"{PREFIX}:{act}:{reason}"


def hand_rule(rule: str) -> tuple[HandAct, str] | None:
    """The act and the reason that a rule id names; None for every other rule."""
    prefix, _, rest = rule.partition(":")
    act, _, reason = rest.partition(":")
    for known in ACTS:
        if prefix == PREFIX and act == known:
            return known, reason
    return None


def line_off(line: BasketLine, net: int) -> int:
    """What is taken off a line that costs `net` after its bundles; minor units."""
    given = line.by_hand
    assert given is not None, "only lines with a discount by hand are asked"
    if given.kind == "price":
        off = max(0, net - amount_of(given.amount.minor, line.quantity.thousandths))
        return _limited(off, given.most, net)
    return order_off(given, net)


def order_off(given: ByHand, left: int) -> int:
    """What a rate or an amount takes off a sum; minor units."""
    off = _share(left, given.rate) if given.kind == "rate" else min(given.amount.minor, left)
    return _limited(off, given.most, left)


def _limited(off: int, most: Decimal | None, left: int) -> int:
    return off if most is None else min(off, _share(left, most))


def _share(amount: int, rate: Decimal) -> int:
    return rate_of(amount, *rate.as_integer_ratio())


def off_by_hand(shelf: Shelf, after_bundles: Sequence[int]) -> int:
    """What all line discounts take off lines that cost so much; the search's bound, too.

    It only falls where the lines cost less.
    """
    return sum(line_off(shelf.lines[place], after_bundles[place]) for place in shelf.by_hand)


@dataclass(frozen=True, slots=True)
class Taken:
    """One discount by hand as it comes off; `own_line` None = an adjustment of the order."""

    rule: str
    shares: tuple[tuple[int, int], ...]
    """(position, positive amount)."""
    own_line: int | None = None


def taken_by_hand(
    shelf: Shelf, after_bundles: Sequence[int], nets: list[int], whole: ByHand | None
) -> Iterator[Taken]:
    """Take it all off `nets` (what is left after order offers), which changes them."""
    beyond: list[tuple[str, int]] = []
    for place in shelf.by_hand:
        given = shelf.lines[place].by_hand
        assert given is not None, "the shelf lists only such lines"
        rule = rule_of(line_act(given), given.reason)
        off = line_off(shelf.lines[place], after_bundles[place])
        own = min(off, nets[place])
        if own:
            nets[place] -= own
            yield Taken(rule, ((place, own),), place)
        beyond.append((rule, off - own))
    for rule, off in beyond:
        yield from _off_all(shelf, rule, min(off, sum(nets)), nets)
    if whole is not None:
        off = order_off(whole, sum(nets))
        yield from _off_all(shelf, rule_of("order_discount", whole.reason), off, nets)


def _off_all(shelf: Shelf, rule: str, off: int, nets: list[int]) -> Iterator[Taken]:
    if off:
        yield Taken(rule, tuple(take_off(nets, shelf.everything, off)))
