"""Quantity: how much of a product stands on a line, in whole thousandths.

Owns: the Quantity value and its reading from text.
Does not own: units of measure and their words, weighed barcodes (scanning.py).
"""

from __future__ import annotations

from dataclasses import dataclass

THOUSAND = 1000
QUANTITY_MAX = 999 * THOUSAND


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """Thousandths of the product's unit: 3 pieces are 3000, 0.842 kg is 842. Never negative."""

    thousandths: int

    def __post_init__(self) -> None:
        if type(self.thousandths) is not int or self.thousandths < 0:
            raise ValueError(f"Quantity needs whole thousandths >= 0, got {self.thousandths!r}")

    @property
    def is_pieces(self) -> bool:
        """Whether it counts whole pieces (a weight may do so by chance)."""
        return self.thousandths % THOUSAND == 0

    @property
    def pieces(self) -> int:
        """The number of whole pieces; only for `is_pieces`."""
        if not self.is_pieces:
            raise ValueError(f"{quantity_text(self)} is not a number of pieces")
        return self.thousandths // THOUSAND

    @property
    def shares(self) -> int:
        """Into how many equal pieces a refund may cut the line: pieces, or thousandths."""
        return self.pieces if self.is_pieces else self.thousandths

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.thousandths + other.thousandths)


def pieces(count: int) -> Quantity:
    """A quantity of whole pieces."""
    return Quantity(count * THOUSAND)


@dataclass(frozen=True, slots=True)
class NotAQuantity:
    """Why a text is no quantity: format, zero, negative, decimals (over three) or size."""

    text: str
    reason: str


def parse_quantity(text: str) -> Quantity | NotAQuantity:
    """Read "3" or "0.842": above zero, at most 999, at most three decimals."""
    if text.startswith("-"):
        return NotAQuantity(text, "negative")
    whole, dot, fraction = text.partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdigit() and whole) or (dot and not fraction):
        return NotAQuantity(text, "format")
    if len(fraction) > 3:
        return NotAQuantity(text, "decimals")
    if len(whole) > 6:
        return NotAQuantity(text, "size")
    thousandths = int(whole) * THOUSAND + int(fraction.ljust(3, "0"))
    if thousandths == 0:
        return NotAQuantity(text, "zero")
    return Quantity(thousandths) if thousandths <= QUANTITY_MAX else NotAQuantity(text, "size")


def quantity_text(quantity: Quantity) -> str:
    """The quantity as a plain decimal without needless zeros: "3", "0.842"."""
    whole, fraction = divmod(quantity.thousandths, THOUSAND)
    return f"{whole}.{fraction:03d}".rstrip("0").rstrip(".") if fraction else str(whole)
