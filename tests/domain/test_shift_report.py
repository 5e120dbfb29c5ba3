"""The report of a shift: one function over facts, checked against sums made another way."""

from collections import Counter
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import facts as ft
from app.domain.pieces import Interval
from app.domain.refund_fact import FirstRefundRecorded
from app.domain.shift_paper import ShiftEnd, as_copy
from app.domain.shift_report import refunded_sales, shift_of, shift_report
from app.domain.shift_sums import CashSums, SaleSums, ShiftReport, TaxSum, TenderSum
from tests.domain.heart_builders import a_line, a_sale, op
from tests.domain.sale_strategies import partitions, sales
from tests.domain.shift_builders import (
    DAY,
    SHIFT,
    a_count,
    a_paper,
    an_x,
    closed,
    common,
    drawer_opened,
    moved,
    opened,
    refunded,
    sold,
)


def test_nothing_happened() -> None:
    assert shift_report([], {}) == ShiftReport()
    assert shift_report([opened()], {}).cash.expected_minor == 45_000


def test_the_drawer_of_a_day() -> None:
    sale = sold(501)
    report = shift_report(
        [
            opened(),
            sale,
            sold(502, tenders=(ft.FactTender(kind="mobile", amount_minor=5970),), member=None),
            refunded(503, sale, [Interval("1", 0, 1)]),
            moved(504, "in", 10_000),
            moved(505, "out", 3_500),
            moved(506, "out", 1_500),
            moved(507, "drop", 20_000),
            drawer_opened(508),
            ft.ShiftTakenOver(**common(509), shift=SHIFT, before="staff-zhang"),
        ],
        {sale.op_id: sale},
    )
    assert report.cash.expected_minor == 45_000 + 5970 - 1990 + 10_000 - 5_000 - 20_000
    assert (report.cash.paid_out.count, report.cash.paid_out.amount_minor) == (2, 5_000)
    assert (report.sales.count, report.sales.of_members) == (2, 1)
    assert report.sales.tenders == (
        TenderSum(tender="cash", count=1, amount_minor=5970),
        TenderSum(tender="mobile", count=1, amount_minor=5970),
    )
    assert report.refunds.paid_minor == 1990
    assert report.drawer_openings == 1
    assert report.cashiers == ("staff-li", "staff-zhang")
    assert report.last_code != report.first_code


def test_discounts_by_kind_and_points_apart() -> None:
    line = a_line(
        net_minor=4_873,
        adjustments=(ft.FactAdjustment(rule="silver", kind="tier", amount_minor=-597),),
    )
    order = (
        ft.FactAdjustment(rule="60-5", kind="coupon", amount_minor=-300, by_line=(("1", -300),)),
        ft.FactAdjustment(rule="points", kind="points", amount_minor=-200, by_line=(("1", -200),)),
    )
    sale = sold(501, lines=(line,), adjustments=order, points_off_minor=200, round_off_minor=3)
    report = shift_report([sale, sale], {})
    assert [(each.what, each.count, each.amount_minor) for each in report.sales.discounts] == [
        ("coupon", 2, -600),
        ("tier", 2, -1194),
    ]
    assert report.sales.points_off_minor == 400
    assert report.sales.round_off_minor == 6
    assert report.sales.paid_minor == 2 * 4_870


def test_tax_on_top_and_of_refunds() -> None:
    line = a_line(tax_minor=776)
    sale = sold(
        501,
        lines=(line,),
        tax_inclusive=False,
        tax=(ft.FactTax(tax_rate="0.13", net_minor=5970, tax_minor=776),),
    )
    back = refunded(502, sale, [Interval("1", 1, 3)])
    report = shift_report([sale, back], {sale.op_id: sale})
    assert report.sales.tax_on_top_minor == 776
    assert report.sales.tax == (TaxSum(rate="0.13", net_minor=5970, tax_minor=776),)
    # Two of three pieces: R(3) - R(1), each rounded half up.
    assert report.refunds.tax == (TaxSum(rate="0.13", net_minor=3980, tax_minor=776 - 259),)
    assert report.refunds.amount_minor == 3980 + 776 - 259
    unknown = shift_report([back], {})
    assert unknown.refunds.tax == (TaxSum(rate="", net_minor=3980 + 776 - 259, tax_minor=0),)


@pytest.mark.parametrize("included", [True, False])
def test_a_return_without_its_sale(included: bool) -> None:
    # The receipt is only asked how its prices are; heart_builders' own papers are of sales.
    from tests.domain.test_facts import SAMPLES

    sample = SAMPLES["return_recorded.1"]()
    assert isinstance(sample, ft.ReturnRecorded)
    receipt = msgspec.structs.replace(sample.receipt, tax_included=included)
    goods = (
        ft.ReturnedGoods(sku="a", name="毛巾", quantity_thousandths=1000, amount_minor=2249,
                         tax_rate="0.13", tax_minor=259),
    )  # fmt: skip
    back = msgspec.structs.replace(
        sample, receipt=receipt, goods=goods, round_off_minor=9,
        tenders=(ft.FactTender(kind="cash", amount_minor=2240),),
    )  # fmt: skip
    report = shift_report([back], {})
    assert (report.refunds.count, report.refunds.amount_minor) == (1, 2249)
    assert report.refunds.tax == (
        TaxSum(rate="0.13", net_minor=2249 if included else 1990, tax_minor=259),
    )
    assert (report.cash.refunds_minor, report.refunds.round_off_minor) == (2240, 9)


def test_a_refund_of_the_first_program_still_counts() -> None:
    sale = sold(501)
    first = FirstRefundRecorded(
        **common(502), code="R1", sale=sale.op_id, sale_code=sale.code, shift=SHIFT,
        pieces=(ft.RefundedPieces(line="1", start=0, end=1, amount_minor=1990),),
        tenders=(ft.FactTender(kind="cash", amount_minor=1900),), kept_back_minor=50,
    )  # fmt: skip
    report = shift_report([first], {sale.op_id: sale})
    assert (report.cash.refunds_minor, report.refunds.cash_rest_minor) == (1900, 40)


def test_a_sale_nobody_was_signed_in_for_has_no_cashier() -> None:
    assert shift_report([sold(501, staff=None)], {}).cashiers == ()


def test_which_shift_and_which_sales_a_fact_names() -> None:
    sale = sold(501)
    back = refunded(502, sale, [Interval("1", 0, 1)])
    facts = [opened(), sale, back, refunded(503, sale, [Interval("1", 1, 2)]), closed()]
    assert {shift_of(fact) for fact in facts} == {SHIFT}
    assert shift_of(a_sale(504)) is None
    assert shift_of(ft.CouponReturned(**common(505), sale=op(1))) is None
    assert refunded_sales(facts) == [sale.op_id]


def _with_reasons(sale: ft.SaleRecorded) -> ft.SaleRecorded:
    """The sale with an adjustment on each line that explains its net."""
    lines = tuple(
        msgspec.structs.replace(
            line,
            adjustments=(
                ft.FactAdjustment(
                    rule="day", kind="campaign", amount_minor=line.net_minor - line.list_minor
                ),
            ),
        )
        for line in sale.lines
    )
    return msgspec.structs.replace(sale, lines=lines)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_report_is_the_sum_of_what_the_facts_say(data: st.DataObject) -> None:
    """Sums made another way: over the papers of the sales, which customers hold."""
    made = [
        msgspec.structs.replace(_with_reasons(sale), op_id=op(600 + n), shift=SHIFT)
        for n, sale in enumerate(data.draw(st.lists(sales(), max_size=4)))
    ]
    report = shift_report(made, {})
    tenders: Counter[str] = Counter()
    for sale in made:
        for tender in sale.tenders:
            tenders[tender.kind] += tender.amount_minor
    assert {t.tender: t.amount_minor for t in report.sales.tenders} == dict(tenders)
    assert report.sales.total_minor == sum(sale.total_minor for sale in made)
    assert report.sales.list_total_minor == sum(sale.list_total_minor for sale in made)
    assert report.sales.points_earned == sum(sale.points_earned for sale in made)
    other_way = shift_report(list(reversed(made)), {})
    assert (other_way.sales, other_way.cash) == (report.sales, report.cash)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_refunds_of_everything_take_tax_and_net_back_to_zero(data: st.DataObject) -> None:
    lines = data.draw(
        st.lists(
            st.builds(
                lambda n, net, rate: {
                    "quantity_thousandths": n * 1000, "net_minor": net, "list_minor": net,
                    "tax_rate": rate,
                    "tax_minor": int(Decimal(net) * Decimal(rate) / (1 + Decimal(rate))),
                },
                st.integers(1, 7), st.integers(0, 20_000), st.sampled_from(["0", "0.09", "0.13"]),
            ),
            min_size=1, max_size=3,
        )
    )  # fmt: skip
    sale = sold(501, lines=tuple(a_line(str(n), **each) for n, each in enumerate(lines, start=1)))
    backs = [
        refunded(510 + n, sale, [interval])
        for n, interval in enumerate(data.draw(partitions(sale)))
    ]
    report = shift_report(backs, {sale.op_id: sale})
    assert report.refunds.paid_minor == sale.total_minor
    for row in report.refunds.tax:
        assert row.net_minor == sum(x.net_minor for x in sale.lines if x.tax_rate == row.rate)
        assert row.tax_minor == sum(x.tax_minor for x in sale.lines if x.tax_rate == row.rate)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda: SaleSums(list_total_minor=100, total_minor=99), id="list and total"),
        pytest.param(lambda: SaleSums(list_total_minor=9, total_minor=9), id="nobody paid"),
        pytest.param(lambda: ShiftReport(cash=CashSums(sales_minor=1)), id="cash of sales"),
        pytest.param(lambda: ShiftReport(cash=CashSums(refunds_minor=1)), id="cash of refunds"),
        pytest.param(lambda: a_paper(end=None), id="a Z without an end"),
        pytest.param(lambda: an_x(end=a_paper().end), id="an X with an end"),
        pytest.param(lambda: a_paper(copy=0), id="no copy"),
        pytest.param(lambda: ShiftEnd(counts=(), left_minor=0), id="nobody counted"),
        pytest.param(
            lambda: ShiftEnd(counts=(a_count((100, 1)),), left_minor=101), id="more left than there"
        ),
        pytest.param(lambda: closed(number=8), id="two numbers"),
        pytest.param(lambda: closed(number=0, paper=an_x()), id="an X kept"),
        pytest.param(lambda: closed(paper=as_copy(a_paper(), 2)), id="a copy kept"),
        pytest.param(lambda: closed(shift_day=DAY.replace(day=20)), id="two days"),
        pytest.param(lambda: moved(1, "in", 0), id="nothing moved"),
        pytest.param(lambda: opened(float_minor=1, pieces=((100, 1),)), id="float and count"),
    ],
)
def test_what_only_a_bug_could_make(broken: Any) -> None:
    with pytest.raises(AssertionError):
        broken()


def test_the_paper_names_itself() -> None:
    paper, x = a_paper(), an_x()
    assert (paper.kind, paper.code) == ("z", "Z00007-02")
    assert (x.kind, x.code, x.over_short_minor) == ("x", "X202611211802-02", 0)
    assert paper.over_short_minor == -300
    assert paper.end is not None
    assert paper.end.handed_minor == paper.end.counted_minor - 15_000
    assert as_copy(paper, 2).copy == 2
    done = closed()
    assert done.report == paper.report
    assert done.end == paper.end
