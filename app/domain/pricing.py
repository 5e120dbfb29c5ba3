"""Pricing: what a basket costs, and why, to the last minor unit. DESIGN.md "Pricing" is the law.

Owns: price(), the order of its steps, the adjustments they leave behind. Does not own: the steps
themselves (levels.py, bundles.py, order_offers.py, redemption.py, earning.py, tax.py), finding
the cheapest combination (search.py) and what a choice by hand leaves of it (chosen.py), what is
taken off by hand (by_hand.py), the reasons for what was not applied (reasons.py).

Pure and deterministic: basket, member, program, moment and context in, the quote out. Lines are
worked on in the order of (sku, line id), so that the order of scanning cannot matter.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.basket import Basket
from app.domain.candidates import Candidates, gather
from app.domain.chosen import decide
from app.domain.closing import close
from app.domain.combination import Field
from app.domain.conditions import Context, Occasion
from app.domain.levels import (
    Level,
    base_amounts,
    level_sets,
    levels_in_force,
    with_fixed_lines,
)
from app.domain.plan import plan_for
from app.domain.program import Program
from app.domain.quote import Quote
from app.domain.reasons import applied_quietly, beaten_levels, not_chosen, unused
from app.domain.redemption import points_priced
from app.domain.sheet import Sheet
from app.domain.shelf import Shelf, given_amounts, make_shelf
from app.domain.view import AccountView

NO_CONTEXT = Context()


def price(
    basket: Basket,
    view: AccountView | None,
    program: Program,
    at: datetime,
    context: Context = NO_CONTEXT,
) -> Quote:
    """What the basket costs this shopper now. `at` is shop time; `view` None is a walk-in.

    The program must have passed program_check, and the member's tier must be one of its tiers
    (KeyError otherwise).
    """
    plan, shelf, choices = plan_for(program), make_shelf(basket.lines), basket.choices
    rank = None if view is None else program.rank(view.tier)
    occasion = Occasion(program, view, rank, at, context)
    by_points = points_priced(shelf, plan, occasion)
    fixed = {**given_amounts(shelf), **by_points.amounts}
    levels, no_lists = levels_in_force(shelf, plan, occasion, choices.refused)
    levels = with_fixed_lines(levels, shelf, fixed)
    candidates = gather(plan, shelf, occasion, choices)
    field = _field(shelf, levels, fixed, candidates, occasion)
    decision = decide(field, candidates.quiet)
    choice = decision.choice
    sheet = Sheet(plan, shelf, occasion)
    sheet.take_levels(choice, levels, by_points)
    sheet.take_bundles(choice, field)
    sheet.take_orders(choice)
    sheet.take_by_hand(choice, choices.by_hand)
    quiet, no_quiet = applied_quietly(occasion, decision, shelf, candidates.quiet)
    sheet.give(quiet, choices)
    not_applied = [
        *candidates.not_applied,
        *no_lists,
        *by_points.not_applied,
        *beaten_levels(shelf, levels, choice, plan, occasion),
        *unused(field, decision, candidates.quiet),
        *not_chosen(field, decision, candidates.passed_over),
        *no_quiet,
    ]
    return close(sheet, basket, by_points, quiet, not_applied)


def _field(
    shelf: Shelf,
    levels: list[Level],
    fixed: dict[int, int],
    candidates: Candidates,
    occasion: Occasion,
) -> Field:
    """What may be combined: levels, bundles, order offers."""
    base = base_amounts(shelf, fixed)
    return Field(
        shelf=shelf,
        level_sets=level_sets(levels, base),
        base=base,
        bundles=tuple(candidates.bundles),
        orders=tuple(candidates.orders),
        coupons_max=occasion.coupons_max,
        lacks_connection=occasion.coupons_max < occasion.program.stacking.coupons_max,
        fixed=frozenset(fixed),
        coupon_room=occasion.coupon_room(occasion.program.prices.decimals),
    )
