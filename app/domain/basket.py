"""The basket: a sale that is not paid yet, as values.

Owns: lines as scanned and typed, and the choices that price it. Does not own: prices (pricing.py),
how the open basket survives a kill (app/store/basket.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from app.domain.money import ZERO, Money, total
from app.domain.quantity import Quantity


@dataclass(frozen=True, slots=True)
class GivenOff:
    """One part of a given price: why (a rule id) and how much it takes off, positive."""

    rule: str
    amount: Money


@dataclass(frozen=True, slots=True)
class GivenPrice:
    """What the whole line costs where somebody says so: no level and no bundle touches it.

    Offers on the order still count it, at what is left of it.
    """

    list_amount: Money
    off: tuple[GivenOff, ...] = ()

    def __post_init__(self) -> None:
        if self.list_amount.minor < 0 or any(part.amount.minor <= 0 for part in self.off):
            raise ValueError(f"a given price has no negative parts, got {self!r}")
        if self.net.minor < 0:
            raise ValueError(f"a given price takes off more than there is, got {self!r}")

    @property
    def net(self) -> Money:
        return total((self.list_amount, *(-part.amount for part in self.off)))


HandKind = Literal["rate", "amount", "price"]


@dataclass(frozen=True, slots=True)
class ByHand:
    """What somebody takes off a line or off the whole order by hand (by_hand.py has the sums).

    `rate`: that fraction of what it costs; `amount`: so much; `price`: down to `amount` a unit
    (lines only). Only one of `rate` and `amount` says something.
    """

    kind: HandKind
    reason: str
    """The id of one of the shop's reasons (rights.py)."""
    rate: Decimal = Decimal(0)
    """A fraction above 0, at most 1."""
    amount: Money = ZERO
    most: Decimal | None = None
    """The largest fraction whoever gave or approved it was entitled to take off; None = any.

    It goes on holding when goods leave the basket afterwards.
    """
    given_by: str = ""
    approved_by: str = ""

    def __post_init__(self) -> None:
        by_rate = 0 < self.rate <= 1 and self.amount == ZERO
        by_amount = self.rate == 0 and self.amount.minor >= int(self.kind == "amount")
        if not (by_rate if self.kind == "rate" else by_amount):
            raise ValueError(f"a discount by hand takes off something, got {self!r}")


@dataclass(frozen=True, slots=True)
class BeyondLimit:
    """What a member may spend in this sale beyond what his identification allows a day.

    Somebody looked at him and said yes; it goes when another member is put on the basket.
    """

    points: int = 0
    coupon_off: Money = ZERO
    given_by: str = ""
    approved_by: str = ""

    def __post_init__(self) -> None:
        if self.points < 0 or self.coupon_off.minor < 0 or not (self.points or self.coupon_off):
            raise ValueError(f"a limit is only ever passed upwards, got {self!r}")


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One resolved line. Prices are per unit of the product, as the catalogue says today."""

    line_id: str
    sku: str
    name: str
    category: str
    unit_price: Money
    quantity: Quantity
    member_price: Money | None = None
    tax_rate: Decimal | None = None
    """A fraction; None = the program's default."""
    weighed: bool = False
    use_points_price: bool = False
    """The customer takes this line at its points price (points plus price)."""
    reward: str = ""
    """The reward (its id) that the customer takes this line for; empty = none."""
    lot: str = ""
    """The batch that the label of the goods says."""
    serial: str = ""
    """The number of this one piece, where its label says one."""
    expires: date | None = None
    """The last day of the goods, as their label says."""
    given: GivenPrice | None = None
    """The price somebody gave this line in place of every line price of the program."""
    approved_by: str = ""
    """Who said yes to selling goods past their last day; empty = nobody had to."""
    by_hand: ByHand | None = None
    """What somebody takes off this line, beside everything the program does."""


@dataclass(frozen=True, slots=True)
class BasketChoices:
    """What cashier and customer decided; everything left open is found by the search."""

    coupons: tuple[str, ...] | None = None
    """Coupon ids chosen by hand, and no others; None = the best ones (chosen.py)."""
    refused: frozenset[str] = frozenset()
    """Coupon or offer ids the cashier refused for this sale."""
    codes: tuple[str, ...] = ()
    redeem_points: int | str = 0
    """A number of points, 0, or "max"."""
    gifts: tuple[tuple[str, str], ...] = ()
    """(offer id, sku) for gifts with a choice; absent = the first of the list."""
    by_hand: ByHand | None = None
    """What somebody takes off the whole order, last of all."""
    beyond: BeyondLimit | None = None
    """What the member may spend beyond the limit of how he was identified."""


@dataclass(frozen=True, slots=True)
class Basket:
    """The lines in any order and the choices; pricing does not depend on the order."""

    lines: tuple[BasketLine, ...] = ()
    choices: BasketChoices = field(default_factory=BasketChoices)
