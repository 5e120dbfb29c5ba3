"""The receipt as data: it adds up or it does not exist, and it survives its own encoding."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from app.domain.receipt import (
    Receipt,
    ReceiptTax,
    as_copy,
    line_savings_minor,
)
from tests.devices.receipts import a_mixed_receipt, a_receipt, a_small_receipt, receipts

WRONG = [
    pytest.param({"list_total_minor": 17757}, "list_total", id="list total"),
    pytest.param({"total_minor": 11344}, "total is", id="total"),
    pytest.param({"points_off_minor": 0}, "adjustments - points", id="points forgotten"),
    pytest.param({"order_adjustments": ()}, "adjustments - points", id="coupon forgotten"),
    pytest.param({"round_off_minor": 0}, "due is", id="round-off"),
    pytest.param({"change_minor": 0}, "tenders - change", id="change"),
    pytest.param({"tenders": ()}, "tenders - change", id="nothing paid"),
    pytest.param({"tax_included": False}, "due is", id="tax on top"),
    pytest.param({"code": "R001020101XW00570"}, "receipt code", id="check character"),
    pytest.param({"code": "M0000000000000"}, "receipt code", id="a member's code"),
    pytest.param({"copy": 0}, "copy number", id="copy"),
    pytest.param({"languages": ()}, "one or two languages", id="no language"),
    pytest.param({"languages": ("zh_CN", "en", "de")}, "languages", id="three languages"),
]


@pytest.mark.parametrize(("changes", "says"), WRONG)
def test_a_receipt_that_does_not_add_up_cannot_exist(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        a_receipt(**changes)


@pytest.mark.parametrize("quantity", ["0", "-1", "1.2345", "two", "1e3"])
def test_a_quantity_is_a_plain_decimal(quantity: str) -> None:
    line = msgspec.structs.replace(a_small_receipt().lines[0], quantity=quantity)
    with pytest.raises(AssertionError, match="quantity"):
        a_small_receipt(lines=(line,))


@pytest.mark.parametrize(
    "card", ["13800138000", "138****8000", "M4T9WK2H7XQ36W", "", "M4T9WK2****"]
)
def test_only_a_masked_card_number_names_the_member(card: str) -> None:
    member = a_receipt().member
    assert member is not None
    with pytest.raises(AssertionError, match="masked card"):
        a_receipt(member=msgspec.structs.replace(member, card_masked=card))


def test_an_amount_beyond_any_sale_is_a_bug() -> None:
    tenders = (msgspec.structs.replace(a_small_receipt().tenders[0], amount_minor=2 * 10**12),)
    with pytest.raises(AssertionError, match="larger than any sale"):
        a_small_receipt(tenders=tenders, change_minor=2 * 10**12 - 200)


def test_tax_on_top_is_part_of_the_due() -> None:
    receipt = a_small_receipt(
        tax_included=False,
        taxes=(ReceiptTax(rate="0.08", net_minor=200, tax_minor=16),),
        due_minor=216,
        tenders=(msgspec.structs.replace(a_small_receipt().tenders[0], amount_minor=216),),
    )
    assert receipt.due_minor == 216


def test_savings_of_the_lines_are_signed() -> None:
    assert line_savings_minor(a_receipt()) == -2615


def test_a_reprint_is_the_same_receipt() -> None:
    again = as_copy(a_mixed_receipt(), 5)
    assert again.copy == 5
    assert as_copy(again, 2) == a_mixed_receipt()


@settings(max_examples=100, deadline=None)
@given(receipt=receipts())
def test_a_receipt_comes_back_from_its_fact_unchanged(receipt: Receipt) -> None:
    assert msgspec.json.decode(msgspec.json.encode(receipt), type=Receipt) == receipt


def test_a_hundred_lines_leave_room_in_a_fact() -> None:
    lines = a_receipt().lines * 25
    small = a_small_receipt(
        lines=tuple(
            msgspec.structs.replace(line, net_minor=line.list_minor, adjustments=())
            for line in lines
        ),
        list_total_minor=17758 * 25,
        total_minor=17758 * 25,
        due_minor=17758 * 25,
        tenders=(msgspec.structs.replace(a_small_receipt().tenders[0], amount_minor=17758 * 25),),
    )
    assert len(msgspec.json.encode(small)) < 20_000
