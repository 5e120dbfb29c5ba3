"""The receipt as bytes for a thermal printer that speaks ESC/POS and Chinese.

Owns: the Chinese encoder, stress, the printer's own QR and Code 128 commands, cut and drawer
pulse. Does not own: what stands on the lines (receipt_text.py), how bytes reach the printer
(printers.py).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from app.devices.codes import code128_bars, code128_escpos_data
from app.devices.paper_rows import PrintedPaper
from app.devices.paper_text import printable, width, wrapped
from app.devices.receipt_rows import Words, WordsFor
from app.devices.receipt_text import LineStyle, TextLine, receipt_lines
from app.domain.receipt import Receipt

_ESC = b"\x1b"
_GS = b"\x1d"
_FS = b"\x1c"
_CHINESE_ON = _FS + b"&"
_CHINESE_OFF = _FS + b"."
_BOLD_ON = _ESC + b"E\x01"
_BOLD_OFF = _ESC + b"E\x00"
_SIZE_NORMAL = _GS + b"!\x00"
_SIZE_TALL = _GS + b"!\x01"
_SIZE_DOUBLE = _GS + b"!\x11"
_ALIGN_LEFT = _ESC + b"a\x00"
_ALIGN_CENTRE = _ESC + b"a\x01"

_END_OF_HALF = bytes(64)
"""A command that was cut off waits for its data; these nothings are more than any of ours asks."""

_QR_MODULE_DOTS = 5
_BAR_DOTS_MIN = 2
_BAR_DOTS_MAX = 3
_BAR_HEIGHT_DOTS = 64


@dataclass(frozen=True, slots=True)
class ThermalPaper:
    """A roll and its printer: columns of single-width characters, dots across, 8 dots a mm."""

    columns: int
    dots: int


PAPER_58 = ThermalPaper(columns=32, dots=384)
PAPER_80 = ThermalPaper(columns=48, dots=576)


def receipt_bytes(
    receipt: PrintedPaper, words_for: WordsFor, *, paper: ThermalPaper, again: bool = False
) -> bytes:
    """Everything the printer needs for one paper, from reset to cut.

    `again`: a piece of it came out before; what the printer still waits for is ended first, and
    the paper says on top that it stands for both.
    """
    lines = receipt_lines(receipt, words_for, columns=paper.columns)
    marked = _Marked(receipt.code, receipt.survey if isinstance(receipt, Receipt) else "")
    body = b"".join(_line_bytes(line, marked, paper) for line in lines)
    if not again:
        return _command("hw", "INIT") + body + _command("cut")
    mark = b"".join(_mark_bytes(words_for(one), paper) for one in receipt.languages)
    return _END_OF_HALF + _command("hw", "INIT") + mark + body + _command("cut")


def _mark_bytes(words: Words, paper: ThermalPaper) -> bytes:
    text = words.t("PRINTED AGAIN: the first paper is incomplete")
    lines = wrapped(printable(text), paper.columns, width)
    marked = b"".join(encoded(line) + b"\n" for line in lines)
    return _ALIGN_CENTRE + _BOLD_ON + marked + _BOLD_OFF + _ALIGN_LEFT


def drawer_pulse_bytes(pin: int = 2) -> bytes:
    """The pulse that opens the cash drawer on the printer's plug; pin 2 or 5."""
    if pin not in (2, 5):
        raise ValueError(f"a drawer hangs on pin 2 or 5, not {pin}")
    return _command("cashdraw", pin)


def encoded(text: str) -> bytes:
    """A printable text: ASCII as it is, everything else as GB18030 inside FS & and FS .

    The printer library sends GB18030 without switching to Chinese, which prints nonsense on
    printers that do not start in Chinese mode; so these runs are made here.
    """
    runs = itertools.groupby(text, key=lambda character: character <= "~")
    return b"".join(
        run if is_ascii else _CHINESE_ON + run + _CHINESE_OFF
        for is_ascii, characters in runs
        for run in ["".join(characters).encode("ascii" if is_ascii else "gb18030")]
    )


@dataclass(frozen=True, slots=True)
class _Marked:
    """What stands on the paper as a picture, too."""

    code: str
    link: str


def _line_bytes(line: TextLine, marked: _Marked, paper: ThermalPaper) -> bytes:
    match line.style:
        case LineStyle.PLAIN:
            return encoded(line.text) + b"\n"
        case LineStyle.STRONG:
            # Twice as high and no wider, so that the figure stays in its column.
            text = _BOLD_ON + _SIZE_TALL + encoded(line.text)
            return text + _SIZE_NORMAL + _BOLD_OFF + b"\n"
        case LineStyle.HEADING:
            return _heading_bytes(line.text.strip(), paper)
        case LineStyle.CODES:
            marks = _bars_bytes(marked.code, paper) + _qr_bytes(marked.code)
            return _ALIGN_CENTRE + marks + _ALIGN_LEFT + encoded(line.text) + b"\n"
        case LineStyle.LINK:
            mark = _qr_bytes(marked.link)
            return _ALIGN_CENTRE + mark + _ALIGN_LEFT + encoded(line.text) + b"\n"


def _heading_bytes(text: str, paper: ThermalPaper) -> bytes:
    size = _SIZE_DOUBLE if 2 * width(text) <= paper.columns else _SIZE_TALL
    stressed = _BOLD_ON + size + encoded(text) + _SIZE_NORMAL + _BOLD_OFF
    return _ALIGN_CENTRE + stressed + b"\n" + _ALIGN_LEFT


def bar_dots(code: str, paper: ThermalPaper) -> int | None:
    """Dots per module, or None where the bars would be too fine for a scanner or too wide.

    The white border is part of the roll: paper is wider than what the printer can reach.
    """
    fitting = paper.dots // code128_bars(code).modules
    return min(fitting, _BAR_DOTS_MAX) if fitting >= _BAR_DOTS_MIN else None


def _bars_bytes(code: str, paper: ThermalPaper) -> bytes:
    dots = bar_dots(code, paper)
    if dots is None:
        return b""
    data = code128_escpos_data(code)
    setup = _GS + b"h" + bytes([_BAR_HEIGHT_DOTS]) + _GS + b"w" + bytes([dots]) + _GS + b"H\x00"
    return setup + _GS + b"k\x49" + bytes([len(data)]) + data + b"\n"


def _qr_bytes(code: str) -> bytes:
    from escpos.constants import QR_ECLEVEL_M

    return _command("qr", code, ec=QR_ECLEVEL_M, size=_QR_MODULE_DOTS, native=True) + b"\n"


def _command(name: str, *args: object, **named: object) -> bytes:
    """The bytes of one command of the printer library (imported late: it takes half a second)."""
    from escpos.printer import Dummy

    printer: Any = Dummy()
    getattr(printer, name)(*args, **named)
    output: bytes = printer.output
    return output
