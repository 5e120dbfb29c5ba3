"""Some days of the machine in every run, faults planted that it must find, and what it once found.

`python -m tests.machine.run` plays thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from app.domain import pieces, refund
from app.domain.shift_sums import CashSums
from app.services import fact_replay
from app.services.scan import scan_code
from app.store.unit_of_work import UnitOfWork
from tests.machine import drawer, rewritten, taking_back
from tests.machine.books import Books
from tests.machine.day import AnyDay
from tests.machine.hands import Hands
from tests.machine.shop import Bank, CountedIds, a_day, furnished
from tests.real_shop import MILK, TOWEL

DAYS = 12
DAYS_UNTIL_FOUND = 40


def play(days: int, *, first: int = 1) -> None:
    """So many days, always the same ones."""
    wanted = settings(
        max_examples=days,
        stateful_step_count=25,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(first)(AnyDay), settings=wanted)


def test_every_day_adds_up() -> None:
    play(DAYS)


# ------------------------------------------------------------------ a test of the tester


def gives_the_same_piece_twice(patch: pytest.MonkeyPatch) -> None:
    free = pieces.free_pieces
    patch.setattr(refund, "free_pieces", lambda line, _taken, count: free(line, (), count))


def rounds_each_piece_down(patch: pytest.MonkeyPatch) -> None:
    def down(amount: int, start: int, end: int, count: int) -> int:
        return amount * (end - start) // count

    patch.setattr(pieces, "piece_share", down)


def forgets_what_was_dropped(patch: pytest.MonkeyPatch) -> None:
    expected = vars(CashSums)["expected_minor"]

    def too_much(cash: CashSums) -> int:
        return int(expected.fget(cash)) + cash.dropped.amount_minor

    patch.setattr(CashSums, "expected_minor", property(too_much))


def makes_no_rows_of_refunds(patch: pytest.MonkeyPatch) -> None:
    rows = {kind: make for kind, make in fact_replay._ROWS.items() if "Refund" not in kind.__name__}
    patch.setattr(fact_replay, "_ROWS", rows)


@pytest.mark.no_cover  # days without a fault, above, count the same lines
@pytest.mark.parametrize(
    "fault",
    [
        gives_the_same_piece_twice,
        rounds_each_piece_down,
        forgets_what_was_dropped,
        makes_no_rows_of_refunds,
    ],
    ids=lambda fault: fault.__name__,
)
def test_a_planted_fault_is_found(fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        play(DAYS_UNTIL_FOUND, first=4)


# ------------------------------------------------------------------ what it once found


class Falling(CountedIds):
    """Ids of one millisecond that come in the wrong order, as chance may bring them."""

    def _scattered(self) -> int:
        self._next -= 1
        return self._next


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    """The day's shop with a shift open, its ids falling."""
    bank = Bank()
    made = Hands(a_day(tmp_path, bank), bank)
    drawer.open_it(made, 40_000)
    made.shop.shop = replace(made.shop.shop, ids=Falling(7))
    yield made
    made.shop.close()


def faults_of(hands: Hands, books: Books) -> Sequence[str]:
    def look(work: UnitOfWork) -> Sequence[str]:
        return books.faults(hands, work)

    return hands.shop.store.lane.submit(look).result()


def test_refunds_whose_ids_are_not_in_their_order_are_restored_as_they_were(hands: Hands) -> None:
    """The visit is settled beside the refund; whoever replayed it waited for a day he had."""
    books = Books(furnished().accounts, furnished().dseq)
    for _ in range(2):
        hands.do(scan_code, text=hands.shop.cards["陈静"])
        for code in (MILK, TOWEL):
            hands.do(scan_code, text=code)
        hands.pay_all_in_cash(0)
    for place in (0, 1, 2):  # milk, towel, and the gift with the milk
        taking_back.begin(hands, hands.sold[0], [(0, 100)])
        taking_back.confirm(hands, "approve")
        assert faults_of(hands, books) == [], place
    assert taking_back.is_all_back(hands, hands.sold[0])
    kinds = {type(fact).__name__ for fact in books.facts}
    assert "PiecesSettled" in kinds, "the second one took the visit back from the first"
    assert list(rewritten.differences(hands.shop)) == []
    assert hands.today == date(2026, 11, 21)
