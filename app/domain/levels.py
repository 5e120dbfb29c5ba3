"""Levels: the line prices a shopper may have - list, member, tier, campaign, points price.

Owns: which levels are in force, what each makes of every line, the distinct outcomes of all sets
of levels. Does not own: which set is chosen (search.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.basket import GivenPrice
from app.domain.conditions import Occasion
from app.domain.plan import LevelEntry, ListPlan, Plan, TierPlan
from app.domain.quote import Adjustment, NotApplied
from app.domain.shelf import Shelf, amount_of, rate_of

MEMBER_PRICE = "member_price"

Amounts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """One level in force: rule id, kind, and each line's amount at it (never above list)."""

    id: str
    kind: Literal["member_price", "tier", "campaign"]
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class LevelSet:
    """A smallest set of levels that brings the lines to these amounts."""

    ids: tuple[str, ...]
    """Sorted."""
    amounts: Amounts
    total: int


def levels_in_force(
    shelf: Shelf, plan: Plan, occasion: Occasion, refused: frozenset[str]
) -> tuple[list[Level], list[NotApplied]]:
    """The levels that lower at least one line, and the price lists that were considered in vain."""
    levels: list[Level] = []
    not_applied: list[NotApplied] = []
    if occasion.view is not None and plan.program.prices.member_price:
        levels.append(Level(MEMBER_PRICE, "member_price", _member_amounts(shelf, plan.no_discount)))
    if occasion.rank is not None:
        levels += [
            Level(tier.id, "tier", _tier_amounts(shelf, tier))
            for tier in plan.tiers[: occasion.rank + 1]
        ]
    for price_list in plan.lists:
        reason = occasion.unmet(price_list.price_list.when)
        if reason is None and price_list.id in refused:
            reason = "REFUSED_BY_CASHIER"
        if reason is not None:
            not_applied.append(NotApplied(price_list.id, reason))
            continue
        amounts = _list_amounts(shelf, price_list)
        if amounts is None:
            not_applied.append(NotApplied(price_list.id, "NOT_IN_SCOPE"))
        else:
            levels.append(Level(price_list.id, "campaign", amounts))
    return [level for level in levels if level.amounts != shelf.list_amounts], not_applied


def _member_amounts(shelf: Shelf, packs: frozenset[str]) -> Amounts:
    return tuple(
        listed
        if line.member_price is None or line.sku in packs
        else min(listed, amount_of(line.member_price.minor, line.quantity.thousandths))
        for line, listed in zip(shelf.lines, shelf.list_amounts, strict=True)
    )


def _tier_amounts(shelf: Shelf, tier: TierPlan) -> Amounts:
    if tier.num == 0:
        return shelf.list_amounts
    amounts = list(shelf.list_amounts)
    for position in shelf.covered(tier.reach):
        amounts[position] -= rate_of(amounts[position], tier.num, tier.den)
    return tuple(amounts)


def _list_amounts(shelf: Shelf, price_list: ListPlan) -> Amounts | None:
    amounts = list(shelf.list_amounts)
    touched = False
    for entry in price_list.entries:
        for position in shelf.covered(entry.reach):
            touched = True
            amounts[position] = min(amounts[position], _entry_amount(shelf, entry, position))
    return tuple(amounts) if touched else None


def _entry_amount(shelf: Shelf, entry: LevelEntry, position: int) -> int:
    if entry.price is not None:
        return amount_of(entry.price, shelf.lines[position].quantity.thousandths)
    listed = shelf.list_amounts[position]
    return listed - rate_of(listed, entry.num, entry.den)


def with_fixed_lines(levels: list[Level], shelf: Shelf, fixed: dict[int, int]) -> list[Level]:
    """The levels, where some lines have a price of their own (points price) that none may touch."""
    if not fixed:
        return levels
    result = []
    for level in levels:
        amounts = tuple(
            fixed.get(position, amount) for position, amount in enumerate(level.amounts)
        )
        result.append(Level(level.id, level.kind, amounts))
    base = base_amounts(shelf, fixed)
    return [level for level in result if level.amounts != base]


def given_adjustments(line_id: str, given: GivenPrice, version: str) -> list[Adjustment]:
    """One adjustment for each part of a price that somebody gave a line."""
    return [
        Adjustment(
            part.rule, version, "override", -part.amount, ((line_id, -part.amount),),
            chosen_by_hand=True,
        )
        for part in given.off
    ]  # fmt: skip


def base_amounts(shelf: Shelf, fixed: dict[int, int]) -> Amounts:
    """List amounts, and the points-price amounts of the lines that take it."""
    if not fixed:
        return shelf.list_amounts
    return tuple(fixed.get(p, amount) for p, amount in enumerate(shelf.list_amounts))


def level_sets(levels: list[Level], base: Amounts) -> list[LevelSet]:
    """Every distinct outcome of switching levels on or off, the cheapest lines first.

    Of the sets that lead to the same amounts only the first by the tie rule is kept: fewest
    rules, then the smaller sorted ids.
    """
    found: dict[Amounts, tuple[str, ...]] = {base: ()}
    for level in sorted(levels, key=lambda level: level.id):
        for amounts, ids in list(found.items()):
            lower = tuple(map(min, amounts, level.amounts))
            wider = (*ids, level.id)
            known = found.get(lower)
            if known is None or (len(wider), wider) < (len(known), known):
                found[lower] = wider
    sets = [LevelSet(ids, amounts, sum(amounts)) for amounts, ids in found.items()]
    return sorted(sets, key=lambda level_set: (level_set.total, len(level_set.ids), level_set.ids))
