"""Verify names what is wrong with refunds. Owns: planted faults, one a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as replace_value
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.facts import RefundRecorded, canonical_bytes
from app.domain.stored_fact import FactToAppend
from app.services.verify import VerifyReport, verify_store
from tests.real_shop import DAY, IDENTITY, TOWEL, RealShop
from tests.services.refunds import fact_of, refunded, sold


def faults(shop: RealShop) -> list[str]:
    report = VerifyReport()

    class Waiting:
        def run(self, work: Any) -> Any:
            return shop.store.lane.submit(work).result()

    for _ in verify_store(lane=Waiting(), identity=IDENTITY, report=report):
        pass
    return [fault.what for fault in report.faults]


def statement(text: str) -> Callable[[RealShop, RefundRecorded], None]:
    def plant(shop: RealShop, refund: RefundRecorded) -> None:
        def run(shop: Any, work: Any) -> None:
            work.connection.exec_driver_sql(text)

        shop.do(run)

    return plant


def the_same_again(shop: RealShop, refund: RefundRecorded) -> None:
    """A second refund of the same pieces that nobody has settled."""
    code = receipt_code(ReceiptNumber(7, 2, 1, DAY, 77)).text
    twin = replace(refund, op_id=f"{refund.op_id[:-1]}x", code=code, receipt=None)

    def write(shop: Any, work: Any) -> None:
        row = work.refunds.get(refund.op_id)
        work.facts.append(
            FactToAppend(
                op_id=twin.op_id, kind="refund_recorded.2", member_ids=(), business_day=twin.day,
                moment=twin.clock, data=canonical_bytes(twin),
            )
        )  # fmt: skip

        work.refunds.add(replace_value(row, refund_id=twin.op_id, receipt_code=code, sequence=77))

    shop.do(write)


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        pytest.param(lambda shop, refund: None, [], id="nothing"),
        pytest.param(
            statement("DELETE FROM refund_piece"), ["refund.row_differs"], id="its-pieces-are-gone"
        ),
        pytest.param(
            statement("UPDATE refund SET paid_minor = paid_minor + 1"),
            ["refund.row_differs"],
            id="another-sum",
        ),
        pytest.param(the_same_again, ["refund.twice", "refund.too_much"], id="the-same-again"),
    ],
)
def test_verify_names_the_fault(
    shop: RealShop, plant: Callable[[RealShop, RefundRecorded], None], found: list[str]
) -> None:
    done = refunded(shop, sold(shop, TOWEL), (0, 1))
    plant(shop, fact_of(shop, done.refund_id))
    assert faults(shop) == found


def test_a_refund_without_its_row_is_missed(shop: RealShop) -> None:
    refunded(shop, sold(shop, TOWEL), (0, 1))
    statement("DELETE FROM refund_piece")(shop, None)  # type: ignore[arg-type] # it looks at nothing
    statement("DELETE FROM refund")(shop, None)  # type: ignore[arg-type] # as above
    assert faults(shop) == ["refund.no_row", "refund.count"]
