"""The receipt as text: golden papers, and the width law for any receipt on any paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.devices.paper_rows import PrintedPaper
from app.devices.paper_text import printable, width, wrapped
from app.devices.receipt_text import receipt_lines, receipt_text
from app.domain.payment import TenderKind
from app.domain.receipt import (
    Receipt,
    ReceiptTax,
    ReceiptTender,
    TierDistance,
    as_copy,
)
from app.wording import load
from tests.devices.receipts import (
    a_mixed_receipt,
    a_receipt,
    a_receipt_of_long_names,
    a_refund_receipt,
    a_small_receipt,
    receipts,
)

GOLDEN = Path(__file__).parent / "golden"
STORIES: dict[str, PrintedPaper] = {
    "zh": a_receipt(),
    "en": a_receipt("en"),
    "mixed": a_mixed_receipt(),
    "long": a_receipt_of_long_names(),
    "refund-zh": a_refund_receipt(),
    "refund-en": a_refund_receipt("en"),
    "refund-mixed": a_refund_receipt("en", languages=("zh_CN", "en"), copy=2),
    "refund-unlinked": a_refund_receipt(
        sale_code="",
        sold_on="",
        member=None,
        coupons_back=0,
        kept_back_minor=0,
        round_off_minor=0,
        worth_minor=2163,
        paid_minor=2163,
        training=True,
        tenders=(ReceiptTender(kind="other", amount_minor=2163, reference="019e"),),
    ),
}


def paper_columns(text: str) -> int:
    """Columns as the printer counts them: a byte of GB18030 is one, four bytes are one Han."""
    return sum(min(2, len(character.encode("gb18030"))) for character in text)


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("story", sorted(STORIES))
def test_the_paper_is_the_one_that_was_looked_at(story: str, columns: int) -> None:
    golden = (GOLDEN / f"{story}-{columns}.txt").read_text(encoding="utf-8")
    assert receipt_text(STORIES[story], load, columns=columns) == golden


@settings(max_examples=150, deadline=None)
@given(receipt=receipts(), columns=st.integers(32, 56))
def test_no_line_is_wider_than_the_paper(receipt: Receipt, columns: int) -> None:
    for line in receipt_lines(receipt, load, columns=columns):
        assert paper_columns(line.text) <= columns, line
        assert "\n" not in line.text


@settings(max_examples=100, deadline=None)
@given(receipt=receipts(), columns=st.integers(32, 56))
def test_every_figure_is_whole_and_ends_at_the_right_edge(receipt: Receipt, columns: int) -> None:
    lines = [line.text for line in receipt_lines(receipt, load, columns=columns)]
    at_edge = [
        match[0]
        for text in lines
        if paper_columns(text) == columns and (match := re.search(r"-?\d+\.\d\d$", text))
    ]
    assert len(figures(receipt)) > 0
    missing = list(figures(receipt))
    for figure in at_edge:
        if figure in missing:
            missing.remove(figure)
    assert missing == []


def figures(receipt: Receipt) -> list[str]:
    """Every amount that has a row of its own, as it must be readable on the paper."""
    minors = [line.list_minor for line in receipt.lines]
    minors += [adj.amount_minor for line in receipt.lines for adj in line.adjustments]
    minors += [receipt.list_total_minor, receipt.due_minor]
    minors += [tender.amount_minor for tender in receipt.tenders]
    minors += [receipt.change_minor] if receipt.change_minor else []
    return [f"{'-' if m < 0 else ''}{abs(m) // 100}.{abs(m) % 100:02d}" for m in minors]


@pytest.mark.parametrize("columns", [32, 35, 42, 44, 48, 56])
def test_the_columns_of_goods_stand_in_line(columns: int) -> None:
    text = receipt_text(a_receipt(), load, columns=columns)
    rows = [line for line in text.splitlines() if re.search(r"\d\.\d\d$", line)]
    assert {paper_columns(row) for row in rows} == {columns}
    if columns >= 42:
        goods = [row for row in rows if re.search(r"\d\.\d\d +\d+\.\d\d$", row)]
        ends = {paper_columns(re.sub(r" +[\d.]+$", "", row)) for row in goods if "%" not in row}
        assert len(goods) >= 4
        assert ends == {columns - 9}


@pytest.mark.parametrize(("of_goods", "label"), [(0, "会员价与特价"), (500, "特价与积分兑换")])
def test_the_sum_of_what_is_off_goods_names_all_that_is_in_it(of_goods: int, label: str) -> None:
    receipt = a_receipt()
    assert receipt.member is not None
    member = msgspec.structs.replace(receipt.member, points_for_goods=of_goods)
    printed = receipt_text(msgspec.structs.replace(receipt, member=member), load, columns=48)
    assert f"\n{label} " in printed


def test_a_reprint_differs_by_the_copy_line_only() -> None:
    first = receipt_text(a_receipt(), load, columns=48).splitlines()
    again = receipt_text(as_copy(a_receipt(), 3), load, columns=48).splitlines()
    assert [line.strip() for line in again if line not in first] == ["重打 2"]
    assert [line for line in again if line.strip() != "重打 2"] == first


def test_a_walk_in_gets_a_short_paper_without_empty_rows() -> None:
    text = receipt_text(a_small_receipt(), load, columns=32)
    assert "会员" not in text
    assert "共省" not in text
    assert "抹零" not in text
    assert "扫码付 微信" in text
    assert "\n\n" not in text


@pytest.mark.parametrize(
    ("distance", "sentence"),
    [
        (("keep", "spend", 15100), "Spend ￥151.00 more to keep Gold"),
        (("keep", "visits", 1), "1 more visit to keep Gold"),
        (("keep", "points", 40), "Earn 40 more points to keep Gold"),
        (("reach", "spend", 124000), "Spend ￥1240.00 more to reach Gold"),
        (("reach", "visits", 3), "3 more visits to reach Gold"),
        (("reach", "points", 1), "Earn 1 more point to reach Gold"),
    ],
    ids=lambda case: "-".join(case[:2]) if isinstance(case, tuple) else "",
)
def test_what_is_missing_to_the_next_tier(
    distance: tuple[Literal["reach", "keep"], Literal["spend", "visits", "points"], int],
    sentence: str,
) -> None:
    goal, measure, missing = distance
    to = TierDistance(goal=goal, measure=measure, missing=missing, tier_name="Gold")
    member = a_receipt("en").member
    assert member is not None
    receipt = a_receipt("en", member=msgspec.structs.replace(member, next_tier=to))
    assert sentence in receipt_text(receipt, load, columns=48)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("cash", "现金"), ("mobile", "扫码付"), ("card", "银行卡"), ("other", "其他支付")],
)
def test_every_tender_has_its_name(kind: TenderKind, name: str) -> None:
    tenders = (ReceiptTender(kind=kind, amount_minor=200, detail="4242"),)
    text = receipt_text(a_small_receipt(tenders=tenders), load, columns=32)
    assert f"{name} 4242" in text


def test_tax_on_top_stands_above_the_due() -> None:
    receipt = a_small_receipt(
        tax_included=False,
        taxes=(ReceiptTax(rate="0.065", net_minor=200, tax_minor=13),),
        due_minor=213,
        tenders=(ReceiptTender(kind="cash", amount_minor=213),),
    )
    lines = receipt_text(receipt, load, columns=32).splitlines()
    tax = next(at for at, line in enumerate(lines) if line.startswith("税 6.5%"))
    assert lines[tax + 1].startswith("应收")


@pytest.mark.parametrize("columns", [31, 57, 0])
def test_paper_of_another_width_is_refused(columns: int) -> None:
    with pytest.raises(ValueError, match="32 to 56 columns"):
        receipt_text(a_receipt(), load, columns=columns)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("¥18.00", "￥18.00", id="yen sign"),
        pytest.param("M••••4TPA", "M****4TPA", id="bullets"),
        pytest.param("−5", "-5", id="real minus"),
        pytest.param("Jalapeño", "Jalapeno", id="four-byte letter is folded"),
        pytest.param("café", "café", id="two-byte letter stays"),
        pytest.param("😀", "?", id="emoji"),
        pytest.param("㐂𠮷", "㐂𠮷", id="rare Han stays"),
        pytest.param("a\u200bb\x1b@c\td", "ab@c d", id="control characters never reach a printer"),
        pytest.param("½", "1/2", id="fraction"),
        pytest.param("\u2009x", " x", id="thin blank"),
        pytest.param("e\u0301", "e", id="combining mark"),
    ],
)
def test_what_a_printer_lacks_is_replaced(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        pytest.param("特级初榨橄榄油", 8, ["特级初榨", "橄榄油"], id="Han breaks anywhere"),
        pytest.param("Extra virgin oil", 9, ["Extra", "virgin", "oil"], id="words stay whole"),
        pytest.param("ABCDEFGHIJ", 4, ["ABCD", "EFGH", "IJ"], id="a long word is cut"),
        pytest.param("省￥18", 5, ["省", "￥18"], id="a sign stays with its figure"),
        pytest.param("你好吗，对", 6, ["你好", "吗，对"], id="no comma at the line's start"),
        pytest.param("", 8, [""], id="nothing"),
    ],
)
def test_wrapping(text: str, columns: int, lines: list[str]) -> None:
    assert wrapped(text, columns) == lines


@given(text=st.text(max_size=80), columns=st.integers(14, 56))
def test_wrapping_loses_nothing_but_blanks(text: str, columns: int) -> None:
    shown = printable(text)
    lines = wrapped(shown, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == shown.replace(" ", "")
