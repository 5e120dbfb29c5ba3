"""Refund sentences: what is said where taking goods back is refused or has to wait. Pure.

Owns: one sentence per refusal. Does not own: the texts of the screen (view_model.py and its
siblings), sentences of the till (ui/said.py).
"""

from __future__ import annotations

from app.domain.rights import LimitMissing
from app.domain.unlinked_return import AboveListPrice
from app.services.answers import SignInFirst
from app.services.approval import ActForbidden
from app.services.goods_exchange import ExchangeChanged, NotAnExchange, PaidInParts
from app.services.payment import NotPayable
from app.services.pieces_kept import PiecesGone, PiecesNotKept
from app.services.refund import (
    MoneyMoves,
    NoOpenRefund,
    NoSuchRefundLine,
    NoSuchSale,
    RefundOpenAlready,
    TooManyBack,
    WholePiecesOnly,
)
from app.services.refund_answers import (
    GivenBackTwice,
    IsAnExchange,
    NoSuchTry,
    NothingChosen,
    PayoutChanged,
    ReasonMissing,
)
from app.services.till_state import TillState
from app.services.unlinked_return import (
    GoodsUnknown,
    NoReceiptCode,
    PackNeedsItsSale,
    ReceiptIsHere,
)
from app.wording import N_, Wording
from ui import formatting
from ui.approval.view_model import forbidden_sentence
from ui.kit.dialogs import Question
from ui.payment.sentences import blocked_sentence
from ui.refund.view_model import quantity_text
from ui.said import knows, said

_SHOWN_CODE_MAX = 14
"""Longer ones may be what a customer pays with: never shown, not even in part."""
_PLAIN: dict[type, str] = {
    NothingChosen: N_("Nothing was chosen yet: scan the goods or tap + beside them."),
    NoOpenRefund: N_("This refund is not open any more. Scan the receipt again."),
    NoSuchSale: N_("This till does not hold that sale."),
    RefundOpenAlready: N_("This refund is not finished: finish it, or give it up."),
    MoneyMoves: N_("Money went back already: finish this refund as it is."),
    WholePiecesOnly: N_("These goods come back by the whole piece."),
    PayoutChanged: N_("Another sum goes back than was shown. Tell the customer, then go on."),
    ExchangeChanged: N_("The sums have changed. Tell the customer, then go on."),
    IsAnExchange: N_("New goods are being rung up with it: settle the exchange."),
    NotAnExchange: N_("This is no exchange any more: confirm the refund."),
    PaidInParts: N_("Money was taken for the new goods already: give it back first."),
    NoSuchTry: N_("That try is settled already."),
    PiecesGone: N_(
        "Some of these goods came back at another till meanwhile. Give this refund up and scan the "
        "receipt again."
    ),
    PiecesNotKept: N_(
        "Head office cannot be asked now: goods of another store come back when it can, or without "
        "a receipt."
    ),
    GoodsUnknown: N_("The catalogue has no such goods, or no price for them."),
    AboveListPrice: N_("That is more than the list price."),
    PackNeedsItsSale: N_(
        "A membership pack comes back from its sale only: scan its receipt, or find the sale by "
        "the member. Its tier ends with it."
    ),
    ReceiptIsHere: N_("This till holds that sale: scan its receipt and take the goods back there."),
    NoReceiptCode: N_("This is no receipt code."),
}


def refusal_sentence(answer: object, name: str, till: TillState, wording: Wording) -> str:
    """Why it was not done, in one sentence. `name`: of the current line, which it is about."""
    t = wording.t
    match answer:
        case TooManyBack(_, left):
            return t(
                "{item}: only {quantity} can still come back.",
                item=name,
                quantity=quantity_text(left),
            )
        case NoSuchRefundLine(text):
            return _not_on_receipt(text, wording)
        case ReasonMissing():
            return t("{item}: say why it comes back.", item=name)
        case GivenBackTwice(attempt):
            return t(
                "{amount} went back twice, by the terminal and in cash: tell the manager.",
                amount=formatting.money(attempt.amount, currency=till.program.currency),
            )
        case NotPayable(why):
            return blocked_sentence(why, till, wording)
        case ActForbidden() | LimitMissing() | SignInFirst():
            return forbidden_sentence(answer, wording)
        case _ if type(answer) in _PLAIN:
            return t(_PLAIN[type(answer)])
        case _ if knows(type(answer)):
            return said(answer, till, wording).sentence
        case _:
            raise LookupError(f"nothing is said to {type(answer).__name__}")


def _not_on_receipt(text: str, wording: Wording) -> str:
    if len(text) > _SHOWN_CODE_MAX:
        return wording.t("That code is not on this receipt.")
    return wording.t("{code} is not on this receipt.", code=formatting.shortened_code(text))


def give_up_question(wording: Wording) -> Question:
    """Before chosen goods are forgotten; Enter is the safe answer."""
    t = wording.t
    return Question(
        title=t("Give this refund up?"),
        sentence=t("What was chosen is forgotten. Nothing came back yet."),
        go_on=t("Give it up"),
        stay=t("Keep it"),
        is_destructive=True,
        icon="refund",
    )
