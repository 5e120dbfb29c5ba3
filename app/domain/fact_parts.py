"""Fact parts: what facts are made of - lines, adjustments, tenders, what the till saw.

Owns: the shapes that stand inside canonical bytes. Names in them never change once written.
Does not own: the facts (facts.py), the pricing that filled them (sale_effects.py).
Amounts are minor units, quantities thousandths, rates plain decimal texts.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from app.domain.basket import HandKind
from app.domain.effects import SpentPart
from app.domain.ids import OpId
from app.domain.payment import TenderKind
from app.domain.quote import AdjustmentKind


class Sealed(Struct, frozen=True):
    """Personal data under the key of one member; who destroys the key erases it everywhere."""

    key: str
    nonce: bytes
    ciphertext: bytes


class PhotoNamed(Struct, frozen=True):
    """A photo that stands beside the fact: its bytes travel by themselves."""

    photo: OpId
    size: int
    sha256: str


class ProgramRef(Struct, frozen=True):
    """Which program, in which version, judged."""

    id: str
    version: str


class _Part(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    rename={
        "line_id": "id",
        "unit_price_minor": "unit",
        "member_price_minor": "member",
        "list_minor": "list",
        "net_minor": "net",
        "tax_minor": "tax",
        "amount_minor": "amount",
        "quantity_thousandths": "q",
        "points_earned": "earned",
        "points_spent": "spent",
        "category": "cat",
        "tax_rate": "rate",
        "adjustments": "adj",
    },
):
    """Parts that repeat many times in one fact: short names keep 160 lines below the limit."""


class FactAdjustment(_Part, frozen=True, kw_only=True, omit_defaults=True):
    """One change of price, as quote.Adjustment. `by_line` is absent where it is one line's own.

    `version` is absent where it is the sale's program version.
    """

    rule: str
    kind: AdjustmentKind
    amount_minor: int
    by_line: tuple[tuple[str, int], ...] = ()
    version: str | None = None
    coupon: str | None = None
    by_hand: bool = False


class FactLine(_Part, frozen=True, kw_only=True, omit_defaults=True):
    """One line: what re-pricing and every later refund need. Its name stands in the receipt.

    `pieces`: into how many equal parts a refund may cut it (pieces, or thousandths of a weight).
    """

    line_id: str
    sku: str
    category: str = ""
    quantity_thousandths: int = 1000
    unit_price_minor: int
    member_price_minor: int | None = None
    list_minor: int
    net_minor: int
    tax_rate: str = "0"
    tax_minor: int = 0
    points_earned: int = 0
    points_spent: int = 0
    spent_from: tuple[SpentPart, ...] = ()
    gift_of: str | None = None
    weighed: bool = False
    points_price: bool = False
    reward: str = ""
    """The reward it was taken for; what it gave stands in its adjustments."""
    lot: str = ""
    """Its batch, serial number and last day, as its label said."""
    serial: str = ""
    expires: date | None = None
    given: bool = False
    """Its list amount and its own adjustments were given, not found by the program."""
    adjustments: tuple[FactAdjustment, ...] = ()

    @property
    def pieces(self) -> int:
        whole, rest = divmod(self.quantity_thousandths, 1000)
        return self.quantity_thousandths if rest or self.weighed else whole


class FactByHand(_Part, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody took off by hand, as basket.ByHand: an input of re-pricing.

    `line` is absent for the whole order; `rate` and `most` are fractions as plain decimal texts.
    """

    line: str = ""
    kind: HandKind
    reason: str
    rate: str = "0"
    amount_minor: int = 0
    most: str | None = None
    given_by: str = ""
    approved_by: str = ""


class FactBeyond(_Part, frozen=True, kw_only=True, omit_defaults=True):
    """What the member was let spend beyond his identification, as basket.BeyondLimit."""

    points: int = 0
    coupon_off_minor: int = 0
    given_by: str = ""
    approved_by: str = ""


class FactTick(_Part, frozen=True, kw_only=True, omit_defaults=True):
    """A benefit that was ticked off while the basket was open, by the fact `of`."""

    entitlement: str
    of: OpId


class FactPack(_Part, frozen=True, kw_only=True, omit_defaults=True):
    """A paid pack that was sold on a line, with the refund terms it was sold under."""

    line: str
    plan: str
    tier: str
    months: int
    full_days: int = 0
    rest: Literal["months", "none"] = "months"


class FactTender(_Part, frozen=True, kw_only=True, omit_defaults=True):
    """Money taken; cash: received - change = amount."""

    kind: TenderKind
    amount_minor: int
    received_minor: int | None = None
    change_minor: int = 0
    attempt: str | None = None
    reference: str = ""


class FactTax(_Part, frozen=True, kw_only=True, omit_defaults=True):
    """Tax of one rate."""

    tax_rate: str
    net_minor: int
    tax_minor: int


class SeenCoupon(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A coupon that was usable as the till saw it."""

    id: str
    offer: str
    issued: date
    expires: date | None = None


class AsSeen(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The member as the till saw and priced him: the inputs of re-pricing."""

    tier: str
    spend_window_minor: int = 0
    points_available: int = 0
    points_spent_today: int = 0
    coupon_off_today_minor: int = 0
    visits: int = 0
    birthday_month: bool = False
    reward_uses: tuple[tuple[str, int], ...] = ()
    """Uses in their period of the rewards this sale asks for, where they are limited."""
    coupons: tuple[SeenCoupon, ...] = ()


class RefundedPieces(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Pieces [start, end) of one line of the sale, and the money they are worth."""

    line: str
    start: int
    end: int
    amount_minor: int
    reason: str = ""
