"""Program limits: what the exact search allows, the worst-case basket, the worst case offline.

Owns: how many groups, bundles and levels one program may have; a basket and a member that make
the search work hardest; what offline redemption may cost at most. Does not own: measuring time
(program_speed.py), the search (search.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from app.domain.basket import Basket, BasketChoices, BasketLine
from app.domain.money import Money
from app.domain.plan import minor
from app.domain.program import (
    BuyXGetY,
    CheapestOff,
    Conditions,
    FixedPrice,
    NForPrice,
    NthDiscount,
    Offer,
    Program,
    Scope,
)
from app.domain.program_problem import Problem
from app.domain.quantity import pieces
from app.domain.redemption import worth_of_points
from app.domain.view import AccountView, HeldCoupon

GROUPS_MAX = 3
BUNDLES_MAX = 8
LEVELS_MAX = 6
WORST_CASE_LINES = 100
_BUNDLES = (FixedPrice, CheapestOff, NForPrice, BuyXGetY, NthDiscount)


def beyond_the_search(program: Program) -> Iterator[Problem]:
    """More combinations than the exact search promises to look through."""
    groups = {offer.group for offer in program.offers if offer.group is not None}
    if len(groups) > GROUPS_MAX:
        yield Problem("too_many_groups", "offers", str(len(groups)), str(GROUPS_MAX))
    bundles = [offer for offer in program.offers if isinstance(offer.effect, _BUNDLES)]
    sharing = _largest_sharing(bundles)
    if sharing > BUNDLES_MAX:
        yield Problem("too_many_bundles", "offers", str(sharing), str(BUNDLES_MAX))
    levels = most_levels(program)
    if levels > LEVELS_MAX:
        yield Problem("too_many_levels", "price_lists", str(levels), str(LEVELS_MAX))


def _largest_sharing(bundles: Sequence[Offer]) -> int:
    """The size of the largest set of bundles that reach each other through common units."""
    waiting, largest = list(bundles), 0
    while waiting:
        together, fresh = 0, [waiting.pop()]
        while fresh:
            one = fresh.pop()
            together += 1
            near = [other for other in waiting if may_share(one.scope, other.scope)]
            waiting = [other for other in waiting if other not in near]
            fresh += near
        largest = max(largest, together)
    return largest


def may_share(one: Scope, other: Scope) -> bool:
    """Whether a unit might be in both scopes. A product may be of any category."""
    if not (one.products or one.categories) or not (other.products or other.categories):
        return True
    if set(one.categories) & set(other.categories) or set(one.products) & set(other.products):
        return True
    return bool((one.products and other.categories) or (one.categories and other.products))


def most_levels(program: Program) -> int:
    """The most levels a member of the top tier may have on one day; the list price not counted."""
    tiers = sum(1 for tier in program.tiers if Fraction(tier.discount))
    lists = [price_list.when for price_list in program.price_lists]
    days = {program.effective + timedelta(days=n) for n in range(7)}
    for when in lists:
        if when.starts is not None:
            days |= {when.starts + timedelta(days=n) for n in range(7)}
    most = max(sum(1 for when in lists if _may_hold(when, day)) for day in days)
    return tiers + int(program.prices.member_price) + most


def _may_hold(when: Conditions, day: date) -> bool:
    """Whether a condition may hold on a day; days of the month are taken to fall on it."""
    return (
        (when.starts is None or when.starts <= day)
        and (when.ends is None or day <= when.ends)
        and (not when.weekdays or day.isoweekday() in when.weekdays)
    )


# ------------------------------------------------------------------ the worst case


@dataclass(frozen=True, slots=True)
class WorstCase:
    """A sale that makes the search work as hard as this program can."""

    basket: Basket
    view: AccountView
    at: datetime
    store: str


def worst_case(program: Program, lines: int = WORST_CASE_LINES) -> WorstCase:
    """A member of the top tier with two coupons of every offer, and all that rules look at.

    Prices are chosen near the thresholds, where the search has to weigh levels against offers.
    The same program gives the same sale.
    """
    day = _busiest_day(program)
    coupons = [offer for offer in program.offers if offer.trigger == "coupon"]
    held = tuple(
        HeldCoupon(f"W{number}-{offer.id}", offer.id, day, day + timedelta(days=number + 1))
        for number in range(2)
        for offer in coupons
    )
    view = AccountView(
        member_id="worst-case",
        tier=program.tiers[-1].id,
        joined=day,
        birthday=(day.month, day.day),
        coupons=held,
    )
    codes = tuple(offer.code for offer in program.offers if offer.code is not None)
    stores = [store for offer in program.offers for store in offer.when.stores]
    basket = Basket(tuple(_worst_lines(program, lines)), BasketChoices(codes=codes))
    at = datetime.combine(day, _busiest_hour(program))
    return WorstCase(basket, view, at, max(stores, key=stores.count, default=""))


def _busiest_day(program: Program) -> date:
    conditions = [offer.when for offer in program.offers]
    conditions += [price_list.when for price_list in program.price_lists]
    starts = [when.starts for when in conditions if when.starts is not None]
    days = sorted(
        {first + timedelta(days=n) for first in [program.effective, *starts] for n in range(7)}
    )
    return max(days, key=lambda day: sum(1 for when in conditions if _may_hold(when, day)))


def _busiest_hour(program: Program) -> time:
    hours = [offer.when.hours for offer in program.offers if offer.when.hours is not None]
    starts = sorted({start for start, _ in hours} | {"12:00"})
    best = max(starts, key=lambda clock: sum(1 for start, end in hours if start <= clock < end))
    return time(int(best[:2]) % 24, int(best[3:]))


def _worst_lines(program: Program, count: int) -> Iterator[BasketLine]:
    goods = _goods_named(program)
    thresholds = [
        minor(offer.threshold.amount, program.prices.decimals)
        for offer in program.offers
        if offer.threshold is not None and offer.threshold.amount is not None
    ]
    typical = sorted(thresholds)[len(thresholds) // 2] if thresholds else 10_000
    for number in range(count):
        sku, category = goods[number % len(goods)]
        unit = max(1, typical * (3 + number % 7) // (5 * min(count, 20))) + number % 10
        yield BasketLine(
            line_id=f"w{number:03d}",
            sku=sku or f"worst-{number:03d}",
            name="",
            category=category,
            unit_price=Money(unit),
            quantity=pieces(1 + number % 3),
            member_price=Money(unit * 97 // 100),
        )


def _goods_named(program: Program) -> list[tuple[str, str]]:
    """Products and categories that rules name, as (sku, category); empty where not named."""
    scopes = [offer.scope for offer in program.offers]
    named = {(sku, "") for scope in scopes for sku in scope.products}
    named |= {("", category) for scope in scopes for category in scope.categories}
    for price_list in program.price_lists:
        for override in price_list.prices:
            named |= {(sku, "") for sku in override.products}
            named |= {("", category) for category in override.categories}
    return sorted(named) or [("", "")]


@dataclass(frozen=True, slots=True)
class OfflineWorst:
    """What points spent without a connection can cost at most beyond the balances."""

    tills: int
    points: int
    amount: Money


def offline_worst_case(program: Program, tills: int) -> OfflineWorst:
    """Tills times the floor limit of one till since its last contact (grants are covered)."""
    points = tills * program.offline.floor_till
    return OfflineWorst(tills, points, Money(worth_of_points(program, points)))
