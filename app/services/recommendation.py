"""Recommendations at the till: what this member likely wants next, and learning it from sales.

Owns: whom anything is recommended to, which goods may be, learning in small units. Does not own:
the ranking (app/domain/recommendation.py), the habits (app/domain/habit.py), the words (ui).

Never named: what lies in the basket, what is not for sale, what is kept for a higher tier, goods
not sold to all ages (by words in their category: a setting). Nothing is named to somebody who
refused, and from then on nothing of his is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from app.domain.consent import refuses
from app.domain.habit import (
    BasketSold,
    Habit,
    ProductHabit,
    Visits,
    after_basket,
    after_purchase,
    after_visit,
    united,
)
from app.domain.product import Product
from app.domain.program import Program
from app.domain.recommendation import (
    MOST,
    Because,
    Recommended,
    recommend,
    weight_least,
    worth_a_look,
)
from app.domain.tiers import rank_of
from app.services.desk import today
from app.services.ports import Lane, UnitOfWork
from app.services.seating import account_of_member, survivor
from app.services.shop import MemberSeat, Shop

FACTS_A_UNIT = 50
LINES_A_UNIT = 24
"""So few that a scan meanwhile waits no longer than for a pull of members."""
UNITS_A_CALL = 2000
MEMBERS_A_UNIT = 50
LOOKED_AT_MOST = 24
"""Of so many likely products the first three that may be named are; more are not looked up."""


@dataclass(frozen=True, slots=True)
class RecommendedOnTill:
    """One product as the till names it. `beside`: the name of what it goes with."""

    sku: str
    name: str
    because: Because
    days_since: int | None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Recommendations:
    """For the member and the basket they were asked for; nothing where nothing is to be said."""

    member_id: str
    skus: frozenset[str]
    """What lay in the basket then."""
    named: tuple[RecommendedOnTill, ...] = ()


def recommendations(*, shop: Shop, work: UnitOfWork) -> Recommendations:
    """What to name to the member on the basket, at most three. Changes: nothing."""
    state = shop.desk.state
    basket = frozenset(line.goods.sku for line in state.basket.lines if line.goods is not None)
    seat = state.seat
    if seat is None:
        return Recommendations("", basket)
    nothing = Recommendations(seat.member.member_id, basket)
    if not state.settings.recommend or refuses(seat.account, "profiling"):
        return nothing
    ids = sorted(seat.account.includes | {seat.member.member_id})
    day = today(state.program, shop.now()).toordinal()
    visits, habits = united([_known(work, each, day) for each in ids])
    own = worth_a_look(habits, visits, day)
    counts = work.habits.counts({habit.sku for habit in own} - basket)
    products = {**counts, **work.habits.products(basket)}
    likely = recommend(own, visits, products, basket, day)
    named = _named(shop, work, seat, likely[:LOOKED_AT_MOST])
    return Recommendations(nothing.member_id, basket, tuple(named))


def _known(work: UnitOfWork, member_id: str, day: int) -> tuple[Visits, Sequence[Habit]]:
    visits = work.habits.visits(member_id)
    return visits, work.habits.weighty(member_id, day, weight_least(visits, day))


def _named(
    shop: Shop, work: UnitOfWork, seat: MemberSeat, likely: Collection[Recommended]
) -> list[RecommendedOnTill]:
    state, found = shop.desk.state, list[RecommendedOnTill]()
    for each in likely:
        product = work.products.get(each.sku)
        if product is None or not _may_be_named(product, state.program, seat):
            continue
        if is_age_restricted(product.category, state.settings.never_recommended):
            continue
        beside = work.products.get(each.beside) if each.beside else None
        name = beside.name if beside is not None else ""
        found.append(RecommendedOnTill(each.sku, product.name, each.because, each.days_since, name))
        if len(found) == MOST:
            break
    return found


def _may_be_named(product: Product, program: Program, seat: MemberSeat) -> bool:
    """Whether it can be rung up for this member by a key: sold, priced, not weighed."""
    price = product.unit_price
    if not product.active or price is None or price.minor <= 0 or product.weighed:
        return False
    for rule in program.exclusive:
        if product.sku in rule.products or product.category in rule.categories:
            return rule.tier is None or rank_of(program, seat.view.tier) >= rank_of(
                program, rule.tier
            )
    return True


def is_age_restricted(category: str, words: Collection[str]) -> bool:
    """Whether a category is of goods that are not sold to all ages, by the shop's own words.

    Words in Latin letters have to stand alone ("wine" is not in "swine"), others may be anywhere.
    """
    low = category.casefold()
    alone = set(re.findall(r"[a-z0-9]+", low))
    return any(
        word.casefold() in alone if word.isascii() else word.casefold() in low for word in words
    )


# ------------------------------------------------------------------ learning


def learn_habits(*, lane: Lane, keep_on: Callable[[], bool] = lambda: True) -> int:
    """Look at the sales nobody looked at yet, in small units, and see what follows from them; how
    many they were. Off the lane thread. Changes: habits, nothing else.

    A shop with years behind it takes several calls, so that other work is not kept waiting.
    """
    learned = 0
    for _ in range(UNITS_A_CALL):
        if not keep_on() or not lane.run(lambda work: work.habits.is_behind()):
            break
        learned += lane.run(_learn_some)
    return learned


def _learn_some(work: UnitOfWork) -> int:
    """The next few sales; how many they were."""
    sold = work.habits.next_baskets(FACTS_A_UNIT, LINES_A_UNIT)
    for basket in sold:
        _learn(work, basket)
    return len(sold)


def _learn(work: UnitOfWork, basket: BasketSold) -> None:
    if not basket.skus:
        return
    day = basket.day.toordinal()
    bought = {}
    member_id = _profiled(work, basket.member_id)
    if member_id is not None:
        visits = after_visit(work.habits.visits(member_id), day)
        known = {each.sku: each for each in work.habits.of_member(member_id, basket.skus)}
        bought = {
            sku: after_purchase(known.get(sku), sku, visits.count, day) for sku in basket.skus
        }
        work.habits.put(member_id, visits, bought.values())
    products = work.habits.products(basket.skus)
    work.habits.put_products(
        after_basket(products.get(sku) or ProductHabit(sku), basket.skus, bought=bought.get(sku))
        for sku in basket.skus
    )


def _profiled(work: UnitOfWork, member_id: str | None) -> str | None:
    """Under which id the habits of a buyer are kept; None where nothing of his is kept."""
    member = survivor(work, work.members.get(member_id)) if member_id else None
    if member is None or member.status == "erased":
        return None
    if refuses(account_of_member(work, member.member_id), "profiling"):
        return None
    return member.member_id


def forget_habits(*, lane: Lane) -> int:
    """Drop the habits of those who refused since, wherever they said so; how many they were.

    Off the lane thread. Changes: habits, nothing else.
    """
    gone, after = 0, ""
    while True:
        members, forgotten = lane.run(partial(_forget_some, after=after))
        gone += forgotten
        if not members:
            return gone
        after = members


def _forget_some(work: UnitOfWork, *, after: str) -> tuple[str, int]:
    members = work.habits.members(after, MEMBERS_A_UNIT)
    gone = list(_no_longer_profiled(work, members))
    if gone:
        work.habits.forget(gone)
    return (members[-1] if members else ""), len(gone)


def _no_longer_profiled(work: UnitOfWork, members: Collection[str]) -> Iterator[str]:
    accounts = work.accounts.get_many(list(members))
    for member_id in members:
        member = work.members.get(member_id)
        account = accounts.get(member_id)
        if (
            member is None
            or member.status == "erased"
            or (account is not None and refuses(account, "profiling"))
        ):
            yield member_id
