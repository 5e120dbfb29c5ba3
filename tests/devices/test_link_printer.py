"""Printers on a line, against a real socket and a real terminal line that behave badly."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass, replace

import pytest

from app.devices.link_printer import LinkPrinter
from app.devices.paper_rows import PrintedPaper
from app.devices.print_queue import PrinterFailed, PrinterNotThere, PrintQueue, Ready
from app.devices.printer_link import Link, Patience, SerialPlace, TcpPlace, UsbPlace
from app.devices.printers import NotPrinted, NotThere, Printed, Typesetting
from app.devices.receipt_escpos import PAPER_80, drawer_pulse_bytes, receipt_bytes
from app.domain.receipt import as_copy
from app.wording import load
from tests.devices.counter_printer import (
    ASK_END,
    ASK_OFFLINE_CAUSE,
    ASK_PAPER,
    BROKEN,
    COVER,
    FEEDING,
    NO_PAPER,
    STOPPED,
    Manners,
    SerialPrinter,
    TcpPrinter,
)
from tests.devices.escpos_paper import Interpreter
from tests.devices.receipts import (
    CODE,
    a_mixed_receipt,
    a_receipt,
    a_refund_receipt,
    a_small_receipt,
)
from tests.devices.usb_bus import PRODUCT, VENDOR, UsbBus

SETTING = Typesetting(load, columns=48)
SHORT = Patience(connect_s=2.0, write_s=0.5, answer_s=0.3, finish_s=1.5)
ASKED = ASK_OFFLINE_CAUSE + ASK_PAPER
PULSE_AT_ONCE = b"\x10\x14\x01\x00\x01"
WAIT_S = 30.0
BIG = a_receipt(announcements=("满减活动说明" * 30_000,))
"""More than the buffers of any line hold: the printer has to read it."""


def at(printer: TcpPrinter, patience: Patience = SHORT) -> LinkPrinter:
    return LinkPrinter(TcpPlace("127.0.0.1", printer.port), SETTING, patience)


def on(printer: SerialPrinter) -> LinkPrinter:
    return LinkPrinter(SerialPlace(printer.path, 9600), SETTING, SHORT)


def paper_bytes(receipt: PrintedPaper, *, again: bool = False) -> bytes:
    return receipt_bytes(receipt, load, paper=PAPER_80, again=again)


@pytest.mark.parametrize(
    "receipt",
    [
        pytest.param(a_receipt(), id="zh"),
        pytest.param(a_receipt("en"), id="en"),
        pytest.param(a_mixed_receipt(), id="mixed"),
        pytest.param(a_small_receipt(), id="walk-in"),
        pytest.param(as_copy(a_receipt(), 2), id="copy"),
        pytest.param(a_refund_receipt(), id="refund"),
        pytest.param(
            a_refund_receipt("en", languages=("zh_CN", "en"), copy=2), id="copy of a mixed refund"
        ),
    ],
)
def test_a_printer_in_the_network_gets_exactly_the_bytes(receipt: PrintedPaper) -> None:
    with TcpPrinter() as printer:
        assert at(printer).print_receipt(receipt) == Printed()
    assert printer.got == ASKED + paper_bytes(receipt) + ASK_END


def test_a_serial_printer_gets_exactly_the_bytes() -> None:
    with SerialPrinter() as printer:
        assert on(printer).print_receipt(a_receipt()) == Printed()
        assert on(printer).open_drawer() == Printed()
    assert printer.got == ASKED + paper_bytes(a_receipt()) + ASK_END + ASKED + drawer_pulse_bytes()


def test_a_printer_that_never_answers_gets_the_paper_and_is_asked_once() -> None:
    with TcpPrinter(Manners(cause=None)) as printer:
        till = at(printer)
        assert till.print_receipt(a_receipt()) == Printed()
        assert till.print_receipt(a_small_receipt()) == Printed()
    first, second = printer.connections
    assert first == ASK_OFFLINE_CAUSE + paper_bytes(a_receipt())
    assert second == paper_bytes(a_small_receipt())


def test_a_printer_that_does_not_tell_its_end_is_waited_for_once() -> None:
    with TcpPrinter(Manners(tells_end=False)) as printer:
        till = at(printer)
        assert till.print_receipt(a_receipt()) == Printed()
        assert till.print_receipt(a_receipt()) == Printed()
    assert ASK_END in printer.connections[0]
    assert printer.connections[1] == ASKED + paper_bytes(a_receipt())


STATES = [
    pytest.param(Manners(paper=NO_PAPER), "paper_out", id="no roll"),
    pytest.param(Manners(cause=STOPPED), "paper_out", id="stopped at the end of the roll"),
    pytest.param(Manners(cause=COVER), "cover_open", id="cover"),
    pytest.param(Manners(cause=FEEDING), "busy", id="somebody feeds paper"),
    pytest.param(Manners(cause=BROKEN), "other", id="error"),
    pytest.param(Manners(paper=NO_PAPER, before=b"\xff\x93\x00"), "paper_out", id="rubbish first"),
]


@pytest.mark.parametrize(("manners", "reason"), STATES)
def test_a_printer_that_cannot_print_is_sent_nothing(manners: Manners, reason: str) -> None:
    with TcpPrinter(manners) as printer:
        answer = at(printer).print_receipt(a_receipt())
    assert isinstance(answer, NotPrinted)
    assert (answer.reason, answer.in_part) == (reason, False)
    assert printer.got == ASKED


@pytest.mark.parametrize("manners", [Manners(paper=NO_PAPER), Manners(cause=COVER)])
def test_the_drawer_opens_at_a_printer_without_paper(manners: Manners) -> None:
    with TcpPrinter(manners) as printer:
        assert at(printer).open_drawer() == Printed()
    assert printer.got == ASKED + PULSE_AT_ONCE


def test_the_drawer_gets_the_ordinary_pulse() -> None:
    with TcpPrinter() as printer:
        assert at(printer).open_drawer() == Printed()
    assert printer.got == ASKED + drawer_pulse_bytes()


def test_paper_that_ends_in_the_middle_is_half_a_receipt() -> None:
    with TcpPrinter(Manners(runs_out_after=200)) as printer:
        answer = at(printer).print_receipt(a_receipt())
    assert answer == NotPrinted("paper_out", "the printer says so", in_part=True)


def test_a_printer_that_hangs_in_the_middle_does_not_hold_the_thread() -> None:
    with TcpPrinter(Manners(stops_after=300)) as printer:
        answer = at(printer).print_receipt(a_receipt())
    assert isinstance(answer, NotPrinted)
    assert (answer.reason, answer.in_part) == ("no_answer", True)


def test_a_printer_that_takes_no_more_of_a_long_paper_is_noticed() -> None:
    with TcpPrinter(Manners(stops_after=300)) as printer:
        answer = at(printer).print_receipt(BIG)
    assert isinstance(answer, NotPrinted)
    assert (answer.reason, answer.in_part) == ("no_answer", True)


@pytest.mark.parametrize("cause", [0x12, None], ids=["speaks", "mute"])
def test_a_printer_that_hangs_up_in_the_middle_is_gone(cause: int | None) -> None:
    with TcpPrinter(Manners(cause=cause, hangs_up_after=300)) as printer:
        answer = at(printer).print_receipt(BIG)
    assert answer == NotThere(f"127.0.0.1:{printer.port}", in_part=True)


def test_a_printer_that_hangs_up_at_once_serves_somebody_else() -> None:
    with TcpPrinter(Manners(hangs_up_after=3, cause=None)) as printer:
        answer = at(printer).print_receipt(a_receipt())
    assert isinstance(answer, NotPrinted)
    assert (answer.reason, answer.in_part) == ("busy", False)


def test_a_printer_that_answered_yesterday_and_is_silent_today_gets_nothing() -> None:
    with TcpPrinter() as printer:
        till = at(printer)
        assert till.print_receipt(a_receipt()) == Printed()
        printer.manners = replace(printer.manners, cause=None)
        before = len(printer.got)
        answer = till.print_receipt(a_small_receipt())
        assert till.open_drawer() == answer
    assert isinstance(answer, NotPrinted)
    assert answer.reason == "no_answer"
    assert printer.got[before:] == ASK_OFFLINE_CAUSE * 2


def test_a_port_that_nobody_listens_on_is_a_printer_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    till = LinkPrinter(TcpPlace("127.0.0.1", port), SETTING, SHORT)
    assert till.print_receipt(a_receipt()) == NotThere(f"127.0.0.1:{port}")
    assert till.open_drawer() == NotThere(f"127.0.0.1:{port}")


def test_a_serial_port_that_is_gone_is_a_printer_that_is_not_there() -> None:
    till = LinkPrinter(SerialPlace("/dev/ttyZHANGGUI9", 9600), SETTING, SHORT)
    assert till.print_receipt(a_receipt()) == NotThere("/dev/ttyZHANGGUI9")


@dataclass(frozen=True)
class RefusingPlace:
    """A port as the system refuses it."""

    number: int
    where: str = "COM3"

    def open(self, patience: Patience) -> Link:
        raise OSError(self.number, "no")


REFUSALS = [
    pytest.param(errno.EBUSY, "busy", id="another program has it"),
    pytest.param(errno.EACCES, "not_allowed", id="this account may not"),
]


@pytest.mark.parametrize(("number", "reason"), REFUSALS)
def test_a_port_that_is_refused_says_why(number: int, reason: str) -> None:
    answer = LinkPrinter(RefusingPlace(number), SETTING, SHORT).print_receipt(a_receipt())
    assert isinstance(answer, NotPrinted)
    assert (answer.reason, answer.in_part) == (reason, False)


def test_a_usb_printer_that_is_unplugged_is_not_there() -> None:
    till = LinkPrinter(UsbPlace(0x04B8, 0x0E15), SETTING, SHORT)
    assert till.print_receipt(a_receipt()) == NotThere("USB 04b8:0e15")
    assert till.open_drawer() == NotThere("USB 04b8:0e15")


def over(bus: UsbBus) -> LinkPrinter:
    return LinkPrinter(UsbPlace(VENDOR, PRODUCT, bus), SETTING, SHORT)


def test_a_usb_printer_gets_exactly_the_bytes() -> None:
    bus = UsbBus(Manners())
    assert over(bus).print_receipt(a_receipt()) == Printed()
    assert bus.got == ASKED + paper_bytes(a_receipt()) + ASK_END
    assert over(bus).open_drawer() == Printed()
    assert bus.got.endswith(ASKED + drawer_pulse_bytes())


def test_a_usb_printer_without_a_way_back_gets_the_paper_unasked() -> None:
    bus = UsbBus(Manners(), can_answer=False)
    assert over(bus).print_receipt(a_receipt()) == Printed()
    assert bus.got == ASK_OFFLINE_CAUSE + paper_bytes(a_receipt())


USB_TROUBLE = [
    pytest.param(None, NotThere("USB 04b8:0e15"), id="no printer on the bus"),
    pytest.param(Manners(paper=NO_PAPER), NotPrinted("paper_out", "", False), id="paper"),
    pytest.param(Manners(stops_after=50), NotPrinted("no_answer", "", True), id="hangs"),
    pytest.param(Manners(hangs_up_after=50), NotThere("USB 04b8:0e15", True), id="pulled out"),
]


@pytest.mark.parametrize(("manners", "expected"), USB_TROUBLE)
def test_trouble_on_usb_is_told(manners: Manners | None, expected: NotThere | NotPrinted) -> None:
    answer = over(UsbBus(manners)).print_receipt(a_receipt())
    if isinstance(answer, NotPrinted):
        answer = replace(answer, detail="")
    assert answer == expected


def test_a_serial_printer_that_hangs_does_not_hold_the_thread() -> None:
    with SerialPrinter(Manners(stops_after=300)) as printer:
        answer = on(printer).print_receipt(BIG)
    assert isinstance(answer, NotPrinted)
    assert (answer.reason, answer.in_part) == ("no_answer", True)


def test_a_serial_printer_without_paper_says_so() -> None:
    with SerialPrinter(Manners(paper=NO_PAPER)) as printer:
        answer = on(printer).print_receipt(a_receipt())
    assert answer == NotPrinted("paper_out", "the printer says so")


def test_half_a_receipt_comes_out_whole_and_marked_when_the_roll_is_new() -> None:
    with TcpPrinter(Manners(runs_out_after=200)) as printer:
        queue = PrintQueue(at(printer))
        queue.print_receipt(a_receipt())
        assert queue.wait_until_idle(WAIT_S)
        assert queue.state() == PrinterFailed("paper_out", kept=1, in_part=True)
        printer.manners = Manners()
        queue.try_again()
        assert queue.wait_until_idle(WAIT_S)
        assert queue.state() == Ready()
        queue.close(WAIT_S)
    _, whole = printer.connections
    assert whole == ASKED + paper_bytes(a_receipt(), again=True) + ASK_END


def test_the_mark_ends_what_was_cut_off_and_stands_on_top() -> None:
    data = paper_bytes(a_receipt(), again=True)
    assert data[:64] == bytes(64)
    paper = Interpreter(48).print_all(data[64:])
    assert paper.lines[0].strip() == load("zh_CN").t("PRINTED AGAIN: the first paper is incomplete")
    assert paper.bold[0]
    whole = Interpreter(48).print_all(paper_bytes(a_receipt()))
    assert paper.lines[1:] == whole.lines
    assert paper.qr_codes == [CODE.text]


def test_the_mark_is_in_both_languages_where_the_receipt_is() -> None:
    data = receipt_bytes(a_mixed_receipt(), load, paper=PAPER_80, again=True)
    lines = Interpreter(48).print_all(data[64:]).lines
    assert [line.strip() for line in lines[:2]] == [
        load(language).t("PRINTED AGAIN: the first paper is incomplete")
        for language in a_mixed_receipt().languages
    ]


def test_asking_never_waits_for_a_printer_that_hangs() -> None:
    with TcpPrinter(Manners(stops_after=2)) as printer:
        queue = PrintQueue(at(printer, replace(SHORT, answer_s=2.0)))
        queue.print_receipt(a_receipt())
        queue.open_drawer()
        assert not queue.wait_until_idle(0.05), "the printer holds its own thread only"
        printer.let_go()
        assert queue.wait_until_idle(WAIT_S)
        assert isinstance(queue.state(), PrinterNotThere | PrinterFailed)
        queue.close(WAIT_S)
