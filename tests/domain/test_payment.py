"""What an attempt becomes by its terminal's answer, to take money and to give it back alike."""

from __future__ import annotations

import pytest

from app.domain.money import Money
from app.domain.open_refund import RefundAttempt
from app.domain.payment import (
    Approved,
    Declined,
    NeedsConfirmation,
    NotFound,
    PaymentAttempt,
    QueryResult,
    TimedOut,
    Unknown,
    heard,
    said_by_hand,
    waits_for_cashier,
)

TAKING = PaymentAttempt("a1", "b1", "card", Money(3000), 1_795_255_320_000, "s1")
GIVING = RefundAttempt("r1", "f1", 0, "card", Money(3000), "a1", 1_795_255_320_000, "s1")
BOTH = pytest.mark.parametrize("attempt", [TAKING, GIVING], ids=["taking", "giving back"])


@BOTH
@pytest.mark.parametrize(
    ("said", "moved", "state", "reason"),
    [
        pytest.param(Approved("B-1", "ICBC"), True, "approved", "", id="yes"),
        pytest.param(Declined("insufficient"), False, "declined", "insufficient", id="no"),
        pytest.param(NotFound(), False, "not_found", "not_found", id="it never heard of it"),
        pytest.param(NeedsConfirmation(), None, "started", "", id="look yourself"),
        pytest.param(TimedOut(), None, "unknown", "", id="nothing"),
        pytest.param(Unknown(), None, "unknown", "", id="it does not know"),
        pytest.param(said_by_hand(moved=True), True, "approved", "", id="the cashier: yes"),
        pytest.param(said_by_hand(moved=False), False, "declined", "other", id="the cashier: no"),
    ],
)
def test_what_it_is_after_an_answer(
    attempt: PaymentAttempt | RefundAttempt,
    said: QueryResult,
    moved: bool | None,
    state: str,
    reason: str,
) -> None:
    told = heard(attempt, said)
    assert (told.moved, told.attempt.state, told.reason) == (moved, state, reason)
    assert told.attempt.amount == attempt.amount, "what it is about never changes"
    if isinstance(said, Approved):
        assert (told.attempt.reference, told.attempt.detail) == (said.reference, said.detail)


@BOTH
def test_only_a_separate_terminal_is_answered_for_by_the_cashier(
    attempt: PaymentAttempt | RefundAttempt,
) -> None:
    assert not waits_for_cashier(attempt)
    asked = heard(attempt, NeedsConfirmation()).attempt
    assert waits_for_cashier(asked)
    assert not waits_for_cashier(heard(asked, Unknown()).attempt), "set aside, it is queried"
