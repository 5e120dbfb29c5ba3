"""Redemption: points against the bill, and goods for points: at a points price, or as a reward.

Owns: how many points may be spent on a sale, their worth, why no more. Does not own: which months
they are taken from (account.py), reserving them (services).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.basket import BasketLine
from app.domain.conditions import Occasion
from app.domain.money import divide_half_up
from app.domain.plan import Plan, minor
from app.domain.program import PointsPrice, Program
from app.domain.quote import NotApplied, Reason
from app.domain.reward import price_beside, products_of, reward_rule, why_no_reward
from app.domain.shelf import Shelf, amount_of
from app.domain.view import AccountView, IdentifiedBy

POINTS = "points"


@dataclass(frozen=True, slots=True)
class Purse:
    """The points a sale may spend, and what would stop more of them."""

    points: int
    limited_by: Reason
    is_shut: bool = False
    """Nothing of the bill takes points, however many there are."""


def purse_of(plan: Plan, occasion: Occasion) -> Purse:
    """Balance, daily limit by how the member was identified, and the limit while offline."""
    view, context = occasion.view, occasion.context
    if view is None:
        return Purse(0, "IDENTIFY_BETTER")
    more = context.beyond.points if context.beyond is not None else 0
    return purse_for(plan.program, view, context.identified_by, context.points_limit, beyond=more)


def purse_for(
    program: Program,
    view: AccountView,
    identified_by: IdentifiedBy,
    points_limit: int | None = None,
    *,
    beyond: int = 0,
) -> Purse:
    """The same for a member, whatever is bought; `points_limit`: the limit while offline.

    `beyond`: points that somebody allowed beyond the limit of the day.
    """
    limits = [(max(0, view.balance), 2, "POINTS_MINIMUM")]
    today = left_of_day(program, view, identified_by)
    if today is not None:
        limits.append((today + beyond, 0, "IDENTIFY_BETTER"))
    if points_limit is not None:
        limits.append((max(0, points_limit), 1, "OFFLINE_NEEDS_ONLINE"))
    points, _, reason = min(limits)
    return Purse(points, _REASONS[reason])


def left_of_day(program: Program, view: AccountView, identified_by: IdentifiedBy) -> int | None:
    """The points a member recognised like this may still spend today; None = no limit."""
    per_day = program.redemption.per_day
    daily = {
        "pass": per_day.pass_,
        "card": per_day.card,
        "phone": per_day.phone,
        "name": per_day.name,
    }[identified_by]
    return None if daily is None else max(0, daily - view.points_spent_today)


_REASONS: dict[str, Reason] = {
    "POINTS_MINIMUM": "POINTS_MINIMUM",
    "IDENTIFY_BETTER": "IDENTIFY_BETTER",
    "OFFLINE_NEEDS_ONLINE": "OFFLINE_NEEDS_ONLINE",
}


def worth_of(plan: Plan, points: int) -> int:
    """What points pay, in minor units, half up."""
    return worth_of_points(plan.program, points)


def worth_of_points(program: Program, points: int) -> int:
    """The same, for who has no plan at hand."""
    rules = program.redemption
    return divide_half_up(points * minor(rules.amount, program.prices.decimals), rules.points)


def redeemable(plan: Plan, purse: Purse, net: int, bill: int) -> int:
    """The most points that may be spent: a whole step, at least the minimum, at most the share.

    `bill` is what is to be paid before points, tax included; they never pay more than `net`.
    """
    rules = plan.program.redemption
    share = Fraction(rules.max_share)
    worth_limit = min(net, bill * share.numerator // share.denominator)
    unit = minor(rules.amount, plan.decimals)
    by_worth = purse.points
    if unit:
        # The last number of points whose worth, half up, is not above the limit.
        by_worth = ((2 * worth_limit + 1) * rules.points - 1) // (2 * unit)
    most = min(purse.points, by_worth)
    most -= most % rules.step
    return most if most >= max(1, rules.minimum) else 0


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Points spent on the bill, and why not as many as were asked for."""

    points: int
    amount: int
    most: int
    not_applied: tuple[NotApplied, ...] = ()


def redeem(plan: Plan, purse: Purse, wish: int | str, net: int, bill: int) -> Redeemed:
    """Spend the points asked for, or as many of them as may be spent."""
    most = redeemable(plan, purse, net, bill)
    wanted = most if wish == "max" else int(wish)
    points = min(wanted, most)
    points -= points % plan.program.redemption.step
    if points < plan.program.redemption.minimum:
        points = 0
    not_applied: tuple[NotApplied, ...] = ()
    if points < wanted or (wish == "max" and purse.points and not most):
        not_applied = (_shortfall(plan, purse, wanted),)
    return Redeemed(points, worth_of(plan, points), most, not_applied)


def _shortfall(plan: Plan, purse: Purse, wanted: int) -> NotApplied:
    needed = max(wanted, plan.program.redemption.minimum)
    missing = max(0, needed - purse.points)
    if purse.is_shut:
        return NotApplied(POINTS, purse.limited_by)
    reason: Reason = purse.limited_by if missing else "POINTS_MINIMUM"
    return NotApplied(POINTS, reason, missing_count=missing or None)


@dataclass(frozen=True, slots=True)
class PointsPriced:
    """Lines that are taken at their points price."""

    amounts: dict[int, int]
    """The price part by position."""
    points: dict[int, int]
    rules: dict[int, str]
    """Why it costs points: its points price, or the reward it is."""
    not_applied: tuple[NotApplied, ...]
    purse: Purse
    """What is left to spend on the bill."""


POINTS_PRICE = "points_price:"


def rule_id(sku: str) -> str:
    """The rule id of a product's points price."""
    return f"{POINTS_PRICE}{sku}"


def points_price_of(program: Program, sku: str) -> PointsPrice | None:
    """The points price of a product, where it has one."""
    return next((price for price in program.points_prices if price.product == sku), None)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the customer takes a line for: its points price or a reward, a piece of it."""

    rule: str
    points: int = 0
    price: str = "0"
    reason: Reason | None = None
    """Why it is not to be had, points aside."""
    is_limited: bool = False
    """A member may have it only so often."""


def points_priced(shelf: Shelf, plan: Plan, occasion: Occasion) -> PointsPriced:
    """Price the lines that are taken for points, in tie order, while points last."""
    purse = purse_of(plan, occasion)
    priced = PointsPriced({}, {}, {}, (), purse)
    not_applied: list[NotApplied] = []
    left, had, bound = purse.points, Counter[str](), Counter[str]()
    for position, line in enumerate(shelf.lines):
        if not (line.use_points_price or line.reward):
            continue
        count = shelf.pieces[position]
        wish = _wish_of(line, plan, occasion, had[line.reward] + count)
        limited = Counter({wish.rule: count}) if wish.is_limited else Counter[str]()
        refusal = occasion.context.uses_bound.refusal(bound + limited)
        wish = replace(wish, reason=wish.reason or refusal) if limited else wish
        if not count or line.given is not None:
            wish = replace(wish, reason="NOT_IN_SCOPE")
        if line.sku in plan.packs:
            wish = replace(wish, reason="NOT_FOR_PACKS")
        needed = wish.points * count
        if wish.reason is not None or needed > left:
            reason, missing = wish.reason or purse.limited_by, max(0, needed - left) or None
            missing = None if wish.reason is not None else missing
            no = NotApplied(wish.rule, reason, missing_count=missing, line_id=line.line_id)
            not_applied.append(no)
            continue
        left -= needed
        had[line.reward] += count
        bound += limited
        priced.points[position] = needed
        priced.rules[position] = wish.rule
        priced.amounts[position] = _price_part(shelf, plan, wish.price, position)
    return replace(priced, not_applied=tuple(not_applied), purse=Purse(left, purse.limited_by))


def _wish_of(line: BasketLine, plan: Plan, occasion: Occasion, times: int) -> _Wish:
    """`times`: how often the sale would have the reward of the line, with this line."""
    if line.reward:
        rule, reward = reward_rule(line.reward), plan.program.reward(line.reward)
        if reward is None or line.sku not in products_of(reward):
            return _Wish(rule, reason="NOT_IN_SCOPE")
        why = why_no_reward(reward, occasion, times)
        is_limited = reward.count is not None
        return _Wish(rule, reward.points, price_beside(reward), why, is_limited=is_limited)
    price = points_price_of(plan.program, line.sku)
    if price is None:
        return _Wish(rule_id(line.sku), reason="NOT_IN_SCOPE")
    return _Wish(rule_id(line.sku), price.points, price.price)


def _price_part(shelf: Shelf, plan: Plan, price: str, position: int) -> int:
    thousandths = shelf.lines[position].quantity.thousandths
    part = amount_of(minor(price, plan.decimals), thousandths)
    return min(part, shelf.list_amounts[position])
