"""Payment sentences: what is said to every answer that takes no money. Pure.

Owns: one sentence per refusal, decline and doubt. Does not own: the screen's texts
(view_model.py), sentences of the till (ui/said.py).
"""

from __future__ import annotations

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
from app.services.till_state import PayBlock, TillState
from app.wording import N_, Wording
from ui import formatting, phrases
from ui.kit.dialogs import Question
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
}

_DUE_CHANGED = N_("Prices have changed: {amount} is due now. Tell the customer, then go on.")

_DECLINED: dict[str, str] = {
    "insufficient": N_("Declined: the balance is too low. Nothing was taken."),
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
    answer: StillDue | DueChanged | TenderTaken | PartRefused, state: TillState, wording: Wording
) -> str:
    """Not enough was given, too much for a part, or another sum is due than the screen said."""
    match answer:
        case StillDue(missing):
            return short_sentence(missing, state, wording)
        case TenderTaken(_, remaining):
            return short_sentence(remaining, state, wording)
        case DueChanged(_, due):
            return wording.t(_DUE_CHANGED, amount=phrases.money(due, state))
        case PartRefused(remaining):
            return wording.t(
                "At most {amount} can be taken now: give change from cash.",
                amount=phrases.money(remaining, state),
            )


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
        case _:
            return t("Points cannot be used on this basket")


def no_sentence(answer: object, state: TillState, wording: Wording) -> str:
    """Why an act did not happen."""
    match answer:
        case NotPayable(why):
            return blocked_sentence(why, state, wording)
        case StillDue() | DueChanged() | TenderTaken() | PartRefused():
            return due_sentence(answer, state, wording)
        case PaymentDeclined(_, reason):
            return declined_sentence(reason, wording)
        case PaymentWithoutSale(attempt):
            return without_sale_sentence(phrases.money(attempt.amount, state), wording)
        case PointsRefused():
            return points_refused_sentence(answer, wording)
        case NoTerminal():
            return wording.t("No terminal takes this here. Use another tender.")
        case _ if knows(type(answer)):
            return said(answer, state, wording).sentence
        case _:
            return wording.t("This payment is settled already.")
