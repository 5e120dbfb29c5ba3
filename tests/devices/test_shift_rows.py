"""X and Z reports on paper: golden papers, widths, every word there, the printer's own bytes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.devices.receipt_escpos import PAPER_58, PAPER_80, ThermalPaper, receipt_bytes
from app.devices.receipt_text import receipt_lines, receipt_text
from app.devices.shift_rows import DISCOUNTS, REASONS, TENDERS
from app.domain.payment import TenderKind
from app.domain.quote import AdjustmentKind
from app.domain.shift import DIFFERENCE_REASONS
from app.domain.shift_paper import ShiftPaper, as_copy
from app.domain.shift_sums import (
    CashSums,
    DiscountSum,
    MoveSum,
    RefundSums,
    SaleSums,
    ShiftReport,
    TaxSum,
    TenderSum,
)
from app.wording import load
from tests.devices.escpos_paper import Interpreter
from tests.domain.shift_builders import a_count, a_paper, an_x

GOLDEN = Path(__file__).parent / "golden"


def a_full_report() -> ShiftReport:
    """A busy day with everything a report can say."""
    return ShiftReport(
        sales=SaleSums(
            count=1_204,
            of_members=733,
            lines=4_911,
            list_total_minor=12_345_678,
            discounts=(
                DiscountSum(what="coupon", count=41, amount_minor=-61_500),
                DiscountSum(what="tier", count=1_870, amount_minor=-845_678),
            ),
            points_off_minor=38_000,
            total_minor=11_400_500,
            tax_on_top_minor=1_482_065,
            round_off_minor=165,
            tenders=(
                TenderSum(tender="cash", count=311, amount_minor=2_882_400),
                TenderSum(tender="card", count=80, amount_minor=3_000_000),
                TenderSum(tender="mobile", count=820, amount_minor=7_000_000),
            ),
            tax=(
                TaxSum(rate="0.09", net_minor=0, tax_minor=0),
                TaxSum(rate="0.13", net_minor=11_400_500, tax_minor=1_482_065),
            ),
            points_earned=114_005,
            points_spent=3_800,
        ),
        refunds=RefundSums(
            count=6,
            amount_minor=45_000,
            kept_back_minor=120,
            round_off_minor=13,
            cash_rest_minor=7,
            tenders=(
                TenderSum(tender="cash", count=4, amount_minor=24_860),
                TenderSum(tender="mobile", count=2, amount_minor=20_000),
            ),
            tax=(
                TaxSum(rate="", net_minor=5_000, tax_minor=0),
                TaxSum(rate="0.13", net_minor=35_398, tax_minor=4_602),
            ),
            points_taken_back=390,
            points_given_back=50,
        ),
        cash=CashSums(
            float_minor=45_000,
            sales_minor=2_882_400,
            refunds_minor=24_860,
            paid_in=MoveSum(count=2, amount_minor=30_000),
            paid_out=MoveSum(count=3, amount_minor=12_350),
            dropped=MoveSum(count=4, amount_minor=2_000_000),
        ),
        drawer_openings=9,
        first_code="R001020101XW00DXG",
        last_code="R001020101XW00DYE",
    )


def a_full_z(language: str = "zh_CN", **changes: Any) -> ShiftPaper:
    """A busy shift's Z: recounted, 3.00 over, two hands."""
    paper = a_paper(report=a_full_report(), languages=(language,))
    assert paper.end is not None
    counts = (
        a_count((10_000, 91), expected=920_190),
        a_count(
            (10_000, 91), (5_000, 2), (1_000, 1), (100, 4), (50, 1), (10, 4),
            number=2, expected=920_190,
        ),
    )  # fmt: skip
    end = msgspec.structs.replace(paper.end, counts=counts, left_minor=45_000)
    return msgspec.structs.replace(paper, end=end, **changes)


STORIES = {
    "z-zh": a_full_z(),
    "z-en": as_copy(a_full_z("en", name="Early"), 2),
    "x-zh": an_x(),
    "x-en": an_x(languages=("en",), name="Early"),
    "z-mixed": a_full_z(languages=("zh_CN", "en")),
}


def paper_columns(text: str) -> int:
    """Columns as the printer counts them: a byte of GB18030 is one, four bytes are one Han."""
    return sum(min(2, len(character.encode("gb18030"))) for character in text)


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("story", STORIES)
def test_the_paper_is_the_one_that_was_looked_at(story: str, columns: int) -> None:
    golden = (GOLDEN / f"{story}-{columns}.txt").read_text(encoding="utf-8")
    assert receipt_text(STORIES[story], load, columns=columns) == golden


@pytest.mark.parametrize("story", STORIES)
@settings(max_examples=25, deadline=None)
@given(columns=st.integers(32, 56), note=st.text(max_size=100), factor=st.integers(1, 10**6))
def test_no_line_is_wider_than_the_paper(story: str, columns: int, note: str, factor: int) -> None:
    paper = STORIES[story]
    cash = CashSums(float_minor=factor * 997)
    paper = msgspec.structs.replace(paper, report=ShiftReport(cash=cash), name=note[:20])
    if paper.end is not None:
        paper = msgspec.structs.replace(paper, end=msgspec.structs.replace(paper.end, note=note))
    for line in receipt_lines(paper, load, columns=columns):
        assert paper_columns(line.text) <= columns, line
        assert "\n" not in line.text


@pytest.mark.parametrize("paper", [PAPER_58, PAPER_80], ids=["58mm", "80mm"])
@pytest.mark.parametrize("story", STORIES)
def test_the_printer_sets_exactly_the_text(story: str, paper: ThermalPaper) -> None:
    data = receipt_bytes(STORIES[story], load, paper=paper)
    out = Interpreter(paper.columns).print_all(data)
    text = receipt_text(STORIES[story], load, columns=paper.columns)
    printed = [line.strip() for line in out.lines if line.strip()]
    assert printed == [line.strip() for line in text.splitlines() if line.strip()]


def test_a_reprint_differs_by_the_copy_line_only() -> None:
    first = receipt_text(a_full_z(), load, columns=48).splitlines()
    again = receipt_text(as_copy(a_full_z(), 3), load, columns=48).splitlines()
    assert [line.strip() for line in again if line not in first] == ["重打 2"]
    assert [line for line in again if line.strip() != "重打 2"] == first


def test_training_is_said() -> None:
    paper = msgspec.structs.replace(an_x(), training=True)
    assert "培训" in receipt_text(paper, load, columns=32)


@pytest.mark.parametrize(
    ("counted", "said"), [(35_180, "短款"), (35_780, "长款"), (35_480, "差异")]
)
def test_over_short_and_neither(counted: int, said: str) -> None:
    paper = a_paper()
    assert paper.end is not None
    notes, coins = divmod(counted, 100)
    end = msgspec.structs.replace(paper.end, counts=(a_count((100, notes), (1, coins)),))
    text = receipt_text(msgspec.structs.replace(paper, end=end), load, columns=48)
    (line,) = re.findall("^(短款|长款|差异) +[+-]?\\d", text, re.MULTILINE)
    assert line == said


def test_every_kind_of_tender_discount_and_reason_has_its_words() -> None:
    assert set(TENDERS) == set(get_args(TenderKind))
    assert set(DISCOUNTS) == set(get_args(AdjustmentKind))
    assert set(REASONS) == set(DIFFERENCE_REASONS)
