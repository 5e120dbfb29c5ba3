"""X and Z reports as PDF: every word and figure of the rows can be read from the page."""

from __future__ import annotations

import re

import pytest

from app.devices.receipt_page import ROLL_58, ROLL_80, Roll, receipt_page
from app.domain.page import PlacedText
from app.domain.shift_paper import ShiftPaper
from app.wording import load
from tests.devices.pages import pdf_text
from tests.devices.test_shift_rows import STORIES
from ui.printing.pdf import page_pdf, text_width_um

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("roll", [ROLL_58, ROLL_80], ids=["58mm", "80mm"])
@pytest.mark.parametrize("paper", STORIES.values(), ids=STORIES)
def test_a_report_is_read_from_its_pdf(paper: ShiftPaper, roll: Roll) -> None:
    page = receipt_page(paper, load, text_width_um, roll=roll)
    assert page.title == paper.code
    placed = [mark for mark in page.marks if isinstance(mark, PlacedText)]
    copied = re.sub(r"\s", "", pdf_text(page_pdf(page)))
    assert len(placed) > 30
    for mark in placed:
        assert re.sub(r"\s", "", mark.text) in copied
        right_edge = mark.x_um if mark.align == "right" else 0
        assert right_edge <= roll.width_um
