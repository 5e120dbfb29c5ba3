"""Points against the bill, and goods at their points price.

Owns: the wish at the till. Does not own: what may be redeemed (pricing judges it by the program
and by how the member was identified).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from msgspec.structs import replace as replace_struct

from app.domain.moment import Moment
from app.domain.quote import NotApplied, Reason
from app.domain.redemption import POINTS_PRICE, points_price_of
from app.domain.reward import limited_uses
from app.services import basket_moves as moves
from app.services.answers import Changed, NoMember, NoSuchLine, Refusal
from app.services.desk import keep, may_change, requote, with_basket
from app.services.ports import UnitOfWork
from app.services.redeem_way import with_way
from app.services.rule_words import POINTS
from app.services.shop import DeskState, Shop


@dataclass(frozen=True, slots=True)
class PointsRefused:
    """So many points cannot be used on this basket; `redeemable` is the most that can.

    `not_a_step`: the number is no multiple of `step`; `too_many`: above `redeemable`.
    """

    reason: Reason | Literal["not_a_step", "too_many"]
    redeemable: int
    step: int
    minimum: int


@dataclass(frozen=True, slots=True)
class NoPointsPrice:
    """This product has no points price in the program in force."""

    sku: str


def redeem_points(
    *, shop: Shop, work: UnitOfWork, points: int | Literal["max"]
) -> Changed | PointsRefused | NoMember | Refusal:
    """Use a number of points, as many as possible, or none (0). Changes: the basket's choices."""
    refusal = may_change(shop)
    if refusal:
        return refusal
    state = shop.desk.state
    if state.seat is None:
        return NoMember()
    now = shop.now()
    judged = with_way(shop=shop, work=work, state=state, now=now, wishing=True)
    state = state if judged is state else requote(shop, judged, now)
    why = None if points == 0 else _why_not(shop, state, points, now)
    if why is not None:
        rules = state.program.redemption
        return PointsRefused(why, state.quote.points_redeemable, rules.step, rules.minimum)
    choices = replace(state.basket.choices, redeem_points=points)
    changed = with_basket(shop, state, moves.choose(state.basket, choices), now)
    kept = with_way(shop=shop, work=work, state=changed, now=now)
    uses = limited_uses(kept.quote, kept.program)
    if kept.seat is not None and kept.seat.redeem.covers(kept.quote, uses):
        changed = kept  # what the server keeps already is enough for this wish too
    return Changed(keep(shop, work, changed, now))


def _why_not(
    shop: Shop, state: DeskState, points: int | Literal["max"], now: Moment
) -> Reason | Literal["not_a_step", "too_many"] | None:
    rules = state.program.redemption
    redeemable = state.quote.points_redeemable
    if redeemable == 0:
        wish = replace(state.basket.choices, redeem_points=max(rules.minimum, 1))
        asked = with_basket(shop, state, moves.choose(state.basket, wish), now)
        reasons = [why.reason for why in asked.quote.not_applied if why.rule == POINTS]
        return reasons[0] if reasons else "POINTS_MINIMUM"
    if points == "max":
        return None
    if points < max(rules.minimum, 1):
        return "POINTS_MINIMUM"
    if points > redeemable:
        return "too_many"
    return "not_a_step" if points % rules.step else None


def toggle_points(*, shop: Shop, work: UnitOfWork) -> Changed | PointsRefused | NoMember | Refusal:
    """F6 at payment: as many points as possible, or none again. Changes: the choices."""
    quote = shop.desk.state.quote
    wanted: Literal["max"] | int = 0 if quote.points_redeemed_amount.minor else "max"
    return redeem_points(shop=shop, work=work, points=wanted)


@dataclass(frozen=True, slots=True)
class PointsPriceRefused:
    """Not at its points price: `missing` points are short, and of what (`why.reason`)."""

    why: NotApplied
    name: str


def take_points_price(
    *, shop: Shop, work: UnitOfWork, line_id: str, on: bool
) -> Changed | PointsPriceRefused | NoPointsPrice | NoSuchLine | NoMember | Refusal:
    """Take a line at its points price (points plus price), or not. Changes: the basket."""
    refusal = may_change(shop)
    if refusal:
        return refusal
    state = shop.desk.state
    line = state.basket.line(line_id)
    if line is None or line.goods is None:
        return NoSuchLine(line_id)
    if state.seat is None:
        return NoMember()
    goods = line.goods
    if points_price_of(state.program, goods.sku) is None:
        return NoPointsPrice(goods.sku)
    now = shop.now()
    changed = replace_struct(line, goods=replace(goods, use_points_price=on))
    asked = with_basket(shop, state, moves.change_line(state.basket, changed), now)
    why = _why_no_points_price(state, asked) if on else None
    return PointsPriceRefused(why, goods.name) if why else Changed(keep(shop, work, asked, now))


def _why_no_points_price(before: DeskState, after: DeskState) -> NotApplied | None:
    """The line that would go without its points price by now; None = every wish is met."""
    known = {why.line_id for why in _unmet(before)}
    return next((why for why in _unmet(after) if why.line_id not in known), None)


def _unmet(state: DeskState) -> list[NotApplied]:
    return [why for why in state.quote.not_applied if why.rule.startswith(POINTS_PRICE)]
