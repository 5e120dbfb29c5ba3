"""Phones: the one fast rule for Chinese mobile numbers, with answers a cashier can act on.

Owns: reading what was typed, the E.164 form. Does not own: numbers of other countries (a "+" is
passed on to the phonenumbers library at the edges), masking (member.py).
"""

from __future__ import annotations

from dataclasses import dataclass

MOBILE_DIGITS = 11
_BLANKS = dict.fromkeys(map(ord, " -()\u00a0\u3000"), None)
_FULL_WIDTH = {ord("０") + digit: ord("0") + digit for digit in range(10)} | {ord("＋"): ord("+")}


@dataclass(frozen=True, slots=True)
class Phone:
    """A mobile number as it is kept: "+8613800138000"."""

    e164: str


@dataclass(frozen=True, slots=True)
class WrongLength:
    """A mobile number has 11 digits; `digits` says how many there are now."""

    digits: int


@dataclass(frozen=True, slots=True)
class HasLetters:
    """Something that is no digit; `ignored` are those signs, in the order typed."""

    ignored: str


@dataclass(frozen=True, slots=True)
class NoSuchSegment:
    """Eleven digits that begin as no mobile number does (13 to 19)."""

    begins: str


@dataclass(frozen=True, slots=True)
class Overseas:
    """A number with a country code other than +86: read it with the full library."""

    text: str


PhoneAnswer = Phone | WrongLength | HasLetters | NoSuchSegment | Overseas


def parse_phone(text: str) -> PhoneAnswer:
    """Read a typed number: blanks, dashes, brackets and full-width digits are forgiven."""
    plain = text.translate(_FULL_WIDTH).translate(_BLANKS)
    if plain.startswith("+") and not plain.startswith("+86"):
        return Overseas(plain)
    digits = plain.removeprefix("+86")
    if digits.startswith("0086"):
        digits = digits[4:]
    elif len(digits) == MOBILE_DIGITS + 2:
        digits = digits.removeprefix("86")
    letters = "".join(sign for sign in digits if not ("0" <= sign <= "9"))
    if letters:
        return HasLetters(letters)
    if len(digits) != MOBILE_DIGITS:
        return WrongLength(len(digits))
    if digits[0] != "1" or digits[1] < "3":
        return NoSuchSegment(digits[:2])
    return Phone("+86" + digits)
