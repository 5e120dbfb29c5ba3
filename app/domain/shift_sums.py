"""The sums of a shift, as they stand in a Z for ever.

Owns: the shapes of a report inside canonical bytes (names in them never change once written) and
what must add up in them. Does not own: adding up (shift_report.py), paper (shift_paper.py).
Amounts are minor units. Discounts are signed (money off is negative); everything else is positive
and named by its direction.
"""

from __future__ import annotations

from msgspec import Struct

from app.domain.payment import TenderKind
from app.domain.quote import AdjustmentKind


class _Sum(Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class TenderSum(_Sum, frozen=True, kw_only=True, omit_defaults=True):
    """Money of one kind of tender: how many tenders, and what they come to (change taken off)."""

    tender: TenderKind
    count: int
    amount_minor: int


class TaxSum(_Sum, frozen=True, kw_only=True, omit_defaults=True):
    """Tax of one rate; an empty rate: the sale is not known here, so its tax is not either."""

    rate: str
    net_minor: int
    tax_minor: int


class DiscountSum(_Sum, frozen=True, kw_only=True, omit_defaults=True):
    """What one kind of price change took off (negative) and how often."""

    what: AdjustmentKind
    count: int
    amount_minor: int


class MoveSum(_Sum, frozen=True, kw_only=True, omit_defaults=True):
    """Cash put in, taken out or dropped into the safe: how often, and how much."""

    count: int = 0
    amount_minor: int = 0


class CashSums(_Sum, frozen=True, kw_only=True, omit_defaults=True):
    """The drawer: what it began with and what went in and out."""

    float_minor: int = 0
    sales_minor: int = 0
    refunds_minor: int = 0
    paid_in: MoveSum = MoveSum()
    paid_out: MoveSum = MoveSum()
    dropped: MoveSum = MoveSum()

    @property
    def expected_minor(self) -> int:
        """What has to lie in the drawer."""
        taken = self.float_minor + self.sales_minor + self.paid_in.amount_minor
        given = self.refunds_minor + self.paid_out.amount_minor + self.dropped.amount_minor
        return taken - given


class SaleSums(_Sum, frozen=True, kw_only=True, omit_defaults=True):
    """All sales: from list prices to the money received."""

    count: int = 0
    of_members: int = 0
    lines: int = 0
    list_total_minor: int = 0
    discounts: tuple[DiscountSum, ...] = ()
    points_off_minor: int = 0
    total_minor: int = 0
    tax_on_top_minor: int = 0
    round_off_minor: int = 0
    tenders: tuple[TenderSum, ...] = ()
    tax: tuple[TaxSum, ...] = ()
    points_earned: int = 0
    points_spent: int = 0

    @property
    def paid_minor(self) -> int:
        """The money received."""
        return sum(each.amount_minor for each in self.tenders)

    @property
    def discount_minor(self) -> int:
        """All that was taken off the list prices (negative); points and round-off apart."""
        return sum(each.amount_minor for each in self.discounts)

    def __post_init__(self) -> None:
        # Asserted when a report is made and when it is read back: only a bug breaks it.
        listed = self.list_total_minor + self.discount_minor - self.points_off_minor
        assert listed == self.total_minor, f"{listed} is not {self.total_minor}"
        due = self.total_minor + self.tax_on_top_minor - self.round_off_minor
        assert due == self.paid_minor, f"{due} is not {self.paid_minor}"


class RefundSums(_Sum, frozen=True, kw_only=True, omit_defaults=True):
    """All refunds: what the pieces were worth and what was paid out for them."""

    count: int = 0
    amount_minor: int = 0
    kept_back_minor: int = 0
    round_off_minor: int = 0
    cash_rest_minor: int = 0
    """What could not be given in coins."""
    tenders: tuple[TenderSum, ...] = ()
    tax: tuple[TaxSum, ...] = ()
    points_taken_back: int = 0
    points_given_back: int = 0

    @property
    def paid_minor(self) -> int:
        """The money paid out."""
        return sum(each.amount_minor for each in self.tenders)

    def __post_init__(self) -> None:
        left = self.kept_back_minor + self.round_off_minor + self.cash_rest_minor
        assert self.amount_minor == self.paid_minor + left, f"{self.amount_minor}"


class ShiftReport(_Sum, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a shift adds up to so far (X) or in the end (Z)."""

    sales: SaleSums = SaleSums()
    refunds: RefundSums = RefundSums()
    cash: CashSums = CashSums()
    drawer_openings: int = 0
    """Without a sale."""
    first_code: str = ""
    last_code: str = ""
    """Receipt numbers of the first and last sale or refund."""
    cashiers: tuple[str, ...] = ()
    """Who sold or refunded, in the order of their first."""

    def __post_init__(self) -> None:
        cash = sum(each.amount_minor for each in self.sales.tenders if each.tender == "cash")
        assert cash == self.cash.sales_minor, f"{cash} is not {self.cash.sales_minor}"
        back = sum(each.amount_minor for each in self.refunds.tenders if each.tender == "cash")
        assert back == self.cash.refunds_minor, f"{back} is not {self.cash.refunds_minor}"
