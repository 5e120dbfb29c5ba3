"""Referrals as a referrer's account tells of them: friends who count, who wait, and steps reached.

Owns: reading the marks, which step is due and what it gives. Pure; the same on till and server,
so that both name the same number. Does not own: the reward for one friend (settlement.py), when it
is given (the authority), who was referred by whom (the members' rows).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain import effects as do
from app.domain.account import MemberAccount
from app.domain.months import Month
from app.domain.occasions import (
    first_order_back,
    friend_of,
    is_first_order,
    referral_step,
)
from app.domain.program import Program, Referral, ReferralStep
from app.domain.sale_effects import coupon_of, known_offer

WHY = "referral"
"""What a step's gift says of itself (CouponIssued.why)."""


@dataclass(frozen=True, slots=True)
class StepGift:
    """The gift to record (CouponIssued) for one step."""

    friends: int
    effects: tuple[do.Effect, ...]


@dataclass(frozen=True, slots=True)
class ReferralProgress:
    """How far a referrer has come. `counted`: friends whose orders stand; `waiting`: those whose
    return window is still open. `given_this_year` of `per_year` were rewarded.
    """

    counted: int
    waiting: int
    given_this_year: int
    per_year: int
    next_step: ReferralStep | None

    @property
    def missing(self) -> int:
        """Friends up to the next step; zero where there is none."""
        return max(0, self.next_step.friends - self.counted) if self.next_step else 0

    @property
    def is_full(self) -> bool:
        """Whether nobody else is rewarded this year."""
        return self.given_this_year >= self.per_year


def same_id(member: str) -> str:
    """Nobody was merged."""
    return member


def was_rewarded(referrer: MemberAccount, friend: str) -> bool:
    """Whether the referrer has had his gift for this friend's first order."""
    return friend in _rewarded(referrer)


def any_rewarded(referrer: MemberAccount, friend_ids: Iterable[str]) -> bool:
    """Whether he has had it for whoever goes by one of these ids."""
    return not _rewarded(referrer).keys().isdisjoint(friend_ids)


def referrals_in(referrer: MemberAccount, year: int) -> int:
    """How many friends' first orders the referrer was given something for in a year."""
    return sum(
        any(Month(each.month).first_day.year == year for each in by_op.values())
        for occasion, by_op in referrer.occasions.items()
        if is_first_order(occasion)
    )


def counted_friends(
    referrer: MemberAccount, on: date, person_of: Callable[[str], str] = same_id
) -> frozenset[str]:
    """The friends whose first orders stand, past their return windows; each person once."""
    day = on.toordinal()
    friends = (friend for friend, usable in _standing(referrer).items() if usable <= day)
    return _persons(friends, referrer, person_of)


def waiting_friends(
    referrer: MemberAccount, on: date, person_of: Callable[[str], str] = same_id
) -> frozenset[str]:
    """The friends whose first orders can still come back."""
    day = on.toordinal()
    friends = (friend for friend, usable in _standing(referrer).items() if usable > day)
    return _persons(friends, referrer, person_of) - counted_friends(referrer, on, person_of)


@dataclass(frozen=True, slots=True)
class FriendMark:
    """What the authority noted of one friend: from when on he counts, unless all came back."""

    counts_from: date
    came_back: bool


def friend_marks(referrer: MemberAccount) -> dict[str, FriendMark]:
    """Of every friend who brought something, by his id."""
    return {
        friend: FriendMark(date.fromordinal(usable), first_order_back(friend) in referrer.occasions)
        for friend, usable in _rewarded(referrer).items()
    }


def _persons(
    friends: Iterable[str], referrer: MemberAccount, person_of: Callable[[str], str]
) -> frozenset[str]:
    """Who was merged with the referrer himself is nobody's friend."""
    himself = {person_of(each) for each in referrer.includes}
    return frozenset(person_of(friend) for friend in friends) - himself


def _rewarded(referrer: MemberAccount) -> dict[str, int]:
    """Every friend who brought something, and the day from which it can be used."""
    return {
        friend_of(occasion): min(each.usable for each in by_op.values())
        for occasion, by_op in referrer.occasions.items()
        if is_first_order(occasion)
    }


def _standing(referrer: MemberAccount) -> dict[str, int]:
    gone = referrer.occasions
    return {
        friend: usable
        for friend, usable in _rewarded(referrer).items()
        if first_order_back(friend) not in gone
    }


def may_have_reached(referrer: MemberAccount, rule: Referral | None) -> bool:
    """Whether a step that was not given may be due, by the number of marks alone."""
    if rule is None or not rule.steps:
        return False
    marks = len(_rewarded(referrer))
    return any(step.friends <= marks for step in _open_steps(referrer, rule))


def _open_steps(referrer: MemberAccount, rule: Referral) -> Iterator[ReferralStep]:
    given = referrer.occasions
    return (step for step in rule.steps if referral_step(step.friends) not in given)


def due_steps(
    referrer: MemberAccount,
    program: Program,
    on: date,
    *,
    expires_in: int,
    fresh_coupons: Iterator[str],
    person_of: Callable[[str], str] = same_id,
) -> tuple[StepGift, ...]:
    """The steps a referrer has reached and was not given, each once for ever.

    Usable at once: the orders they count are past their return windows.
    """
    rule = program.referral
    if rule is None:
        return ()
    count = len(counted_friends(referrer, on, person_of))
    return tuple(
        StepGift(step.friends, _effects_of(step, program, expires_in, fresh_coupons))
        for step in _open_steps(referrer, rule)
        if step.friends <= count
    )


def _effects_of(
    step: ReferralStep, program: Program, expires_in: int, fresh_coupons: Iterator[str]
) -> tuple[do.Effect, ...]:
    """Of points also the mark where there are none: a step of coupons alone is marked by them."""
    occasion = referral_step(step.friends)
    gain = do.OccasionGain(occasion=occasion, points=step.points, expires_in=expires_in)
    coupons = (
        coupon_of(known_offer(program, offer_id), next(fresh_coupons), occasion)
        for offer_id in step.offers
    )
    return (*([gain] if step.points else []), *coupons)


def referral_progress(
    referrer: MemberAccount,
    program: Program,
    on: date,
    person_of: Callable[[str], str] = same_id,
) -> ReferralProgress | None:
    """How far he has come; None where the program rewards no referrals."""
    rule = program.referral
    if rule is None:
        return None
    counted = len(counted_friends(referrer, on, person_of))
    ahead = (step for step in _open_steps(referrer, rule) if step.friends > counted)
    return ReferralProgress(
        counted=counted,
        waiting=len(waiting_friends(referrer, on, person_of)),
        given_this_year=referrals_in(referrer, on.year),
        per_year=rule.per_year,
        next_step=min(ahead, key=lambda step: step.friends, default=None),
    )


def can_be_referred(ids: Collection[str], referrer_ids: Collection[str]) -> bool:
    """Nobody refers himself, under whatever id."""
    return not set(ids) & set(referrer_ids)
