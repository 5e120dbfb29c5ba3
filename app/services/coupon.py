"""Coupons and codes at the till: chosen by hand, refused, or left to the cheapest choice.

Owns: the cashier's choices. Does not own: which combination is cheapest (pricing), issuing.
A choice is kept and marked; "back to best" gives the search its freedom again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.basket import BasketChoices
from app.domain.codes import Code
from app.domain.moment import Moment
from app.domain.program import Gift
from app.domain.quote import NotApplied
from app.services import basket_moves as moves
from app.services.answers import Changed, NoMember, Refusal
from app.services.desk import keep, may_change, with_basket
from app.services.ports import UnitOfWork
from app.services.shop import DeskState, Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class CouponTaken:
    """The coupon (or code) is used in this basket."""

    state: TillState
    rule: str
    coupon_id: str | None = None


@dataclass(frozen=True, slots=True)
class CouponNotApplied:
    """It is noted for this basket but takes nothing off now: why, and what is missing."""

    state: TillState
    why: NotApplied


@dataclass(frozen=True, slots=True)
class CouponNotUsable:
    """This member cannot use it: used already, lapsed, or not his."""

    coupon_id: str
    why: NotApplied


@dataclass(frozen=True, slots=True)
class CouponNeedsMember:
    """A coupon is the right of one member: scan his card first."""

    coupon_id: str


@dataclass(frozen=True, slots=True)
class NoSuchGift:
    """No offer in force gives this product (any more)."""

    offer_id: str
    sku: str


CodeAnswer = CouponTaken | CouponNotApplied | CouponNotUsable | CouponNeedsMember
CouponAnswer = CodeAnswer | NoMember | Refusal


def scan_coupon(*, shop: Shop, work: UnitOfWork, coupon: Code) -> CouponAnswer:
    """Use a scanned coupon. Changes: the basket's choices."""
    if shop.desk.state.seat is None:
        return may_change(shop) or CouponNeedsMember(coupon.text)
    return use_coupon(shop=shop, work=work, coupon_id=coupon.text)


def use_coupon(*, shop: Shop, work: UnitOfWork, coupon_id: str) -> CouponAnswer:
    """Use this coupon of the member, beside the ones in use where they combine.

    Changes: the basket's choices.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    state = shop.desk.state
    if state.seat is None:
        return NoMember()
    if all(held.coupon_id != coupon_id for held in state.seat.view.coupons):
        return CouponNotUsable(coupon_id, _why_not_his(state, work, coupon_id))
    now = shop.now()
    in_use = state.basket.choices.coupons
    beside = in_use if in_use is not None else state.quote.coupons_used
    both = _chosen(shop, state, (*beside, coupon_id), coupon_id, now)
    if coupon_id not in both.quote.coupons_used and beside:
        both = _chosen(shop, state, (coupon_id,), coupon_id, now)
    return _coupon_answer(shop, work, both, coupon_id, now)


def _chosen(
    shop: Shop, state: DeskState, wanted: tuple[str, ...], coupon_id: str, now: Moment
) -> DeskState:
    choices = state.basket.choices
    coupons = tuple(dict.fromkeys(wanted))
    changed = replace(choices, coupons=coupons, refused=choices.refused - {coupon_id})
    return with_basket(shop, state, moves.choose(state.basket, changed), now)


def _coupon_answer(
    shop: Shop, work: UnitOfWork, state: DeskState, coupon_id: str, now: Moment
) -> CouponAnswer:
    shown = keep(shop, work, state, now)
    if coupon_id in state.quote.coupons_used:
        seat = state.seat
        held = seat.view.coupons if seat else ()
        offer = next(coupon.offer_id for coupon in held if coupon.coupon_id == coupon_id)
        return CouponTaken(shown, offer, coupon_id)
    for why in state.quote.not_applied:
        if why.coupon_id == coupon_id:
            return CouponNotApplied(shown, why)
    return CouponNotApplied(shown, NotApplied(coupon_id, "NOT_IN_SCOPE", coupon_id))


def _why_not_his(state: DeskState, work: UnitOfWork, coupon_id: str) -> NotApplied:
    seat = state.seat
    if seat is None or work.coupons.owner(coupon_id) not in seat.account.includes:
        return NotApplied(coupon_id, "UNKNOWN_CODE", coupon_id)
    account = seat.account
    uses = account.coupon_uses.get(coupon_id, set())
    used = uses - account.coupon_returns.get(coupon_id, set())
    issued = account.coupons.get(coupon_id)
    offer = issued.offer if issued else coupon_id
    return NotApplied(offer, "ALREADY_USED" if used else "EXPIRED", coupon_id)


def refuse_coupon(*, shop: Shop, work: UnitOfWork, rule_or_coupon: str) -> Changed | Refusal:
    """Do without a coupon or an offer in this sale. Changes: the basket's choices."""
    refusal = may_change(shop)
    if refusal:
        return refusal
    choices = shop.desk.state.basket.choices
    coupons = choices.coupons
    if coupons is not None:
        coupons = tuple(coupon for coupon in coupons if coupon != rule_or_coupon)
    refused = choices.refused | {rule_or_coupon}
    return _with_choices(shop, work, replace(choices, coupons=coupons, refused=refused))


def accept_offer(*, shop: Shop, work: UnitOfWork, offer_id: str) -> Changed | Refusal:
    """Let an offer that was left out take part again. Changes: the basket's choices."""
    refusal = may_change(shop)
    if refusal:
        return refusal
    choices = shop.desk.state.basket.choices
    return _with_choices(shop, work, replace(choices, refused=choices.refused - {offer_id}))


def back_to_best(*, shop: Shop, work: UnitOfWork) -> Changed | Refusal:
    """Forget what was chosen and refused by hand: the cheapest again. Changes: the choices."""
    refusal = may_change(shop)
    if refusal:
        return refusal
    choices = shop.desk.state.basket.choices
    return _with_choices(shop, work, replace(choices, coupons=None, refused=frozenset()))


def choose_gift(
    *, shop: Shop, work: UnitOfWork, offer_id: str, sku: str
) -> Changed | NoSuchGift | Refusal:
    """Which gift of an offer the customer takes, also one that was left out before.

    Changes: the choices.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    state = shop.desk.state
    offer = state.program.offer(offer_id)
    if offer is None or not isinstance(offer.effect, Gift) or sku not in offer.effect.products:
        return NoSuchGift(offer_id, sku)
    choices = state.basket.choices
    others = tuple(gift for gift in choices.gifts if gift[0] != offer_id)
    gifts, refused = (*others, (offer_id, sku)), choices.refused - {offer_id}
    return _with_choices(shop, work, replace(choices, gifts=gifts, refused=refused))


def _with_choices(shop: Shop, work: UnitOfWork, choices: BasketChoices) -> Changed:
    now = shop.now()
    state = shop.desk.state
    changed = with_basket(shop, state, moves.choose(state.basket, choices), now)
    return Changed(keep(shop, work, changed, now))


def enter_code(*, shop: Shop, work: UnitOfWork, text: str) -> CodeAnswer | None:
    """Use an offer's code; None where no offer in force has it (it may be goods then).

    Changes: the basket's choices.
    """
    state = shop.desk.state
    wanted = text.strip().casefold()
    offers = [
        offer
        for offer in state.program.offers
        if offer.trigger == "code" and (offer.code or "").casefold() == wanted
    ]
    if not offers:
        return None
    offer = offers[0]
    now = shop.now()
    choices = state.basket.choices
    code = offer.code or ""
    if code not in choices.codes:
        choices = replace(choices, codes=(*choices.codes, code))
    choices = replace(choices, refused=choices.refused - {offer.id})
    changed = with_basket(shop, state, moves.choose(state.basket, choices), now)
    shown = keep(shop, work, changed, now)
    for why in changed.quote.not_applied:
        if why.rule == offer.id:
            return CouponNotApplied(shown, why)
    return CouponTaken(shown, offer.id)
