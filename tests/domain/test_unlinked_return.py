"""Goods without a receipt, and the open refund as it is kept. Owns: their cases."""

from decimal import Decimal
from typing import Any

import pytest

from app.domain.money import Money
from app.domain.open_refund import (
    REFUND_REASONS,
    ChosenBack,
    OpenRefund,
    decode_refund,
    encode_refund,
)
from app.domain.program import Prices
from app.domain.quantity import Quantity, pieces
from app.domain.unlinked_return import AboveListPrice, GoodsBack, ReturnQuote, quote_return
from tests.domain.heart_builders import PROGRAM, a_program, op


def goods(**changes: Any) -> GoodsBack:
    fields: dict[str, Any] = {
        "sku": "towel", "name": "纯棉毛巾", "quantity": pieces(2), "unit_price": Money(1995),
        "tax_rate": Decimal("0.13"), "reason": "quality",
    }  # fmt: skip
    return GoodsBack(**(fields | changes))


def quoted(*each: GoodsBack, program: Any = PROGRAM) -> ReturnQuote:
    answer = quote_return(each, program)
    assert isinstance(answer, ReturnQuote)
    return answer


def test_goods_bring_what_they_cost_today_in_whole_steps() -> None:
    apples = goods(sku="apple", quantity=Quantity(842), unit_price=Money(1280))
    quote = quoted(goods(), apples)
    assert [each.amount_minor for each in quote.goods] == [3990, 1078]
    assert (quote.worth, quote.paid, quote.round_off) == (Money(5068), Money(5060), Money(8))
    assert [each.tax_minor for each in quote.goods] == [459, 124]
    assert [each.tax_rate for each in quote.goods] == ["0.13", "0.13"]


def test_less_may_be_agreed_and_never_more() -> None:
    assert quoted(goods(agreed=Money(3000))).worth == Money(3000)
    assert quoted(goods(agreed=Money(0))).paid == Money(0)
    above = quote_return([goods(), goods(agreed=Money(3991))], PROGRAM)
    assert above == AboveListPrice("towel", Money(3990))
    assert quote_return([goods(agreed=Money(-1))], PROGRAM) == AboveListPrice("towel", Money(3990))


def test_tax_on_top_comes_back_with_the_goods() -> None:
    program = a_program(prices=Prices(tax_inclusive=False, round_off_step=None))
    quote = quoted(goods(), program=program)
    assert [(each.amount_minor, each.tax_minor) for each in quote.goods] == [(3990 + 519, 519)]
    assert (quote.paid, quote.round_off) == (Money(4509), Money(0))


@pytest.mark.parametrize(
    "refund",
    [
        pytest.param(
            OpenRefund(refund_id=op(1), sale_id=op(2), opened_ms=5, staff_id="li"), id="new"
        ),
        pytest.param(
            OpenRefund(
                refund_id=op(1), sale_id=op(2), opened_ms=5, staff_id="li", exchange=True,
                chosen=(ChosenBack("1", 2, "size"), ChosenBack("2", 300)), in_cash=(0, 2),
                approved=("refund_late",), approved_by=("wang",), points_kept=40,
            ),
            id="whole",
        ),
    ],
)  # fmt: skip
def test_an_open_refund_is_read_back_as_it_was_kept(refund: OpenRefund) -> None:
    assert decode_refund(encode_refund(refund)) == refund
    assert refund.of_line("2") == (refund.chosen[1] if refund.chosen else None)
    assert len(REFUND_REASONS) == len(set(REFUND_REASONS)) == 6
