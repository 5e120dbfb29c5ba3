"""The fact of a sale with something given by hand: its inputs stand in it, and it prices again.

Owns: cases of SaleByHandRecorded. Does not own: the sums (test_pricing_by_hand.py), golden bytes.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.domain.basket import BeyondLimit, ByHand
from app.domain.facts import (
    FactBeyond,
    FactByHand,
    SaleByHandRecorded,
    SaleRecorded,
    canonical_bytes,
    read_fact,
)
from app.domain.money import Money
from app.domain.pieces import Interval, worth
from app.domain.sale_fact import PaidBasket, sale_fact
from tests.domain.heart_builders import a_sale
from tests.domain.test_sale_fact import a_paid_basket

DENT = ByHand("rate", "damaged", rate=Decimal("0.10"), most=Decimal("0.1"), given_by="li")
GOODWILL = ByHand("amount", "goodwill", amount=Money(300), given_by="li", approved_by="wang")


def given_by_hand(paid: PaidBasket) -> PaidBasket:
    lines = tuple(replace(line, by_hand=DENT) for line in paid.basket.lines)
    choices = replace(paid.basket.choices, by_hand=GOODWILL)
    return replace(paid, basket=replace(paid.basket, lines=lines, choices=choices))


def test_a_sale_without_anything_by_hand_keeps_the_first_shape() -> None:
    fact = sale_fact(a_paid_basket())
    assert type(fact) is SaleRecorded


def test_what_was_given_by_hand_stands_in_the_fact_as_it_was_asked_for() -> None:
    fact = sale_fact(given_by_hand(a_paid_basket(approved_by=("zhao",))))
    assert isinstance(fact, SaleByHandRecorded)
    assert fact.by_hand == (
        FactByHand(line="1", kind="rate", reason="damaged", rate="0.1", most="0.1", given_by="li"),
        FactByHand(
            kind="amount", reason="goodwill", amount_minor=300, given_by="li", approved_by="wang"
        ),
    )
    assert fact.approved_by == ("zhao", "wang")
    assert read_fact(canonical_bytes(fact)) == fact


def test_a_limit_that_was_passed_stands_in_the_fact_too() -> None:
    paid = a_paid_basket()
    beyond = BeyondLimit(500, Money(1500), "li", "wang")
    choices = replace(paid.basket.choices, beyond=beyond)
    fact = sale_fact(replace(paid, basket=replace(paid.basket, choices=choices)))
    assert isinstance(fact, SaleByHandRecorded)
    assert fact.beyond == FactBeyond(
        points=500, coupon_off_minor=1500, given_by="li", approved_by="wang"
    )
    assert (fact.by_hand, fact.approved_by) == ((), ("wang",))
    assert read_fact(canonical_bytes(fact)) == fact


def test_the_pieces_of_such_a_sale_are_worth_what_was_paid() -> None:
    fact = sale_fact(given_by_hand(a_paid_basket()))
    everything = [Interval(line.line_id, 0, line.pieces) for line in fact.lines]
    assert worth(fact, everything).net_minor == fact.total_minor


def test_both_shapes_are_sales() -> None:
    assert issubclass(SaleByHandRecorded, SaleRecorded)
    assert isinstance(a_sale(1, date(2026, 11, 21)), SaleRecorded)
