"""Choice view model: what may be chosen for this basket, as rows under their titles. Pure.

Owns: the sections of the sheet, what each row says and does, how many choices there are.
Does not own: choosing (services), the reasons (ui/phrases.py), what a basket row says of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.domain.view import REWARD
from app.services.choice import (
    ExchangeChoice,
    GiftChoice,
    GiftProduct,
    OfferChoice,
    PointsPriceChoice,
)
from app.services.till_state import TillLine, TillState
from app.wording import Wording
from ui import formatting, phrases
from ui.phrases import SEPARATOR, words


@dataclass(frozen=True, slots=True)
class TakeGift:
    """The customer takes this product."""

    offer_id: str
    sku: str


@dataclass(frozen=True, slots=True)
class LeaveGift:
    """The customer wants no gift. `refusable`: the offer, or the coupon that gives it."""

    refusable: str


@dataclass(frozen=True, slots=True)
class UseOffer:
    """This offer takes part again, or (`on` False) is left out."""

    offer_id: str
    on: bool


@dataclass(frozen=True, slots=True)
class PayLineWithPoints:
    """This line at its points price, or (`on` False) for money again."""

    line_id: str
    on: bool


@dataclass(frozen=True, slots=True)
class ExchangePoints:
    """Expiring points become a coupon; it is asked about first."""

    points: int
    coupon: str


@dataclass(frozen=True, slots=True)
class TakeReward:
    """The member has this for points. `coupon`: what he gets, asked about first; else goods."""

    reward_id: str
    points: int
    sku: str = ""
    coupon: str = ""


ChoiceAct = TakeGift | LeaveGift | UseOffer | PayLineWithPoints | ExchangePoints | TakeReward


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """One thing that may be chosen. `act` None: not now, `detail` says why."""

    name: str
    detail: str
    state: Literal["taken", "free", "left_out"]
    act: ChoiceAct | None
    end: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceSection:
    """What belongs together: one gift, all points prices, the exchange."""

    title: str
    rows: tuple[ChoiceLine, ...]


@dataclass(frozen=True, slots=True)
class ChoicesView:
    """The sheet."""

    title: str
    hint: str
    sections: tuple[ChoiceSection, ...]

    @property
    def rows(self) -> tuple[ChoiceLine, ...]:
        return tuple(row for section in self.sections for row in section.rows)


def has_choices(state: TillState) -> bool:
    """Whether there is anything to choose for this basket."""
    choices = state.choices
    return bool(choices.gifts or choices.points_prices or choices.exchange or choices.offers)


def present(state: TillState, wording: Wording) -> ChoicesView | None:
    """The sheet of this snapshot; None where there is nothing to choose."""
    if not has_choices(state):
        return None
    return ChoicesView(
        title=wording.t("Customer choices"),
        hint=wording.t("Choose what the customer wants by ↑ ↓ and Enter, or by a tap."),
        sections=tuple(_sections(state, wording)),
    )


def _sections(state: TillState, wording: Wording) -> Iterator[ChoiceSection]:
    for gift in state.choices.gifts:
        yield _gift(gift, state, wording)
    yield from for_points(state, wording)
    if state.choices.offers:
        offers = tuple(_offer(one, state, wording) for one in state.choices.offers)
        yield ChoiceSection(wording.t("Offers in use"), offers)


def for_points(state: TillState, wording: Wording) -> Iterator[ChoiceSection]:
    """What this basket and the points that expire offer to be had for points."""
    if state.choices.points_prices:
        rows = tuple(_points_price(one, state, wording) for one in state.choices.points_prices)
        yield ChoiceSection(wording.t("Points price"), rows)
    if state.choices.exchange is not None:
        row = _exchange(state.choices.exchange, wording)
        yield ChoiceSection(wording.t("Points that expire"), (row,))


# ------------------------------------------------------------------ gifts


def _gift(gift: GiftChoice, state: TillState, wording: Wording) -> ChoiceSection:
    title = wording.t("Gift {name}", name=words(gift.words, wording))
    if gift.is_open:
        title = SEPARATOR.join((title, _one_of(gift, wording)))
    rows = [_product(gift, product, state, wording) for product in gift.products]
    left_out = gift.taken is None
    none = ChoiceLine(
        name=wording.t("No gift"),
        detail=wording.t("Left out by hand") if left_out else "",
        state="left_out" if left_out else "free",
        act=LeaveGift(gift.refusable),
    )
    return ChoiceSection(title, (*rows, none))


def _one_of(gift: GiftChoice, wording: Wording) -> str:
    """Empty where there is only one product."""
    count = len(gift.products)
    return wording.n("one of {count}", "one of {count}", count) if gift.is_open else ""


def _product(
    gift: GiftChoice, product: GiftProduct, state: TillState, wording: Wording
) -> ChoiceLine:
    is_taken = product.sku == gift.taken
    said = [wording.t("List price {amount}", amount=phrases.money(product.price, state))]
    if is_taken and gift.by_hand:
        said.append(wording.t("Chosen by hand"))
    elif is_taken and gift.is_open:
        said.append(wording.t("Default"))
    return ChoiceLine(
        name=product.name,
        detail=SEPARATOR.join(said),
        state="taken" if is_taken else "free",
        act=TakeGift(gift.offer_id, product.sku),
        end=f"×{gift.quantity}" if gift.quantity > 1 else "",
    )


# ------------------------------------------------------------------ offers


def _offer(choice: OfferChoice, state: TillState, wording: Wording) -> ChoiceLine:
    currency = state.program.currency
    return ChoiceLine(
        name=words(choice.words, wording),
        detail=wording.t("Best choice") if choice.taken else wording.t("Left out by hand"),
        state="taken" if choice.taken else "left_out",
        act=UseOffer(choice.offer_id, not choice.taken),
        end=formatting.taken_off(choice.saved, currency=currency) if choice.taken else "",
    )


# ------------------------------------------------------------------ points prices


def price_in_points(choice: PointsPriceChoice, state: TillState, wording: Wording) -> str:
    """`500 points + ¥9.90`; goods for points alone say no amount."""
    points = points_text(choice.points, wording)
    if not choice.price.minor:
        return points
    return f"{points} + {phrases.money(choice.price, state)}"


def points_text(count: int, wording: Wording) -> str:
    """`500 points`."""
    return wording.n("{points} point", "{points} points", count, points=formatting.points(count))


def why_no_points_price(choice: PointsPriceChoice, wording: Wording) -> str:
    """What is missing to a points price; empty where nothing is."""
    if not choice.missing:
        return ""
    if choice.reason == "IDENTIFY_BETTER":
        return wording.t("Scan the member card to use points")
    return points_short(choice.missing, wording)


def _points_price(choice: PointsPriceChoice, state: TillState, wording: Wording) -> ChoiceLine:
    price = price_in_points(choice, state, wording)
    why = why_no_points_price(choice, wording)
    said = wording.t("Chosen: again to pay with money") if choice.taken else why
    return ChoiceLine(
        name=choice.name,
        detail=SEPARATOR.join(part for part in (price, said) if part),
        state="taken" if choice.taken else "free",
        act=None if why else PayLineWithPoints(choice.line_id, not choice.taken),
    )


# ------------------------------------------------------------------ expiring points


def _exchange(exchange: ExchangeChoice, wording: Wording) -> ChoiceLine:
    points, coupon = formatting.points(exchange.points), words(exchange.words, wording)
    return ChoiceLine(
        name=wording.t("{points} points for the coupon {coupon}", points=points, coupon=coupon),
        detail=_about_exchange(exchange, wording),
        state="free",
        act=None if exchange.why_not else ExchangePoints(exchange.points, coupon),
    )


def _about_exchange(exchange: ExchangeChoice, wording: Wording) -> str:
    match exchange.why_not:
        case None:
            day = formatting.short_day(exchange.last_day, wording)
            return wording.t("Points expire from {day} on", day=day)
        case "too_few":
            missing = formatting.points(exchange.missing)
            return wording.t("{points} expiring points short", points=missing)
        case "identify_better":
            return wording.t("Scan the member card to use points")


# ------------------------------------------------------------------ in the basket


def choice_note(line: TillLine, state: TillState, wording: Wording) -> str:
    """What a row of the basket says of a choice: `one of 3`, `or 500 points + ¥9.90`."""
    gift = state.choices.gift(line.gift_of) if line.gift_of else None
    if gift is not None:
        return _one_of(gift, wording)
    choice = state.choices.points_price(line.line_id)
    if choice is None:
        return reward_note(line, state, wording)
    price, why = price_in_points(choice, state, wording), why_no_points_price(choice, wording)
    if choice.taken:
        return points_text(choice.points, wording)
    if choice.wished:
        return wording.t("{rule}: {reason}", rule=wording.t("Points price"), reason=why)
    return "" if why else wording.t("or {price}", price=price)


def reward_note(line: TillLine, state: TillState, wording: Wording) -> str:
    """`800 points` of a line that is a reward; why it is none any more."""
    mine = (one for one in state.choices.rewards if line.line_id in one.in_basket)
    reward = next(mine, None)
    if reward is not None:
        return points_text(reward.points * line.quantity.pieces, wording)
    for no in state.not_applied:
        if no.line_id == line.line_id and no.rule.startswith(REWARD):
            name = phrases.rule_name(no.rule, state.rules, wording)
            why = points_short(no.missing_count, wording) if no.missing_count else ""
            reason = why or phrases.why_not(no, state, wording)
            return wording.t("{rule}: {reason}", rule=name, reason=reason)
    return ""


def points_short(missing: int, wording: Wording) -> str:
    """`120 points short`."""
    return wording.n(
        "{points} point short", "{points} points short", missing,
        points=formatting.points(missing),
    )  # fmt: skip
