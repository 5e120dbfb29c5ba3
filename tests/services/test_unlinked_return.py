"""Goods without a receipt: an approval, cash, no points."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.facts import ReturnRecorded, read_fact
from app.domain.money import Money
from app.domain.quantity import pieces
from app.domain.unlinked_return import AboveListPrice
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge
from app.services.refund_answers import (
    NothingChosen,
    RefundDoneBefore,
)
from app.services.unlinked_return import (
    GoodsUnknown,
    NoReceiptCode,
    ReceiptIsHere,
    ReturnDone,
    ReturnItem,
    ReturnShown,
    ReturnWanted,
    confirm_return,
    new_return,
    show_return,
)
from tests.real_shop import TOWEL, RealShop
from tests.services.conftest import trail
from tests.services.refunds import (
    sold,
    verified,
)

PAPER = receipt_code(ReceiptNumber(7, 3, 1, date(2026, 11, 20), 12)).text


def wanted(shop: RealShop, *items: ReturnItem, code: str = "") -> ReturnWanted:
    return ReturnWanted(new_return(shop=shop.shop), items, code)


def test_goods_without_a_receipt_need_a_yes_and_move_money_only(shop: RealShop) -> None:
    towels = ReturnItem("towel", pieces(2), "quality", Money(3000))
    asked = wanted(shop, towels, code=PAPER.lower())
    quote = shop.do(show_return, wanted=asked)
    assert isinstance(quote, ReturnShown)
    assert (quote.worth, quote.paid, quote.round_off) == (Money(3000), Money(3000), Money(0))
    assert [need.act for need in quote.approvals] == ["return_unlinked"]
    needed = shop.do(confirm_return, wanted=asked)
    assert isinstance(needed, ApprovalNeeded)
    yes = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(yes, Approved), yes
    assert isinstance(yes.answer, ReturnDone)
    assert yes.answer.cash == Money(3000)
    stored = shop.do(lambda shop, work: work.facts.get(asked.return_id))
    fact = read_fact(stored.data)
    assert isinstance(fact, ReturnRecorded)
    assert (fact.sale_code, fact.member, fact.effects) == (PAPER, None, ())
    assert fact.approved_by == (shop.staff["王芳"],)
    assert [(g.sku, g.amount_minor, g.reason) for g in fact.goods] == [("towel", 3000, "quality")]
    assert fact.receipt.sale_code == PAPER
    again = shop.do(confirm_return, wanted=asked)
    assert again == RefundDoneBefore(asked.return_id, fact.receipt)
    (row,) = shop.do(lambda shop, work: work.refunds.latest())
    assert (row.sale_id, row.sale_code, row.paid) == (None, PAPER, Money(3000))
    assert "return_unlinked" in trail(shop)
    assert verified(shop) == []


def test_what_a_return_without_a_receipt_refuses(shop: RealShop) -> None:
    towel = ReturnItem("towel", pieces(1), "quality")
    sale_id = sold(shop, TOWEL)
    here = shop.do(lambda shop, work: work.sales.get(sale_id)).receipt_code

    def quoted(*items: ReturnItem, code: str = "") -> Any:
        return shop.do(show_return, wanted=wanted(shop, *items, code=code))

    assert quoted() == NothingChosen()
    assert quoted(ReturnItem("nobody", pieces(1), "other")) == GoodsUnknown("nobody")
    dear = replace(towel, agreed=Money(1991))
    assert quoted(dear) == AboveListPrice("towel", Money(1990))
    assert quoted(towel, code="7") == NoReceiptCode("7")
    assert quoted(towel, code=here) == ReceiptIsHere(here)
    assert quoted(towel).paid == Money(1990)
