"""Terminals: every answer there is, one charge per attempt, no payment code left behind."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.terminals import Behaviour, HandConfirmedTerminal, SimulatedTerminal
from app.domain.money import Money
from app.domain.payment import (
    Approved,
    ChargeResult,
    Declined,
    NeedsConfirmation,
    NotFound,
    QueryResult,
    TimedOut,
    Unknown,
)
from app.services.ports import PaymentTerminal

ATTEMPT = "0193e5a0-7c11-7aa2-9f00-5b1c2d3e4f50"
APPROVED = Approved("SIM-5B1C2D3E4F50", "SIMULATED")
WECHAT = "1312345678901234"


def test_both_terminals_fit_the_port() -> None:
    ports: list[PaymentTerminal] = [HandConfirmedTerminal(), SimulatedTerminal()]
    assert len(ports) == 2


def test_a_separate_terminal_is_answered_for_by_the_cashier() -> None:
    terminal = HandConfirmedTerminal()
    assert terminal.charge(ATTEMPT, Money(11340), "card", None) == NeedsConfirmation()
    assert terminal.query(ATTEMPT) == NeedsConfirmation()
    assert not terminal.is_simulated


ANSWERS = [
    pytest.param("88", APPROVED, [APPROVED], id="approved"),
    pytest.param("01", Declined("insufficient"), [Declined("insufficient")], id="declined"),
    pytest.param("02", Declined("expired_code"), [Declined("expired_code")], id="expired"),
    pytest.param("03", TimedOut(), [APPROVED, APPROVED], id="answer lost"),
    pytest.param("04", Unknown(), [Unknown(), APPROVED, APPROVED], id="not known yet"),
]


@pytest.mark.parametrize(("ending", "answer", "queries"), ANSWERS)
@pytest.mark.parametrize("by", ["payer code", "amount"])
def test_the_last_digits_choose_the_answer(
    by: str, ending: str, answer: ChargeResult, queries: list[QueryResult]
) -> None:
    terminal = SimulatedTerminal()
    if by == "payer code":
        amount, code = Money(11304), WECHAT + ending
    else:
        amount, code = Money(11300 + int(ending)), None
    assert terminal.charge(ATTEMPT, amount, "mobile", code) == answer
    assert [terminal.query(ATTEMPT) for _ in queries] == queries
    took = any(isinstance(result, Approved) for result in queries)
    assert terminal.taken() == ({ATTEMPT: amount} if took else {})


def test_an_attempt_that_never_arrived_is_not_found() -> None:
    assert SimulatedTerminal().query(ATTEMPT) == NotFound()


def test_simulated_money_is_labelled_on_the_receipt() -> None:
    terminal = SimulatedTerminal(label="模拟")
    answer = terminal.charge(ATTEMPT, Money(8800), "mobile", None)
    assert isinstance(answer, Approved)
    assert answer.detail == "模拟"
    assert terminal.is_simulated


def test_a_script_goes_before_the_digits() -> None:
    script: list[Behaviour | None] = ["decline", None]
    terminal = SimulatedTerminal(scripted=lambda: script.pop(0))
    assert terminal.charge("a1", Money(100), "card", None) == Declined("insufficient")
    assert isinstance(terminal.charge("a2", Money(100), "card", None), Approved)


@given(
    amounts=st.dictionaries(st.uuids().map(str), st.integers(1, 10**6), min_size=1, max_size=5),
    order=st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=30),
)
def test_however_often_it_is_asked_an_attempt_is_charged_once(
    amounts: dict[str, int], order: list[tuple[int, bool]]
) -> None:
    terminal = SimulatedTerminal()
    attempts = list(amounts)
    known: dict[str, Approved | Declined] = {}
    for position, charges in order:
        attempt = attempts[position % len(attempts)]
        answer: ChargeResult | QueryResult = (
            terminal.charge(attempt, Money(amounts[attempt]), "mobile", None)
            if charges
            else terminal.query(attempt)
        )
        if attempt in known:
            assert answer == known[attempt]
        if isinstance(answer, Approved | Declined):
            known[attempt] = answer
    for attempt, amount in terminal.taken().items():
        assert amount == Money(amounts[attempt])


def test_two_threads_with_one_attempt_charge_once() -> None:
    terminal = SimulatedTerminal()
    with ThreadPoolExecutor(8) as pool:
        answers = set(
            pool.map(lambda _: terminal.charge(ATTEMPT, Money(8800), "card", None), range(64))
        )
    assert answers == {APPROVED}
    assert terminal.taken() == {ATTEMPT: Money(8800)}


def test_one_attempt_id_for_two_amounts_is_a_bug() -> None:
    terminal = SimulatedTerminal()
    terminal.charge(ATTEMPT, Money(8800), "card", None)
    with pytest.raises(ValueError, match="another amount"):
        terminal.charge(ATTEMPT, Money(8900), "card", None)


def test_a_payment_code_is_neither_kept_nor_logged(caplog: pytest.LogCaptureFixture) -> None:
    code = "139876543210987654"
    terminal = SimulatedTerminal()
    with caplog.at_level(logging.DEBUG):
        answer = terminal.charge(ATTEMPT, Money(8800), "mobile", code)
        with pytest.raises(ValueError, match="another amount") as failure:
            terminal.charge(ATTEMPT, Money(1), "mobile", code)
    seen = [caplog.text, repr(answer), repr(vars(terminal)), str(failure.value)]
    assert all(code not in text for text in seen)


# ------------------------------------------------------------------ giving money back


def test_the_bank_gives_back_what_it_took_once_and_never_more() -> None:
    bank = SimulatedTerminal()
    bank.charge("sale", Money(3000), "mobile", None)
    first = bank.give_back("back-1", Money(2000), "mobile", "sale")
    assert isinstance(first, Approved)
    assert bank.give_back("back-1", Money(2000), "mobile", "sale") == first
    assert bank.query("back-1") == first
    assert bank.give_back("back-2", Money(1100), "mobile", "sale") == Declined("other")
    assert isinstance(bank.give_back("back-3", Money(1000), "mobile", "sale"), Approved)
    assert bank.given_back() == {"back-1": Money(2000), "back-3": Money(1000)}
    assert bank.taken() == {"sale": Money(3000)}
    with pytest.raises(ValueError, match="another amount"):
        bank.give_back("back-1", Money(2100), "mobile", "sale")


def test_the_bank_answers_late_for_money_given_back_too() -> None:
    bank = SimulatedTerminal(scripted=lambda: "unknown")
    assert bank.give_back("back-1", Money(500), "card", "of yesterday") == Unknown()
    assert bank.query("back-1") == Unknown()
    assert isinstance(bank.query("back-1"), Approved)
    assert bank.query("never asked") == NotFound()


def test_a_separate_terminal_is_asked_by_hand_in_both_directions() -> None:
    terminal = HandConfirmedTerminal()
    assert terminal.give_back("back-1", Money(500), "card", "sale") == NeedsConfirmation()
