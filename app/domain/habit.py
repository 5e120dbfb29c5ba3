"""Habits: what a member usually takes, what goes with what in a shop, kept from basket to basket.

Owns: how a habit grows with a purchase and fades with time, which goods are remembered beside
which. Does not own: what is recommended because of it (recommendation.py), where it is kept.

All of it is whole numbers. A weight counts purchases in 1/1024, older ones less: after sixty days
half. Of each product only a few companions are kept, so that a shop with fifty thousand products
keeps as little as it needs: whoever comes anew takes the place of the one seen least, and its
count (the "space saving" sketch), which never loses what is often bought together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Context, Decimal

ONE = 1024
"""The weight of a purchase of today."""
HALF_LIFE_DAYS = 60
COMPANIONS_MOST = 16
LINES_MOST = 24
"""Of a large basket the first so many products are seen as bought together."""
_SHIFT = 16
_CONTEXT = Context(prec=28)
_FADED = tuple(
    int(_CONTEXT.power(Decimal(2), _CONTEXT.divide(Decimal(-days), HALF_LIFE_DAYS)) * (1 << _SHIFT))
    for days in range(HALF_LIFE_DAYS)
)
"""What is left of 1/65536 each after so many days."""


@dataclass(frozen=True, slots=True)
class Visits:
    """How often a member came, and the weight of that as of his last day here."""

    count: int = 0
    weight: int = 0
    last_day: int = 0
    """An ordinal (date.toordinal)."""


@dataclass(frozen=True, slots=True)
class Habit:
    """One product in a member's purchases. Visits are numbered from 1, days are ordinals."""

    sku: str
    times: int
    weight: int
    first_visit: int
    last_visit: int
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class ProductHabit:
    """One product in the purchases of all. `times` and `buyers` count members only."""

    sku: str
    baskets: int = 0
    times: int = 0
    buyers: int = 0
    together: Mapping[str, int] = field(default_factory=dict)
    """In how many baskets it lay beside which other one."""


@dataclass(frozen=True, slots=True)
class BasketSold:
    """A sale as habits see it: who, when, which products, each once."""

    sale_id: str
    member_id: str | None
    day: date
    skus: tuple[str, ...]


def faded(weight: int, days: int) -> int:
    """What is left of a weight after so many days."""
    halves, rest = divmod(max(days, 0), HALF_LIFE_DAYS)
    return (weight * _FADED[rest] >> _SHIFT) >> halves


def united(parts: Sequence[tuple[Visits, Sequence[Habit]]]) -> tuple[Visits, Sequence[Habit]]:
    """The habits of one person under several ids (after a merge): those of the id under which he
    came most, and from the others the products these do not know, as many visits ago as there."""
    if not parts:
        return Visits(), ()
    visits, habits = max(parts, key=lambda part: part[0].count)
    found = {habit.sku: habit for habit in habits}
    for other, theirs in parts:
        later = visits.count - other.count
        for each in theirs:
            moved = replace(
                each, first_visit=each.first_visit + later, last_visit=each.last_visit + later
            )
            found.setdefault(each.sku, moved)
    return visits, tuple(found.values())


def after_visit(known: Visits, day: int) -> Visits:
    """One visit more. What arrives late, from another till, weighs as much as is left of it."""
    last = max(known.last_day, day)
    weight = faded(known.weight, last - known.last_day) + faded(ONE, last - day)
    return Visits(known.count + 1, weight, last)


def after_purchase(known: Habit | None, sku: str, visit: int, day: int) -> Habit:
    """The product once more, in that visit."""
    if known is None:
        return Habit(sku, 1, ONE, visit, visit, day, day)
    last = max(known.last_day, day)
    return replace(
        known,
        times=known.times + 1,
        weight=faded(known.weight, last - known.last_day) + faded(ONE, last - day),
        last_visit=visit,
        first_day=min(known.first_day, day),
        last_day=last,
    )


def after_basket(
    known: ProductHabit, basket: Sequence[str], *, bought: Habit | None
) -> ProductHabit:
    """One basket more with this product. `bought`: the member's habit with it, if one bought it."""
    return replace(
        known,
        baskets=known.baskets + 1,
        times=known.times + (bought is not None),
        buyers=known.buyers + (bought is not None and bought.times == 1),
        together=_beside(known.together, [sku for sku in basket[:LINES_MOST] if sku != known.sku]),
    )


def _beside(known: Mapping[str, int], others: Sequence[str]) -> Mapping[str, int]:
    counts = dict(known)
    for sku in others:
        if sku in counts:
            counts[sku] += 1
        elif len(counts) < COMPANIONS_MOST:
            counts[sku] = 1
        else:
            least = min(counts, key=lambda each: (counts[each], each))
            counts[sku] = counts.pop(least) + 1
    return counts
