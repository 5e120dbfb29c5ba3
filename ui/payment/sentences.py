"""Payment sentences: what is said to every answer that takes no money. Pure.

Owns: one sentence per refusal, decline and doubt. Does not own: the screen's texts
(view_model.py), sentences of the till (ui/said.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.money import Money
from app.services.payment import (
    DueChanged,
    NoTerminal,
    NotPayable,
    PartRefused,
    PaymentDeclined,
    PaymentWithoutSale,
    StillDue,
    TenderTaken,
)
from app.services.redeem import PointsRefused
from app.services.tender import CreditStays, NoSuchTender, TenderKept, TenderRemoved, TenderStays
from app.services.till_state import PayBlock, TillState
from app.wording import N_, Wording
from ui import formatting, phrases
from ui.kit.dialogs import Question
from ui.payment.terminal_view import tender_word
from ui.payment.view_model import NoticeTone
from ui.said import knows, said

_BLOCKS: dict[PayBlock, str] = {
    "empty": N_("There is nothing to pay yet. Scan an item first."),
    "unresolved": N_("One line is not clear yet. Pick an item or delete it before payment."),
    "nobody": N_("Sign in first."),
    "payment_open": N_("A payment for this basket is under way. Check it first."),
    "too_large": N_(
        "This sale is too large for one receipt: take lines off and ring them up in the next one."
    ),
    "overpaid": N_("More was taken than is due now: give one payment back, then take it again."),
    "own_membership": N_("Nobody rings up his own membership. Ask another cashier."),
    "pack_needs_member": N_(
        "A membership pack is for a member: scan the member card or enrol the customer first."
    ),
    "pack_twice": N_(
        "One membership pack of a kind in a sale: take the others off, and sell them in the next."
    ),
}

_DUE_CHANGED = N_("Prices have changed: {amount} is due now. Tell the customer, then go on.")

_NOT_BACK = {
    "not_found": N_("The terminal never heard of it. Nothing went back."),
    "other": N_("The terminal refused. Nothing went back."),
}

_DECLINED: dict[str, str] = {
    "insufficient": N_(
        "Declined: the balance is too low. Nothing was taken. Ask for another way to pay."
    ),
    "expired_code": N_("Declined: the payment code is out of date. Ask for a fresh one."),
    "cancelled": N_("Cancelled by the customer. Nothing was taken."),
    "not_found": N_("The terminal never heard of this payment. Nothing was taken."),
    "other": N_("Not paid. Nothing was taken; try again or use another tender."),
}


def blocked_sentence(why: PayBlock, state: TillState, wording: Wording) -> str:
    """Why the basket cannot be paid."""
    if why == "unresolved":
        line = next((line for line in state.lines if line.problem is not None), None)
        if line is not None:
            return phrases.blocked_sentence(line, wording)
    return wording.t(_BLOCKS[why])


def declined_sentence(reason: str, wording: Wording) -> str:
    """Why the terminal did not take the money."""
    return wording.t(_DECLINED.get(reason, _DECLINED["other"]))


def attempt_sentence(
    answer: PaymentDeclined | PaymentWithoutSale, state: TillState, wording: Wording
) -> str:
    """An attempt ended without a sale."""
    if isinstance(answer, PaymentDeclined):
        return declined_sentence(answer.reason, wording)
    return without_sale_sentence(phrases.money(answer.attempt.amount, state), wording)


def without_sale_sentence(amount: str, wording: Wording) -> str:
    """Money was taken for a basket that is gone."""
    return wording.t(
        "{amount} was taken for a basket that is gone: give it back at the terminal and tell "
        "the manager.",
        amount=amount,
    )


def short_sentence(missing: Money, state: TillState, wording: Wording) -> str:
    """`还差 ¥1.60`."""
    return wording.t("{amount} is still due", amount=phrases.money(missing, state))


def due_sentence(
    answer: StillDue | DueChanged | PartRefused | TenderTaken, state: TillState, wording: Wording
) -> str:
    """Not enough was given, too much for a part, or another sum is due than the screen said."""
    match answer:
        case StillDue(missing):
            return short_sentence(missing, state, wording)
        case DueChanged(_, due):
            return wording.t(_DUE_CHANGED, amount=phrases.money(due, state))
        case TenderTaken():
            return part_sentence(answer, wording)
        case PartRefused(remaining):
            return wording.t(
                "At most {amount} can be taken now: give change from cash.",
                amount=phrases.money(remaining, state),
            )


@dataclass(frozen=True, slots=True)
class PartWords:
    """What is said when a part of the money has moved, with its tone and its sound."""

    sentence: str
    tone: NoticeTone
    sound: str = ""


PartAnswer = TenderTaken | TenderRemoved | TenderStays | TenderKept


def part_words(answer: PartAnswer, wording: Wording) -> PartWords:
    """A part was taken, went back or stays: what is still to pay, what the cashier has to do."""
    match answer:
        case TenderTaken():
            return PartWords(part_sentence(answer, wording), "success", "member_ok")
        case TenderRemoved():
            return _went_back(answer, wording)
        case TenderStays() | TenderKept():
            return _stays(answer, wording)


def _went_back(answer: TenderRemoved, wording: Wording) -> PartWords:
    t = wording.t
    amount = phrases.money(answer.tender.amount, answer.state)
    if answer.tender.kind == "cash":
        sentence = t("Hand {amount} back to the customer.", amount=amount)
        return PartWords(sentence, "warning", "need_attention")
    word = tender_word(answer.tender.kind, wording)
    sentence = t("{amount} went back: {tender}.", amount=amount, tender=word)
    return PartWords(sentence, "success", "member_ok")


def _stays(answer: TenderStays | TenderKept, wording: Wording) -> PartWords:
    t = wording.t
    amount = phrases.money(answer.tender.amount, answer.state)
    if isinstance(answer, TenderStays):
        why = t(_NOT_BACK.get(answer.reason, _NOT_BACK["other"]))
        sentence = t("{why} {amount} still counts as paid.", why=why, amount=amount)
        return PartWords(sentence, "danger", "scan_error")
    sentence = t(
        "{amount} counts as paid. If it went back after all, the terminal's paper says so: tell "
        "the manager.",
        amount=amount,
    )
    return PartWords(sentence, "warning")


def set_aside_words(wording: Wording) -> PartWords:
    """Nobody waits for a terminal any more."""
    sentence = wording.t(
        "Take cash. If the other payment turns out to be paid, the manager is told."
    )
    return PartWords(sentence, "warning")


def part_sentence(taken: TenderTaken, wording: Wording) -> str:
    """A part was taken: how much is still to come."""
    amount = phrases.money(taken.remaining, taken.state)
    return wording.t("Received. {amount} is still to pay.", amount=amount)


def refused_part_sentence(refused: CreditStays | NoSuchTender, wording: Wording) -> str:
    """Why nothing was asked back."""
    if isinstance(refused, CreditStays):
        return wording.t("This is what the goods taken back are worth: end the exchange instead.")
    return wording.t("That part went back already.")


def amount_question(received: Money, state: TillState, wording: Wording) -> Question:
    """Before an amount is taken that nobody hands over by chance; Enter is the safe answer."""
    t = wording.t
    return Question(
        title=t("Was {amount} really received?", amount=phrases.money(received, state)),
        sentence=t("That is far more than what is due. Count it again."),
        go_on=t("Yes, received"),
        stay=t("Correct the amount"),
        is_destructive=True,
        icon="cash",
    )


def points_refused_sentence(refused: PointsRefused, wording: Wording) -> str:
    """Why so many points cannot be used."""
    t = wording.t
    most = formatting.points(refused.redeemable)
    match refused.reason:
        case "not_a_step":
            return t("Only in steps of {step} points", step=formatting.points(refused.step))
        case "too_many":
            return t("At most {points} points on this basket", points=most)
        case "POINTS_MINIMUM":
            least = formatting.points(max(refused.minimum, refused.step))
            return t("At least {points} points", points=least)
        case "IDENTIFY_BETTER":
            return t("Scan the member card to use points")
        case "NOT_FOR_PACKS":
            return t("A membership pack is paid with money, not with points")
        case _:
            return t("Points cannot be used on this basket")


def no_sentence(answer: object, state: TillState, wording: Wording) -> str:
    """Why an act did not happen."""
    match answer:
        case NotPayable(why):
            return blocked_sentence(why, state, wording)
        case StillDue() | DueChanged() | PartRefused() | TenderTaken():
            return due_sentence(answer, state, wording)
        case CreditStays() | NoSuchTender():
            return refused_part_sentence(answer, wording)
        case PaymentDeclined() | PaymentWithoutSale():
            return attempt_sentence(answer, state, wording)
        case PointsRefused():
            return points_refused_sentence(answer, wording)
        case NoTerminal():
            return wording.t("No terminal takes this here. Use another tender.")
        case _ if knows(type(answer)):
            return said(answer, state, wording).sentence
        case _:
            return wording.t("This payment is settled already.")
