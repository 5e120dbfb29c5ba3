"""Counting cash: notes and coins by what they are worth, as counted in a drawer.

Owns: the denominations of currencies, a count and its sum, reading what was typed beside each
denomination. Does not own: when somebody has to count (shift.py), how it is shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.money import Money, parse_amount

PIECES_MAX = 9_999
"""More pieces of one kind than a drawer holds: somebody typed an amount or leaned on a key."""

DENOMINATIONS: Mapping[str, tuple[str, ...]] = {
    "CNY": ("100", "50", "20", "10", "5", "1", "0.5", "0.1"),
    "HKD": ("1000", "500", "100", "50", "20", "10", "5", "2", "1", "0.5", "0.2", "0.1"),
    "SGD": ("100", "50", "10", "5", "2", "1", "0.5", "0.2", "0.1", "0.05"),
    "USD": ("100", "50", "20", "10", "5", "1", "0.25", "0.1", "0.05", "0.01"),
    "EUR": ("200", "100", "50", "20", "10", "5", "2", "1", "0.5", "0.2", "0.1", "0.05", "0.02",
            "0.01"),
    "GBP": ("50", "20", "10", "5", "2", "1", "0.5", "0.2", "0.1", "0.05", "0.02", "0.01"),
    "JPY": ("10000", "5000", "1000", "500", "100", "50", "10", "5", "1"),
}  # fmt: skip
"""What is counted where a shop has not said otherwise: worth in major units, largest first."""


@dataclass(frozen=True, slots=True)
class CashCount:
    """How many pieces of each worth (minor units), largest first; kinds with none are left out."""

    pieces: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        worths = [worth for worth, _ in self.pieces]
        if worths != sorted(set(worths), reverse=True) or any(worth <= 0 for worth in worths):
            raise ValueError(f"each worth once, largest first: {self.pieces}")
        if any(not 0 < count <= PIECES_MAX for _, count in self.pieces):
            raise ValueError(f"1 to {PIECES_MAX} pieces of a kind: {self.pieces}")

    @property
    def total(self) -> Money:
        return Money(sum(worth * count for worth, count in self.pieces))


CountRefusal = Literal["format", "negative", "too_many", "unknown"]


@dataclass(frozen=True, slots=True)
class CountRefused:
    """What was typed beside one denomination is no number of pieces.

    `field` is the denomination as configured. format: letters, signs or half pieces; too_many:
    over 9,999; unknown: this shop does not count such a note or coin.
    """

    field: str
    text: str
    reason: CountRefusal


@dataclass(frozen=True, slots=True)
class DenominationsRefused:
    """These are no denominations. `reason`: empty, format, order (largest first, each once)."""

    value: str
    reason: Literal["empty", "format", "order"]


def check_denominations(values: Sequence[str], decimals: int = 2) -> DenominationsRefused | None:
    """Why these cannot be what a shop counts; None = they can."""
    if not values:
        return DenominationsRefused("", "empty")
    before: Money | None = None
    for value in values:
        worth = parse_amount(value, decimals)
        if not isinstance(worth, Money) or worth.minor <= 0:
            return DenominationsRefused(value, "format")
        if before is not None and worth >= before:
            return DenominationsRefused(value, "order")
        before = worth
    return None


def parse_count(
    typed: Mapping[str, str], denominations: Sequence[str], decimals: int = 2
) -> CashCount | CountRefused:
    """Read what was typed beside each denomination; empty and missing ones are none.

    The denominations are valid (check_denominations). Full-width figures of a Chinese input
    method are figures too.
    """
    for field, text in typed.items():
        if field not in denominations:
            return CountRefused(field, text, "unknown")
    pieces = []
    for field in denominations:
        text = unicodedata.normalize("NFKC", typed.get(field, "")).strip()
        refusal = _refusal(text)
        if refusal is not None:
            return CountRefused(field, typed[field], refusal)
        worth = parse_amount(field, decimals)
        assert isinstance(worth, Money), f"denominations are checked before: {field}"
        if text and int(text):
            pieces.append((worth.minor, int(text)))
    return CashCount(tuple(pieces))


def _refusal(text: str) -> CountRefusal | None:
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return "format"
    if text != digits:
        return "negative"
    # By length first: nobody's thousand digits are turned into a number.
    too_many = len(digits.lstrip("0")) > len(str(PIECES_MAX))
    return "too_many" if too_many else None
