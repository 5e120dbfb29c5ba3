"""A printer that fails while the shop sells: no sale waits, no paper is lost, none comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.devices.print_queue import PrinterFailed, PrinterNotThere, Ready
from app.devices.receipt_escpos import PAPER_80, receipt_bytes
from tests.devices.counter_printer import COVER, NO_PAPER, READY, Manners, TcpPrinter
from tests.journeys.cashier import Cashier
from tests.journeys.printer_counter import a_counter, wait_for_printer
from tests.real_shop import MILK, TOWEL, words_for
from ui.application import Application
from ui.navigation import ToReceipt

pytestmark = pytest.mark.journey
Key = Qt.Key
HALF = 300


@pytest.fixture
def sink() -> Iterator[TcpPrinter]:
    with TcpPrinter() as printer:
        yield printer


@pytest.fixture
def cashier(tmp_path: Path, application: Application, sink: TcpPrinter) -> Iterator[Cashier]:
    """李明 at a till whose printer is a real socket."""
    with a_counter(tmp_path, application, printer=f"tcp:127.0.0.1:{sink.port}") as made:
        made.scan(made.shop.badges["李明"])
        yield made


def sell(cashier: Cashier, code: str) -> None:
    """A sale in cash; it ends on its receipt whatever the printer does."""
    cashier.scan(code)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert cashier.at(ToReceipt), "the sale waited for the printer"


def papers(cashier: Cashier) -> list[bytes]:
    """The bytes of every sale's receipt, in the order of the sales."""
    facts = cashier.sales()
    return [receipt_bytes(fact.receipt, words_for, paper=PAPER_80) for fact in facts]


def again(cashier: Cashier, place: int) -> bytes:
    facts = cashier.sales()
    return receipt_bytes(facts[place].receipt, words_for, paper=PAPER_80, again=True)


def test_half_a_receipt_is_printed_whole_and_marked_and_the_rest_once(
    cashier: Cashier, sink: TcpPrinter
) -> None:
    sink.manners = Manners(hangs_up_after=HALF)
    sell(cashier, MILK)
    wait_for_printer(cashier)
    state = cashier.at_till.printer.queue.state()
    assert isinstance(state, PrinterNotThere | PrinterFailed)
    assert (state.kept, state.in_part) == (1, True)
    sell(cashier, TOWEL)
    wait_for_printer(cashier)
    sink.manners = Manners()
    cashier.tap_named("再试一次")
    wait_for_printer(cashier)
    assert cashier.at_till.printer.queue.state() == Ready()
    whole = [bytes(each) for each in sink.connections]
    first, second = again(cashier, 0), papers(cashier)[1]
    assert sum(first in each for each in whole) == 1
    assert sum(second in each for each in whole) == 1
    assert not any(papers(cashier)[0] in each for each in whole), "one more would be a double"
    assert whole.index(next(each for each in whole if first in each)) < whole.index(
        next(each for each in whole if second in each)
    )


@pytest.mark.parametrize(
    ("manners", "reason"),
    [
        pytest.param(Manners(cause=COVER), "cover_open", id="cover"),
        pytest.param(Manners(paper=NO_PAPER), "paper_out", id="paper"),
    ],
)
def test_an_open_cover_holds_papers_and_no_sale(
    cashier: Cashier, sink: TcpPrinter, manners: Manners, reason: str
) -> None:
    sink.manners = manners
    for code in (MILK, TOWEL):
        sell(cashier, code)
        wait_for_printer(cashier)
    state = cashier.at_till.printer.queue.state()
    assert isinstance(state, PrinterFailed)
    assert (state.reason, state.kept, state.in_part) == (reason, 2, False)
    sink.manners = Manners(cause=READY)
    sell(cashier, MILK)  # the next sale brings the kept ones along
    wait_for_printer(cashier)
    whole = b"".join(bytes(each) for each in sink.connections)
    for paper in papers(cashier):
        assert whole.count(paper) == 1
    first, second, third = (whole.index(paper) for paper in papers(cashier))
    assert first < second < third


def test_paper_that_ends_in_the_middle_costs_one_marked_receipt(
    cashier: Cashier, sink: TcpPrinter
) -> None:
    sink.manners = Manners(runs_out_after=HALF)
    sell(cashier, MILK)
    wait_for_printer(cashier)
    assert cashier.at_till.printer.queue.waiting() == (_code(cashier, 0),)
    sink.manners = Manners()
    sell(cashier, TOWEL)
    wait_for_printer(cashier)
    assert cashier.at_till.printer.queue.waiting() == ()
    whole = b"".join(bytes(each) for each in sink.connections)
    assert whole.count(again(cashier, 0)) == 1
    assert whole.count(papers(cashier)[1]) == 1


def _code(cashier: Cashier, place: int) -> str:
    facts = cashier.sales()
    return facts[place].receipt.code
