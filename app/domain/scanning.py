"""Scanning: what a scanned text is. First match wins, in the order of UI.md 2.0.

Owns: telling badges, payment codes, member codes, coupons, receipts, GS1, weighed goods, GTINs
and internal codes apart, and what stands inside them.
Does not own: whether a code exists (services), our codes' form (codes.py), timing (ui/scan_burst).

A code a customer pays with is never stored and never logged: `PaymentCode` hides it in its repr.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from stdnum import ean, gs1_128

from app.domain.codes import Code, CodeKind, parse_code
from app.domain.money import Money

SCAN_LENGTH_MAX = 512
PASS_LENGTH_MIN = 20  # shorter texts that begin with P are a shop's own item codes
PREFIX_SIGNS = frozenset(map(chr, [*range(1, 9), *range(11, 13), *range(14, 29)])) | set("~^`|{}")
"""What a scanner may send before each code: signs that no code begins with, that nobody types at a
till, and no end of a line. What stands before a code is taken off it, a figure of its own too."""
GROUP_SEPARATOR = "\x1d"  # ASCII 29, the end of a GS1 field of open length


class PaymentChannel(Enum):
    """Whose wallet a payment code belongs to."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    UNIONPAY = "unionpay"


@dataclass(frozen=True, slots=True)
class StaffBadge:
    """A badge of somebody who works here."""

    code: Code


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """A code that moves money: charged at once and forgotten. Never stored, logged or shown."""

    channel: PaymentChannel
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A member's card."""

    code: Code


@dataclass(frozen=True, slots=True)
class MemberPass:
    """A signed pass from a member's phone."""

    code: Code


@dataclass(frozen=True, slots=True)
class CouponCode:
    """A coupon of one member."""

    code: Code


@dataclass(frozen=True, slots=True)
class ReceiptCode:
    """The code of a receipt of the chain."""

    code: Code


@dataclass(frozen=True, slots=True)
class Gs1Item:
    """GS1 fields that matter at a till. `weight_kg` and `price` only where the label says them."""

    gtin: str
    count: int | None = None
    weight_kg: Decimal | None = None
    price: Money | None = None
    expires: date | None = None
    """The last day: of use (17), else the one it is best before (15)."""
    lot: str | None = None
    serial: str | None = None
    """The number of this one piece."""


@dataclass(frozen=True, slots=True)
class WeighedItem:
    """A label printed by a scale: exactly one of weight (kg) and price is set."""

    item_code: str
    weight_kg: Decimal | None = None
    price: Money | None = None


@dataclass(frozen=True, slots=True)
class Gtin:
    """A valid GTIN-8/12/13/14. `gtin` is in its shortest form: 8, 13 or 14 digits (UPC gets 0)."""

    gtin: str


@dataclass(frozen=True, slots=True)
class BadCheckDigit:
    """Right length, wrong check: read badly or cut short. Scan it again."""

    text: str


@dataclass(frozen=True, slots=True)
class InternalCode:
    """It has the form of the shop's own item codes; whether one exists is for the catalogue."""

    text: str


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """Nothing the till knows; the text is kept as it was read."""

    text: str


@dataclass(frozen=True, slots=True)
class CodeTooLong:
    """More than SCAN_LENGTH_MAX characters. Only the length is kept."""

    length: int


Scanned = (
    StaffBadge
    | PaymentCode
    | MemberCard
    | MemberPass
    | CouponCode
    | ReceiptCode
    | Gs1Item
    | WeighedItem
    | Gtin
    | BadCheckDigit
    | InternalCode
    | UnknownCode
    | CodeTooLong
)


class WeighedValue(Enum):
    """What the five digits before the check digit say."""

    WEIGHT_GRAMS = "weight"
    PRICE_MINOR = "price"


@dataclass(frozen=True, slots=True)
class WeighedRule:
    """One scale format: two-digit prefix, five digits item code, five digits value, check."""

    prefix: str
    value: WeighedValue

    def __post_init__(self) -> None:
        if not re.fullmatch(r"2\d", self.prefix):
            raise ValueError(f"a weighed prefix is 20 to 29, got {self.prefix!r}")


@dataclass(frozen=True, slots=True)
class ScanRules:
    """The store's own rules: scale formats, and the form of internal item codes."""

    weighed: tuple[WeighedRule, ...] = ()
    internal_pattern: str = r"\d{1,7}|(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9._/-]{0,31}"


_PAYMENT_PATTERNS = (
    (PaymentChannel.WECHAT, re.compile(r"1[0-5][0-9]{16}")),
    (PaymentChannel.ALIPAY, re.compile(r"(?:2[5-9]|30)[0-9]{14,22}")),
    (PaymentChannel.UNIONPAY, re.compile(r"62[0-9]{17}")),
)
_OWN_KINDS: Mapping[CodeKind, Callable[[Code], StaffBadge | MemberCard | CouponCode | ReceiptCode]]
_OWN_KINDS = {
    CodeKind.STAFF: StaffBadge,
    CodeKind.MEMBER: MemberCard,
    CodeKind.COUPON: CouponCode,
    CodeKind.RECEIPT: ReceiptCode,
}
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_AIM_GS1 = ("]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1")
_GS1_BRACKETS = re.compile(r"\((\d{2,4})\)")
_GTIN_LENGTHS = (8, 12, 13, 14)
_DIGITS = re.compile(r"[0-9]+")


def classify(text: str, rules: ScanRules) -> Scanned:
    """Say what a scanned text is, AIM identifier and blanks at the ends stripped."""
    if len(text) > SCAN_LENGTH_MAX:
        return CodeTooLong(len(text))
    body, is_gs1 = _strip_aim(text.strip(" \t\r\n"))
    own = _own_code(body)
    if isinstance(own, StaffBadge):
        return own
    return (
        _payment_code(body)
        or own
        or _gs1_item(body, is_gs1=is_gs1)
        or _weighed_item(body, rules)
        or _gtin(body)
        or _internal_or_unknown(body, rules)
    )


def pattern_overlaps_payment(pattern: str) -> bool:
    """Whether a shop's card pattern would take customers' payment codes for cards (refused)."""
    probes = ("134567890123456789", "287654321098765432", "6212345678901234567", "3012345678901234")
    return any(re.fullmatch(pattern, probe) for probe in probes)


def _strip_aim(text: str) -> tuple[str, bool]:
    if not _AIM.match(text):
        return text, False
    return text[3:], text[:3] in _AIM_GS1


def _own_code(text: str) -> Scanned | None:
    code = parse_code(text)
    if not isinstance(code, Code):
        # Right kind and length with a wrong check character is a card read badly, unless it is
        # a pass: those vary in length, so any internal code that begins with P would be one.
        misread = code.reason == "check" and text[0] not in "Pp"
        return BadCheckDigit(text) if misread else None
    if code.kind is CodeKind.PASS:
        return MemberPass(code) if len(code.text) >= PASS_LENGTH_MIN else None
    return _OWN_KINDS[code.kind](code)


def _payment_code(text: str) -> PaymentCode | None:
    for channel, pattern in _PAYMENT_PATTERNS:
        if pattern.fullmatch(text):
            return PaymentCode(channel, text)
    return None


def _gs1_item(text: str, *, is_gs1: bool) -> Gs1Item | BadCheckDigit | None:
    # As people write them, a field ends where the next bracket begins.
    plain = _GS1_BRACKETS.sub(rf"{GROUP_SEPARATOR}\1", text).lstrip(GROUP_SEPARATOR)
    looks_gs1 = is_gs1 or text.startswith("(01)") or (text.startswith("01") and len(text) >= 16)
    if not looks_gs1:
        return None
    try:
        fields = gs1_128.info(plain.strip(GROUP_SEPARATOR), GROUP_SEPARATOR)
    except ValueError:  # its own ValidationError, and days that no calendar has
        return _unread_gs1(plain)
    if "01" not in fields:
        return None
    return _item_of(fields)


def _unread_gs1(plain: str) -> Gs1Item | BadCheckDigit | None:
    """The GTIN alone where later fields cannot be read (many scanners lose the separator)."""
    gtin = plain[2:16]
    if not plain.startswith("01") or len(gtin) != 14 or not _DIGITS.fullmatch(gtin):
        return None
    return Gs1Item(shortest_gtin(gtin)) if ean.is_valid(gtin) else BadCheckDigit(plain)


def _item_of(fields: dict[str, object]) -> Gs1Item:
    count = weight = price = last_day = best_before = None
    for key, value in fields.items():
        if key in ("30", "37"):
            count = int(str(value))
        elif key.startswith("310") and isinstance(value, Decimal):
            weight = value
        elif key.startswith("392") and isinstance(value, Decimal):
            price = _price_of(value)
        elif key == "17" and isinstance(value, date):
            last_day = value
        elif key == "15" and isinstance(value, date):
            best_before = value
    lot, serial = fields.get("10"), fields.get("21")
    return Gs1Item(
        gtin=shortest_gtin(str(fields["01"])),
        count=count,
        weight_kg=weight,
        price=price,
        expires=last_day or best_before,
        lot=str(lot) if lot is not None else None,
        serial=str(serial) if serial is not None else None,
    )


def _price_of(value: Decimal) -> Money | None:
    minor = value.scaleb(2)
    return Money(int(minor)) if minor == minor.to_integral_value() else None


def _weighed_item(text: str, rules: ScanRules) -> WeighedItem | BadCheckDigit | None:
    if len(text) != 13 or not _DIGITS.fullmatch(text):
        return None
    for rule in rules.weighed:
        if not text.startswith(rule.prefix):
            continue
        if not ean.is_valid(text):
            return BadCheckDigit(text)
        value = int(text[7:12])
        if rule.value is WeighedValue.WEIGHT_GRAMS:
            return WeighedItem(text[2:7], weight_kg=Decimal(value).scaleb(-3))
        return WeighedItem(text[2:7], price=Money(value))
    return None


def _gtin(text: str) -> Gtin | None:
    if len(text) in _GTIN_LENGTHS and _DIGITS.fullmatch(text) and ean.is_valid(text):
        return Gtin(shortest_gtin(text))
    return None


def _internal_or_unknown(text: str, rules: ScanRules) -> InternalCode | BadCheckDigit | UnknownCode:
    if re.fullmatch(rules.internal_pattern, text):
        return InternalCode(text)
    if len(text) in _GTIN_LENGTHS and _DIGITS.fullmatch(text):
        return BadCheckDigit(text)
    return UnknownCode(text)


def shortest_gtin(gtin: str) -> str:
    """The form goods are stored under: 8 stays 8, 12 becomes 13, 14 with a leading 0 becomes 13.

    A GTIN-8 that was filled up to 14 with zeros becomes 8 again.
    """
    if len(gtin) == 14 and gtin.startswith("000000"):
        return gtin[6:]
    if len(gtin) == 14 and gtin.startswith("0"):
        return gtin[1:]
    return gtin.zfill(13) if len(gtin) == 12 else gtin
