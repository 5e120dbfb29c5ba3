"""Taken: the parts of the money that are on the basket already, as rows. Pure.

Owns: what each part is called and what its key does, the sums while a part is taken. Does not own:
the widgets (taken_list.py), giving a part back (services/tender.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.payment import Tender
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting, phrases
from ui.kit.dialogs import Question
from ui.payment.terminal_view import ICONS, tender_word
from ui.phrases import FigureLine


@dataclass(frozen=True, slots=True)
class TakenView:
    """One part. `place`: among the tenders of the basket."""

    place: int
    icon: str
    label: str
    figure: str
    give_back: str
    """What its key does; empty where it cannot be given back here."""


def is_credit(tender: Tender) -> bool:
    """The credit of an exchange: no money, it leaves with its refund."""
    return tender.kind == "other" and tender.attempt_id is None


def has_parts(state: TillState) -> bool:
    """Whether money was taken for this basket."""
    return any(not is_credit(tender) for tender in state.tenders)


def taken_rows(state: TillState, wording: Wording) -> tuple[TakenView, ...]:
    """Oldest first."""
    return tuple(_row(place, tender, state, wording) for place, tender in enumerate(state.tenders))


def last_place(state: TillState) -> int | None:
    """The part that was taken last; None where there is none to give back."""
    places = [place for place, tender in enumerate(state.tenders) if not is_credit(tender)]
    return places[-1] if places else None


def sums_in_parts(state: TillState, wording: Wording) -> tuple[FigureLine, ...]:
    """What the basket costs, in short: how it came about is settled once a part is paid."""
    totals, t = state.totals, wording.t
    currency = state.program.currency
    rows = [FigureLine(t("Amount due"), formatting.figure(totals.due, currency=currency))]
    if totals.points_used:
        off = formatting.figure(-totals.points_off, currency=currency)
        label = t("{points} points used", points=formatting.points(totals.points_used))
        rows.insert(0, FigureLine(label, off, is_saving=True))
    return tuple(rows)


def give_back_question(tender: Tender, state: TillState, wording: Wording) -> Question:
    """Before a part goes back; Enter is the safe answer."""
    t = wording.t
    amount = phrases.money(tender.amount, state)
    if tender.kind == "cash":
        sentence = t("Hand it back from the drawer. What is still to pay grows by as much.")
    else:
        sentence = t(
            "{tender} gives it back. What is still to pay grows by as much.",
            tender=tender_word(tender.kind, wording),
        )
    return Question(
        title=t("Give {amount} back?", amount=amount),
        sentence=sentence,
        go_on=t("Give the money back"),
        stay=t("Keep it"),
        is_destructive=True,
        icon="undo",
    )


def _row(place: int, tender: Tender, state: TillState, wording: Wording) -> TakenView:
    t = wording.t
    figure = formatting.figure(tender.amount, currency=state.program.currency)
    if is_credit(tender):
        return TakenView(place, "refund", t("Goods taken back"), figure, "")
    word = tender_word(tender.kind, wording)
    amount = phrases.money(tender.amount, state)
    name = t("Give {amount} back: {tender}", amount=amount, tender=word)
    return TakenView(place, ICONS[tender.kind], word, figure, name)
