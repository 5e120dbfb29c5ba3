"""Discount by hand as texts: what may be given, what a typed figure means, what came of it. Pure.

Owns: reading the figure, the choices, one sentence per answer. Does not own: how much a role may
give (services), prices, widgets.

A figure is what the customer pays, as it is said at a Chinese till: 95 is 95 折, 9.5 and 8 are
9.5 折 and 8 折; every language shows what it means before anything is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal, assert_never

from app.domain.by_hand import hand_rule
from app.domain.money import Money, parse_amount
from app.domain.rights import LimitMissing
from app.services.answers import Changed
from app.services.approval import ActForbidden
from app.services.discount import DiscountGiven, NothingByHand, Wish, WishRefused
from app.services.recorded_prices import LineNotResolved
from app.services.rule_words import percent_off
from app.services.till_state import ShownAdjustment, TillLine, TillState
from app.wording import N_, Wording
from ui import formatting, phrases
from ui.approval.view_model import forbidden_sentence
from ui.said import Said, knows, said

Kind = Literal["order_rate", "order_amount", "line_rate", "line_amount", "line_price"]
KINDS: tuple[Kind, ...] = ("order_rate", "order_amount", "line_rate", "line_amount", "line_price")

_KIND_WORDS = {
    "order_rate": N_("Whole sale: percent"),
    "order_amount": N_("Whole sale: amount"),
    "line_rate": N_("This line: percent"),
    "line_amount": N_("This line: amount"),
    "line_price": N_("This line: new price"),
}
_FIELD_WORDS = {
    "order_rate": N_("Customer pays %"),
    "order_amount": N_("Take off"),
    "line_rate": N_("Customer pays %"),
    "line_amount": N_("Take off"),
    "line_price": N_("Price of one"),
}
_WHOLE = Decimal(100)
_TENTHS_BELOW = Decimal(10)


@dataclass(frozen=True, slots=True)
class NoFigure:
    """What was typed is nothing that can be given; `sentence` says what can."""

    sentence: str


@dataclass(frozen=True, slots=True)
class KindView:
    """One way to give something."""

    kind: Kind
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class DiscountView:
    """The entry page of the dialog."""

    order_title: str
    order_figure: str
    line_title: str
    """Empty where no line can have one: then its ways are not shown."""
    line_figure: str
    kinds: tuple[KindView, ...]
    field_label: str
    meaning: str
    """What the typed figure means; empty while nothing is typed."""
    example: str
    given: str
    """What was given before on the same thing; empty: nothing."""


def usable_kinds(line: TillLine | None) -> tuple[Kind, ...]:
    """What can be given now: on a line only where it has a price and is no gift."""
    if line is None or line.problem is not None or line.is_gift:
        return KINDS[:2]
    return KINDS


def _is_rate(kind: Kind) -> bool:
    return kind in ("order_rate", "line_rate")


def present(
    kind: Kind, typed: str, line: TillLine | None, state: TillState, wording: Wording
) -> DiscountView:
    """The page for the chosen way and what was typed so far."""
    t = wording.t
    usable = usable_kinds(line)
    line_title, line_figure = "", ""
    if line is not None and len(usable) > 2:
        line_title, line_figure = line.name, phrases.money(line.amount, state)
    return DiscountView(
        order_title=t("Amount due"),
        order_figure=phrases.money(state.totals.due, state),
        line_title=line_title,
        line_figure=line_figure,
        kinds=tuple(KindView(each, t(_KIND_WORDS[each]), each == kind) for each in usable),
        field_label=t(_FIELD_WORDS[kind]),
        meaning=_meaning(kind, typed, line, state, wording),
        example=_example(kind, wording),
        given=_given(kind, line, state, wording),
    )


def read_wish(
    kind: Kind, typed: str, state: TillState, wording: Wording, *, reason: str = "", note: str = ""
) -> Wish | NoFigure:
    """What a typed figure asks for."""
    if _is_rate(kind):
        off = rate_off(typed)
        if off is None:
            return NoFigure(wording.t("From 10 to 99 (95 is 5% off), or 1 to 9.9 in tenths."))
        return Wish("rate", rate=off, reason=reason, note=note)
    amount = parse_amount(_whole(typed), formatting.decimals(state.program.currency))
    if not isinstance(amount, Money):
        return NoFigure(wording.t("An amount, as in 12.50."))
    way: Literal["price", "amount"] = "price" if kind == "line_price" else "amount"
    return Wish(way, amount=amount, reason=reason, note=note)


def rate_off(typed: str) -> Decimal | None:
    """95 -> 0.05; 9.5 -> 0.05; 8 -> 0.2: what is taken off. None: no such discount."""
    try:
        figure = Decimal(_whole(typed))
    except InvalidOperation:
        return None
    if not 1 <= figure < _WHOLE:
        return None
    pays = figure / _TENTHS_BELOW if figure < _TENTHS_BELOW else figure / _WHOLE
    return 1 - pays


def _whole(typed: str) -> str:
    text = typed.strip().rstrip(".")
    return f"0{text}" if text.startswith(".") else text


def _meaning(
    kind: Kind, typed: str, line: TillLine | None, state: TillState, wording: Wording
) -> str:
    wish = read_wish(kind, typed, state, wording)
    if not typed or isinstance(wish, NoFigure):
        return ""
    match wish.kind:
        case "rate":
            return percent_off(wish.rate, wording)
        case "amount":
            return wording.t("{amount} off", amount=phrases.money(wish.amount, state))
        case "price":
            before = line.unit_price if line is not None else None
            now = phrases.money(wish.amount, state)
            if before is None:
                return now
            return f"{phrases.money(before, state)} → {now}"
        case never:
            assert_never(never)


def _example(kind: Kind, wording: Wording) -> str:
    if _is_rate(kind):
        return wording.t("95 Enter = 5% off")
    if kind == "line_price":
        return wording.t("A cheaper price only; it always has a reason.")
    return ""


def _given(kind: Kind, line: TillLine | None, state: TillState, wording: Wording) -> str:
    """`Whole-sale discount −6.82`: what Del takes back."""
    found = next(_by_hand(kind, line, state), None)
    if found is None:
        return ""
    name = phrases.adjustment_name(found, state.rules, wording)
    return f"{name} {formatting.figure(found.amount, currency=state.program.currency)}"


def _by_hand(kind: Kind, line: TillLine | None, state: TillState) -> Iterator[ShownAdjustment]:
    is_order = kind.startswith("order")
    own = line.adjustments if line is not None else ()
    for row in state.totals.rows if is_order else own:
        act = hand_rule(row.rule)
        if act is not None and (act[0] == "order_discount") == is_order:
            yield row


# ------------------------------------------------------------------ sentences


def discount_said(answer: object, state: TillState, wording: Wording) -> Said:
    """What to say to an answer of giving or taking back."""
    t = wording.t
    match answer:
        case DiscountGiven(_, off, approved_by):
            amount = phrases.money(off, state)
            due = phrases.money(state.totals.due, state)
            sentence = t("{amount} taken off. Amount due {due}.", amount=amount, due=due)
            if approved_by:
                sentence = t(
                    "Approved: {amount} taken off. Amount due {due}.", amount=amount, due=due
                )
            return Said(sentence, "success", "scan_ok")
        case Changed():
            sentence = t("The discount is taken back.")
            return Said(sentence, "info", "scan_ok")
        case NothingByHand():
            return Said(t("Nothing was given by hand here."), "info", "scan_error")
        case LineNotResolved():
            return Said(t("Settle this line first: it has no price yet."), "warning", "scan_error")
        case WishRefused():
            return Said(_refused(answer, state, wording), "danger", "scan_error")
        case ActForbidden() | LimitMissing():
            return Said(forbidden_sentence(answer, wording), "danger", "need_attention")
        case _ if knows(type(answer)):
            return said(answer, state, wording)
        case _:
            raise LookupError(f"no sentence for {type(answer).__name__}")


def _refused(answer: WishRefused, state: TillState, wording: Wording) -> str:
    t, now = wording.t, phrases.money(answer.now, state)
    match answer.reason:
        case "nothing":
            return t("That takes nothing off.")
        case "above_all":
            return t("More than there is: it costs {amount} now.", amount=now)
        case "not_cheaper":
            return t("That is not cheaper: it costs {amount} now.", amount=now)
        case "no_price_of_an_order":
            return t("A whole sale has no price of its own: give it a discount.")
