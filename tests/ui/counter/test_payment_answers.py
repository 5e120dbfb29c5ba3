"""Every answer a payment can get is acted on or said; none is told as another one."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.money import Money
from app.domain.payment import PaymentAttempt, Tender
from app.services import payment, redeem, tender
from app.services.answers import (
    Changed,
    DiskNearlyFull,
    NoMember,
    NotAllowed,
    OpenShiftFirst,
    PaymentUnderWay,
    SignInFirst,
)
from app.services.checkout import SaleDone
from app.services.payment_answer import (
    ConfirmAmount,
    ConfirmByHand,
    DueChanged,
    NoSuchAttempt,
    NoTerminal,
    NotPayable,
    PartRefused,
    PaymentDeclined,
    PaymentStarted,
    PaymentUnknown,
    PaymentWithoutSale,
    StillDue,
    TenderTaken,
)
from app.services.redeem import PointsRefused
from app.services.tender import (
    AskTenderBack,
    ConfirmTenderBack,
    CreditStays,
    NoSuchTender,
    TenderBackUnknown,
    TenderKept,
    TenderRemoved,
    TenderStays,
)
from app.wording import load
from tests.ui.test_said import answers_of
from tests.ui.till.states import a_state
from ui.payment.sentences import no_sentence, part_words

ASKED_BY_THE_PAYMENT = [
    payment.pay_cash, payment.start_payment, payment.finish_payment, payment.confirm_by_hand,
    payment.set_payment_aside, redeem.redeem_points, redeem.toggle_points,
    tender.take_cash_part, tender.remove_tender, tender.stop_giving_back,
]  # fmt: skip
ACTED_ON = {
    SaleDone, ConfirmAmount, PaymentStarted, PaymentUnknown, ConfirmByHand, Changed,
    AskTenderBack, ConfirmTenderBack, TenderBackUnknown,
}  # fmt: skip
STATE = a_state()
ATTEMPT = PaymentAttempt("a1", "b1", "mobile", Money(1250), 1_795_255_320_000, "s1")
SAID: dict[type, Any] = {
    type(answer): answer
    for answer in (
        StillDue(Money(160)), DueChanged(STATE, Money(1250)), NotPayable("overpaid"),
        NoTerminal("card"), PartRefused(Money(1250)), TenderTaken(STATE, Money(1250)),
        PaymentDeclined(STATE, "cancelled"), PaymentWithoutSale(ATTEMPT), NoSuchAttempt("a1"),
        PointsRefused("too_many", 500, 100, 100), NoMember(), SignInFirst(), NotAllowed("sell"),
        PaymentUnderWay(), DiskNearlyFull(), OpenShiftFirst("none"), CreditStays(),
        NoSuchTender(0),
    )
}  # fmt: skip
CARD = Tender("card", Money(1250), Money(1250), attempt_id="a1")
MOVED: dict[type, Any] = {
    type(answer): answer
    for answer in (
        TenderTaken(STATE, Money(1250)), TenderRemoved(STATE, CARD, Money(1250)),
        TenderStays(STATE, 0, CARD, "other"), TenderKept(STATE, 0, CARD),
    )
}  # fmt: skip


@pytest.mark.parametrize("service", ASKED_BY_THE_PAYMENT, ids=lambda service: service.__name__)
def test_no_answer_of_a_payment_is_forgotten(service: Any) -> None:
    assert answers_of(service) <= ACTED_ON | set(SAID) | set(MOVED)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_each_is_said_by_a_sentence_of_its_own(language: str) -> None:
    sentences = [no_sentence(answer, STATE, load(language)) for answer in SAID.values()]
    assert all(sentences)
    assert len(set(sentences)) == len(SAID)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_each_move_of_a_part_is_said_with_its_sum(language: str) -> None:
    words = [part_words(answer, load(language)) for answer in MOVED.values()]
    assert all("12.50" in each.sentence for each in words)
    assert len({each.sentence for each in words}) == len(MOVED)
    never_heard = part_words(TenderStays(STATE, 0, CARD, "not_found"), load(language))
    assert never_heard.sentence not in {each.sentence for each in words}
