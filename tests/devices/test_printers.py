"""Printers that write files, against the real file system: gone, read-only, full."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.devices.link_printer import LinkPrinter
from app.devices.printer_setting import printer_from_setting
from app.devices.printers import (
    DeviceFilePrinter,
    FolderPrinter,
    NoPrinter,
    NotPrinted,
    NotThere,
    Printed,
    Typesetting,
)
from app.devices.receipt_text import receipt_text
from app.domain.page import Page
from app.domain.receipt import as_copy
from app.wording import load
from tests.devices.escpos_paper import Interpreter
from tests.devices.receipts import CODE, a_receipt

SETTING = Typesetting(load, columns=48)
FULL = Path("/dev/full")
needs_full_disk = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="device files are POSIX")


@contextmanager
def not_root() -> Iterator[None]:
    """Root may write everywhere, so a test of rights steps down for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_receipt_becomes_a_file_named_by_its_code(tmp_path: Path) -> None:
    printer = FolderPrinter(tmp_path, SETTING)
    assert printer.print_receipt(a_receipt()) == Printed()
    written = (tmp_path / f"{CODE.text}.txt").read_text(encoding="utf-8")
    assert written == receipt_text(a_receipt(), load, columns=48)


def test_a_copy_does_not_replace_the_original(tmp_path: Path) -> None:
    printer = FolderPrinter(tmp_path, SETTING)
    printer.print_receipt(a_receipt())
    printer.print_receipt(as_copy(a_receipt(), 2))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{CODE.text}-2.txt",
        f"{CODE.text}.txt",
    ]


def test_all_formats_are_written(tmp_path: Path) -> None:
    painted: list[Page] = []

    def paint(page: Page) -> bytes:
        painted.append(page)
        return b"%PDF"

    setting = Typesetting(
        load, columns=32, measure=lambda text, size, bold: len(text) * size, paint_pdf=paint
    )
    printer = FolderPrinter(tmp_path, setting, ("txt", "pdf", "bin"))
    assert printer.print_receipt(a_receipt()) == Printed()
    assert painted[0].width_um == 58_000
    assert (tmp_path / f"{CODE.text}.pdf").read_bytes() == b"%PDF"
    paper = Interpreter(32).print_all((tmp_path / f"{CODE.text}.bin").read_bytes())
    assert paper.qr_codes == [CODE.text]
    assert printer.open_drawer() == Printed()


def test_pdf_needs_a_painter(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="measures and paints"):
        FolderPrinter(tmp_path, SETTING, ("pdf",))


def test_a_folder_that_is_gone_is_a_printer_that_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "share"
    assert FolderPrinter(folder, SETTING).print_receipt(a_receipt()) == NotThere(str(folder))
    assert not folder.exists()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "receipts").mkdir()
        yield folder / "receipts"


@needs_posix
@pytest.mark.parametrize("mode", [0o555, 0o000], ids=["read only", "closed"])
def test_a_folder_without_the_right_to_write_is_said(open_folder: Path, mode: int) -> None:
    open_folder.chmod(mode)
    with not_root():
        result = FolderPrinter(open_folder, SETTING).print_receipt(a_receipt())
    assert isinstance(result, NotPrinted)
    assert result.reason == "not_allowed"
    open_folder.chmod(0o755)
    assert list(open_folder.iterdir()) == []


@needs_posix
def test_a_folder_behind_a_closed_one_is_said(open_folder: Path) -> None:
    (open_folder / "deep").mkdir()
    open_folder.chmod(0o000)
    with not_root():
        result = FolderPrinter(open_folder / "deep", SETTING).print_receipt(a_receipt())
    open_folder.chmod(0o755)
    assert isinstance(result, NotPrinted)
    assert result.reason == "not_allowed"


@needs_full_disk
def test_a_full_disk_leaves_no_half_receipt(tmp_path: Path) -> None:
    # The draft's name leads to a device that is always full: the write really fails.
    (tmp_path / f".{CODE.text}.txt.part").symlink_to(FULL)
    result = FolderPrinter(tmp_path, SETTING).print_receipt(a_receipt())
    assert isinstance(result, NotPrinted)
    assert result.reason == "no_space"
    assert list(tmp_path.iterdir()) == []


@needs_posix
def test_a_device_that_does_not_exist_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    assert DeviceFilePrinter(path, SETTING).print_receipt(a_receipt()) == NotThere(str(path))
    assert not path.exists()


@needs_full_disk
def test_a_device_that_refuses_is_said() -> None:
    result = DeviceFilePrinter(FULL, SETTING).print_receipt(a_receipt())
    assert isinstance(result, NotPrinted)
    assert result.reason == "no_space"


@needs_posix
def test_a_pipe_that_nobody_reads_does_not_hold_the_thread(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert DeviceFilePrinter(path, SETTING).print_receipt(a_receipt()) == NotThere(str(path))


@needs_posix
def test_a_device_gets_the_receipt_and_the_pulse(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    printer = DeviceFilePrinter(path, SETTING)
    assert printer.print_receipt(a_receipt()) == Printed()
    assert printer.open_drawer() == Printed()
    paper = Interpreter(48).print_all(os.read(reader, 65_536))
    os.close(reader)
    assert (paper.qr_codes, paper.cuts, paper.pulses) == ([CODE.text], 1, 1)


@needs_posix
def test_a_slow_device_gets_everything(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    received = bytearray()
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(reader, True)

    def read_slowly() -> None:
        while chunk := os.read(reader, 100):
            received.extend(chunk)

    thread = threading.Thread(target=read_slowly)
    holder = os.open(path, os.O_WRONLY)
    thread.start()
    big = a_receipt(announcements=("满减活动说明" * 8_000,))
    assert DeviceFilePrinter(path, SETTING).print_receipt(big) == Printed()
    os.close(holder)
    thread.join(30)
    os.close(reader)
    assert len(received) > 65_536
    assert Interpreter(48).print_all(bytes(received)).cuts == 1


@needs_posix
def test_trouble_of_another_kind_keeps_the_system_s_words(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    result = DeviceFilePrinter(loop, SETTING).print_receipt(a_receipt())
    assert isinstance(result, NotPrinted)
    assert result.reason == "other"
    assert "loop" in result.detail


def test_no_printer_is_never_missing() -> None:
    assert NoPrinter().print_receipt(a_receipt()) == Printed()
    assert NoPrinter().open_drawer() == Printed()


PDF_SETTING = Typesetting(load, 48, measure=lambda text, size, bold: 0, paint_pdf=lambda page: b"")


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        ("", NoPrinter),
        ("folder:/srv/receipts", FolderPrinter),
        ("folder+txt+pdf:/srv/receipts", FolderPrinter),
        ("device:/dev/usb/lp0", DeviceFilePrinter),
        ("folder:C:\\receipts", FolderPrinter),
        ("tcp:192.0.2.5:9100", LinkPrinter),
        ("tcp:kitchen-printer", LinkPrinter),
        ("tcp:[2001:db8::5]:9100", LinkPrinter),
        ("serial:/dev/ttyUSB0:9600", LinkPrinter),
        ("serial:COM3", LinkPrinter),
        ("usb:04b8:0e15", LinkPrinter),
    ],
)
def test_settings_that_name_a_printer(setting: str, kind: type) -> None:
    assert isinstance(printer_from_setting(setting, PDF_SETTING), kind)


@pytest.mark.parametrize(
    "setting",
    [
        "fax:1",
        "folder",
        "folder:",
        "folder+docx:/srv",
        "device+pdf:/dev/lp0",
        "lp0",
        "tcp:",
        "tcp:host:port",
        "tcp:host:0",
        "tcp:host:65536",
        "tcp:two words:9100",
        "serial:",
        "usb:04b8",
        "usb:4b8:e15",
        "usb:zzzz:0e15",
        "tcp+pdf:host:9100",
    ],
)
def test_settings_that_name_none_are_a_missing_printer(setting: str) -> None:
    printer = printer_from_setting(setting, PDF_SETTING)
    assert printer.print_receipt(a_receipt()) == NotThere(setting)
    assert printer.open_drawer() == NotThere(setting)


@pytest.mark.parametrize(("columns", "dots"), [(32, 384), (35, 384), (42, 576), (48, 576)])
def test_columns_tell_the_roll(columns: int, dots: int) -> None:
    assert Typesetting(load, columns).paper.dots == dots
