"""Joining and coming by: what a member gets at once.

Owns: the effects of joining (welcome pack, consents) and of a daily check-in, and whether joining
gave more than that.
Does not own: the profile (sealed by the store), phone and consent texts, the screens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Literal

from msgspec.structs import replace

from app.domain import effects as do
from app.domain.occasions import WELCOME, check_in_of
from app.domain.program import Program
from app.domain.sale_effects import coupon_of, known_offer
from app.domain.tiers import rank_of
from app.domain.view import AccountView


def join_effects(
    program: Program,
    consents: Sequence[do.ConsentGiven],
    *,
    phone_is_new: bool,
    fresh_coupons: Iterator[str],
) -> tuple[do.Effect, ...]:
    """What joining does: the member exists, agreed, and has the welcome pack.

    The pack needs a phone no other member has (`phone_is_new`); it is usable in the same basket.
    """
    effects: list[do.Effect] = [do.Joined(), *consents]
    if phone_is_new:
        welcome = program.welcome
        if welcome.points:
            expires_in = program.tiers[0].points_months
            effects.append(
                do.OccasionGain(occasion=WELCOME, points=welcome.points, expires_in=expires_in)
            )
        effects += [
            coupon_of(known_offer(program, offer_id), next(fresh_coupons), WELCOME)
            for offer_id in welcome.offers
        ]
    return tuple(effects)


@dataclass(frozen=True, slots=True)
class BeyondWelcome:
    """Gifts of somebody who joined that the welcome pack does not have."""

    points: int
    coupons: int
    allowed_points: int
    allowed_coupons: int


def beyond_welcome(effects: Iterable[do.Effect], program: Program) -> BeyondWelcome | None:
    """What joining gave beyond the welcome pack; None where it gave that, or less of it."""
    given = Counter(_nameless(each) for each in effects if isinstance(each, _GIFTS))
    pack = join_effects(program, (), phone_is_new=True, fresh_coupons=repeat(""))
    beyond = given - Counter(each for each in pack if isinstance(each, _GIFTS))
    if not beyond:
        return None
    coupons = sum(1 for each in given.elements() if isinstance(each, do.CouponGiven))
    points = sum(_points(each) for each in given.elements())
    welcome = program.welcome
    return BeyondWelcome(points, coupons, welcome.points, len(welcome.offers))


_GIFTS = (do.Gained, do.HeldGain, do.OccasionGain, do.CouponGiven)


def _nameless(gift: do.Effect) -> do.Effect:
    return replace(gift, coupon="") if isinstance(gift, do.CouponGiven) else gift


def _points(gift: do.Effect) -> int:
    return 0 if isinstance(gift, do.CouponGiven) else getattr(gift, "points", 0)


@dataclass(frozen=True, slots=True)
class CheckedInToday:
    """The check-in to record (CheckedIn): its day of the streak and its points."""

    streak: int
    points: int
    effects: tuple[do.Effect, ...]


@dataclass(frozen=True, slots=True)
class NoCheckIn:
    """Nothing to record: the program has no check-in, or it was done today already."""

    reason: Literal["no_rule", "done_today"]


def check_in(member: AccountView, program: Program, day: date) -> CheckedInToday | NoCheckIn:
    """Today's check-in in the store, once a day."""
    state = member.check_in
    if state is None:
        return NoCheckIn("no_rule")
    if state.done_today:
        return NoCheckIn("done_today")
    gain = do.OccasionGain(
        occasion=check_in_of(day),
        points=state.points,
        expires_in=program.tiers[rank_of(program, member.tier)].points_months,
    )
    return CheckedInToday(state.streak, state.points, (do.CheckIn(), gain))
