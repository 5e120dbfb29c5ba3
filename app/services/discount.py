"""Discounts by hand: on a line, on the whole order, and another price for a line.

Owns: giving, altering and removing them, within the limits of the role or with an approval, with a
reason and a trail. Does not own: what they do to the total (app/domain/by_hand.py), the limits
(app/domain/rights.py), the approval itself (approval.py).

How much is asked for is told in basis points of what the discount is reckoned on: the line after
its price and its bundles, the order after everything else. So ¥5 off a ¥20 line is 25 %, however it
was typed, and a price by hand is measured the same way. One discount a line, one an order: giving
another one replaces it. A price above the present one is none of them: it is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as replace_value
from decimal import Decimal
from functools import partial
from typing import Literal

from msgspec.structs import replace

from app.domain.basket import ByHand, HandKind
from app.domain.by_hand import HandAct, line_act, line_off, rule_of
from app.domain.money import ZERO, Money
from app.domain.note import clean_note
from app.domain.open_basket import OpenBasket, OpenLine
from app.domain.rights import WHOLE_RATE, Allowed, judge_act
from app.domain.sale_fact import Full, basket_room, rate_text
from app.services import basket_moves as moves
from app.services.act_reason import ReasonNeeded, missing_reason
from app.services.answers import BasketFull, Changed, NoSuchLine, Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import keep, may_change, with_basket
from app.services.open_approval import Approval, Then, Wanted
from app.services.ports import UnitOfWork
from app.services.recorded_prices import LineNotResolved
from app.services.shop import DeskState, Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class Wish:
    """What to take off: `rate` a fraction, `amount` so much, `price` down to `amount` a unit."""

    kind: HandKind
    rate: Decimal = Decimal(0)
    amount: Money = ZERO
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DiscountGiven:
    """It is in the basket; what it takes off now, and who said yes where somebody had to."""

    state: TillState
    off: Money
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class WishRefused:
    """It cannot be: nothing asked for, more than there is, or not cheaper than now (`price`)."""

    reason: Literal["nothing", "above_all", "not_cheaper", "no_price_of_an_order"]
    now: Money
    """What the line or the order costs without it."""


@dataclass(frozen=True, slots=True)
class NothingByHand:
    """There is no discount by hand to remove."""


DiscountAnswer = (
    DiscountGiven
    | WishRefused
    | ReasonNeeded
    | NoSuchLine
    | LineNotResolved
    | BasketFull
    | ClearanceRefusal
    | Refusal
)


def discount_line(
    *, shop: Shop, work: UnitOfWork, line_id: str, wish: Wish, approval: Approval | None = None
) -> DiscountAnswer:
    """Take something off a line, or give it another price. Changes: the basket, audit.

    Replaces what was given on it before. Beyond the limit of the role it waits for an approval.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    line = shop.desk.state.basket.line(line_id)
    if line is None:
        return NoSuchLine(line_id)
    if line.goods is None or not line.is_resolved:
        return LineNotResolved(line_id)
    return _give(shop, work, line, wish, approval)


def discount_order(
    *, shop: Shop, work: UnitOfWork, wish: Wish, approval: Approval | None = None
) -> DiscountAnswer:
    """Take something off the whole order, last of all. Changes: the basket, audit."""
    refusal = may_change(shop)
    return refusal or _give(shop, work, None, wish, approval)


@dataclass(frozen=True, slots=True)
class _Trial:
    """A discount tried out: the basket without it and with it, nothing kept yet."""

    line: OpenLine | None
    given: ByHand
    bare: DeskState
    tried: DeskState

    @property
    def act(self) -> HandAct:
        return "order_discount" if self.line is None else line_act(self.given)

    @property
    def off(self) -> int:
        """What it takes off what it is reckoned on; minor units."""
        if self.line is not None and self.line.goods is not None:
            goods = replace_value(self.line.goods, by_hand=self.given)
            return line_off(goods, self.base)
        rule = rule_of(self.act, self.given.reason)
        quote = self.tried.quote
        return -sum(one.amount.minor for one in quote.order_adjustments if one.rule == rule)

    @property
    def base(self) -> int:
        """What it is reckoned on; minor units."""
        quote = self.tried.quote
        if self.line is not None:
            wanted = self.line.line_id
            return next(one.priced.minor for one in quote.lines if one.line_id == wanted)
        return quote.total.minor + quote.points_redeemed_amount.minor + self.off

    @property
    def asked(self) -> int:
        """Basis points, rounded up: a limit is never passed by a fen."""
        if self.given.kind == "rate":
            numerator, denominator = (self.given.rate * WHOLE_RATE).as_integer_ratio()
        else:
            numerator, denominator = self.off * WHOLE_RATE, max(1, self.base)
        return -(-numerator // denominator)

    @property
    def effect(self) -> Money:
        return self.bare.quote.total - self.tried.quote.total


def _give(
    shop: Shop, work: UnitOfWork, line: OpenLine | None, wish: Wish, approval: Approval | None
) -> DiscountAnswer:
    state = shop.desk.state
    bare = with_basket(shop, state, _with(state.basket, line, None), shop.now())
    given = _given(wish, line)
    if isinstance(given, str):
        return WishRefused(given, _cost(bare, line))
    tried = with_basket(shop, state, _with(state.basket, line, given), shop.now())
    trial = _Trial(line, given, bare, tried)
    if trial.off == 0:
        return WishRefused("not_cheaper", _cost(bare, line))
    missing = _missing_reason(trial, state, wish)
    if missing is not None:
        return missing
    cleared = clearance(
        shop=shop, work=work, wanted=_wanted(trial, state), then=_again(line, wish),
        approval=approval,
    )  # fmt: skip
    return _put(shop, work, trial, wish, cleared) if isinstance(cleared, Cleared) else cleared


def _missing_reason(trial: _Trial, state: DeskState, wish: Wish) -> ReasonNeeded | None:
    """Within his limit nobody has to say why he gives a discount, and may; for another price, and
    for whatever a colleague has to say yes to, he always has to.
    """
    said_nothing = not wish.reason and trial.act != "price_override"
    if said_nothing and state.staff is not None:
        role_id = state.staff.role.role_id
        if isinstance(judge_act(state.rights, role_id, trial.act, trial.asked), Allowed):
            return None
    return missing_reason(state.rights, trial.act, wish.reason, wish.note)


def _given(
    wish: Wish, line: OpenLine | None
) -> ByHand | Literal["nothing", "above_all", "no_price_of_an_order"]:
    if line is None and wish.kind == "price":
        return "no_price_of_an_order"
    if wish.kind == "rate" and not 0 < wish.rate <= 1:
        return "nothing" if wish.rate <= 0 else "above_all"
    if wish.kind == "amount" and wish.amount.minor <= 0:
        return "nothing"
    if wish.kind == "price" and wish.amount.minor < 0:
        return "above_all"
    if wish.kind == "rate":
        return ByHand("rate", wish.reason, rate=wish.rate)
    return ByHand(wish.kind, wish.reason, amount=wish.amount)


def _cost(state: DeskState, line: OpenLine | None) -> Money:
    if line is None:
        return state.quote.total
    return next(one.priced for one in state.quote.lines if one.line_id == line.line_id)


def _wanted(trial: _Trial, state: DeskState) -> Wanted:
    return Wanted(
        act=trial.act,
        asked=trial.asked,
        effect=trial.effect,
        subject=state.basket.basket_id,
        before=str(trial.base),
        after=str(trial.base - trial.off),
        reason=trial.given.reason,
    )


def _again(line: OpenLine | None, wish: Wish) -> Then:
    """The same act, for when somebody has said yes."""
    if line is None:
        return partial(discount_order, wish=wish)
    return partial(discount_line, line_id=line.line_id, wish=wish)


def _put(
    shop: Shop, work: UnitOfWork, trial: _Trial, wish: Wish, cleared: Cleared
) -> DiscountGiven | BasketFull:
    """Keep it, limited for good to what was allowed: goods may leave the basket afterwards."""
    now, state = shop.now(), shop.desk.state
    by = state.staff.staff_id if state.staff is not None else ""
    most = cleared.most if trial.given.kind != "amount" else max(cleared.most or 0, trial.asked)
    given = replace_value(
        trial.given,
        most=None if most is None else Decimal(most) / WHOLE_RATE,
        given_by=by,
        approved_by=cleared.approved_by,
    )
    basket = _with(state.basket, trial.line, given)
    priced = with_basket(shop, state, basket, now)
    seen = priced.seat.view if priced.seat is not None else None
    room = basket_room(priced.basket.to_price(), priced.quote, priced.program, seen)
    if isinstance(room, Full):
        return BasketFull()
    _record(shop, work, trial, wish, cleared)
    off = trial.bare.quote.total - priced.quote.total
    return DiscountGiven(keep(shop, work, priced, now), off, cleared.approved_by)


def _record(shop: Shop, work: UnitOfWork, trial: _Trial, wish: Wish, cleared: Cleared) -> None:
    details = {
        "act": trial.act,
        "after": str(trial.base - trial.off),
        "approved_by": cleared.approved_by,
        "asked": str(trial.asked),
        "before": str(trial.base),
        "kind": wish.kind,
        "line": trial.line.line_id if trial.line is not None else "",
        "note": clean_note(wish.note),
        "reason": wish.reason,
        "value": rate_text(wish.rate) if wish.kind == "rate" else str(wish.amount.minor),
    }
    subject = trial.bare.basket.basket_id
    record(
        shop=shop, work=work, now=shop.now(), act="discount_given", subject=subject,
        details={name: value for name, value in details.items() if value},
    )  # fmt: skip


def _with(basket: OpenBasket, line: OpenLine | None, given: ByHand | None) -> OpenBasket:
    """The basket with this discount on the line (or the order), or without any."""
    if line is None:
        return moves.choose(basket, replace_value(basket.choices, by_hand=given))
    if line.goods is None or line.goods.by_hand == given:
        return basket
    return moves.change_line(basket, replace(line, goods=replace_value(line.goods, by_hand=given)))


def remove_discount(
    *, shop: Shop, work: UnitOfWork, line_id: str | None = None
) -> Changed | NothingByHand | NoSuchLine | Refusal:
    """Take back what was given by hand on a line, or (None) on the order. Changes: basket, audit.

    Everybody who sells may: it only brings the price back.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    now, state = shop.now(), shop.desk.state
    line = state.basket.line(line_id) if line_id is not None else None
    if line_id is not None and line is None:
        return NoSuchLine(line_id)
    had = state.basket.choices.by_hand
    if line is not None:
        had = line.goods.by_hand if line.goods is not None else None
    if had is None:
        return NothingByHand()
    details = {"line": line_id or "", "reason": had.reason, "kind": had.kind}
    record(
        shop=shop, work=work, now=now, act="discount_removed", subject=state.basket.basket_id,
        details=details,
    )  # fmt: skip
    priced = with_basket(shop, state, _with(state.basket, line, None), now)
    return Changed(keep(shop, work, priced, now))
