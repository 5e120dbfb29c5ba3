"""What the screen says of the receipt printer: every state has its words, trouble its way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import main
from app.commands.joined_till import Till
from app.devices.paper_rows import PrintedPaper
from app.devices.print_queue import PrintQueue
from app.devices.printers import NotPrinted, NotThere, Printed, PrintResult
from app.wording import load
from tests.devices.receipts import a_small_receipt
from tests.real_shop import RealShop, copy_shop
from ui.receipt.view_model import foot_view

GONE = NotThere("192.0.2.5:9100")
HUNG = NotPrinted("no_answer", "", in_part=True)
EMPTY_IN_THE_MIDDLE = NotPrinted("paper_out", "", in_part=True)
TROUBLE = [
    pytest.param(GONE, "is not there", "找不到小票机", id="gone"),
    pytest.param(NotPrinted("paper_out", ""), "out of paper", "缺纸", id="paper"),
    pytest.param(NotPrinted("cover_open", ""), "cover is open", "上盖未合", id="cover"),
    pytest.param(NotPrinted("busy", ""), "is busy", "正忙", id="busy"),
    pytest.param(HUNG, "Only a part", "只打出一部分", id="half"),
    pytest.param(EMPTY_IN_THE_MIDDLE, "out of paper", "缺纸", id="half, no paper"),
    pytest.param(NotPrinted("no_space", ""), "could not be printed", "", id="disk"),
]
WAIT_S = 30.0


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    made = copy_shop(tmp_path)
    made.sign_in()
    yield made
    made.close()


class TroubledPrinter:
    """Answers as told."""

    def __init__(self, answer: PrintResult) -> None:
        self.answer = answer

    def print_receipt(self, receipt: PrintedPaper, *, again: bool = False) -> PrintResult:
        return self.answer

    def open_drawer(self) -> PrintResult:
        return self.answer


@pytest.mark.parametrize(("answer", "english", "chinese"), TROUBLE)
def test_each_trouble_is_said_with_a_way_out(
    shop: RealShop, answer: PrintResult, english: str, chinese: str
) -> None:
    shop.use_settings(
        msgspec.structs.replace(shop.shop.desk.state.settings, printer="tcp:192.0.2.5")
    )
    printer = TroubledPrinter(answer)
    queue = PrintQueue(printer)
    till = Till(shop.shop, shop.store, queue)
    queue.print_receipt(a_small_receipt())
    assert queue.wait_until_idle(WAIT_S)
    foot = foot_view(None, main._printer_facts(till), load("en"))
    assert english in foot.printer
    assert (foot.printer_tone, foot.print_again) == ("warning", "Try again")
    assert chinese in foot_view(None, main._printer_facts(till), load("zh_CN")).printer
    printer.answer = Printed()
    queue.try_again()
    assert queue.wait_until_idle(WAIT_S)
    assert foot_view(None, main._printer_facts(till), load("en")).print_again == ""
    queue.close(WAIT_S)
