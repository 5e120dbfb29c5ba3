"""Codes as black and white: QR modules and Code 128 bars as plain values.

Owns: which modules are black, and how wide the white border must be. Does not own: painting
(ui/printing, printers), the meaning of a code (domain/codes.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

QR_QUIET_MODULES = 4
BARS_QUIET_MODULES = 10

_START = {103: b"{A", 104: b"{B", 105: b"{C"}
_SWITCH = {101: b"{A", 100: b"{B", 99: b"{C"}


@dataclass(frozen=True, slots=True)
class QrMatrix:
    """Rows of modules, True is black, without the quiet zone of 4 modules on every side."""

    rows: tuple[tuple[bool, ...], ...]

    @property
    def size(self) -> int:
        """Modules per side, 21 for a member card."""
        return len(self.rows)

    def with_quiet_zone(self) -> tuple[tuple[bool, ...], ...]:
        """The rows with 4 white modules around them: what has to be painted, on any background."""
        side = (False,) * QR_QUIET_MODULES
        blank = ((False,) * (self.size + 2 * QR_QUIET_MODULES),) * QR_QUIET_MODULES
        return (*blank, *(side + row + side for row in self.rows), *blank)


@dataclass(frozen=True, slots=True)
class Bars:
    """Code 128 as module widths: black, white, black ... beginning and ending with black."""

    widths: tuple[int, ...]

    @property
    def modules(self) -> int:
        """The width in modules without the quiet zone of 10 modules on both sides."""
        return sum(self.widths)


def qr_matrix(code: str) -> QrMatrix:
    """The QR of a code, error correction M: 21 modules a side for up to 20 capitals and digits."""
    import qrcode
    from qrcode.constants import ERROR_CORRECT_M

    maker = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    maker.add_data(code)
    maker.make(fit=True)
    return QrMatrix(tuple(tuple(bool(module) for module in row) for row in maker.get_matrix()))


def _code128(code: str) -> Any:
    from barcode.codex import Code128

    # WORKAROUND python-barcode 0.16: a text that begins with the digits 99 loses them (the pair
    # has the number of the switch to set C). Our codes begin with their kind letter.
    if not "A" <= code[:1] <= "Z":
        raise ValueError(f"bars are for codes that begin with a kind letter, not {code!r}")
    return Code128(code)


def code128_bars(code: str) -> Bars:
    """The bars of one of our codes in Code 128, digits in pairs where that is shorter."""
    pattern: str = _code128(code).build()[0]
    widths: list[int] = []
    for position, module in enumerate(pattern):
        if position and pattern[position - 1] == module:
            widths[-1] += 1
        else:
            widths.append(1)
    return Bars(tuple(widths))


def code128_escpos_data(code: str) -> bytes:
    """The same symbols as an ESC/POS printer wants them: {A, {B, {C and the characters."""
    symbols: list[int] = _code128(code).encoded
    data, charset = _START[symbols[0]], symbols[0]
    for symbol in symbols[1:]:
        if symbol in _SWITCH and not (charset == 105 and symbol == 99):
            data += _SWITCH[symbol]
            charset = {101: 103, 100: 104, 99: 105}[symbol]
        elif charset == 105:
            data += bytes([symbol])
        else:
            data += _character(symbol, charset)
    return data


def _character(symbol: int, charset: int) -> bytes:
    if charset == 103 and symbol >= 64:
        return bytes([symbol - 64])
    character = bytes([symbol + 32])
    return b"{{" if character == b"{" else character
