"""Spending limits: letting a member spend more than his identification allows, once.

Owns: points and coupons beyond the limit of the day, with the right or an approval, and the trail.
Does not own: the limits (the program), what is redeemed (pricing), better ways to be recognised: a
card or a pass needs nobody's yes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from app.domain.basket import BasketChoices, BeyondLimit
from app.domain.conditions import coupons_left_of_day
from app.domain.money import ZERO, Money
from app.domain.redemption import left_of_day, worth_of_points
from app.services import basket_moves as moves
from app.services.answers import Changed, NoMember, Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.choice import points_for_goods
from app.services.coupon import CouponAnswer, use_coupon
from app.services.desk import keep, may_change, with_basket
from app.services.open_approval import Approval, Then, Wanted
from app.services.ports import UnitOfWork
from app.services.redeem import PointsRefused, redeem_points
from app.services.shop import DeskState, MemberSeat, Shop
from app.services.till_state import TillState

ANY = Money(10**11)
"""More than any sale: what a coupon takes off where nothing limits it."""


@dataclass(frozen=True, slots=True)
class BeyondGiven:
    """It is in the basket; who said yes where somebody had to."""

    state: TillState
    approved_by: str = ""


def redeem_beyond(
    *, shop: Shop, work: UnitOfWork, points: int, approval: Approval | None = None
) -> BeyondGiven | Changed | PointsRefused | NoMember | ClearanceRefusal | Refusal:
    """Use so many points although the member was recognised too weakly for them.

    Within the limit it is an everyday redemption. Changes: the basket's choices, audit.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    state = shop.desk.state
    if state.seat is None:
        return NoMember()
    left = left_of_day(state.program, state.seat.view, state.seat.how.identified_by)
    if left is None:
        return redeem_points(shop=shop, work=work, points=points)
    # Goods at their points price take theirs first.
    left -= sum(points_for_goods(state).values())
    if points <= max(0, left):
        return redeem_points(shop=shop, work=work, points=points)
    beyond = _beyond(state, points=points - left)
    tried = _priced(shop, state, replace(_choices(state, beyond), redeem_points=points))
    refused = _refused(tried, points)
    if refused is not None:
        return refused
    wanted = Wanted(
        act="points_limit",
        asked=points - left,
        effect=Money(worth_of_points(state.program, points - left)),
        subject=state.basket.basket_id,
        before=str(max(0, left)),
        after=str(points),
    )
    then = partial(redeem_beyond, points=points)
    return _given(shop, work, tried, wanted, then, approval)


def _refused(tried: DeskState, points: int) -> PointsRefused | None:
    rules, most = tried.program.redemption, tried.quote.points_redeemable
    if points % rules.step:
        return PointsRefused("not_a_step", most, rules.step, rules.minimum)
    return PointsRefused("too_many", most, rules.step, rules.minimum) if points > most else None


def use_coupon_beyond(
    *, shop: Shop, work: UnitOfWork, coupon_id: str, approval: Approval | None = None
) -> BeyondGiven | CouponAnswer | ClearanceRefusal:
    """Use this coupon although the member was recognised too weakly for what it takes off.

    Where that is not what stands in its way it is an everyday use. Changes: the basket's choices,
    audit.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    state = shop.desk.state
    if state.seat is None:
        return NoMember()
    left = _coupons_left(state, state.seat)
    coupons = tuple(dict.fromkeys((*state.quote.coupons_used, coupon_id)))
    choices = replace(_choices(state, BeyondLimit(coupon_off=ANY)), coupons=coupons)
    free = _priced(shop, state, choices)
    extra = free.quote.coupon_off.minor - (left or 0)
    if left is None or extra <= 0 or coupon_id not in free.quote.coupons_used:
        return use_coupon(shop=shop, work=work, coupon_id=coupon_id)
    beyond = _beyond(state, coupon_off=Money(extra))
    tried = _priced(shop, state, replace(choices, beyond=beyond))
    wanted = Wanted(
        act="coupon_limit",
        asked=extra,
        effect=Money(extra),
        subject=state.basket.basket_id,
        before=str(left),
        after=str(left + extra),
    )
    then = partial(use_coupon_beyond, coupon_id=coupon_id)
    return _given(shop, work, tried, wanted, then, approval)


def _coupons_left(state: DeskState, seat: MemberSeat) -> int | None:
    program = state.program
    return coupons_left_of_day(program, seat.view, seat.how.identified_by, program.prices.decimals)


def _beyond(state: DeskState, *, points: int = 0, coupon_off: Money = ZERO) -> BeyondLimit:
    """What was allowed before and this; each of both is the newest word."""
    known = state.basket.choices.beyond
    if known is None:
        return BeyondLimit(points, coupon_off)
    return replace(known, points=points or known.points, coupon_off=coupon_off or known.coupon_off)


def _choices(state: DeskState, beyond: BeyondLimit) -> BasketChoices:
    return replace(state.basket.choices, beyond=beyond)


def _priced(shop: Shop, state: DeskState, choices: BasketChoices) -> DeskState:
    return with_basket(shop, state, moves.choose(state.basket, choices), shop.now())


def _given(
    shop: Shop,
    work: UnitOfWork,
    tried: DeskState,
    wanted: Wanted,
    then: Then,
    approval: Approval | None,
) -> BeyondGiven | ClearanceRefusal:
    cleared = clearance(shop=shop, work=work, wanted=wanted, then=then, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    state, beyond = shop.desk.state, tried.basket.choices.beyond
    assert beyond is not None, "it was tried with a limit passed"
    by = state.staff.staff_id if state.staff is not None else ""
    signed = replace(beyond, given_by=by, approved_by=cleared.approved_by or beyond.approved_by)
    choices = replace(tried.basket.choices, beyond=signed)
    now = shop.now()
    details = {
        "act": wanted.act,
        "after": wanted.after,
        "approved_by": cleared.approved_by,
        "asked": str(wanted.asked),
        "before": wanted.before,
    }
    record(
        shop=shop, work=work, now=now, act="limit_passed", subject=wanted.subject,
        details={name: value for name, value in details.items() if value},
    )  # fmt: skip
    priced = _priced(shop, state, choices)
    return BeyondGiven(keep(shop, work, priced, now), cleared.approved_by)
