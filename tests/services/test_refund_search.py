"""The sale whose goods come back is found, and its paper printed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.money import Money
from app.domain.quantity import pieces
from app.domain.refund_receipt import as_refund_copy
from app.services.answers import DiskNearlyFull
from app.services.refund import begin_refund
from app.services.refund_answers import RefundDone
from app.services.refund_payment import confirm_refund
from app.services.refund_receipt import (
    RefundReprinted,
    RefundUnknown,
    reprint_refund,
)
from app.services.refund_search import (
    AllBackAlready,
    IsARefund,
    NoSaleNumbered,
    NotAReceipt,
    NotSoldHere,
    SaleFound,
    SalesListed,
    SalesWanted,
    find_sale,
    list_sales,
)
from app.services.unlinked_return import ReturnItem, ReturnWanted, confirm_return, new_return
from tests.real_shop import (
    MILK,
    TOWEL,
    RealShop,
)
from tests.services.refunds import (
    chosen,
    refunded,
    sold,
)

# ------------------------------------------------------------------ finding


def test_a_sale_is_found_by_code_number_member_day_and_amount(shop: RealShop) -> None:
    first = sold(shop, TOWEL)
    second = sold(shop, MILK, member="陈静")
    code = shop.do(lambda shop, work: work.sales.get(first)).receipt_code
    for text in (code, code.lower(), f" {code} ", "1", "0001", "20261121-1", "2026-11-21-0001"):
        found = shop.do(find_sale, text=text)
        assert isinstance(found, SaleFound), text
        assert found.sale.sale_id == first
    assert shop.do(find_sale, text="7") == NoSaleNumbered(7, date(2026, 11, 21))
    assert shop.do(find_sale, text="milk") == NotAReceipt("milk", misread=False)
    assert shop.do(find_sale, text="20261341-1") == NotAReceipt("20261341-1", misread=False)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert shop.do(find_sale, text=wrong) == NotAReceipt(wrong, misread=True)

    def ids(**wanted: Any) -> list[str]:
        answer = shop.do(list_sales, wanted=SalesWanted(**wanted))
        assert isinstance(answer, SalesListed)
        return [sale.sale_id for sale in answer.sales]

    assert ids() == [second, first]
    assert ids(member_id=shop.members["陈静"]) == [second]
    assert ids(day=date(2026, 11, 21), due=Money(1990)) == [first]
    assert ids(day=date(2026, 11, 21)) == [second, first]
    assert ids(day=date(2026, 11, 20)) == []


def test_what_came_back_says_when_by_whom_and_never_comes_back_again(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    done = refunded(shop, sale_id, (0, 1))
    code = shop.do(lambda shop, work: work.sales.get(sale_id)).receipt_code
    back = shop.do(find_sale, text=code)
    assert isinstance(back, AllBackAlready)
    assert back.sale.paid_back == Money(1990)
    (row,) = back.refunds
    assert (row.receipt_code, row.staff_name, row.paid) == (done.receipt.code, "李*", Money(1990))
    again = shop.do(find_sale, text=done.receipt.code)
    assert isinstance(again, IsARefund)
    assert again.sale_code == code


def test_a_receipt_of_another_till_is_known_for_what_it_is(shop: RealShop) -> None:
    number = ReceiptNumber(7, 3, 1, date(2026, 11, 20), 12)
    other = receipt_code(number).text
    assert shop.do(find_sale, text=other) == NotSoldHere(other, number)


def test_the_paper_is_printed_again_as_a_copy(shop: RealShop) -> None:
    done = refunded(shop, sold(shop, TOWEL), (0, 1))
    again = shop.do(reprint_refund, refund_id=done.refund_id)
    assert isinstance(again, RefundReprinted)
    assert (again.copy, again.receipt.copy) == (2, 2)
    assert again.receipt.lines == done.receipt.lines
    assert shop.do(reprint_refund, refund_id=done.refund_id).copy == 3
    assert shop.do(reprint_refund, refund_id="nobody") == RefundUnknown("nobody")
    assert shop.paper.others[-1] == as_refund_copy(done.receipt, 3)


def test_nothing_new_begins_on_a_disk_without_room(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    state = chosen(shop, sale_id, (0, 1))
    shop.shop = replace(shop.shop, has_room=lambda: False)
    done = shop.do(confirm_refund, refund_id=state.refund_id)
    assert isinstance(done, RefundDone), "what was begun can be finished"
    assert shop.do(begin_refund, sale_id=sale_id) == DiskNearlyFull()
    towel = ReturnItem("towel", pieces(1), "quality")
    wanted = ReturnWanted(new_return(shop=shop.shop), (towel,))
    assert shop.do(confirm_return, wanted=wanted) == DiskNearlyFull()
