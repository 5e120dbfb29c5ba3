"""The printer's address in parts: what can be typed, what it makes, what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.link_printer import LinkPrinter
from app.devices.printer_setting import printer_from_setting
from app.devices.printers import MissingPrinter, NoPrinter, Typesetting
from app.wording import load
from ui.devices.printer_form import (
    FormFault,
    PrinterForm,
    columns_of,
    form_of,
    setting_of,
)

SETTING = Typesetting(load, columns=48)
ADDRESSES = [
    pytest.param(PrinterForm(), "", id="none"),
    pytest.param(PrinterForm("tcp", "192.168.1.60", "9100"), "tcp:192.168.1.60:9100", id="address"),
    pytest.param(PrinterForm("tcp", "printer-1", "9101"), "tcp:printer-1:9101", id="name"),
    pytest.param(PrinterForm("tcp", "fe80::1", "9100"), "tcp:[fe80::1]:9100", id="IPv6"),
    pytest.param(PrinterForm("serial", "COM3", "19200"), "serial:COM3:19200", id="COM"),
    pytest.param(PrinterForm("serial", "/dev/ttyS0", "9600"), "serial:/dev/ttyS0:9600", id="tty"),
    pytest.param(PrinterForm("usb", "04b8", "0e15"), "usb:04b8:0e15", id="USB"),
    pytest.param(PrinterForm("folder", "/srv/papers"), "folder:/srv/papers", id="folder"),
    pytest.param(PrinterForm("folder", "C:\\papers"), "folder:C:\\papers", id="folder of Windows"),
    pytest.param(
        PrinterForm("folder", "/srv/papers", "", "txt"), "folder+txt:/srv/papers", id="as text"
    ),
    pytest.param(PrinterForm("device", "/dev/usb/lp0"), "device:/dev/usb/lp0", id="device file"),
]


@pytest.mark.parametrize(("form", "setting"), ADDRESSES)
def test_parts_and_setting_say_the_same(form: PrinterForm, setting: str) -> None:
    assert setting_of(form) == setting
    assert form_of(setting) == form
    printer = printer_from_setting(setting, SETTING)
    assert not isinstance(printer, MissingPrinter), "what the form makes, the devices know"
    assert isinstance(printer, NoPrinter) == (form.kind == "none")


def test_what_is_usual_need_not_be_typed() -> None:
    assert setting_of(PrinterForm("tcp", " 10.0.0.9 ")) == "tcp:10.0.0.9:9100"
    assert setting_of(PrinterForm("serial", "COM1")) == "serial:COM1:9600"
    assert form_of("tcp:10.0.0.9") == PrinterForm("tcp", "10.0.0.9", "9100")
    assert form_of("serial:/dev/ttyS0") == PrinterForm("serial", "/dev/ttyS0", "9600")


def test_a_setting_of_no_known_kind_is_shown_as_none() -> None:
    assert form_of("parallel:LPT1") == PrinterForm()
    assert form_of("nonsense") == PrinterForm()


FAULTS = [
    pytest.param(PrinterForm("tcp"), FormFault(1, "missing"), id="empty"),
    pytest.param(PrinterForm("tcp", "printer 1"), FormFault(1, "not_a_host"), id="blank in a name"),
    pytest.param(PrinterForm("tcp", "http://p/"), FormFault(1, "not_a_host"), id="a web address"),
    pytest.param(PrinterForm("tcp", "p", "0"), FormFault(2, "not_a_port"), id="port 0"),
    pytest.param(PrinterForm("tcp", "p", "70000"), FormFault(2, "not_a_port"), id="port too high"),
    pytest.param(PrinterForm("tcp", "p", "９１００"), FormFault(2, "not_a_port"), id="wide"),
    pytest.param(PrinterForm("serial", "COM 3"), FormFault(1, "not_a_line"), id="blank in a port"),
    pytest.param(PrinterForm("serial", "COM3", "9601"), FormFault(2, "not_a_rate"), id="odd rate"),
    pytest.param(PrinterForm("serial", "com4"), FormFault(1, "port_taken"), id="scanner"),
    pytest.param(PrinterForm("usb", "4b8", "0e15"), FormFault(1, "not_a_number"), id="three signs"),
    pytest.param(PrinterForm("usb", "04b8", ""), FormFault(2, "not_a_number"), id="no model"),
    pytest.param(PrinterForm("folder", "papers"), FormFault(1, "not_a_path"), id="half a path"),
    pytest.param(PrinterForm("device", "lp0"), FormFault(1, "not_a_path"), id="no path"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "fault"), FAULTS)
def test_what_cannot_be_is_said_at_its_field(form: PrinterForm, fault: FormFault) -> None:
    assert setting_of(form, scanner="serial:COM4:9600") == fault


def test_a_port_is_free_where_the_scanner_is_elsewhere() -> None:
    for scanner in ("", "serial:COM3:9600", "serial:COM40"):
        assert setting_of(PrinterForm("serial", "COM4"), scanner=scanner) == "serial:COM4:9600"


@given(
    st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True),
    st.integers(1, 65_535),
)
def test_every_address_in_a_network_comes_back_as_typed(host: str, port: int) -> None:
    form = PrinterForm("tcp", host, str(port))
    setting = setting_of(form)
    assert isinstance(setting, str)
    assert form_of(setting) == form
    assert isinstance(printer_from_setting(setting, SETTING), LinkPrinter)


COLUMNS = [("32", 32), ("48", 48), (" 56 ", 56), ("31", None), ("57", None), ("", None),
           ("4 8", None), ("-40", None), ("４８", None), ("48.0", None)]  # fmt: skip


@pytest.mark.parametrize(("typed", "wanted"), COLUMNS)
def test_paper_has_32_to_56_columns(typed: str, wanted: int | None) -> None:
    assert columns_of(typed) == wanted


def test_a_folder_keeps_its_formats(tmp_path: Path) -> None:
    setting = f"folder+txt+bin:{tmp_path}"
    assert setting_of(form_of(setting)) == setting
