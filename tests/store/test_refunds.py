"""Refunds in the file: rows, the open one, tries of a terminal. Owns: the repository's contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.fact_parts import RefundedPieces
from app.domain.money import Money
from app.domain.open_refund import ChosenBack, OpenRefund, RefundAttempt
from app.domain.payment import OPEN_STATES
from app.domain.refund_record import Refund
from app.store.changes import Changes
from app.store.errors import Damaged, StoreError
from app.store.opening import OpenStore
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import IDENTITY, a_fact, an_id

DAY = date(2026, 11, 21)


@pytest.fixture
def shop(store: OpenStore) -> OpenStore:
    """A store whose till has its identity."""
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    return store


def a_refund(number: int, **changes: object) -> Refund:
    refund = Refund(
        refund_id=an_id(number),
        receipt_code=f"R{number}",
        sequence=number,
        business_day=DAY,
        refunded_ms=1_000 + number,
        staff_id="li",
        sale_id=an_id(900),
        sale_code="R900",
        worth=Money(1990),
        paid=Money(1980),
        kept_back=Money(10),
        last_piece=False,
        pieces=(
            RefundedPieces(line="1", start=0, end=1, amount_minor=1990, reason="size"),
            RefundedPieces(line="2", start=300, end=842, amount_minor=0),
        ),
    )
    return replace(refund, **changes)  # type: ignore[arg-type] # named by the caller


def test_a_refund_is_read_back_whole_by_every_way(shop: OpenStore) -> None:
    first = a_refund(1)
    unlinked = a_refund(2, sale_id=None, pieces=(), last_piece=True, exchanged_for=an_id(7))

    def write(unit: UnitOfWork) -> Changes:
        for each in (first, unlinked):
            unit.facts.append(a_fact(each.sequence))
            unit.refunds.add(each)
        return unit.changes

    assert shop.lane.submit(write).result().refunds

    def read(unit: UnitOfWork) -> None:
        assert unit.refunds.get(first.refund_id) == first
        assert unit.refunds.by_receipt("R2") == unlinked
        assert unit.refunds.of_sale(an_id(900)) == [first]
        assert unit.refunds.latest() == [unlinked, first]
        assert unit.refunds.latest(1) == [unlinked]
        assert unit.refunds.get("nobody") is None
        assert unit.refunds.by_receipt("R3") is None
        assert unit.refunds.count() == 2
        assert unit.sales.next_sequence(DAY) == 3

    shop.lane.submit(read).result()


def test_a_refund_never_stands_without_its_fact_and_no_number_is_given_twice(
    shop: OpenStore,
) -> None:
    with pytest.raises(StoreError):
        shop.lane.submit(lambda unit: unit.refunds.add(a_refund(1))).result()

    def twice(unit: UnitOfWork) -> None:
        for number in (1, 2):
            unit.facts.append(a_fact(number))
            unit.refunds.add(a_refund(number, sequence=5))

    with pytest.raises(StoreError):
        shop.lane.submit(twice).result()
    assert shop.lane.submit(lambda unit: unit.refunds.count()).result() == 0


def test_the_open_refund_is_one_row_and_a_damaged_one_says_so(shop: OpenStore) -> None:
    begun = OpenRefund(refund_id=an_id(1), sale_id=an_id(2), opened_ms=5, staff_id="li")
    later = OpenRefund(
        refund_id=an_id(1), sale_id=an_id(2), opened_ms=5, staff_id="li",
        chosen=(ChosenBack("1", 2, "quality"),), in_cash=(0,), exchange=True,
    )  # fmt: skip
    lane = shop.lane
    assert lane.submit(lambda unit: unit.refunds.load_open()).result() is None
    for each in (begun, later):
        lane.submit(lambda unit, each=each: unit.refunds.save_open(each)).result()  # type: ignore[misc] # each in turn
        assert lane.submit(lambda unit: unit.refunds.load_open()).result() == each
    lane.submit(lambda unit: unit.refunds.clear_open()).result()
    assert lane.submit(lambda unit: unit.refunds.load_open()).result() is None

    def damage(unit: UnitOfWork) -> None:
        unit.refunds.save_open(begun)
        unit.connection.exec_driver_sql("UPDATE open_refund SET data = x'7b'")

    lane.submit(damage).result()
    with pytest.raises(Damaged):
        lane.submit(lambda unit: unit.refunds.load_open()).result()


def test_a_try_is_kept_before_and_after_its_answer(shop: OpenStore) -> None:
    attempt = RefundAttempt(
        attempt_id=an_id(3), refund_id=an_id(1), tender=0, kind="mobile", amount=Money(500),
        original="a-1", started_ms=7, staff_id="li",
    )  # fmt: skip
    answered = replace(
        attempt, state="approved", by_hand=True, is_set_aside=True, reference="77", detail="x"
    )
    lane = shop.lane
    lane.submit(lambda unit: unit.refunds.put_attempt(attempt)).result()
    assert lane.submit(lambda unit: unit.refunds.attempt(an_id(3))).result() == attempt
    assert lane.submit(lambda unit: unit.refunds.attempts_in(OPEN_STATES)).result() == [attempt]
    lane.submit(lambda unit: unit.refunds.put_attempt(answered)).result()
    assert lane.submit(lambda unit: unit.refunds.attempts_of(an_id(1))).result() == [answered]
    assert lane.submit(lambda unit: unit.refunds.attempts_in(OPEN_STATES)).result() == []
    assert lane.submit(lambda unit: unit.refunds.attempt("none")).result() is None
