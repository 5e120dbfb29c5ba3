"""Receipt printers: where finished paper work goes.

Owns: what a printer is and what it answers; printers that are a folder (text, PDF, printer
bytes), a device file, or none. Does not own: printers on TCP, serial and USB (link_printer.py), the
setting that names one (printer_setting.py), what is printed (receipt_*.py), the thread that prints
(print_queue.py).
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from app.devices.paper_rows import PrintedPaper
from app.devices.receipt_escpos import (
    PAPER_58,
    PAPER_80,
    ThermalPaper,
    drawer_pulse_bytes,
    receipt_bytes,
)
from app.devices.receipt_page import ROLL_58, ROLL_80, receipt_page
from app.devices.receipt_rows import WordsFor
from app.devices.receipt_text import receipt_text
from app.domain.page import Measure, Page


@dataclass(frozen=True, slots=True)
class Printed:
    """It is on paper (or in the file)."""


@dataclass(frozen=True, slots=True)
class NotThere:
    """The printer cannot be found: unplugged, switched off, its path or folder is gone.

    `in_part`: it went away in the middle; a piece of the paper may have come out.
    """

    where: str
    in_part: bool = False


NoPrintReason = Literal[
    "no_space", "not_allowed", "paper_out", "cover_open", "busy", "no_answer", "other"
]


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """The printer is there and refused. `detail` is the system's own message, for the log.

    `in_part`: a piece of the paper came out; it has to be printed again whole and marked.
    """

    reason: NoPrintReason
    detail: str
    in_part: bool = False


PrintResult = Printed | NotThere | NotPrinted


class ReceiptPrinter(Protocol):
    """Something that prints. Slow: called by the print thread only. Expected trouble is an answer;
    an exception is a bug."""

    def print_receipt(self, receipt: PrintedPaper, *, again: bool = False) -> PrintResult:
        """`again`: a piece of this paper came out before; this one says so on top."""
        ...

    def open_drawer(self) -> PrintResult: ...


@dataclass(frozen=True, slots=True)
class Typesetting:
    """What a printer needs to know besides the receipt. `measure` and `paint_pdf` come from ui."""

    words_for: WordsFor
    columns: int
    measure: Measure | None = None
    paint_pdf: Callable[[Page], bytes] | None = None

    @property
    def paper(self) -> ThermalPaper:
        """The roll these columns belong to: narrow ones have 32 to 35, wide ones 42 and more."""
        dots = PAPER_58.dots if self.is_narrow else PAPER_80.dots
        return ThermalPaper(self.columns, dots)

    @property
    def is_narrow(self) -> bool:
        return self.columns < 40


class NoPrinter:
    """A shop without a printer: receipts are on the screen, and nothing is ever missing."""

    def print_receipt(self, receipt: PrintedPaper, *, again: bool = False) -> PrintResult:
        return Printed()

    def open_drawer(self) -> PrintResult:
        return Printed()


class MissingPrinter:
    """A printer that cannot be there: the setting names none this till knows."""

    def __init__(self, where: str) -> None:
        self._where = where

    def print_receipt(self, receipt: PrintedPaper, *, again: bool = False) -> PrintResult:
        return NotThere(self._where)

    def open_drawer(self) -> PrintResult:
        return NotThere(self._where)


FileFormat = Literal["txt", "pdf", "bin"]
FILE_FORMATS: tuple[FileFormat, ...] = ("txt", "pdf", "bin")


class FolderPrinter:
    """Writes every receipt into a folder: `<code>.txt`, `.pdf`, `.bin`; copies get `-2`, `-3`.

    A file is complete or not there: it is written beside and renamed. The folder itself must
    exist; a missing one is a printer that is not there (a share that is not mounted).
    """

    def __init__(
        self, folder: Path, typesetting: Typesetting, formats: tuple[FileFormat, ...] = ("txt",)
    ) -> None:
        if "pdf" in formats and (typesetting.measure is None or typesetting.paint_pdf is None):
            raise ValueError("PDF needs somebody who measures and paints")
        self._folder = folder
        self._typesetting = typesetting
        self._formats = formats

    def print_receipt(self, receipt: PrintedPaper, *, again: bool = False) -> PrintResult:
        """Write all formats; at the first trouble stop and say which."""
        copy = f"-{receipt.copy}" if receipt.copy > 1 else ""
        try:
            if not self._folder.is_dir():
                return NotThere(str(self._folder))
            for file_format in self._formats:
                path = self._folder / f"{receipt.code}{copy}.{file_format}"
                _write_whole(path, self._content(receipt, file_format))
        except OSError as error:
            return _trouble(error, str(self._folder))
        return Printed()

    def open_drawer(self) -> PrintResult:
        """A folder has no drawer."""
        return Printed()

    def _content(self, receipt: PrintedPaper, file_format: FileFormat) -> bytes:
        setting = self._typesetting
        match file_format:
            case "txt":
                text = receipt_text(receipt, setting.words_for, columns=setting.columns)
                return text.encode("utf-8")
            case "bin":
                return receipt_bytes(receipt, setting.words_for, paper=setting.paper)
            case "pdf":
                assert setting.measure is not None
                assert setting.paint_pdf is not None
                roll = ROLL_58 if setting.is_narrow else ROLL_80
                page = receipt_page(receipt, setting.words_for, setting.measure, roll=roll)
                return setting.paint_pdf(page)


class DeviceFilePrinter:
    """Sends printer bytes to a device file such as /dev/usb/lp0. Never makes the file."""

    def __init__(self, path: Path, typesetting: Typesetting) -> None:
        self._path = path
        self._typesetting = typesetting

    def print_receipt(self, receipt: PrintedPaper, *, again: bool = False) -> PrintResult:
        setting = self._typesetting
        data = receipt_bytes(receipt, setting.words_for, paper=setting.paper, again=again)
        return self._send(data)

    def open_drawer(self) -> PrintResult:
        return self._send(drawer_pulse_bytes())

    def _send(self, data: bytes) -> PrintResult:
        try:
            # Not blocking at open: a pipe without a reader would hold the print thread for ever.
            # O_NONBLOCK and O_NOCTTY do not exist on Windows, nor do such device files.
            flags = os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
            handle = os.open(self._path, flags)
        except OSError as error:
            return _trouble(error, str(self._path))
        sent = 0
        try:
            if hasattr(os, "set_blocking"):
                os.set_blocking(handle, True)
            while sent < len(data):
                sent += os.write(handle, data[sent:])
        except OSError as error:
            return replace(_trouble(error, str(self._path)), in_part=sent > 0)
        finally:
            os.close(handle)
        return Printed()


def _write_whole(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def _trouble(error: OSError, where: str) -> NotThere | NotPrinted:
    if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR, errno.EPIPE):
        return NotThere(where)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NotPrinted("no_space", str(error))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NotPrinted("not_allowed", str(error))
    return NotPrinted("other", str(error))
