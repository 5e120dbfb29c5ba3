"""The invitation on a receipt: a code that a phone reads, and the address where there is no
picture.

Owns: that mark on every kind of paper. Does not own: the rest of a receipt (test_receipt_*.py).
"""

from __future__ import annotations

import pytest

from app.devices.paper_text import width
from app.devices.receipt_escpos import PAPER_58, PAPER_80, ThermalPaper, receipt_bytes
from app.devices.receipt_page import ROLL_58, ROLL_80, Roll, receipt_page
from app.devices.receipt_text import receipt_text
from app.domain.page import PlacedModules
from app.domain.receipt import as_invitation
from app.wording import load
from tests.devices.escpos_paper import Interpreter
from tests.devices.receipts import CODE, a_receipt, a_small_receipt

URL = "https://vip.renmin-road.example.com/p/survey/AZOlyAAAcACAAAAAAAAAAZrC9wLbg0rYsObwuIK7nIA"
ASKING = as_invitation(a_receipt(), URL, 50)


@pytest.mark.parametrize("paper", [PAPER_58, PAPER_80])
def test_the_printer_draws_both_codes(paper: ThermalPaper) -> None:
    out = Interpreter(paper.columns).print_all(receipt_bytes(ASKING, load, paper=paper))
    assert out.qr_codes == [CODE.text, URL]


@pytest.mark.parametrize("columns", [32, 48])
def test_text_writes_the_address_out_and_keeps_the_edge(columns: int) -> None:
    text = receipt_text(ASKING, load, columns=columns)
    assert all(width(line) <= columns for line in text.splitlines())
    assert URL in "".join(line.strip() for line in text.splitlines())
    assert "50 积分" in text
    walk_in = receipt_text(as_invitation(a_small_receipt(), URL, 0), load, columns=columns)
    assert "告诉我们" in walk_in and "积分，" not in walk_in
    assert "告诉我们" not in receipt_text(a_receipt(), load, columns=columns)


@pytest.mark.parametrize("roll", [ROLL_58, ROLL_80])
def test_the_page_places_it_inside_the_roll(roll: Roll) -> None:
    page = receipt_page(ASKING, load, lambda text, size, _bold: len(text) * size // 2, roll=roll)
    *_, mark = [each for each in page.marks if isinstance(each, PlacedModules)]
    side = mark.module_um * len(mark.rows)
    assert mark.x_um >= (roll.width_um - roll.printable_um) // 2
    assert mark.x_um + side <= roll.width_um - (roll.width_um - roll.printable_um) // 2
    assert mark.y_um + side <= page.height_um
