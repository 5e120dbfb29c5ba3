"""What the refund screen says: a sentence for every answer that it does not show otherwise."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, get_args

import pytest

from app.domain.codes import ReceiptNumber
from app.domain.money import Money
from app.domain.open_refund import RefundAttempt
from app.domain.quantity import pieces
from app.services import (
    goods_exchange,
    pieces_kept,
    refund,
    refund_answers,
    refund_search,
    unlinked_return,
)
from app.services.answers import OpenShiftFirst
from app.wording import load
from tests.ui.till.states import a_state
from ui.refund.find_view import find_sentence
from ui.refund.sentences import refusal_sentence

SHOWN = {
    "AllBackAlready", "ApprovalNeeded", "AskTerminalBack", "AskToKeepPieces", "ExchangeToPay",
    "GaveBackByHand", "GivingBackUnknown", "NoTerminalBack", "NotGivenBack", "PiecesSettled",
    "RefundChanged", "RefundDone", "RefundDoneBefore", "ReturnDone", "ReturnShown", "SaleDone",
    "TerminalsDone",
}  # fmt: skip
"""Answers that the screen shows instead of saying them."""
ATTEMPT = RefundAttempt("a1", "r1", 0, "mobile", Money(1990), "p1", 0, "s1")
NUMBER = ReceiptNumber(7, 3, 1, date(2026, 11, 20), 93)
VALUES: dict[str, Any] = {
    "act": "refund_amount",
    "attempt": ATTEMPT,
    "attempt_id": "a1",
    "block": "empty",
    "free_mb": 12,
    "left": pieces(2),
    "line_id": "1",
    "permission": "sell",
    "receipt_code": "R1",
    "role_id": "cashier",
    "sale_id": "s1",
    "sku": "towel",
    "state": None,
    "text": "6901234567892",
    "why": "empty",
}


def answers() -> list[type]:
    unions = (
        refund.BeginAnswer, refund.ChooseAnswer, refund_answers.ConfirmAnswer,
        refund_answers.FinishBackAnswer, goods_exchange.ConfirmExchangeAnswer,
        pieces_kept.SettleAnswer, unlinked_return.QuoteAnswer, unlinked_return.ReturnAnswer,
    )  # fmt: skip
    found = {each.__name__: each for union in unions for each in get_args(union)}
    return [kind for name, kind in sorted(found.items()) if name not in SHOWN]


def made(kind: type) -> Any:
    if kind is OpenShiftFirst:
        return OpenShiftFirst("none")
    return kind(*[VALUES.get(field.name, "") for field in fields(kind)])


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", answers(), ids=lambda kind: kind.__name__)
def test_every_refusal_has_its_sentence(kind: type, language: str) -> None:
    sentence = refusal_sentence(made(kind), "纯棉毛巾", a_state(), load(language))
    assert sentence.strip()
    assert "{" not in sentence


def test_the_sentence_names_the_goods_and_the_number() -> None:
    answer = refund.TooManyBack("1", pieces(2))
    sentence = refusal_sentence(answer, "纯棉毛巾", a_state(), load("zh_CN"))
    assert sentence == "纯棉毛巾：最多还能退 2。"


def test_what_a_customer_pays_with_is_never_shown() -> None:
    answer = refund.NoSuchRefundLine("134567890123456788")
    sentence = refusal_sentence(answer, "", a_state(), load("en"))
    assert sentence == "That code is not on this receipt."


@pytest.mark.parametrize(
    ("answer", "tone"),
    [
        pytest.param(refund_search.NotAReceipt("x", misread=True), "danger", id="misread"),
        pytest.param(refund_search.NotAReceipt("x", misread=False), "danger", id="unknown"),
        pytest.param(refund_search.NotSoldHere("R1", NUMBER), "warning", id="another till"),
        pytest.param(
            refund_search.NotSoldHere("R1", NUMBER, "offline"), "warning", id="out of reach"
        ),
        pytest.param(
            refund_search.NotSoldHere("R1", NUMBER, "unknown"), "warning", id="known to nobody"
        ),
    ],
)
def test_a_look_that_found_nothing_says_so(answer: Any, tone: str) -> None:
    for language in ("zh_CN", "en"):
        sentence, said_in = find_sentence(answer, load(language))
        assert sentence
        assert said_in == tone
