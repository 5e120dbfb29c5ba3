"""Return without a receipt: what goods bring that no sale here names.

Owns: their worth - at most today's list price - with tax, and the cash for it in whole steps.
Does not own: who may (refund_approval.py), the fact (refund_fact.py). No points, ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import Money
from app.domain.program import Program
from app.domain.quantity import Quantity
from app.domain.refund import cash_step
from app.domain.refund_fact import ReturnedGoods
from app.domain.sale_fact import rate_text
from app.domain.shelf import amount_of
from app.domain.tax import tax_on


@dataclass(frozen=True, slots=True)
class GoodsBack:
    """Goods as they lie on the counter. `agreed`: less than the list price, for all of them."""

    sku: str
    name: str
    quantity: Quantity
    unit_price: Money
    tax_rate: Decimal
    reason: str
    agreed: Money | None = None

    @property
    def most(self) -> Money:
        """What they would cost today."""
        return Money(amount_of(self.unit_price.minor, self.quantity.thousandths))


@dataclass(frozen=True, slots=True)
class ReturnQuote:
    """What the goods bring; worth = paid + round-off."""

    goods: tuple[ReturnedGoods, ...]
    worth: Money
    paid: Money
    round_off: Money
    tax_inclusive: bool


@dataclass(frozen=True, slots=True)
class AboveListPrice:
    """More was agreed than these goods cost today."""

    sku: str
    most: Money


def quote_return(goods: Sequence[GoodsBack], program: Program) -> ReturnQuote | AboveListPrice:
    """Price a return in cash."""
    for each in goods:
        if each.agreed is not None and not 0 <= each.agreed.minor <= each.most.minor:
            return AboveListPrice(each.sku, each.most)
    nets = [(each.most if each.agreed is None else each.agreed).minor for each in goods]
    inclusive = program.prices.tax_inclusive
    taxed = tax_on(nets, [each.tax_rate for each in goods], inclusive=inclusive)
    returned = tuple(
        ReturnedGoods(
            sku=each.sku,
            name=each.name,
            quantity_thousandths=each.quantity.thousandths,
            amount_minor=net if inclusive else net + tax,
            tax_rate=rate_text(each.tax_rate),
            tax_minor=tax,
            reason=each.reason,
        )
        for each, net, tax in zip(goods, nets, taxed.by_line, strict=True)
    )
    worth = sum(each.amount_minor for each in returned)
    rest = worth % cash_step(program)
    return ReturnQuote(returned, Money(worth), Money(worth - rest), Money(rest), inclusive)
