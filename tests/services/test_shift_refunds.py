"""Refunds, exchanges and returns on the Z: what comes back is taken off, to the fen and to zero."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.devices.receipt_text import receipt_text
from app.domain.money import Money, parse_amount
from app.domain.quantity import pieces
from app.domain.refund_receipt import RefundReceipt
from app.domain.shift_paper import ShiftPaper
from app.services.answers import OpenShiftFirst
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge
from app.services.checkout import SaleDone
from app.services.goods_exchange import confirm_exchange, make_exchange
from app.services.payment import pay_cash
from app.services.refund import begin_refund, choose_back
from app.services.refund_answers import RefundDone
from app.services.refund_payment import confirm_refund
from app.services.scan import scan_code
from app.services.shift import Reason, open_shift
from app.services.shift_close import (
    RefundOpen,
    ShiftWasClosed,
    close_shift,
    count_cash,
    look_at_close,
)
from app.services.shift_report import report_of_shift
from app.wording import load
from tests.real_shop import MILK, OIL, SETTINGS, TOWEL, RealShop
from tests.services.refunds import Scripted, chosen, shop_with, sold, tried, verified


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    """A shift of 450.00 is open in a shop that works with shifts."""
    for made in shop_with(Scripted(), tmp_path):
        made.use_settings(msgspec.structs.replace(SETTINGS, shifts_required=True, printer="none"))
        made.sign_in()
        made.do(open_shift, typed={"100": "4", "10": "5"})
        yield made


def gave_back(shop: RealShop, sale_id: str, *choices: tuple[int, int]) -> RefundDone:
    """Goods back with whatever it takes: a colleague's yes, a terminal."""
    state = chosen(shop, sale_id, *choices)
    answer = shop.do(confirm_refund, refund_id=state.refund_id, shown=state.total.back)
    while not isinstance(answer, RefundDone):
        if isinstance(answer, ApprovalNeeded):
            badge = shop.badges["王芳"]
            yes = shop.do(approve_with_badge, request_id=answer.request_id, badge=badge)
            assert isinstance(yes, Approved), yes
            answer = yes.answer
        else:
            answer = tried(shop, answer)
    return answer


def z_of(shop: RealShop) -> ShiftPaper:
    """Count what is there and close."""
    shift = shop.shop.desk.state.shift
    assert shift is not None
    report = shop.do(lambda shop, work: report_of_shift(work=work, shift_id=shift.shift_id))
    notes, rest = divmod(report.cash.expected_minor, 10_000)
    assert rest % 10 == 0, "cash is given in whole coins"
    shop.do(count_cash, typed={"100": str(notes), "0.1": str(rest // 10)})
    done = shop.do(close_shift, left=Money(0))
    assert isinstance(done, ShiftWasClosed), done
    assert done.paper.over_short_minor == 0
    return done.paper


def test_an_open_refund_is_finished_before_the_drawer_is_counted(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    shop.do(begin_refund, sale_id=sale_id)
    assert shop.do(look_at_close) == RefundOpen()
    assert shop.do(count_cash, typed={}) == RefundOpen()


def test_no_refund_without_an_open_shift(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    z_of(shop)
    state = chosen(shop, sale_id, (0, 1))
    answer = shop.do(confirm_refund, refund_id=state.refund_id, shown=state.total.back)
    assert answer == OpenShiftFirst("none")


def test_refunds_and_an_exchange_on_the_z(shop: RealShop) -> None:
    cash_sale = sold(shop, TOWEL, TOWEL, MILK)
    mobile_sale = sold(shop, OIL, MILK, member="张三丰", kind="mobile")
    first = gave_back(shop, cash_sale, (0, 1))
    second = gave_back(shop, mobile_sale, (1, 1))
    exchanged = shop.do(begin_refund, sale_id=cash_sale).state
    shop.do(choose_back, line_id=exchanged.lines[1].line_id, quantity=pieces(1), reason="size")
    shop.do(make_exchange, refund_id=exchanged.refund_id)
    shop.do(scan_code, text=OIL)
    shop.do(confirm_exchange, refund_id=exchanged.refund_id)
    assert isinstance(shop.do(pay_cash, received=Money(1_000)), SaleDone)
    z = z_of(shop)
    report = z.report
    assert (report.sales.count, report.refunds.count) == (3, 3)

    # The store's rows.
    def rows(shop: Any, work: Any) -> tuple[Any, ...]:
        run = work.connection.exec_driver_sql
        sums = (
            "SELECT count(*), sum(worth_minor), sum(paid_minor), sum(kept_back_minor) FROM refund"
        )
        return tuple(run(sums).one())

    paid = report.refunds.paid_minor
    assert shop.do(rows) == (
        3, report.refunds.amount_minor, paid, report.refunds.kept_back_minor,
    )  # fmt: skip

    # The papers the customers hold.
    papers = [each for each in shop.paper.others if isinstance(each, RefundReceipt)]
    assert len(papers) == 3
    assert sum(each.paid_minor for each in papers) == paid
    assert sum(each.worth_minor for each in papers) == report.refunds.amount_minor

    # The drawer: only what went through it.
    cash = {each.tender: each.amount_minor for each in report.refunds.tenders}
    assert cash["cash"] == first.cash.minor == report.cash.refunds_minor
    assert cash["mobile"] == second.receipt.paid_minor
    other_in = {each.tender: each.amount_minor for each in report.sales.tenders}["other"]
    assert cash["other"] == other_in, "an exchange cancels out in the tenders"
    printed = receipt_text(z, load, columns=48)
    (shown,) = re.findall(r"^实退 +(-[\d.]+)$", printed, re.MULTILINE)
    assert parse_amount(shown) == Money(-paid)
    assert verified(shop) == []


def test_everything_given_back_comes_to_zero(shop: RealShop) -> None:
    one = sold(shop, TOWEL, TOWEL, MILK, OIL)
    two = sold(shop, MILK, TOWEL, member="王小红", kind="mobile")
    for choices in (((0, 1),), ((1, 1), (0, 1)), ((2, 1),)):
        gave_back(shop, one, *choices)
    gave_back(shop, two, (1, 1))
    gave_back(shop, two, (0, 1))
    report = z_of(shop).report
    assert report.sales.paid_minor == report.refunds.paid_minor > 0
    assert report.cash.expected_minor == 45_000
    assert {each.rate: (each.net_minor, each.tax_minor) for each in report.sales.tax} == {
        each.rate: (each.net_minor, each.tax_minor) for each in report.refunds.tax
    }
    assert report.sales.points_earned == report.refunds.points_taken_back > 0
    assert verified(shop) == []


def test_more_given_back_than_was_ever_in_the_drawer_is_shown_below_zero(shop: RealShop) -> None:
    """Somebody paid it out of his own pocket: the report says so instead of hiding it."""
    sale_id = sold(shop, MILK)
    z_of(shop)
    shop.do(open_shift, typed={})
    gave_back(shop, sale_id, (0, 1))
    counted = shop.do(count_cash, typed={})
    assert counted.count.expected == Money(-5_900)
    asked = shop.do(close_shift, left=Money(0), reason=Reason("other", "先从自己钱包垫付"))
    assert isinstance(asked, ApprovalNeeded)
    badge = shop.badges["王芳"]
    yes = shop.do(approve_with_badge, request_id=asked.request_id, badge=badge)
    assert isinstance(yes, Approved)
    assert isinstance(yes.answer, ShiftWasClosed)
    assert yes.answer.paper.over_short_minor == 5_900
    printed = receipt_text(yes.answer.paper, load, columns=32)
    assert re.search(r"^钱箱应有 +-59\.00$", printed, re.MULTILINE)
    assert verified(shop) == []
