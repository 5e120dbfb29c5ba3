"""The receipt as printer bytes, read back by a small printer and compared with the text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from app.devices.codes import code128_bars, code128_escpos_data
from app.devices.receipt_escpos import (
    PAPER_58,
    PAPER_80,
    ThermalPaper,
    bar_dots,
    drawer_pulse_bytes,
    encoded,
    receipt_bytes,
)
from app.devices.receipt_text import receipt_text
from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.receipt import Receipt
from app.domain.refund_receipt import AnyReceipt
from app.wording import load
from tests.devices.escpos_paper import Interpreter, Paper, code128_text
from tests.devices.head_picture import head_picture
from tests.devices.pages import codes_in
from tests.devices.receipts import (
    CODE,
    a_mixed_receipt,
    a_receipt,
    a_refund_receipt,
    a_small_receipt,
    receipts,
)

PAPERS = [pytest.param(PAPER_58, id="58mm"), pytest.param(PAPER_80, id="80mm")]
STORIES = [
    pytest.param(a_receipt(), id="zh"),
    pytest.param(a_receipt("en"), id="en"),
    pytest.param(a_mixed_receipt(), id="mixed"),
    pytest.param(a_small_receipt(), id="walk-in"),
    pytest.param(a_refund_receipt(), id="refund"),
    pytest.param(a_refund_receipt("en", languages=("zh_CN", "en")), id="refund-mixed"),
]


def printed(receipt: AnyReceipt, paper: ThermalPaper) -> Paper:
    return Interpreter(paper.columns).print_all(receipt_bytes(receipt, load, paper=paper))


def content(text_lines: list[str]) -> list[str]:
    """Lines without their indent: a printer centres a double-size heading by itself."""
    return [line.strip() for line in text_lines if line.strip()]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("receipt", STORIES)
def test_the_printer_sets_exactly_the_text(receipt: AnyReceipt, paper: ThermalPaper) -> None:
    out = printed(receipt, paper)
    text = receipt_text(receipt, load, columns=paper.columns)
    assert content(out.lines) == content(text.splitlines())
    plain = [line for line, size in zip(out.lines, out.sizes, strict=True) if size == 0]
    assert len(plain) > len(out.lines) // 2
    assert set(plain) <= set(text.splitlines())


@settings(max_examples=60, deadline=None)
@given(receipt=receipts(), paper=st.sampled_from([PAPER_58, PAPER_80]))
def test_no_text_of_any_receipt_confuses_the_printer(receipt: Receipt, paper: ThermalPaper) -> None:
    out = printed(receipt, paper)
    text = receipt_text(receipt, load, columns=paper.columns)
    assert content(out.lines) == content(text.splitlines())
    assert out.cuts == 1


@pytest.mark.parametrize("paper", PAPERS)
def test_the_receipt_code_is_printed_as_qr(paper: ThermalPaper) -> None:
    assert printed(a_receipt(), paper).qr_codes == [CODE.text]
    refund = a_refund_receipt()
    assert printed(refund, paper).qr_codes == [refund.code]


WEAR = [
    pytest.param(lambda image: image, id="clean"),
    pytest.param(lambda image: image.rotate(3, expand=True, fillcolor=255), id="held aslant"),
    pytest.param(lambda image: image.filter(ImageFilter.GaussianBlur(1)), id="worn head"),
    pytest.param(lambda image: image.point(lambda ink: 150 + ink * 70 // 255), id="faded"),
]


@pytest.mark.parametrize("wear", WEAR)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("receipt", STORIES)
def test_what_the_head_burns_can_be_scanned(
    receipt: AnyReceipt, paper: ThermalPaper, wear: Callable[[Image.Image], Image.Image]
) -> None:
    out = printed(receipt, paper)
    found = codes_in(wear(head_picture(out, paper)))
    expected = {"QR Code": receipt.code}
    if paper is PAPER_80:
        expected["Code 128"] = receipt.code
    assert found == expected


def test_wide_paper_carries_bars_that_fit_it() -> None:
    out = printed(a_receipt(), PAPER_80)
    assert out.bar_codes == [(CODE.text, 2)]
    assert code128_bars(CODE.text).modules * 2 <= PAPER_80.dots


def test_narrow_paper_leaves_out_bars_too_fine_to_scan() -> None:
    assert bar_dots(CODE.text, PAPER_58) is None
    assert bar_dots("R1234567890", PAPER_58) == 3
    assert printed(a_receipt(), PAPER_58).bar_codes == []


def test_the_due_stands_out() -> None:
    out = printed(a_receipt(), PAPER_80)
    due = next(at for at, line in enumerate(out.lines) if line.startswith("应收"))
    assert out.lines[due].endswith("113.40")
    assert out.sizes[due] == 0x01
    assert out.bold[due]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        pytest.param("Due 1.00", b"Due 1.00", id="ascii"),
        pytest.param("应收", b"\x1c&\xd3\xa6\xca\xd5\x1c.", id="han"),
        pytest.param("￥5", b"\x1c&\xa3\xa4\x1c.5", id="yen"),
        pytest.param("a金b", b"a\x1c&\xbd\xf0\x1c.b", id="mixed"),
    ],
)
def test_chinese_runs_are_switched_on_and_off(text: str, data: bytes) -> None:
    assert encoded(text) == data


@settings(deadline=None)
@given(
    number=st.builds(
        ReceiptNumber,
        store=st.integers(0, 36**3 - 1),
        till=st.integers(0, 36**2 - 1),
        epoch=st.integers(0, 36**2 - 1),
        day=st.dates(date(2020, 1, 1), date(2090, 1, 1)),
        sequence=st.integers(0, 36**4 - 1),
    )
)
def test_bars_of_any_receipt_number_say_that_number(number: ReceiptNumber) -> None:
    code = receipt_code(number).text
    assert code128_text(code128_escpos_data(code)) == code


@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_bars_of_any_ascii_behind_a_kind_letter_say_it(text: str) -> None:
    text = f"R{text}"
    assert code128_text(code128_escpos_data(text)) == text


@pytest.mark.parametrize("code", ["", "9912345678", "r1", "中"])
def test_bars_are_made_for_our_codes_only(code: str) -> None:
    with pytest.raises(ValueError, match="kind letter"):
        code128_bars(code)


def test_control_characters_use_set_a() -> None:
    assert code128_text(code128_escpos_data("A\tB")) == "A\tB"


@pytest.mark.parametrize("pin", [2, 5])
def test_the_drawer_gets_one_pulse(pin: int) -> None:
    out = Interpreter(48).print_all(drawer_pulse_bytes(pin))
    assert (out.pulses, out.lines, out.cuts) == (1, [], 0)


def test_a_drawer_on_another_pin_is_refused() -> None:
    with pytest.raises(ValueError, match="pin 2 or 5"):
        drawer_pulse_bytes(3)
