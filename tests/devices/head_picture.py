"""The codes of a thermal paper, dot by dot as the print head burns them.

Owns: bars out of {A {B {C data by the tables of the standard, QR by another maker's encoder, both
centred on the dots the head has. Does not own: the bytes (escpos_paper.py reads them), reading the
picture (pages.py).
"""

from __future__ import annotations

import zxingcpp
from barcode.charsets.code128 import CODES, STOP
from PIL import Image

from app.devices.receipt_escpos import ThermalPaper
from tests.devices.escpos_paper import Paper

_STOP_BARS = f"{STOP}11"
_BAR_HEIGHT = 64
_GAP = 40
_SHIFT = {"A": 101, "B": 100, "C": 99}
_START = {"A": 103, "B": 104, "C": 105}


def head_picture(printed: Paper, paper: ThermalPaper) -> Image.Image:
    """Both codes under each other on white, as wide as the head. Fails where one is too wide."""
    marks = [bars_picture(data, dots) for data, dots in printed.bar_data]
    marks += [
        qr_picture(text, dots) for text, dots in zip(printed.qr_codes, printed.qr_dots, strict=True)
    ]
    height = sum(mark.height + _GAP for mark in marks) + _GAP
    # The roll is wider than the head by some millimetres of white on both sides.
    side = paper.dots // 16
    image = Image.new("L", (paper.dots + 2 * side, height), 255)
    top = _GAP
    for mark in marks:
        assert mark.width <= paper.dots, "the head cannot reach this"
        image.paste(mark, (side + (paper.dots - mark.width) // 2, top))
        top += mark.height + _GAP
    return image


def bars_picture(data: bytes, dots: int) -> Image.Image:
    """Code 128 from the symbols a printer is sent, with checksum and stop."""
    symbols = _symbols(data)
    checksum = (symbols[0] + sum(at * symbol for at, symbol in enumerate(symbols))) % 103
    modules = "".join(CODES[symbol] for symbol in (*symbols, checksum)) + _STOP_BARS
    image = Image.new("L", (len(modules), 1))
    image.putdata([0 if module == "1" else 255 for module in modules])
    return image.resize((len(modules) * dots, _BAR_HEIGHT), Image.Resampling.NEAREST)


def _symbols(data: bytes) -> list[int]:
    symbols: list[int] = []
    charset, at = "", 0
    while at < len(data):
        if data[at : at + 1] == b"{" and data[at + 1 : at + 2] in (b"A", b"B", b"C"):
            charset = chr(data[at + 1])
            symbols.append((_SHIFT if symbols else _START)[charset])
            at += 2
        else:
            assert charset in ("B", "C"), "a code of ours is letters and digits"
            symbols.append(data[at] if charset == "C" else data[at] - 32)
            at += 1
    return symbols


def qr_picture(text: str, dots: int) -> Image.Image:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return Image.fromarray(made.to_image(scale=dots, add_quiet_zones=False))
