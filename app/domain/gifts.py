"""Gifts: once-only occasions and coupons of an account, and which of them count.

Owns: of several facts for one occasion the one that counts, usable coupons, what was used twice.
Does not own: issuing them (authority.py, joining, the checkout), what a coupon is worth
(pricing.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.account import IssuedCoupon, MemberAccount, OccasionPoints
from app.domain.ids import OpId
from app.domain.occasions import answered_sale, is_tier_up
from app.domain.replay import Gain
from app.domain.tiers import window_sum


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """A usable coupon: the right of one member to one offer."""

    coupon_id: str
    offer_id: str
    issued: date
    expires: date | None
    """Last day of use, inclusive; None = as long as the offer runs."""


@dataclass(frozen=True, slots=True)
class UsedTwice:
    """A single-use coupon that more than one sale used."""

    coupon_id: str
    sales: tuple[OpId, ...]


@dataclass(frozen=True, slots=True)
class GivenTwice:
    """A once-only gift that several facts gave; only the first of them counts."""

    occasion: str
    op_ids: tuple[OpId, ...]


AccountException = UsedTwice | GivenTwice


def open_uses(account: MemberAccount, coupon_id: str) -> set[OpId]:
    """Sales that used the coupon and have not been undone."""
    uses = account.coupon_uses.get(coupon_id, set())
    return uses - account.coupon_returns.get(coupon_id, set())


def winners(account: MemberAccount, cancelled: frozenset[OpId]) -> dict[str, OpId]:
    """Which fact counts for each occasion: the smallest op_id.

    A tier-up gift of a cancelled crossing counts only where it was used before, a rebate only
    while its spend stands, points for answers about purchases only so often.
    """
    used_by = {
        coupon.op_id
        for coupon_id, coupon in account.coupons.items()
        if coupon.op_id in cancelled and open_uses(account, coupon_id)
    }
    counted = {}
    for occasion, by_op in account.occasions.items():
        void = cancelled - used_by if is_tier_up(occasion) else frozenset()
        standing = [
            op_id
            for op_id, given in by_op.items()
            if op_id not in void and _line_holds(account, given)
        ]
        if standing:
            counted[occasion] = min(standing)
    return _rarely(account, counted)


def _rarely(account: MemberAccount, counted: dict[str, OpId]) -> dict[str, OpId]:
    """Without the points for answers that came too soon behind another, or for the same sale.

    Judged here, and not only by whoever gives them: two tills may be out of each other's reach.
    """
    found = []
    for occasion, op_id in counted.items():
        answered = answered_sale(occasion)
        if answered is not None:
            found.append((account.occasions[occasion][op_id].usable, op_id, *answered, occasion))
    last: int | None = None
    sales: set[str] = set()
    for day, _, sale, days, occasion in sorted(found):
        if sale in sales or (last is not None and day - last < days):
            del counted[occasion]
            continue
        sales.add(sale)
        last = day
    return counted


def _line_holds(account: MemberAccount, given: OccasionPoints) -> bool:
    """Whether the spend that earned a rebate still stands."""
    if not given.spend_line:
        return True
    spend = window_sum(
        account.spend,
        given.month,
        months_back=given.month - given.since,
        refunds_until=given.refunds_until,
    )
    return spend >= given.spend_line


def given_twice(account: MemberAccount, cancelled: frozenset[OpId]) -> tuple[GivenTwice, ...]:
    """Occasions that more than one standing fact gave something for."""
    return tuple(
        GivenTwice(occasion, tuple(standing))
        for occasion, by_op in sorted(account.occasions.items())
        # Answered at the till and on the phone: nobody's fault, and counted once.
        if answered_sale(occasion) is None
        and len(standing := sorted(op_id for op_id in by_op if op_id not in cancelled)) > 1
    )


def gains(account: MemberAccount, counted: Mapping[str, OpId]) -> Iterator[Gain]:
    """Everything gained, held or given for an occasion that counts, for the replay."""
    for expires, points in account.gained.items():
        yield Gain(expires, points)
    for expires, points in account.prolonged.items():
        yield Gain(expires, points, prolonged=True)
    for expires, by_day in account.held.items():
        for usable, points in by_day.items():
            yield Gain(expires, points, usable)
    for occasion, op_id in counted.items():
        given = account.occasions[occasion][op_id]
        if given.points:
            yield Gain(given.expires, given.points, given.usable)


def usable_coupons(
    account: MemberAccount,
    counted: Mapping[str, OpId],
    cancelled: frozenset[OpId],
    as_of: date,
) -> tuple[HeldCoupon, ...]:
    """Coupons alive on the day whose every use has its return, earliest end first."""
    today = as_of.toordinal()
    usable = []
    for coupon_id, coupon in account.coupons.items():
        last_day = _last_day(account, coupon_id, coupon)
        alive = coupon.issued <= today and (last_day is None or today <= last_day)
        if alive and _counts(coupon, counted, cancelled) and not open_uses(account, coupon_id):
            expires = None if last_day is None else date.fromordinal(last_day)
            issued = date.fromordinal(coupon.issued)
            usable.append(HeldCoupon(coupon_id, coupon.offer, issued, expires))
    return tuple(sorted(usable, key=lambda held: (held.expires or date.max, held.coupon_id)))


def used_twice(account: MemberAccount) -> tuple[UsedTwice, ...]:
    """Coupons with more than one use that stands."""
    return tuple(
        UsedTwice(coupon_id, tuple(sorted(sales)))
        for coupon_id in sorted(account.coupon_uses)
        if len(sales := open_uses(account, coupon_id)) > 1
    )


def _counts(coupon: IssuedCoupon, counted: Mapping[str, OpId], cancelled: frozenset[OpId]) -> bool:
    if coupon.occasion is None:
        return True
    if is_tier_up(coupon.occasion) and coupon.op_id in cancelled:
        return False
    return counted.get(coupon.occasion) == coupon.op_id


def _last_day(account: MemberAccount, coupon_id: str, coupon: IssuedCoupon) -> int | None:
    """The last day, prolonged at most once: of several returns the smallest op_id counts."""
    prolongations = account.prolongations.get(coupon_id)
    if coupon.last_day is None or not prolongations:
        return coupon.last_day
    return max(coupon.last_day, prolongations[min(prolongations)])
