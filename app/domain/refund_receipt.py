"""The receipt of a refund: what goods that came back tell their customer, as data.

Owns: the receipt block that a refund's fact carries, and the sums that must hold in it.
Does not own: how it looks (devices/refund_rows.py), its words (the catalogue), the amounts
(refund.py). Money is whole minor units of `currency` and positive where it goes to the customer.
"""

from __future__ import annotations

import msgspec

from app.domain.codes import Code, CodeKind, parse_code
from app.domain.receipt import Receipt, ReceiptStore, ReceiptTax, ReceiptTender


class RefundReceiptLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Goods of one line that came back. `reason` stands in the languages of the receipt."""

    name: str
    quantity: str
    unit: str = ""
    amount_minor: int
    lot: str = ""
    expires: str = ""
    reason: str = ""


class RefundReceiptMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the paper says to the member; a debt is said aloud."""

    card_masked: str
    points_taken: int
    """Points earned on the goods, taken back."""
    points_returned: int
    """Points spent on the goods, given back."""
    points_kept: int = 0
    """Of the points taken those that were spent already: their value was kept back."""
    points_balance: int
    points_owed: int = 0


class RefundReceiptPack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A paid pack that came back, and what of its price was kept, with the months it was had."""

    name: str
    months_left: int
    months: int
    kept_minor: int = 0


class RefundReceipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything the paper of a refund shows. A reprint differs by `copy`.

    `sale_code` is the number of the original receipt, empty where there was none. `round_off`
    is what rounding to the cash step leaves to later pieces (negative: brings from earlier ones).
    """

    store: ReceiptStore
    till: str
    cashier: str
    code: str
    sale_code: str = ""
    sold_on: str = ""
    refunded_at: str
    zone: str
    currency: str
    decimals: int = 2
    languages: tuple[str, ...]
    lines: tuple[RefundReceiptLine, ...]
    worth_minor: int
    round_off_minor: int = 0
    kept_back_minor: int = 0
    tax_included: bool = True
    taxes: tuple[ReceiptTax, ...] = ()
    paid_minor: int
    tenders: tuple[ReceiptTender, ...] = ()
    coupons_back: int = 0
    member: RefundReceiptMember | None = None
    copy: int = 1
    training: bool = False
    packs: tuple[RefundReceiptPack, ...] = ()
    """What was kept of them is part of `kept_back_minor`."""

    @property
    def kept_for_points_minor(self) -> int:
        return self.kept_back_minor - sum(pack.kept_minor for pack in self.packs)

    def __post_init__(self) -> None:
        # Only a bug can break these: a customer's paper adds up on every path.
        for broken in _broken(self):
            raise AssertionError(f"refund receipt {self.code}: {broken}")


AnyReceipt = Receipt | RefundReceipt
"""Whatever a receipt printer prints."""


def as_refund_copy(receipt: RefundReceipt, number: int) -> RefundReceipt:
    """The same paper printed again: 1 is the original, 2 the first reprint."""
    return msgspec.structs.replace(receipt, copy=number)


def _broken(receipt: RefundReceipt) -> list[str]:
    paid = receipt.worth_minor - receipt.round_off_minor - receipt.kept_back_minor
    sums = {
        "worth": (receipt.worth_minor, sum(line.amount_minor for line in receipt.lines)),
        "paid": (receipt.paid_minor, paid),
        "tenders": (receipt.paid_minor, sum(each.amount_minor for each in receipt.tenders)),
    }
    broken = [f"{name} is {told}, its parts {counted}" for name, (told, counted) in sums.items()
              if told != counted]  # fmt: skip
    code = parse_code(receipt.code)
    if not (isinstance(code, Code) and code.kind is CodeKind.RECEIPT):
        broken.append("its code is not a receipt code")
    if receipt.copy < 1 or len(receipt.languages) not in (1, 2):
        broken.append("needs a copy number from 1 and one or two languages")
    return broken
