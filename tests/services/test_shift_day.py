"""A day that reconciles to the fen: Z, rows, customers' papers and the printed Z say the same."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from app.devices.receipt_text import receipt_text
from app.domain.facts import SaleRecorded
from app.domain.money import Money, parse_amount
from app.domain.receipt import Receipt
from app.domain.shift_paper import ShiftPaper
from app.services.cash_move import move_cash
from app.services.checkout import SaleDone
from app.services.drawer import open_drawer
from app.services.payment import (
    PaymentStarted,
    ask_terminal,
    confirm_by_hand,
    finish_payment,
    pay_cash,
    start_payment,
)
from app.services.redeem import redeem_points
from app.services.scan import scan_code
from app.services.shift import (
    Reason,
)
from app.services.shift_report import (
    make_x_report,
)
from app.wording import load
from tests.real_shop import APPLE_LABEL, MILK, OIL, TOWEL, RealShop
from tests.services.shifts import (
    begin,
    close,
    count,
    facts,
    with_shifts,
)


@pytest.fixture
def open_shop(shop: RealShop) -> RealShop:
    """李明 has opened a shift with 450.00, in a shop that works with shifts."""
    with_shifts(shop)
    begin(shop)
    return shop


def by_mobile(shop: RealShop) -> None:
    started = shop.do(start_payment, kind="mobile")
    assert isinstance(started, PaymentStarted), started
    result = ask_terminal(shop=shop.shop, attempt=started.attempt, payer_code="134567890123456700")
    done = shop.do(finish_payment, attempt_id=started.attempt.attempt_id, result=result)
    assert isinstance(done, SaleDone), done


def by_card(shop: RealShop) -> None:
    started = shop.do(start_payment, kind="card")
    result = ask_terminal(shop=shop.shop, attempt=started.attempt)
    shop.do(finish_payment, attempt_id=started.attempt.attempt_id, result=result)
    done = shop.do(confirm_by_hand, attempt_id=started.attempt.attempt_id, taken=True)
    assert isinstance(done, SaleDone), done


BASKETS = ((MILK,), (TOWEL, TOWEL, APPLE_LABEL), (OIL, MILK, OIL), (APPLE_LABEL,))


def a_day(shop: RealShop) -> None:
    """Twelve sales: members and walk-ins, three tenders, points, coupons, weights; cash moved."""
    for number in range(12):
        if number % 3 == 0:
            shop.do(scan_code, text=shop.cards["张三丰" if number % 2 else "王小红"])
        for code in BASKETS[number % len(BASKETS)]:
            shop.do(scan_code, text=code)
        if number in (3, 6):
            shop.do(redeem_points, points=300)
        if number % 4 == 1:
            by_mobile(shop)
        elif number % 4 == 2:
            by_card(shop)
        else:
            done = shop.do(pay_cash, received=Money(50_000), confirmed=True)
            assert isinstance(done, SaleDone), done
    shop.do(move_cash, move="drop", amount=Money(20_000), reason=Reason("safe"))
    shop.sign_in("王芳")
    shop.do(move_cash, move="in", amount=Money(5_000), reason=Reason("change"))
    shop.do(move_cash, move="out", amount=Money(1_250), reason=Reason("expense"))
    shop.do(open_drawer, reason="change_money")
    shop.sign_in()


def rows(shop: RealShop, shift_id: str) -> dict[str, Any]:
    """What the store's own tables say of a shift, by plain SQL."""
    sums = (
        "SELECT count(*), sum(list_total_minor), sum(total_minor), sum(round_off_minor),"
        " sum(due_minor), sum(points_earned), sum(points_redeemed), sum(tax_minor),"
        " count(member_id), sum(line_count) FROM sale WHERE shift_id = ?"
    )
    tenders = (
        "SELECT kind, sum(amount_minor), count(*) FROM sale_tender JOIN sale USING (sale_id)"
        " WHERE shift_id = ? GROUP BY kind"
    )
    changes = (
        "SELECT kind, sum(amount_minor), count(*) FROM sale_adjustment JOIN sale USING (sale_id)"
        " WHERE shift_id = ? GROUP BY kind"
    )

    def ask(shop: Any, work: Any) -> dict[str, Any]:
        run = work.connection.exec_driver_sql
        return {
            "sums": tuple(run(sums, (shift_id,)).one()),
            "tenders": {row[0]: (row[1], row[2]) for row in run(tenders, (shift_id,))},
            "changes": {row[0]: (row[1], row[2]) for row in run(changes, (shift_id,))},
        }

    found: dict[str, Any] = shop.do(ask)
    return found


def figure(text: str, label: str) -> int:
    """An amount of a printed line, in minor units."""
    (found,) = re.findall(rf"^ *{label} +([+-]?[\d.]+)$", text, re.MULTILINE)
    amount = parse_amount(found.removeprefix("+"))
    assert isinstance(amount, Money)
    return amount.minor


def test_z_rows_facts_and_receipts_say_the_same(open_shop: RealShop) -> None:
    shift = open_shop.shop.desk.state.shift
    assert shift is not None
    a_day(open_shop)
    open_shop.sign_in("王芳")
    x = open_shop.do(make_x_report).paper
    open_shop.sign_in()
    expected = x.report.cash.expected_minor
    notes, cents = divmod(expected, 10_000)
    tens, rest = divmod(cents, 10)
    assert rest == 0, "cash is rounded to ten fen"
    count(open_shop, {"100": str(notes), "0.1": str(tens)})
    z = close(open_shop, left=45_000).paper
    assert isinstance(z, ShiftPaper)
    assert z.report == x.report, "an X is the Z that would be made now"
    report, kept = z.report, rows(open_shop, shift.shift_id)

    # The store's rows.
    sales = report.sales
    assert kept["sums"] == (
        sales.count, sales.list_total_minor, sales.total_minor, sales.round_off_minor,
        sales.paid_minor, sales.points_earned, sales.points_spent,
        sum(each.tax_minor for each in sales.tax), sales.of_members, sales.lines,
    )  # fmt: skip
    assert sales.count == 12
    assert sales.points_spent == 600
    assert kept["tenders"] == {e.tender: (e.amount_minor, e.count) for e in sales.tenders}
    assert set(kept["tenders"]) == {"cash", "mobile", "card"}
    changes = {e.what: (e.amount_minor, e.count) for e in sales.discounts}
    points = {"points": (-sales.points_off_minor, 2)}
    assert kept["changes"] == changes | points

    # The papers the customers hold.
    papers = receipts_of(open_shop)
    assert len(papers) == 12
    texts = [receipt_text(each, load, columns=48) for each in papers]
    assert sum(figure(text, "应收") for text in texts) == sales.paid_minor
    tax: Counter[str] = Counter()
    for each in papers:
        for row in each.taxes:
            tax[row.rate] += row.tax_minor
    assert {row.rate: row.tax_minor for row in sales.tax} == dict(tax)

    # The Z as it was printed.
    printed = receipt_text(z, load, columns=48)
    assert figure(printed, "实收") == sales.paid_minor
    assert figure(printed, "标价合计") == sum(each.list_total_minor for each in papers)
    assert figure(printed, "钱箱应有") == expected == figure(printed, "实点")
    assert figure(printed, "无销售开钱箱") == 100  # one, as a figure without cents
    cash = sum(
        tender.amount_minor - each.change_minor
        for each in papers for tender in each.tenders if tender.kind == "cash"
    )  # fmt: skip
    assert expected == 45_000 + cash - 20_000 + 5_000 - 1_250


def receipts_of(shop: RealShop) -> list[Receipt]:
    return [fact.receipt for fact in facts(shop) if isinstance(fact, SaleRecorded)]
