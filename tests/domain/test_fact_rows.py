"""Rows as facts tell them: what offers with a budget gave."""

from __future__ import annotations

from msgspec import structs

from app.domain.fact_parts import FactAdjustment
from app.domain.fact_rows import offer_uses_of
from app.domain.program import AmountOff, Budget
from app.domain.stored_program import OfferUse
from tests.domain.heart_builders import a_line, a_sale
from tests.domain.pricing_shop import offer, program

RULES = program(
    offers=(
        offer("spring", AmountOff(amount="8.00"), budget=Budget(uses=9)),
        offer("box", AmountOff(amount="3.00"), budget=Budget(amount="500")),
        offer("free", AmountOff(amount="1.00")),
    )
)


def off(rule: str, minor: int, coupon: str | None = None) -> FactAdjustment:
    return FactAdjustment(rule=rule, kind="offer", amount_minor=-minor, coupon=coupon)


def test_only_offers_with_a_budget_are_counted_once_or_by_coupon() -> None:
    line = a_line("1", adjustments=(off("box", 300, "c1"), off("free", 100)))
    changes = {"lines": (line,), "adjustments": (off("spring", 800), off("box", 300, "c2"))}
    fact = structs.replace(a_sale(1), **changes)
    assert offer_uses_of(fact, RULES) == (OfferUse("box", 2, 600), OfferUse("spring", 1, 800))
