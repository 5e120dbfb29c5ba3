"""Choice: what the customer may choose for this basket, as a screen shows it.

Owns: gifts given (and left out) with what else they could be, offers in use (and left out), lines
that may be bought with points, expiring points that may become a coupon - each with why not.
Does not own: choosing (coupon.py, redeem.py, expiring.py), the rules (app/domain), sentences (ui).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.exchange import PointsExchange, exchange_of
from app.domain.money import ZERO, Money, parse_amount
from app.domain.open_basket import OpenLine
from app.domain.program import Gift, Offer, PointsPrice, Program, Text
from app.domain.quote import Reason
from app.domain.redemption import Purse, points_price_of, purse_for, rule_id
from app.domain.reward import reward_id_of
from app.domain.sale_effects import known_offer
from app.services.reward_choice import RewardChoice, reward_choices
from app.services.shop import DeskState, MemberSeat


@dataclass(frozen=True, slots=True)
class GiftProduct:
    """One of the products a gift offer gives, at its list price."""

    sku: str
    name: str
    price: Money


@dataclass(frozen=True, slots=True)
class GiftChoice:
    """A gift of this basket. `taken`: the product that is given; None = left out by hand."""

    offer_id: str
    words: Text
    products: tuple[GiftProduct, ...]
    quantity: int
    taken: str | None
    by_hand: bool
    refusable: str
    """What to refuse to leave it out: the offer, or the coupon that gives it."""

    @property
    def is_open(self) -> bool:
        """Whether the customer has a say in which product it is."""
        return len(self.products) > 1


@dataclass(frozen=True, slots=True)
class OfferChoice:
    """An offer without a coupon that takes money off this basket, or was left out by hand."""

    offer_id: str
    words: Text
    saved: Money
    """What it takes off now; positive."""
    taken: bool


@dataclass(frozen=True, slots=True)
class PointsPriceChoice:
    """A line that may be bought with points and a price. Both are for the whole line.

    Not to be had where `missing` points are short; `reason` says of what.
    """

    line_id: str
    name: str
    points: int
    price: Money
    taken: bool
    wished: bool
    """It was taken; where it is not any more, the points do not reach any more."""
    missing: int = 0
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class ExchangeChoice:
    """Expiring points that may become a coupon of this offer; not yet where points are missing."""

    points: int
    words: Text
    last_day: date
    """Until when the first of them live."""
    missing: int = 0
    why_not: Literal["too_few", "identify_better"] | None = None


@dataclass(frozen=True, slots=True)
class ChoicesOnTill:
    """Everything the customer may choose now."""

    gifts: tuple[GiftChoice, ...] = ()
    points_prices: tuple[PointsPriceChoice, ...] = ()
    exchange: ExchangeChoice | None = None
    offers: tuple[OfferChoice, ...] = ()
    rewards: tuple[RewardChoice, ...] = ()
    """What the member may have for points, what he can have now first."""

    def points_price(self, line_id: str) -> PointsPriceChoice | None:
        """The points price of a line, where this member may think of it."""
        return next((one for one in self.points_prices if one.line_id == line_id), None)

    def gift(self, offer_id: str) -> GiftChoice | None:
        """The gift of an offer, given or left out."""
        return next((one for one in self.gifts if one.offer_id == offer_id), None)


def choices_on_till(state: DeskState) -> ChoicesOnTill:
    """What may be chosen for the open basket; nothing where its prices are of other rules."""
    if not _is_of_its_program(state):
        return ChoicesOnTill()
    seat = state.seat
    return ChoicesOnTill(
        gifts=(*_given(state), *_left_out(state)),
        points_prices=() if seat is None else tuple(_points_prices(state, seat)),
        exchange=None if seat is None else _exchange(state.program, seat),
        offers=tuple(_offers(state)),
        rewards=() if seat is None else reward_choices(state, seat, purse_left(state, seat)),
    )


def _is_of_its_program(state: DeskState) -> bool:
    """Not so where prices were agreed on by a version that cannot be read any more: they stand."""
    quote, program = state.quote, state.program
    return (quote.program_id, quote.program_version) == (program.id, program.version)


# ------------------------------------------------------------------ gifts


def _given(state: DeskState) -> Iterator[GiftChoice]:
    """The gifts of the quote; of several by one offer (coupons) the first speaks for all."""
    seen: set[str] = set()
    by_hand = {change.rule for change in state.quote.order_adjustments if change.chosen_by_hand}
    for gift in state.quote.gifts:
        if gift.rule in seen:
            continue
        seen.add(gift.rule)
        offer = known_offer(state.program, gift.rule)
        refusable = gift.coupon_id or gift.rule
        yield _gift(state, offer, gift.sku, by_hand=gift.rule in by_hand, refusable=refusable)


def _left_out(state: DeskState) -> Iterator[GiftChoice]:
    """Gifts that the cashier left out, so that they can be taken after all."""
    for offer in _refused(state):
        if isinstance(offer.effect, Gift):
            yield _gift(state, offer, None, by_hand=True, refusable=offer.id)


def _refused(state: DeskState) -> list[Offer]:
    """Offers the cashier left out; mostly none, and each scan asks twice."""
    refused = state.basket.choices.refused
    return [offer for offer in state.program.offers if offer.id in refused] if refused else []


def _gift(
    state: DeskState, offer: Offer, taken: str | None, *, by_hand: bool, refusable: str
) -> GiftChoice:
    effect = offer.effect
    assert isinstance(effect, Gift), "only gifts are given"
    return GiftChoice(
        offer_id=offer.id,
        words=offer.name,
        products=tuple(_product(state, effect, sku) for sku in effect.products),
        quantity=effect.quantity,
        taken=taken,
        by_hand=by_hand,
        refusable=refusable,
    )


def _product(state: DeskState, effect: Gift, sku: str) -> GiftProduct:
    """As the catalogue knows it, else as the program says."""
    known = state.gifts.get(sku)
    if known is not None:
        return GiftProduct(sku, known.name, known.unit_price or ZERO)
    return GiftProduct(sku, sku, _amount(effect.price, state.program))


def _amount(text: str, program: Program) -> Money:
    amount = parse_amount(text, program.prices.decimals)
    assert isinstance(amount, Money), "program check refuses such an amount"
    return amount


# ------------------------------------------------------------------ offers

_OFFER_KINDS = ("offer", "bundle", "code")


def _offers(state: DeskState) -> Iterator[OfferChoice]:
    """Offers in use that need no coupon, then those left out; coupons have a list of their own."""
    saved: dict[str, Money] = {}
    for change in state.quote.order_adjustments:
        if change.kind in _OFFER_KINDS and change.coupon_id is None:
            saved[change.rule] = saved.get(change.rule, ZERO) - change.amount
    for rule, amount in saved.items():
        yield OfferChoice(rule, known_offer(state.program, rule).name, amount, taken=True)
    for offer in _refused(state):
        if offer.trigger != "coupon" and not isinstance(offer.effect, Gift):
            yield OfferChoice(offer.id, offer.name, ZERO, taken=False)


# ------------------------------------------------------------------ points prices


def points_for_goods(state: DeskState) -> dict[str, int]:
    """The points that goods take, by line id: at their points price or as a reward.

    The rest of the points of a sale is for the bill. Where nobody can read any more what the goods
    took, all that their line took counts as theirs.
    """
    is_known = _is_of_its_program(state)
    return {
        line.line_id: _a_piece(state.program, change.rule, line.sku) * line.quantity.pieces
        if is_known
        else line.points_spent
        for line in state.quote.lines
        for change in line.adjustments
        if change.kind == "points_price"
    }


def _a_piece(program: Program, rule: str, sku: str) -> int:
    """What one piece of goods that are had for points takes of them."""
    reward_id = reward_id_of(rule)
    had = points_price_of(program, sku) if reward_id is None else program.reward(reward_id)
    assert had is not None, f"{rule}: priced by this program"
    return had.points


def _points_prices(state: DeskState, seat: MemberSeat) -> Iterator[PointsPriceChoice]:
    """The lines with a points price, with what the others that take theirs leave of the points."""
    taken, left = points_for_goods(state), purse_left(state, seat)
    for line, price in _priced_in_points(state):
        yield _points_price(state, line, price, line.line_id in taken, left)


def purse_left(state: DeskState, seat: MemberSeat) -> Purse:
    """The points that goods of this basket leave for others of it."""
    allowed = state.basket.choices.beyond
    more = allowed.points if allowed is not None else 0
    purse = purse_for(state.program, seat.view, seat.how.identified_by, beyond=more)
    return Purse(purse.points - sum(points_for_goods(state).values()), purse.limited_by)


def _priced_in_points(state: DeskState) -> Iterator[tuple[OpenLine, PointsPrice]]:
    for line in state.basket.lines:
        price = points_price_of_line(state.program, line)
        if price is not None:
            yield line, price


def points_price_of_line(program: Program, line: OpenLine) -> PointsPrice | None:
    """The points price of a line that may be sold; goods by weight have none."""
    goods = line.goods
    if goods is None or not line.is_resolved or goods.given is not None or goods.reward:
        return None
    if goods.weighed or not line.quantity.is_pieces:
        return None
    return points_price_of(program, goods.sku)


def _taken(state: DeskState) -> frozenset[str]:
    """Lines that are priced in points by the quote, whatever was wished for."""
    return frozenset(
        line.line_id
        for line in state.quote.lines
        if any(change.rule == rule_id(line.sku) for change in line.adjustments)
    )


def _needed(line: OpenLine, price: PointsPrice) -> int:
    return price.points * line.quantity.pieces


def _points_price(
    state: DeskState, line: OpenLine, price: PointsPrice, is_taken: bool, left: Purse
) -> PointsPriceChoice:
    goods = line.goods
    assert goods is not None, "only goods have a points price"
    needed = _needed(line, price)
    missing = 0 if is_taken else max(0, needed - left.points)
    part = Money(_amount(price.price, state.program).minor * line.quantity.pieces)
    whole = Money(goods.unit_price.minor * line.quantity.pieces)
    return PointsPriceChoice(
        line_id=line.line_id,
        name=goods.name,
        points=needed,
        price=min(part, whole),
        taken=is_taken,
        wished=goods.use_points_price,
        missing=missing,
        reason=left.limited_by if missing else None,
    )


# ------------------------------------------------------------------ expiring points


def _exchange(program: Program, seat: MemberSeat) -> ExchangeChoice | None:
    view = seat.view
    answer = exchange_of(program, view, seat.how.identified_by, seat.as_of)
    if isinstance(answer, PointsExchange):
        return ExchangeChoice(answer.points, answer.offer.name, view.expiring[0].expires.last_day)
    match answer.reason:
        case "too_few" | "identify_better" as why_not:
            assert program.expiring.offer is not None, "a rule names its coupon"
            words = known_offer(program, program.expiring.offer).name
            last_day = view.expiring[0].expires.last_day
            return ExchangeChoice(answer.points, words, last_day, answer.missing, why_not)
        case _:
            return None
