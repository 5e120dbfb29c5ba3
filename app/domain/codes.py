"""Codes people print and scan: member cards, passes, coupons, staff badges, receipts.

Owns: their form - a kind letter, a body, an ISO/IEC 7064 MOD 37,36 check character.
Does not own: telling them from goods and payment codes (scanning.py). Printed codes can
never change, so neither can this file's answers for codes already made (DESIGN.md "Codes").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from stdnum.iso7064 import mod_37_36

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
RANDOM_BITS = 60
BODY_LENGTH = 12  # 36 ** 12 > 2 ** 60


class CodeKind(Enum):
    """The kind letter that stands first."""

    MEMBER = "M"
    PASS = "P"
    COUPON = "C"
    STAFF = "S"
    RECEIPT = "R"


@dataclass(frozen=True, slots=True)
class Code:
    """A code whose check character is right. `text` is the whole, as printed and scanned."""

    kind: CodeKind
    text: str

    @property
    def body(self) -> str:
        return self.text[1:-1]


@dataclass(frozen=True, slots=True)
class NotACode:
    """Not one of ours. `reason`: form (letters, length, kind) or check (mistyped, cut short)."""

    text: str
    reason: str


def _base36(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 36)
        digits.append(ALPHABET[digit])
    if number:
        raise ValueError("the number does not fit the code")
    return "".join(reversed(digits))


def _with_check(kind: CodeKind, body: str) -> Code:
    payload = kind.value + body
    return Code(kind, payload + mod_37_36.calc_check_digit(payload))


def code_of_body(kind: CodeKind, body: str) -> Code:
    """The whole code of a body that was made elsewhere (a signed pass)."""
    return _with_check(kind, body)


def random_code(kind: CodeKind, random_bits: int) -> Code:
    """A card, coupon or badge code from 60 random bits (an argument: the domain has no chance)."""
    if not 0 <= random_bits < 2**RANDOM_BITS:
        raise ValueError(f"needs {RANDOM_BITS} random bits, got {random_bits}")
    return _with_check(kind, _base36(random_bits, BODY_LENGTH))


@dataclass(frozen=True, slots=True)
class ReceiptNumber:
    """What a receipt code says: unique in the chain by store, till, epoch, date and sequence."""

    store: int  # 0 .. 36^3 - 1
    till: int  # 0 .. 36^2 - 1
    epoch: int  # 0 .. 36^2 - 1
    day: date
    sequence: int  # 0 .. 36^4 - 1, per till, epoch and day


_DAY_ZERO = date(2020, 1, 1)
_RECEIPT_WIDTHS = (3, 2, 2, 4, 4)


def receipt_code(number: ReceiptNumber) -> Code:
    """The scannable code of a receipt."""
    fields = (
        number.store,
        number.till,
        number.epoch,
        number.day.toordinal() - _DAY_ZERO.toordinal(),
        number.sequence,
    )
    parts = [_base36(field, width) for field, width in zip(fields, _RECEIPT_WIDTHS, strict=True)]
    return _with_check(CodeKind.RECEIPT, "".join(parts))


def receipt_number(code: Code) -> ReceiptNumber:
    """What a receipt code says; only for codes of kind RECEIPT with their fixed length."""
    if code.kind is not CodeKind.RECEIPT or len(code.body) != sum(_RECEIPT_WIDTHS):
        raise ValueError(f"not a receipt code: {code.text}")
    fields, start = [], 0
    for width in _RECEIPT_WIDTHS:
        fields.append(int(code.body[start : start + width], 36))
        start += width
    store, till, epoch, day, sequence = fields
    return ReceiptNumber(
        store, till, epoch, date.fromordinal(_DAY_ZERO.toordinal() + day), sequence
    )


_BODY_LENGTHS = {
    CodeKind.MEMBER: {BODY_LENGTH},
    CodeKind.COUPON: {BODY_LENGTH},
    CodeKind.STAFF: {BODY_LENGTH},
    CodeKind.RECEIPT: {sum(_RECEIPT_WIDTHS)},
}
_PASS_BODY_MAX = 200


def parse_code(text: str) -> Code | NotACode:
    """Read a scanned or typed code; lower case is accepted, blanks and dashes are not."""
    upper = text.upper()
    if len(upper) < 3 or any(character not in ALPHABET for character in upper):
        return NotACode(text, "form")
    try:
        kind = CodeKind(upper[0])
    except ValueError:
        return NotACode(text, "form")
    body_length = len(upper) - 2
    if kind is CodeKind.PASS:
        fits = body_length <= _PASS_BODY_MAX
    else:
        fits = body_length in _BODY_LENGTHS[kind]
    if not fits:
        return NotACode(text, "form")
    return Code(kind, upper) if mod_37_36.is_valid(upper) else NotACode(text, "check")


def in_fours(text: str) -> str:
    """A code in groups of four, to be read aloud: `M4T9 WK2H 7XQ3 6W`."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def masked(code: Code) -> str:
    """A card number as a receipt shows it: the kind letter and the last four characters."""
    return f"{code.kind.value}****{code.text[-4:]}"
