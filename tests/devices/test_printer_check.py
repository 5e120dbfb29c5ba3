"""The test page: a ruler of exactly the columns, two scripts, a code, and the bytes of it."""

from __future__ import annotations

import pytest

from app.devices.link_printer import LinkPrinter
from app.devices.paper_text import width
from app.devices.printer_link import TcpPlace
from app.devices.printers import Printed, Typesetting
from app.devices.receipt_escpos import PAPER_80, receipt_bytes
from app.devices.receipt_text import receipt_text
from app.domain.printer_check import PrinterCheck
from app.wording import load
from tests.devices.counter_printer import ASK_END, ASK_OFFLINE_CAUSE, ASK_PAPER, TcpPrinter
from tests.devices.escpos_paper import Interpreter


def a_check(columns: int = 48, languages: tuple[str, ...] = ("zh_CN",)) -> PrinterCheck:
    return PrinterCheck(
        store="人民路店", till="02", made_at="2026-11-21 18:02:09", columns=columns,
        languages=languages,
    )  # fmt: skip


@pytest.mark.parametrize("languages", [("zh_CN",), ("en",), ("zh_CN", "en")])
@pytest.mark.parametrize("columns", range(32, 57))
def test_the_ruler_fills_exactly_one_line(columns: int, languages: tuple[str, ...]) -> None:
    text = receipt_text(a_check(columns, languages), load, columns=columns)
    lines = text.splitlines()
    assert max(width(line) for line in lines) <= columns
    assert [line for line in lines if line.startswith("1234567890")] == [
        ("1234567890" * 6)[:columns]
    ]
    assert "纯牛奶" in text


def test_a_printer_in_the_network_gets_exactly_the_bytes() -> None:
    with TcpPrinter() as sink:
        printer = LinkPrinter(TcpPlace("127.0.0.1", sink.port), Typesetting(load, columns=48))
        assert printer.print_receipt(a_check()) == Printed()
    paper = receipt_bytes(a_check(), load, paper=PAPER_80)
    assert sink.got == ASK_OFFLINE_CAUSE + ASK_PAPER + paper + ASK_END
    printed = Interpreter(48).print_all(paper)
    assert any("纯牛奶" in line for line in printed.lines)
    assert printed.qr_codes == [a_check().code]
    assert a_check().code == "T20261121180209-02"
