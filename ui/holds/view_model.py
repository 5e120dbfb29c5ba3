"""Held sales as texts: the list, what was held, what is different after a recall. Pure.

Owns: the rows, the rows of the differences, one sentence per answer of holding and recalling.
Does not own: prices (app/domain/hold.py), widgets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.by_hand import hand_rule
from app.domain.hold import LineDiffers, OfferDiffers, PricesDiffer
from app.domain.member import masked_name
from app.domain.moment import Moment
from app.domain.money import Money
from app.services.hold import (
    BasketInTheWay,
    HeldSummary,
    HoldEnded,
    NoSuchHold,
    NothingHeld,
    NothingToHold,
    SaleHeld,
    SaleRecalled,
)
from app.services.rule_words import by_hand_name
from app.services.till_state import TillState
from app.services.void import NothingToVoid, SaleVoided
from app.wording import N_, Wording
from ui import formatting, phrases
from ui.phrases import SEPARATOR
from ui.said import Said, knows, said

DIFFERENCES_MAX = 7
"""So many rows are shown; the rest is counted."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One held sale."""

    hold_id: str
    name: str
    detail: str
    warning: str
    """Overnight; empty for one of today."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class HoldsView:
    """The list. `hint`: what to press, or why nothing can be taken back now."""

    title: str
    hint: str
    rows: tuple[HeldRow, ...]
    empty: str
    can_recall: bool


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A line or an offer: what it was and what it is."""

    label: str
    figure: str


@dataclass(frozen=True, slots=True)
class DifferencesView:
    """What the customer is told before the sale goes on."""

    title: str
    sentence: str
    rows: tuple[DifferenceRow, ...]
    total_label: str
    total: str
    go_on: str


def present_holds(
    holds: Sequence[HeldSummary], state: TillState, wording: Wording, *, today: date, zone: str
) -> HoldsView:
    """The list as it stands; newest first."""
    t = wording.t
    can_recall = not state.lines
    hint = t("A figure, or ↑ ↓ and Enter, takes a sale back.")
    if not can_recall:
        hint = t("There are goods on the till: hold them or take payment, then recall.")
    return HoldsView(
        title=t("Held sales ({count})", count=len(holds)),
        hint=hint if holds else "",
        rows=tuple(_row(held, state, wording, today, zone) for held in holds),
        empty=t("No sale is held. Hold puts the open one aside."),
        can_recall=can_recall and bool(holds),
    )


def _row(held: HeldSummary, state: TillState, wording: Wording, today: date, zone: str) -> HeldRow:
    at = Moment(held.held_ms, 0, "").local(zone)
    pieces = wording.n("{count} pc", "{count} pcs", held.pieces)
    parts = [_when(at, today, wording), pieces, phrases.money(held.total, state)]
    whose = wording.t("Walk-in")
    if held.has_member:
        whose = held.member_masked or wording.t("Member")
    detail = [whose, masked(held.staff_name), held.note]
    warning = ""
    if held.overnight:
        warning = wording.t("Overnight: prices will be worked out anew")
    return HeldRow(
        hold_id=held.hold_id,
        name=SEPARATOR.join(parts),
        detail=SEPARATOR.join(filter(None, detail)),
        warning=warning,
        note=held.note,
    )


def masked(name: str) -> str:
    """Customers see the list, too."""
    return masked_name(name) if name else ""


def _when(at: datetime, today: date, wording: Wording) -> str:
    clock = formatting.clock(at)
    days = (today - at.date()).days
    if days <= 0:
        return clock
    if days == 1:
        return wording.t("Yesterday {clock}", clock=clock)
    return f"{formatting.short_day(at.date(), wording)} {clock}"


# ------------------------------------------------------------------ differences


def present_differences(
    recalled: SaleRecalled, state: TillState, wording: Wording
) -> DifferencesView | None:
    """What became different; None where the customer pays what he was told."""
    differs = recalled.differs
    if differs.is_nothing:
        return None
    rows = list(_differences(differs, state, wording))
    if len(rows) > DIFFERENCES_MAX:
        more = len(rows) - DIFFERENCES_MAX + 1
        label = wording.n("{count} more difference", "{count} more differences", more)
        rows = [*rows[: DIFFERENCES_MAX - 1], DifferenceRow(label, "")]
    was_overnight = recalled.overnight
    sentence = wording.t("Prices and offers are those of now. Tell the customer first.")
    if was_overnight:
        sentence = wording.t(
            "This sale was held overnight: prices and offers are those of today. "
            "Tell the customer first."
        )
    return DifferencesView(
        title=wording.t("Something costs another price now"),
        sentence=sentence,
        rows=tuple(rows),
        total_label=wording.t("Amount due"),
        total=_change(differs.before, differs.after, state),
        go_on=wording.t("Go on"),
    )


def _differences(
    differs: PricesDiffer, state: TillState, wording: Wording
) -> Iterator[DifferenceRow]:
    for line in differs.lines:
        yield _line(line, state, wording)
    in_rows = {change.rule for line in state.lines for change in line.adjustments}
    for offer in differs.offers:
        if offer.rule not in in_rows:  # the rows say it already
            yield _offer(offer, state, wording)


def _line(line: LineDiffers, state: TillState, wording: Wording) -> DifferenceRow:
    before, after = (
        _figure(amount, state) if amount is not None else wording.t("none")
        for amount in (line.before, line.after)
    )
    return DifferenceRow(line.name, f"{before} → {after}")


def _offer(offer: OfferDiffers, state: TillState, wording: Wording) -> DifferenceRow:
    before, after = (
        formatting.taken_off(amount, currency=state.program.currency) or wording.t("none")
        for amount in (offer.before, offer.after)
    )
    return DifferenceRow(_offer_name(offer.rule, state, wording), f"{before} → {after}")


def _offer_name(rule: str, state: TillState, wording: Wording) -> str:
    for row in state.totals.rows:
        if row.rule == rule:
            return phrases.adjustment_name(row, state.rules, wording)
    if hand_rule(rule) is not None:
        return by_hand_name(rule, None, wording)
    return phrases.rule_name(rule, state.rules, wording)


def _change(before: Money, after: Money, state: TillState) -> str:
    if before == after:
        return phrases.money(after, state)
    return f"{phrases.money(before, state)} → {phrases.money(after, state)}"


def _figure(amount: Money, state: TillState) -> str:
    return formatting.figure(amount, currency=state.program.currency)


# ------------------------------------------------------------------ sentences


def held_sentence(
    before: TillState, after: TillState, wording: Wording, *, recall_key: str
) -> Said:
    """Where the sale went that stood on the till a moment ago."""
    pieces = wording.n("{count} pc", "{count} pcs", before.totals.pieces)
    sentence = wording.n(
        "Held: {pieces}, {amount}. {count} sale is held; {key} takes it back.",
        "Held: {pieces}, {amount}. {count} sales are held; {key} lists them.",
        after.holds,
        pieces=pieces,
        amount=phrases.money(before.totals.due, before),
        key=recall_key,
    )
    return Said(sentence, "success", "scan_ok")


_PLAIN: Mapping[type, Said] = {
    SaleHeld: Said(sound="scan_ok"),
    SaleRecalled: Said(N_("Back on the till, at the prices of before."), "success", "scan_ok"),
    NothingToHold: Said(N_("The basket is empty: there is nothing to hold."), "info", "scan_error"),
    NothingToVoid: Said(N_("The basket is empty: there is nothing to void."), "info", "scan_error"),
    NothingHeld: Said(N_("No sale is held. Hold puts the open one aside."), "info", "scan_error"),
    NoSuchHold: Said(N_("There is no such held sale here."), "warning", "scan_error"),
    BasketInTheWay: Said(
        N_("There are goods on the till: hold them or take payment, then recall."),
        "warning",
        "scan_error",
    ),
}


def holds_said(answer: object, state: TillState, wording: Wording) -> Said:
    """What to say to an answer of holding, recalling or voiding."""
    match answer:
        case HoldEnded():
            return _ended(answer, wording)
        case SaleVoided(_, total, _):
            amount = phrases.money(total, state)
            sentence = wording.t("The sale of {amount} is void.", amount=amount)
            return Said(sentence, "info", "scan_ok")
        case _ if knows(type(answer)):
            return said(answer, state, wording)
        case _:
            plain = _PLAIN[type(answer)]
            return replace(plain, sentence=plain.sentence and wording.t(plain.sentence))


def _ended(answer: HoldEnded, wording: Wording) -> Said:
    name = masked(answer.staff_name)
    if answer.outcome == "voided":
        sentence = wording.t("{name} has voided this sale already.", name=name)
    else:
        sentence = wording.t("{name} has recalled this sale already.", name=name)
    return Said(sentence, "warning", "scan_error")
