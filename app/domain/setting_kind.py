"""Kinds of settings: what may be typed for a value, and how a value is written.

Owns: reading typed text into a value or a typed refusal with the bounds that would do; writing a
value as plain text, the same that reading takes. Does not own: which settings there are
(setting_registry.py), sentences and units on the screen (ui/settings).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from app.domain.cash_count import check_denominations
from app.domain.money import Money, NotAnAmount, amount_text, parse_amount
from app.domain.scanning import PREFIX_SIGNS, pattern_overlaps_payment

Unit = Literal["", "seconds", "milliseconds", "percent", "columns", "times", "months", "days"]

ValueFault = Literal[
    "empty", "not_a_number", "out_of_range", "not_an_amount", "amount_too_high", "not_an_option",
    "too_long", "control_signs", "too_many", "doubled", "not_worths", "worths_order",
    "not_a_prefix", "prefix_taken", "not_a_pattern", "overlaps_payment", "not_an_address",
    "not_before_codes",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ValueRefused:
    """What was typed cannot be. `least`, `most`: the bounds that would do, in the kind's unit;

    `part`: the piece of a list that is wrong.
    """

    fault: ValueFault
    least: int = 0
    most: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off."""

    def read(self, typed: str, decimals: int) -> bool | ValueRefused:
        return typed == "on" if typed in ("on", "off") else ValueRefused("not_an_option")

    def write(self, value: object, decimals: int) -> str:
        return "on" if value else "off"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few, by its code."""

    options: tuple[str, ...]

    def read(self, typed: str, decimals: int) -> str | ValueRefused:
        return typed if typed in self.options else ValueRefused("not_an_option")

    def write(self, value: object, decimals: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number. With `steps` only these are possible, and they are offered as a choice."""

    least: int
    most: int
    unit: Unit = ""
    steps: tuple[int, ...] = ()

    def read(self, typed: str, decimals: int) -> int | ValueRefused:
        text = _bare(typed)
        if not (text.isascii() and text.removeprefix("-").isdigit()):
            return ValueRefused("not_a_number", self.least, self.most)
        # Longer than any bound: never a number of a million digits.
        number = int(text) if len(text) <= 12 else self.most + 1
        if not self.least <= number <= self.most:
            return ValueRefused("out_of_range", self.least, self.most)
        if self.steps and number not in self.steps:
            return ValueRefused("not_an_option")
        return number

    def write(self, value: object, decimals: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class PrefixSign:
    """Number (ASCII) of the sign that a scanner sends before each code; 0 = none."""

    def read(self, typed: str, decimals: int) -> int | ValueRefused:
        number = Number(0, 126).read(typed, decimals)
        if isinstance(number, ValueRefused) or number == 0 or chr(number) in PREFIX_SIGNS:
            return number
        return ValueRefused("not_before_codes")

    def write(self, value: object, decimals: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of money, kept in minor units and typed as it is said ("20" or "20.50")."""

    most_minor: int

    def read(self, typed: str, decimals: int) -> int | ValueRefused:
        amount = parse_amount(_bare(typed), decimals)
        if isinstance(amount, NotAnAmount) or amount.minor < 0:
            return ValueRefused("not_an_amount", 0, self.most_minor)
        if amount.minor > self.most_minor:
            return ValueRefused("amount_too_high", 0, self.most_minor)
        return amount.minor

    def write(self, value: object, decimals: int) -> str:
        assert isinstance(value, int), value
        return amount_text(Money(value), decimals)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words, `most` signs long."""

    most: int

    def read(self, typed: str, decimals: int) -> str | ValueRefused:
        text = typed.strip()
        if any(_is_control(sign) for sign in text):
            return ValueRefused("control_signs")
        return text if len(text) <= self.most else ValueRefused("too_long", 0, self.most)

    def write(self, value: object, decimals: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Names:
    """A few short names, with commas between them; none is possible."""

    each_most: int
    count_most: int

    def read(self, typed: str, decimals: int) -> tuple[str, ...] | ValueRefused:
        names = tuple(filter(None, (part.strip() for part in _comma_parts(typed))))
        if len(names) > self.count_most:
            return ValueRefused("too_many", 0, self.count_most)
        for name in names:
            if any(_is_control(sign) for sign in name):
                return ValueRefused("control_signs", part=name)
            if len(name) > self.each_most:
                return ValueRefused("too_long", 0, self.each_most, part=name)
            if names.count(name) > 1:
                return ValueRefused("doubled", part=name)
        return names

    def write(self, value: object, decimals: int) -> str:
        return _joined(value)


@dataclass(frozen=True, slots=True)
class Worths:
    """Notes and coins, largest first; none means those of the currency."""

    def read(self, typed: str, decimals: int) -> tuple[str, ...] | ValueRefused:
        worths = tuple(filter(None, (_bare(part) for part in _comma_parts(typed))))
        wrong = check_denominations(worths, decimals) if worths else None
        if wrong is None:
            return worths
        order = wrong.reason == "order"
        return ValueRefused("worths_order" if order else "not_worths", part=wrong.value)

    def write(self, value: object, decimals: int) -> str:
        return _joined(value)


PREFIX_LEAST, PREFIX_MOST = 20, 29


@dataclass(frozen=True, slots=True)
class Prefixes:
    """The first two figures of a scale's labels, 20 to 29, with commas between them."""

    def read(self, typed: str, decimals: int) -> tuple[str, ...] | ValueRefused:
        prefixes = tuple(filter(None, (_bare(part) for part in _comma_parts(typed))))
        for prefix in prefixes:
            if not re.fullmatch(r"2\d", prefix, re.ASCII):
                return ValueRefused("not_a_prefix", PREFIX_LEAST, PREFIX_MOST, prefix)
            if prefixes.count(prefix) > 1:
                return ValueRefused("doubled", part=prefix)
        return tuple(sorted(prefixes))

    def write(self, value: object, decimals: int) -> str:
        return _joined(value)


@dataclass(frozen=True, slots=True)
class CodePattern:
    """The shop's own item codes as a regular expression; it never takes a customer's payment code.

    A code that both fit would be charged, or taken for goods, by chance.
    """

    most: int

    def read(self, typed: str, decimals: int) -> str | ValueRefused:
        pattern = typed.strip()
        if not pattern:
            return ValueRefused("empty")
        if len(pattern) > self.most:
            return ValueRefused("too_long", 0, self.most)
        try:
            re.compile(pattern)
        except re.error:
            return ValueRefused("not_a_pattern")
        return ValueRefused("overlaps_payment") if pattern_overlaps_payment(pattern) else pattern

    def write(self, value: object, decimals: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Address:
    """How a device is reached, "KIND:WHERE"; empty = there is none."""

    kinds: tuple[str, ...]
    most: int

    def read(self, typed: str, decimals: int) -> str | ValueRefused:
        text = typed.strip()
        if len(text) > self.most:
            return ValueRefused("too_long", 0, self.most)
        kind, _, where = text.partition(":")
        known = kind.partition("+")[0] in self.kinds and bool(where.strip())
        if text and (not known or any(_is_control(sign) for sign in text)):
            return ValueRefused("not_an_address", part=", ".join(self.kinds))
        return text

    def write(self, value: object, decimals: int) -> str:
        return str(value)


Kind = (
    Switch
    | Choice
    | Number
    | PrefixSign
    | Sum
    | Line
    | Names
    | Worths
    | Prefixes
    | CodePattern
    | Address
)


def _bare(typed: str) -> str:
    """Without blanks around it; an input method's full-width figures count as figures."""
    return unicodedata.normalize("NFKC", typed).strip()


def _comma_parts(typed: str) -> list[str]:
    return re.split("[,，、;；]", typed)


def _joined(value: object) -> str:
    assert isinstance(value, tuple), value
    return ", ".join(value)


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")
