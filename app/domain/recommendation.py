"""Recommendations: which products a member likely wants next, at most three, each with its reason.

Owns: the ranking of a member's habits and of what goes with his basket. Does not own: the habits
(habit.py), which goods may be recommended at all (services/recommendation.py), the words.

A product of his own counts what is left of the weight of his purchases of it, more where people
come back for it, and less right after he took it: he has milk until he runs out of it. A product
that lies beside one of the basket often counts the share of such baskets in which it does. Both
are shares in thousandths, so that they can be compared and, where both speak, added.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.habit import Habit, ProductHabit, Visits, faded

MOST = 3
SCALE = 1000
SHARE_LEAST = 30
"""Less than this, in thousandths, is a guess: nothing is said."""
LOOKED_AT_MOST = 120
TOGETHER_LEAST = 4
"""In fewer baskets than this, lying side by side is chance."""
COMPANION_DIVISOR = 3
"""How much less a shop's habit says of him than his own."""
USUAL_VISITS_OF_ONE = 20
"""As if bought every so many visits, where he bought it once."""
VISITS_PRIOR = 2 * 1024

Because = Literal["due", "together"]


@dataclass(frozen=True, slots=True)
class Recommended:
    """One product and why. `days_since`: since he last took it; None = he never did.

    `beside`: the product of the basket it goes with, for `together`.
    """

    sku: str
    because: Because
    share: int
    days_since: int | None = None
    beside: str = ""


def worth_a_look(habits: Collection[Habit], visits: Visits, day: int) -> list[Habit]:
    """Those habits that can become a recommendation at all, the weightiest of them: who has bought
    a thousand products in a year likely wants few of them today."""
    least = weight_least(visits, day)
    weights = {habit.sku: faded(habit.weight, day - habit.last_day) for habit in habits}
    likely = [habit for habit in habits if weights[habit.sku] >= least]
    return sorted(likely, key=lambda habit: (-weights[habit.sku], habit.sku))[:LOOKED_AT_MOST]


def weight_least(visits: Visits, day: int) -> int:
    """What has to be left of a habit's weight: with less it reaches no share worth saying."""
    return -(-SHARE_LEAST * _came(visits, day) // SCALE)


def _came(visits: Visits, day: int) -> int:
    return faded(visits.weight, day - visits.last_day) + VISITS_PRIOR


def recommend(
    habits: Collection[Habit],
    visits: Visits,
    products: Mapping[str, ProductHabit],
    basket: Collection[str],
    day: int,
) -> tuple[Recommended, ...]:
    """All that is worth saying to this member beside this basket, the likeliest first.

    `products`: what is known of his products and of those in the basket. The caller takes the
    first that may be sold; what lies in the basket is not among them.
    """
    came = _came(visits, day)
    own = {
        habit.sku: _own(habit, visits, products.get(habit.sku), came, day)
        for habit in habits
        if habit.sku not in basket
    }
    beside = _companions(products, basket)
    days = {habit.sku: day - habit.last_day for habit in habits}
    found = [
        _recommended(sku, own.get(sku, 0), beside.get(sku), days.get(sku))
        for sku in own.keys() | beside.keys()
    ]
    likely = [each for each in found if each.share >= SHARE_LEAST]
    return tuple(sorted(likely, key=lambda each: (-each.share, each.sku)))


def _recommended(
    sku: str, own: int, beside: tuple[int, str] | None, days: int | None
) -> Recommended:
    share, with_sku = beside or (0, "")
    because: Because = "due" if own >= share else "together"
    return Recommended(
        sku, because, own + share, None if days is None else max(days, 0),
        with_sku if because == "together" else "",
    )  # fmt: skip


def _own(habit: Habit, visits: Visits, product: ProductHabit | None, came: int, day: int) -> int:
    """How likely he takes it this time, in thousandths."""
    weight = faded(habit.weight, day - habit.last_day)
    times, again = (product.times, product.times - product.buyers) if product else (0, 0)
    share = SCALE * weight * (again + 1) // (came * (times + 5))
    return share * _due_percent(habit, visits, day) // 100


def _due_percent(habit: Habit, visits: Visits, day: int) -> int:
    """Less while he still has it, and less where he seems to have given it up."""
    passed = visits.count - habit.last_visit + 1
    usual = USUAL_VISITS_OF_ONE * SCALE
    if habit.times > 1:
        usual = (habit.last_visit - habit.first_visit) * SCALE // (habit.times - 1)
    ratio = passed * SCALE * SCALE // (usual + SCALE)
    percent = 100 if 400 <= ratio < 2500 else 70
    since = day - habit.last_day
    return percent * (35 if since < 1 else 70 if since < 2 else 100) // 100


def _companions(
    products: Mapping[str, ProductHabit], basket: Collection[str]
) -> dict[str, tuple[int, str]]:
    """Products that often lie beside one of the basket: the best share, and beside which."""
    best: dict[str, tuple[int, str]] = {}
    for sku in sorted(basket):
        product = products.get(sku)
        if product is None:
            continue
        for other, count in product.together.items():
            if other in basket or count < TOGETHER_LEAST:
                continue
            share = SCALE * count // (product.baskets + TOGETHER_LEAST) // COMPANION_DIVISOR
            best[other] = max(best.get(other, (0, "")), (share, sku))
    return best
