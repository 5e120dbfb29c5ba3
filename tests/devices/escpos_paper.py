"""A tiny ESC/POS printer: it reads the bytes and says what would stand on the paper.

It knows exactly the commands that a receipt uses and fails on any other byte, so a stray
sequence cannot hide. Columns are counted as the print head does: a Han character moves it two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass
class Paper:
    """What came out: lines of text (blanks at the end removed), codes, cuts, drawer pulses."""

    columns: int
    lines: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    qr_codes: list[str] = field(default_factory=list)
    bar_codes: list[tuple[str, int]] = field(default_factory=list)
    """Text and dots per module."""
    bar_data: list[tuple[bytes, int]] = field(default_factory=list)
    """The same as the printer was sent it."""
    qr_dots: list[int] = field(default_factory=list)
    """Dots per module of each QR."""
    cuts: int = 0
    pulses: int = 0


class Interpreter:
    """Feeds bytes through the commands; `print_all` gives the paper."""

    def __init__(self, columns: int) -> None:
        self.paper = Paper(columns)
        self._text, self._used = "", 0
        self._size, self._bold, self._align, self._chinese = 0, False, 0, False
        self._size_of_line, self._bold_of_line = 0, False
        self._bar_dots, self._stored_qr, self._qr_dots = 3, b"", 3

    def print_all(self, data: bytes) -> Paper:
        at = 0
        while at < len(data):
            at = self._step(data, at)
        assert self._text == "", "text was left in the line buffer"
        assert not self._chinese
        return self.paper

    def _step(self, data: bytes, at: int) -> int:
        head = data[at]
        if head in (0x1B, 0x1C, 0x1D):
            return self._command(data, at)
        if head == 0x0A:
            self._feed()
            return at + 1
        return self._character(data, at)

    def _character(self, data: bytes, at: int) -> int:
        scale = 2 if self._size & 0x10 else 1
        if not self._chinese:
            assert 0x20 <= data[at] <= 0x7E, f"byte {data[at]:#x} outside Chinese mode"
            self._put(chr(data[at]), scale)
            return at + 1
        length = 4 if 0x30 <= data[at + 1] <= 0x39 else 2
        self._put(data[at : at + length].decode("gb18030"), 2 * scale)
        return at + length

    def _put(self, character: str, columns: int) -> None:
        self._text += character
        self._used += columns
        self._size_of_line, self._bold_of_line = self._size, self._bold
        assert self._used <= self.paper.columns, f"the line runs off the paper: {self._text!r}"

    def _feed(self) -> None:
        if self._text:
            indent = " " * ((self.paper.columns - self._used) // 2) if self._align == 1 else ""
            self.paper.lines.append((indent + self._text).rstrip())
            self.paper.sizes.append(self._size_of_line)
            self.paper.bold.append(self._bold_of_line)
        self._text, self._used = "", 0

    def _command(self, data: bytes, at: int) -> int:
        name = data[at : at + 2]
        if name in self._long_commands:
            return self._long_commands[name](self, data, at)
        self._short_command(name, data[at + 2])
        return at + 3

    def _reset(self, data: bytes, at: int) -> int:
        self._size, self._bold, self._align, self._chinese = 0, False, 0, False
        return at + 2

    def _switch_chinese(self, data: bytes, at: int) -> int:
        self._chinese = data[at + 1 : at + 2] == b"&"
        return at + 2

    def _pulse(self, data: bytes, at: int) -> int:
        self.paper.pulses += 1
        return at + 5

    def _short_command(self, name: bytes, argument: int) -> None:
        match name:
            case b"\x1bE":
                self._bold = argument == 1
            case b"\x1d!":
                self._size = argument
            case b"\x1ba":
                assert self._text == "", "alignment only counts at the beginning of a line"
                self._align = argument
            case b"\x1bd":
                self._feed()
            case b"\x1dw":
                self._bar_dots = argument
            case b"\x1dV":
                self.paper.cuts += 1
            case _:
                assert name in (b"\x1dh", b"\x1dH"), f"unknown command {name!r}"

    def _bars(self, data: bytes, at: int) -> int:
        assert data[at + 2] == 73, "Code 128"
        length = data[at + 3]
        body = data[at + 4 : at + 4 + length]
        self.paper.bar_data.append((body, self._bar_dots))
        self.paper.bar_codes.append((code128_text(body), self._bar_dots))
        return at + 4 + length

    def _two_dimensional(self, data: bytes, at: int) -> int:
        assert data[at + 2] == ord("k")
        length = data[at + 3] + 256 * data[at + 4]
        body = data[at + 5 : at + 5 + length]
        assert body[0] == ord("1"), "QR"
        if body[1] == 67:
            self._qr_dots = body[2]
        elif body[1] == 80:
            self._stored_qr = body[3:]
        elif body[1] == 81:
            self.paper.qr_codes.append(self._stored_qr.decode("ascii"))
            self.paper.qr_dots.append(self._qr_dots)
        return at + 5 + length

    _long_commands: ClassVar[dict[bytes, Callable[[Interpreter, bytes, int], int]]] = {
        b"\x1b@": _reset,
        b"\x1c&": _switch_chinese,
        b"\x1c.": _switch_chinese,
        b"\x1bp": _pulse,
        b"\x1dk": _bars,
        b"\x1d(": _two_dimensional,
    }


def code128_text(data: bytes) -> str:
    """The text of {A {B {C data, as the printer's manual defines it."""
    text, charset, at = "", "", 0
    while at < len(data):
        if data[at : at + 1] == b"{" and data[at + 1 : at + 2] in (b"A", b"B", b"C"):
            charset = chr(data[at + 1])
            at += 2
        elif data[at : at + 2] == b"{{":
            text += "{"
            at += 2
        else:
            assert charset, "no code set was chosen"
            text += f"{data[at]:02d}" if charset == "C" else chr(data[at])
            at += 1
    return text
