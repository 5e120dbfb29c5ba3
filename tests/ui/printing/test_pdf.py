"""Receipts and cards on paper, read back: text from the PDF, codes from its pixels."""

from __future__ import annotations

import itertools
import re

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from app.devices.cards import PrintedCard, card_page
from app.devices.receipt_page import ROLL_58, ROLL_80, Roll, receipt_page
from app.domain.page import Page, PlacedText
from app.domain.receipt import Receipt
from app.domain.refund_receipt import AnyReceipt
from app.wording import load
from tests.devices.pages import codes_in, pdf_image, pdf_text
from tests.devices.receipts import (
    CODE,
    MEMBER_CODE,
    a_mixed_receipt,
    a_receipt,
    a_receipt_of_long_names,
    a_refund_receipt,
    a_small_receipt,
)
from ui.printing.pdf import page_image, page_pdf, text_width_um

pytestmark = pytest.mark.usefixtures("qapp")

ROLLS = [pytest.param(ROLL_58, id="58mm"), pytest.param(ROLL_80, id="80mm")]
STORIES = [
    pytest.param(a_receipt(), id="zh"),
    pytest.param(a_receipt("en"), id="en"),
    pytest.param(a_mixed_receipt(), id="mixed"),
    pytest.param(a_small_receipt(), id="walk-in"),
    pytest.param(a_receipt_of_long_names(), id="long-names"),
    pytest.param(a_refund_receipt(), id="refund"),
]
UM_PER_POINT = 25_400 / 72


def laid_out(receipt: AnyReceipt, roll: Roll) -> Page:
    return receipt_page(receipt, load, text_width_um, roll=roll)


@pytest.mark.parametrize("roll", ROLLS)
@pytest.mark.parametrize("receipt", STORIES)
def test_both_codes_are_read_from_the_printed_receipt(receipt: AnyReceipt, roll: Roll) -> None:
    pdf = page_pdf(laid_out(receipt, roll))
    assert codes_in(pdf_image(pdf, 300)) == {"QR Code": receipt.code, "Code 128": receipt.code}


@pytest.mark.parametrize("roll", ROLLS)
@pytest.mark.parametrize("receipt", STORIES)
def test_every_placed_text_can_be_copied_from_the_pdf(receipt: AnyReceipt, roll: Roll) -> None:
    page = laid_out(receipt, roll)
    copied = re.sub(r"\s", "", pdf_text(page_pdf(page)))
    texts = [mark.text for mark in page.marks if isinstance(mark, PlacedText)]
    assert len(texts) > 10
    for text in texts:
        assert re.sub(r"\s", "", text) in copied


def test_every_common_character_comes_out_of_the_pdf_as_it_went_in() -> None:
    """All 6,763 Han of GB 2312: some share their glyph with a radical, some with a variant."""
    rows = [
        "".join(bytes([high, low]).decode("gb2312", errors="ignore") for low in range(0xA1, 0xFF))
        for high in range(0xB0, 0xF8)
    ]
    marks = tuple(
        PlacedText(2_000, 5_000 + 4_000 * number, 3_000, row) for number, row in enumerate(rows)
    )
    page = Page(300_000, 300_000, "GB 2312", marks)
    copied = pdf_text(page_pdf(page)).split()
    assert sum(map(len, rows)) == 6_763
    assert copied == rows


@pytest.mark.parametrize("roll", ROLLS)
@pytest.mark.parametrize("receipt", STORIES)
def test_nothing_is_painted_outside_what_the_head_reaches(receipt: Receipt, roll: Roll) -> None:
    page = laid_out(receipt, roll)
    image = pdf_image(page_pdf(page), 203)
    box = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box is not None
    margin_px = (roll.width_um - roll.printable_um) // 2 * 203 // 25_400
    assert box[0] >= margin_px - 2
    assert box[2] <= image.width - margin_px + 2
    assert box[3] < image.height


@pytest.mark.parametrize("roll", ROLLS)
@pytest.mark.parametrize("receipt", STORIES)
def test_texts_of_one_line_do_not_overlap(receipt: Receipt, roll: Roll) -> None:
    spans: dict[int, list[tuple[int, int]]] = {}
    for mark in laid_out(receipt, roll).marks:
        if isinstance(mark, PlacedText):
            width = text_width_um(mark.text, mark.size_um, mark.bold)
            start = mark.x_um - {"left": 0, "centre": width // 2, "right": width}[mark.align]
            spans.setdefault(mark.baseline_um, []).append((start, start + width))
    for line in spans.values():
        line.sort()
        assert all(left[1] <= right[0] for left, right in itertools.pairwise(line))


@pytest.mark.parametrize("roll", ROLLS)
def test_the_pdf_has_the_size_of_the_paper(roll: Roll) -> None:
    page = laid_out(a_receipt(), roll)
    image = pdf_image(page_pdf(page), 72)
    assert abs(image.width - page.width_um / UM_PER_POINT) <= 1
    assert abs(image.height - page.height_um / UM_PER_POINT) <= 1


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("shop", ["人民路店", "Renmin Road Neighbourhood Store and Bakery"])
def test_a_printed_card_is_read_by_scanners_of_both_kinds(language: str, shop: str) -> None:
    page = card_page(PrintedCard(shop, MEMBER_CODE), load(language), text_width_um)
    pdf = page_pdf(page)
    for dpi in (203, 300, 600):
        found = codes_in(pdf_image(pdf, dpi))
        assert found == {"QR Code": MEMBER_CODE.text, "Code 128": MEMBER_CODE.text}
    assert f"M46J {MEMBER_CODE.text[4:8]}" in pdf_text(pdf)


def as_pil(image: QImage) -> Image.Image:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return Image.frombytes(
        "L", (grey.width(), grey.height()), bytes(grey.constBits()), "raw", "L", grey.bytesPerLine()
    )


@pytest.mark.parametrize("dpi", [120, 203])
def test_the_picture_for_the_screen_can_be_scanned(dpi: int) -> None:
    image = as_pil(page_image(laid_out(a_receipt(), ROLL_80), dpi=dpi))
    assert codes_in(image)["QR Code"] == CODE.text


def test_bold_is_painted_blacker() -> None:
    def ink(bold: bool) -> int:
        page = Page(
            40_000, 8_000, "t", (PlacedText(1_000, 6_000, 5_000, "应收 113.40", bold=bold),)
        )
        return sum(255 - value for value in as_pil(page_image(page, dpi=200)).tobytes())

    assert ink(bold=True) > 1.2 * ink(bold=False)


def test_a_receipt_is_painted_outside_the_window_thread(qtbot: QtBot) -> None:
    from concurrent.futures import ThreadPoolExecutor

    page = laid_out(a_receipt(), ROLL_80)
    assert QGuiApplication.instance() is not None
    with ThreadPoolExecutor(1) as pool:
        pdf = pool.submit(page_pdf, page).result(timeout=60)
    assert codes_in(pdf_image(pdf, 300))["Code 128"] == CODE.text
