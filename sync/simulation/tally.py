"""The tally: what facts do to a member in a few plain numbers, and the same read off an account.

Owns: those numbers, added up in the head. Does not own: which facts count (clerk.py), the fold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.domain import effects as do
from app.domain.account import MemberAccount, account_of
from app.domain.effects import Effect


@dataclass(frozen=True, slots=True)
class Numbers:
    """Points in sum, whatever month they lie in; money spent; visits; coupon uses with sales."""

    points: int = 0
    spend_minor: int = 0
    visits: int = 0
    uses: frozenset[tuple[str, str]] = frozenset()
    crossings: frozenset[tuple[str, str, int]] = frozenset()
    """Tier lines: by which sale, to which tier, at which line."""
    reviews: frozenset[tuple[str, str, str, bool]] = frozenset()
    """By which fact, to which tier, from which, and whether it begins only after LATER."""

    def plus(self, other: Numbers) -> Numbers:
        return Numbers(
            self.points + other.points,
            self.spend_minor + other.spend_minor,
            self.visits + other.visits,
            self.uses | other.uses,
            self.crossings | other.crossings,
            self.reviews | other.reviews,
        )


NOTHING = Numbers()
LATER = date(2027, 1, 20)
"""A day after the reviews of every world."""


HELD = "~held"
"""Behind the id of a fact that head office has not let count yet."""


def held_numbers_of(effects: Iterable[Effect], op_id: str) -> Numbers:
    """What they do in quarantine: points are seen and points are gone, nothing else counts."""
    counted = (do.Gained, do.HeldGain, do.Taken, do.Exchanged, do.CouponUsed)
    return numbers_of((each for each in effects if isinstance(each, counted)), op_id)


def numbers_of(effects: Iterable[Effect], op_id: str) -> Numbers:
    """What effects do, added up in the head."""
    points = spend = visits = 0
    uses: set[tuple[str, str]] = set()
    crossings: set[tuple[str, str, int]] = set()
    reviews: set[tuple[str, str, str, bool]] = set()
    for effect in effects:
        match effect:
            case do.Gained(points=count) | do.HeldGain(points=count) | do.SaleShare(points=count):
                points += count
            case do.OccasionGain(points=count):
                points += count
            case do.Taken(points=count) | do.Exchanged(points=count):
                points -= count
            case do.Visited():
                spend += effect.spend_minor
                visits += 1
            case do.Undone() | do.Redone():
                sign = 1 if isinstance(effect, do.Undone) else -1
                earned = sum(part.points for part in effect.earned)
                given_back = sum(part.points for part in effect.spent)
                points += sign * (given_back - earned)
                spend -= sign * effect.spend_minor
                visits -= sign * effect.visits
            case do.CouponUsed(coupon=coupon):
                uses.add((coupon, op_id))
            case do.TierReached():
                crossings.add((op_id, effect.tier, effect.line))
            case do.Reviewed():
                reviews.add((op_id, effect.tier, effect.before, effect.notice_days > 0))
            case _:
                pass
    return Numbers(points, spend, visits, frozenset(uses), frozenset(crossings), frozenset(reviews))


def numbers_in(account: MemberAccount) -> Numbers:
    """The same four, read off an account."""
    points = sum(account.gained.values()) - sum(account.taken.values())
    points += sum(sum(days.values()) for days in account.held.values())
    points += sum(one.points for each in account.occasions.values() for one in each.values())
    spend = sum(account.spend.raised.values())
    spend -= sum(sum(days.values()) for days in account.spend.lowered.values())
    visits = sum(account.visits.raised.values())
    visits -= sum(sum(days.values()) for days in account.visits.lowered.values())
    uses = frozenset(
        (coupon, sale) for coupon, sales in account.coupon_uses.items() for sale in sales
    )
    crossings = frozenset(
        (op_id, each.tier, each.line) for op_id, own in account.crossings.items() for each in own
    )
    reviews = frozenset(
        (op_id, each.tier, each.before, each.from_day > LATER.toordinal())
        for op_id, each in account.reviews.items()
    )
    found = Numbers(points, spend, visits, uses, crossings, reviews)
    for op_id, waiting in account.awaiting.items():
        found = found.plus(numbers_of(waiting.effects, op_id))
    return found


@lru_cache(maxsize=4096)
def ids_in(data: bytes) -> frozenset[str]:
    """The members that stored bytes are the account of."""
    return frozenset(account_of(data).includes)


@lru_cache(maxsize=4096)
def read_numbers(data: bytes) -> Numbers:
    """`numbers_in` of stored bytes."""
    return numbers_in(account_of(data))
