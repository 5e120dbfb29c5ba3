"""The print thread: never in the way of a sale, never out of order, never forgetful."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.devices.drawer import NoDrawer, PrinterDrawer
from app.devices.paper_rows import PrintedPaper
from app.devices.print_queue import (
    JOBS_MAX,
    Busy,
    PrinterFailed,
    PrinterNotThere,
    PrinterState,
    PrintQueue,
    Ready,
)
from app.devices.printers import (
    DeviceFilePrinter,
    FolderPrinter,
    NotPrinted,
    NotThere,
    Printed,
    PrintResult,
    ReceiptPrinter,
    Typesetting,
)
from app.domain.receipt import Receipt, as_copy
from app.services import ports
from app.wording import load
from tests.devices.receipts import CODE, a_receipt, a_small_receipt

SETTING = Typesetting(load, columns=48)
WAIT_S = 30.0


class HeldPrinter:
    """A printer whose paper only moves when the test lets it; answers as told."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.started = threading.Event()
        self.answer: PrintResult = Printed()
        self.copies: list[int] = []
        self.again: list[bool] = []
        self.pulses = 0

    def print_receipt(self, receipt: PrintedPaper, *, again: bool = False) -> PrintResult:
        self.started.set()
        assert self.go.wait(WAIT_S)
        if isinstance(self.answer, Printed):
            self.copies.append(receipt.copy)
            self.again.append(again)
        return self.answer

    def open_drawer(self) -> PrintResult:
        if isinstance(self.answer, Printed):
            self.pulses += 1
        return self.answer


@pytest.fixture
def held() -> HeldPrinter:
    return HeldPrinter()


@pytest.fixture
def queue(held: HeldPrinter) -> Iterator[PrintQueue]:
    queue = PrintQueue(held)
    yield queue
    held.go.set()
    queue.close(WAIT_S)


def copies(*numbers: int) -> list[Receipt]:
    return [as_copy(a_small_receipt(), number) for number in numbers]


def test_it_fits_the_ports(queue: PrintQueue) -> None:
    as_queue: ports.PrintQueue = queue
    drawers: list[ports.Drawer] = [queue, PrinterDrawer(queue), NoDrawer()]
    assert as_queue is queue
    assert len(drawers) == 3


def test_asking_does_not_wait_for_the_printer(queue: PrintQueue, held: HeldPrinter) -> None:
    for receipt in copies(1, 2, 3):
        queue.print_receipt(receipt)
    assert held.started.wait(WAIT_S)
    assert queue.state() == Busy(3)
    assert held.copies == []
    held.go.set()
    assert queue.wait_until_idle(WAIT_S)
    assert held.copies == [1, 2, 3]
    assert queue.state() == Ready()


def test_a_missing_printer_keeps_the_receipts_until_it_is_back(
    queue: PrintQueue, held: HeldPrinter
) -> None:
    held.answer = NotThere("usb")
    held.go.set()
    for receipt in copies(1, 2):
        queue.print_receipt(receipt)
        assert queue.wait_until_idle(WAIT_S)
    assert queue.state() == PrinterNotThere("usb", kept=2)
    held.answer = Printed()
    queue.try_again()
    assert queue.wait_until_idle(WAIT_S)
    assert held.copies == [1, 2]
    assert queue.state() == Ready()


def test_the_next_sale_brings_the_kept_receipts_along_in_order(
    queue: PrintQueue, held: HeldPrinter
) -> None:
    held.answer = NotPrinted("no_space", "full")
    held.go.set()
    queue.print_receipt(copies(1)[0])
    assert queue.wait_until_idle(WAIT_S)
    assert queue.state() == PrinterFailed("no_space", kept=1)
    held.answer = Printed()
    queue.print_receipt(copies(2)[0])
    assert queue.wait_until_idle(WAIT_S)
    assert held.copies == [1, 2]


def test_one_failure_speaks_for_all_that_wait(queue: PrintQueue, held: HeldPrinter) -> None:
    held.answer = NotThere("usb")
    for receipt in copies(1, 2, 3, 4):
        queue.print_receipt(receipt)
    held.go.set()
    assert queue.wait_until_idle(WAIT_S)
    assert queue.state() == PrinterNotThere("usb", kept=4)


def test_a_drawer_never_springs_open_later(queue: PrintQueue, held: HeldPrinter) -> None:
    held.answer = NotThere("usb")
    held.go.set()
    PrinterDrawer(queue).open_drawer()
    assert queue.wait_until_idle(WAIT_S)
    assert queue.state() == PrinterNotThere("usb", kept=0)
    held.answer = Printed()
    queue.try_again()
    assert queue.wait_until_idle(WAIT_S)
    assert held.pulses == 0
    queue.open_drawer()
    assert queue.wait_until_idle(WAIT_S)
    assert held.pulses == 1
    assert queue.state() == Ready()


def test_half_a_receipt_stays_in_line_and_is_marked_when_it_is_whole(
    queue: PrintQueue, held: HeldPrinter
) -> None:
    held.go.set()
    held.answer = NotPrinted("no_answer", "hung", in_part=True)
    queue.print_receipt(copies(1)[0])
    assert queue.wait_until_idle(WAIT_S)
    assert queue.state() == PrinterFailed("no_answer", kept=1, in_part=True)
    held.answer = NotThere("till-printer:9100")
    queue.print_receipt(copies(2)[0])
    assert queue.wait_until_idle(WAIT_S)
    assert queue.state() == PrinterNotThere("till-printer:9100", kept=2)
    held.answer = Printed()
    queue.try_again()
    assert queue.wait_until_idle(WAIT_S)
    assert (held.copies, held.again) == ([1, 2], [True, False])


def test_a_drawer_that_opens_does_not_hide_the_receipts_that_wait(
    queue: PrintQueue, held: HeldPrinter
) -> None:
    held.go.set()
    held.answer = NotPrinted("paper_out", "no roll")
    queue.print_receipt(copies(1)[0])
    assert queue.wait_until_idle(WAIT_S)
    held.answer = Printed()
    queue.open_drawer()
    assert queue.wait_until_idle(WAIT_S)
    assert held.pulses == 1
    assert queue.state() == PrinterFailed("paper_out", kept=1)


def test_more_receipts_than_it_keeps_lose_the_oldest(queue: PrintQueue, held: HeldPrinter) -> None:
    held.answer = NotThere("usb")
    held.go.set()
    for receipt in copies(*range(1, JOBS_MAX + 4)):
        queue.print_receipt(receipt)
        assert queue.wait_until_idle(WAIT_S)
    assert queue.state() == PrinterNotThere("usb", kept=JOBS_MAX)
    held.answer = Printed()
    queue.try_again()
    assert queue.wait_until_idle(WAIT_S)
    assert held.copies == list(range(4, JOBS_MAX + 4))


def test_a_bug_in_one_receipt_does_not_end_the_day(tmp_path: Path) -> None:
    class Buggy:
        def print_receipt(self, receipt: PrintedPaper, *, again: bool = False) -> PrintResult:
            raise ZeroDivisionError

        def open_drawer(self) -> PrintResult:
            return Printed()

    queue = PrintQueue(Buggy())
    queue.print_receipt(a_receipt())
    assert queue.wait_until_idle(WAIT_S)
    assert queue.state() == PrinterFailed("other", kept=1)
    queue.use_printer(FolderPrinter(tmp_path, SETTING))
    assert queue.wait_until_idle(WAIT_S)
    assert queue.state() == Ready()
    assert (tmp_path / f"{CODE.text}.txt").exists()
    queue.close()


def test_every_change_of_state_is_told() -> None:
    told: list[PrinterState] = []
    held = HeldPrinter()
    queue = PrintQueue(held, on_change=told.append)
    queue.print_receipt(a_receipt())
    held.go.set()
    queue.close(WAIT_S)
    assert Busy(1) in told
    assert told[-1] == Ready()


def test_who_asks_later_is_told_too_and_papers_in_line_are_named() -> None:
    told: list[PrinterState] = []
    held = HeldPrinter()
    queue = PrintQueue(held)
    queue.listen(told.append)
    held.answer = NotThere("usb")
    held.go.set()
    for receipt in copies(1, 2):
        queue.print_receipt(receipt)
        assert queue.wait_until_idle(WAIT_S)
    queue.open_drawer()
    assert queue.wait_until_idle(WAIT_S)
    assert queue.waiting() == (CODE.text, CODE.text), "a pulse is no paper"
    held.answer = Printed()
    queue.try_again()
    queue.close(WAIT_S)
    assert queue.waiting() == ()
    assert PrinterNotThere("usb", kept=2) in told
    assert told[-1] == Ready()


def test_closing_prints_what_waits_and_takes_no_more(queue: PrintQueue, held: HeldPrinter) -> None:
    for receipt in copies(1, 2):
        queue.print_receipt(receipt)
    held.go.set()
    queue.close(WAIT_S)
    queue.print_receipt(copies(3)[0])
    assert held.copies == [1, 2]
    assert queue.state() == Ready()


def test_closing_with_a_missing_printer_ends(held: HeldPrinter) -> None:
    queue = PrintQueue(held)
    held.answer = NotThere("usb")
    for receipt in copies(1, 2):
        queue.print_receipt(receipt)
    assert held.started.wait(WAIT_S)
    closing = threading.Thread(target=queue.close, args=(WAIT_S,))
    closing.start()
    held.go.set()
    closing.join(WAIT_S)
    assert not closing.is_alive()
    assert isinstance(queue.state(), PrinterNotThere)


REAL = [
    pytest.param(DeviceFilePrinter(Path("/dev/no-such-printer"), SETTING), "not there", id="gone"),
    pytest.param(DeviceFilePrinter(Path("/dev/full"), SETTING), "no_space", id="full"),
    pytest.param(FolderPrinter(Path("/no/such/share"), SETTING), "not there", id="no folder"),
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(("printer", "says"), REAL)
def test_real_trouble_reaches_the_screen_as_a_state(printer: ReceiptPrinter, says: str) -> None:
    queue = PrintQueue(printer)
    queue.print_receipt(a_receipt())
    assert queue.wait_until_idle(WAIT_S)
    state = queue.state()
    if says == "not there":
        assert isinstance(state, PrinterNotThere)
    else:
        assert isinstance(state, PrinterFailed)
        assert (state.reason, state.kept, state.in_part) == (says, 1, False)
    queue.close()
