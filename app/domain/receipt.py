"""The receipt: what a finished sale tells its customer, as data.

Owns: the receipt block that a stored fact carries, and the sums that must hold in it.
Does not own: how it looks (devices/receipt_*.py), its words (the catalogue), the pricing that
filled it. Money is whole minor units of `currency`; money off is negative among adjustments
and positive where the field's name says "off". A phone number has no field here on purpose.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from app.domain.codes import Code, CodeKind, parse_code
from app.domain.money import AMOUNT_MINOR_MAX
from app.domain.payment import TenderKind
from app.domain.quantity import Quantity, parse_quantity

_MASKED_CARD = re.compile(r"M[0-9A-Z]{0,4}[*•]{4,}[0-9A-Z]{0,4}")


class ReceiptStore(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The head of the paper. Empty texts are left out when printed."""

    name: str
    address: str = ""
    phone: str = ""


# Short names in stored bytes only: with them 160 lines and their discounts fit into one fact.
_SHORT = {
    "quantity": "q",
    "unit_price_minor": "unit",
    "list_minor": "list",
    "net_minor": "net",
    "adjustments": "adj",
    "words": "w",
    "amount_minor": "a",
}


class ReceiptAdjustment(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename=_SHORT
):
    """One change of price: the rule's words in the program's language, the signed amount."""

    words: str
    amount_minor: int


class ReceiptLine(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    rename=_SHORT | {"unit": "per"},
):
    """One line of the sale. `quantity` is a plain decimal text, `unit` empty for pieces.

    `net_minor` includes the line's shares of order adjustments and of points;
    `adjustments` are only those of the line itself.
    """

    name: str
    quantity: str
    unit: str = ""
    unit_price_minor: int
    list_minor: int
    net_minor: int
    lot: str = ""
    """The batch of the goods and their last day (ISO date), as their label said."""
    expires: str = ""
    adjustments: tuple[ReceiptAdjustment, ...] = ()


class ReceiptTax(msgspec.Struct, frozen=True, kw_only=True):
    """Tax of one rate. `rate` is a fraction as text: "0.13"."""

    rate: str
    net_minor: int
    tax_minor: int


class ReceiptTender(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money received. `detail` is what the terminal may print: a wallet's name, "**** 4242"."""

    kind: TenderKind
    amount_minor: int
    detail: str = ""
    reference: str = ""


class ExpiringPoints(msgspec.Struct, frozen=True, kw_only=True):
    """Points that end after `last_day` (ISO date)."""

    points: int
    last_day: str


class TierDistance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is missing to reach or to keep a tier: money (minor units), visits or points."""

    goal: Literal["reach", "keep"]
    measure: Literal["spend", "visits", "points"]
    missing: int
    tier_name: str
    last_day: str = ""


class TierReached(msgspec.Struct, frozen=True, kw_only=True):
    """The line was crossed by this sale: congratulations until `last_day` (ISO date)."""

    tier_name: str
    last_day: str


class ReceiptPack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A paid pack that was bought: it gives its tier until `last_day` (ISO date); its terms."""

    name: str
    last_day: str
    full_days: int = 0
    rest: Literal["months", "none"] = "months"


class ReceiptMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the paper says to the member. The card number is masked, the phone never stands here."""

    card_masked: str
    tier_name: str
    points_earned: int
    points_spent: int
    points_balance: int
    expiring: tuple[ExpiringPoints, ...] = ()
    next_tier: TierDistance | None = None
    tier_reached: TierReached | None = None
    points_for_goods: int = 0
    """The part of `points_spent` that went into goods at their points price, not the bill."""
    packs: tuple[ReceiptPack, ...] = ()


class ReceiptGift(msgspec.Struct, frozen=True, kw_only=True):
    """A gift named again (it also stands among the lines)."""

    name: str
    quantity: int


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a receipt shows. Every output is made from it; a reprint differs by `copy`.

    `sold_at` is the shop's local time ("2026-11-21 18:03") in `zone`; `languages` are one or
    two catalogue names, printed together when there are two. `saved` = what offers took off the
    goods; points are a payment and the round-off is no offer: neither is part of it. `due` = total
    - round-off, plus the tax where prices exclude it.
    """

    store: ReceiptStore
    till: str
    cashier: str
    code: str
    sold_at: str
    zone: str
    currency: str
    decimals: int = 2
    languages: tuple[str, ...]
    lines: tuple[ReceiptLine, ...]
    order_adjustments: tuple[ReceiptAdjustment, ...] = ()
    list_total_minor: int
    saved_minor: int
    points_off_minor: int = 0
    total_minor: int
    round_off_minor: int = 0
    tax_included: bool = True
    taxes: tuple[ReceiptTax, ...] = ()
    due_minor: int
    tenders: tuple[ReceiptTender, ...]
    change_minor: int = 0
    member: ReceiptMember | None = None
    gifts: tuple[ReceiptGift, ...] = ()
    announcements: tuple[str, ...] = ()
    return_days: int = 0
    copy: int = 1
    offline: bool = False
    training: bool = False
    survey: str = ""
    """The address by which the customer answers on his phone; only on paper, never in a fact."""
    survey_points: int = 0
    """What his answer may bring."""

    def __post_init__(self) -> None:
        # Only a bug can break these: what a customer gets must add up on every path,
        # when it is made and when it is read back from a fact years later.
        for broken in _broken_sums(self) + _broken_forms(self):
            raise AssertionError(f"receipt {self.code}: {broken}")


def as_copy(receipt: Receipt, number: int) -> Receipt:
    """The same receipt printed again: 1 is the original, 2 the first reprint."""
    return msgspec.structs.replace(receipt, copy=number)


def as_invitation(receipt: Receipt, url: str, points: int) -> Receipt:
    """The same receipt, asking how it was."""
    return msgspec.structs.replace(receipt, survey=url, survey_points=points)


def line_savings_minor(receipt: Receipt) -> int:
    """The sum of all line adjustments, signed (money off is negative)."""
    return sum(adj.amount_minor for line in receipt.lines for adj in line.adjustments)


def _broken_sums(receipt: Receipt) -> list[str]:
    order_off = sum(adjustment.amount_minor for adjustment in receipt.order_adjustments)
    tax_on_top = 0 if receipt.tax_included else sum(tax.tax_minor for tax in receipt.taxes)
    received = sum(tender.amount_minor for tender in receipt.tenders)
    expected = {
        "list_total": (receipt.list_total_minor, sum(line.list_minor for line in receipt.lines)),
        "total": (receipt.total_minor, sum(line.net_minor for line in receipt.lines)),
        "list_total + adjustments - points": (
            receipt.total_minor,
            receipt.list_total_minor
            + line_savings_minor(receipt)
            + order_off
            - receipt.points_off_minor,
        ),
        "due": (receipt.due_minor, receipt.total_minor + tax_on_top - receipt.round_off_minor),
        "tenders - change": (receipt.due_minor, received - receipt.change_minor),
    }
    return [
        f"{name} is {counted}, printed would be {told}"
        for name, (told, counted) in expected.items()
        if told != counted
    ]


def _broken_forms(receipt: Receipt) -> list[str]:
    broken = []
    code = parse_code(receipt.code)
    if not (isinstance(code, Code) and code.kind is CodeKind.RECEIPT):
        broken.append("its code is not a receipt code")
    if receipt.copy < 1 or len(receipt.languages) not in (1, 2):
        broken.append("needs a copy number from 1 and one or two languages")
    if any(not isinstance(parse_quantity(line.quantity), Quantity) for line in receipt.lines):
        broken.append("a quantity is not a plain decimal above zero")
    if receipt.member and not _MASKED_CARD.fullmatch(receipt.member.card_masked):
        broken.append("the member's number is not a masked card number")
    amounts = [receipt.list_total_minor, receipt.due_minor, receipt.change_minor]
    amounts += [tender.amount_minor for tender in receipt.tenders]
    if any(abs(amount) > AMOUNT_MINOR_MAX for amount in amounts):
        broken.append("an amount is larger than any sale can be")
    return broken
