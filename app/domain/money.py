"""Money: whole minor units, the one rounding, and splits whose parts always add up.

Owns: the Money value, rounding half up, splitting by weight, the worth of a piece.
Does not own: how money is shown (ui/formatting.py), what a thing costs (pricing.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in the minor unit of the shop's one currency (fen, cents). May be negative."""

    minor: int

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"Money needs whole minor units (int), got {self.minor!r}")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + other.minor)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - other.minor)

    def __neg__(self) -> Money:
        return Money(-self.minor)

    def __bool__(self) -> bool:
        return self.minor != 0


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """The sum of the amounts; zero for none."""
    return Money(sum(amount.minor for amount in amounts))


def divide_half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator as a whole number, halves away from zero. denominator > 0."""
    if denominator <= 0:
        raise ValueError(f"the denominator must be positive, got {denominator}")
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def multiply_half_up(amount: Money, factor: Decimal | Fraction) -> Money:
    """The amount times an exact factor, rounded once, half up. The only rounding of money."""
    ratio = Fraction(factor)
    return Money(divide_half_up(amount.minor * ratio.numerator, ratio.denominator))


def round_down_to_step(amount: Money, step: Money) -> Money:
    """The largest multiple of the step that is not above the amount (amount >= 0, step > 0)."""
    if amount.minor < 0 or step.minor <= 0:
        raise ValueError(f"needs amount >= 0 and step > 0, got {amount} and {step}")
    return Money(amount.minor - amount.minor % step.minor)


def split_by_weight(whole: int, weights: Sequence[int]) -> list[int]:
    """Share a whole by non-negative weights: largest remainder, ties to the larger weight.

    Further ties go to the earlier position, so the caller sorts by (sku, line id) first.
    The parts always add up to the whole, and keep its sign. All weights zero: the first
    position takes it all (there must be one unless the whole is zero).
    """
    if any(weight < 0 for weight in weights):
        raise ValueError(f"weights must not be negative, got {list(weights)}")
    weight_sum = sum(weights)
    if weight_sum == 0:
        if whole and not weights:
            raise ValueError("nothing to share the amount over")
        return [whole if position == 0 else 0 for position in range(len(weights))]
    sign, size = (-1, -whole) if whole < 0 else (1, whole)
    parts = [size * weight // weight_sum for weight in weights]
    remainders = [size * weight % weight_sum for weight in weights]
    by_claim = sorted(range(len(weights)), key=lambda i: (-remainders[i], -weights[i], i))
    for position in by_claim[: size - sum(parts)]:
        parts[position] += 1
    return [sign * part for part in parts]


def piece_share(amount: int, start: int, end: int, whole: int) -> int:
    """What the interval [start, end) of `whole` equal parts is worth: R(end) - R(start).

    R(x) = amount * x / whole, rounded half up (DESIGN.md "Refunds"). Any partition of
    [0, whole) therefore sums to the amount exactly. Works for minor units and for points.
    """
    if not 0 <= start <= end <= whole or whole <= 0:
        raise ValueError(f"[{start}, {end}) is not an interval of {whole} parts")
    return divide_half_up(amount * end, whole) - divide_half_up(amount * start, whole)


@dataclass(frozen=True, slots=True)
class NotAnAmount:
    """The text is no amount of this currency. `reason`: format, decimals or size."""

    text: str
    reason: str


AMOUNT_MINOR_MAX = 10**12


def parse_amount(text: str, decimals: int = 2) -> Money | NotAnAmount:
    """Read a plain decimal such as "12.50" (optional minus, no exponent, no separators)."""
    body = text.removeprefix("-")
    whole, _, fraction = body.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (
        "." in body and not (fraction.isascii() and fraction.isdigit())
    ):
        return NotAnAmount(text, "format")
    if len(fraction) > decimals:
        return NotAnAmount(text, "decimals")
    try:
        minor = int(Decimal(text).scaleb(decimals))
    except InvalidOperation:  # pragma: no cover - the digits were checked above
        return NotAnAmount(text, "format")
    return Money(minor) if abs(minor) <= AMOUNT_MINOR_MAX else NotAnAmount(text, "size")


def amount_text(amount: Money, decimals: int = 2) -> str:
    """The amount as a plain decimal string, the wire form: "-12.50"."""
    sign = "-" if amount.minor < 0 else ""
    if decimals == 0:
        return f"{sign}{abs(amount.minor)}"
    whole, fraction = divmod(abs(amount.minor), 10**decimals)
    return f"{sign}{whole}.{fraction:0{decimals}d}"
