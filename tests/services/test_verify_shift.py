"""Verify on shifts: sound ones are sound, and every planted fault of a Z is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from app.commands.verify import WHAT
from app.domain.facts import ShiftClosed, canonical_bytes, read_fact
from app.domain.money import Money
from app.domain.shift_sums import CashSums
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.shift import open_shift
from app.services.shift_close import close_shift, count_cash
from app.services.verify import VerifyReport, verify_store
from app.store.waiting_lane import WaitingLane
from tests.real_shop import IDENTITY, MILK, RealShop


@pytest.fixture
def closed(shop: RealShop) -> RealShop:
    """Three shifts of one sale each are closed, a fourth is open and has sold."""
    for number in range(4):
        shop.do(open_shift, typed={"100": "4"} if number == 0 else None)
        shop.do(scan_code, text=MILK)
        shop.do(pay_cash)
        if number < 3:
            shop.do(count_cash, typed={"100": "4", "50": "1", "5": "1", "1": "4"})
            shop.do(close_shift, left=Money(40_000))
    return shop


def verified(shop: RealShop) -> VerifyReport:
    report = VerifyReport()
    for _ in verify_store(lane=WaitingLane(shop.store.lane), identity=IDENTITY, report=report):
        pass
    return report


def sql(shop: RealShop, *statements: str) -> None:
    def run(shop: Any, work: Any) -> None:
        for statement in statements:
            work.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            work.connection.exec_driver_sql(statement)

    shop.do(run)


def test_sound_shifts_are_sound(closed: RealShop) -> None:
    report = verified(closed)
    assert report.faults == []
    assert report.zs == 3


Plant = Callable[[RealShop], None]


def _change_the_z(shop: RealShop) -> None:
    """A Z whose own figures are sound and not those of its sales: the bytes are rewritten."""

    def run(shop: Any, work: Any) -> None:
        kept = work.shifts.by_number(2)
        stored = work.facts.get(kept.z_id)
        fact = read_fact(stored.data)
        assert isinstance(fact, ShiftClosed)
        cash = msgspec.structs.replace(fact.report.cash, float_minor=1)
        assert isinstance(cash, CashSums)
        report = msgspec.structs.replace(fact.report, cash=cash)
        paper = msgspec.structs.replace(fact.paper, report=report)
        data = canonical_bytes(msgspec.structs.replace(fact, paper=paper))
        work.connection.exec_driver_sql(
            "UPDATE fact SET data = ? WHERE op_id = ?", (data, kept.z_id)
        )

    shop.do(run)


A_SALE_OF_2 = (
    "(SELECT op_id FROM shift_fact JOIN fact USING (op_id) WHERE kind LIKE 'sale%recorded.%'"
    " AND shift_id = (SELECT shift_id FROM shift WHERE z_number = 2))"
)
PLANTED = [
    pytest.param(_change_the_z, "z.differs", id="a figure of a Z"),
    pytest.param(
        lambda shop: sql(shop, f"DELETE FROM shift_fact WHERE op_id = {A_SALE_OF_2}"),
        "shift.facts", id="a sale that is in no shift",
    ),
    pytest.param(
        lambda shop: sql(shop, f"DELETE FROM shift_fact WHERE op_id = {A_SALE_OF_2}"),
        "z.differs", id="a Z without one of its sales",
    ),
    pytest.param(
        lambda shop: sql(shop, "UPDATE shift SET left_minor = 1 WHERE z_number = 2"),
        "z.row_differs", id="what was left",
    ),
    pytest.param(
        lambda shop: sql(
            shop,
            "DELETE FROM shift_count WHERE shift_id IN"
            " (SELECT shift_id FROM shift WHERE z_number = 3)",
            "DELETE FROM shift WHERE z_number = 3",
        ),
        "z.count", id="a shift's row",
    ),
    pytest.param(
        lambda shop: sql(
            shop, "DELETE FROM shift_count", "DELETE FROM shift WHERE z_number IS NULL"
        ),
        "shift.late", id="the open shift",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "what"), PLANTED)
def test_a_planted_fault_is_named(closed: RealShop, plant: Plant, what: str) -> None:
    plant(closed)
    report = verified(closed)
    assert what in {fault.what for fault in report.faults}
    assert what in WHAT


def test_a_gap_in_the_numbers_is_named(closed: RealShop) -> None:
    """The Z of the fourth shift skips a number."""
    sql(closed, "UPDATE shift SET z_number = 9 WHERE z_number = 3")
    closed.do(count_cash, typed={"100": "4", "50": "1", "5": "1", "1": "4"})
    done = closed.do(close_shift, left=Money(0))
    assert done.paper.number == 10
    assert {"z.number", "z.row_differs"} <= {fault.what for fault in verified(closed).faults}
    assert "z.number" in WHAT
