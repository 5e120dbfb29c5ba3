"""Answers: which state one leads to, and which one stands when several come."""

from __future__ import annotations

import pytest

from app.domain.outbox import Answer, Difference, OutboxState, Outcome, state_after, state_told

FEWER = Difference(kind="overdraft", case="case-1", points=-40)


def answer(outcome: Outcome, *differences: Difference) -> Answer:
    return Answer("op", 1, 7, outcome, differences=differences)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        pytest.param(answer("accepted"), "acknowledged", id="accepted"),
        pytest.param(answer("accepted", FEWER), "adjusted", id="accepted, but something differs"),
        pytest.param(answer("accepted_adjusted", FEWER), "adjusted", id="adjusted"),
        pytest.param(answer("quarantined"), "quarantined", id="waits for head office"),
        pytest.param(answer("rejected"), "set_aside", id="a request refused"),
        pytest.param(answer("retry"), "pending", id="later"),
        pytest.param(answer("fork"), "pending", id="another till's place"),
    ],
)
def test_an_answer_leads_to_its_state(told: Answer, state: OutboxState) -> None:
    assert state_told(told) == state


CASES = """
  # known         answer             decided   | state
    pending       accepted           no        | acknowledged
    pending       rejected           no        | set_aside
    pending       retry              no        | pending
    acknowledged  quarantined        no        | acknowledged
    quarantined   accepted           no        | quarantined
    quarantined   accepted           yes       | acknowledged
    quarantined   accepted_adjusted  yes       | adjusted
    set_aside     accepted           yes       | acknowledged
    set_aside     rejected           yes       | set_aside
    given_up      rejected           no        | given_up
    acknowledged  retry              yes       | acknowledged
    acknowledged  fork               no        | acknowledged
"""


ROWS = [line for line in CASES.splitlines() if "|" in line and "#" not in line]


@pytest.mark.parametrize("case", ROWS)
def test_the_first_answer_stands_until_the_server_decides_anew(case: str) -> None:
    left, after = case.split("|")
    known, outcome, decided = left.split()
    told = answer(outcome)  # type: ignore[arg-type] # the table's words are outcomes
    assert state_after(known, told, decided=decided == "yes") == after.strip()  # type: ignore[arg-type] # as above


@pytest.mark.parametrize(("let_go", "after"), [(True, "given_up"), (False, "set_aside")])
def test_who_gave_it_up_is_not_asked_again(*, let_go: bool, after: str) -> None:
    """The server had forgotten it, and refuses it a second time."""
    assert state_after("pending", answer("rejected"), decided=False, let_go=let_go) == after
    assert state_after("pending", answer("accepted"), decided=False, let_go=let_go) == (
        "acknowledged"
    )
