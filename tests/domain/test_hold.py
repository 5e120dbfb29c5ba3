"""Holds: what is different when a held basket is priced again, and what stood overnight."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.hold import (
    HeldSale,
    LineDiffers,
    OfferDiffers,
    PricesDiffer,
    SeenLine,
    SeenPrices,
    difference,
    seen_prices,
)
from app.domain.money import Money, total
from app.domain.open_basket import OpenBasket
from tests.domain.pricing_shop import coupon, flat, line, member, quote


def seen(**nets: int) -> SeenPrices:
    lines = tuple(SeenLine(line_id=name, name=name, net=Money(net)) for name, net in nets.items())
    return SeenPrices(total=total(one.net for one in lines), lines=lines)


def test_what_is_seen_are_the_rows_and_what_each_rule_took_off() -> None:
    priced = quote(
        [line("pot", "40"), line("cup", "10")],
        flat(offers=(coupon("c", "5"),)),
        member("regular", "c"),
    )
    looked = seen_prices(priced, {"pot": "茶壶"})
    assert looked.total == Money(4500)
    assert [(one.name, one.net.minor) for one in looked.lines] == [
        ("茶壶", 4000),
        ("sku-cup", 1000),
    ]
    assert looked.offers == {"c": Money(500)}


def test_the_same_prices_differ_in_nothing() -> None:
    assert difference(seen(pot=4000), seen(pot=4000)).is_nothing


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        (seen(pot=4200), (LineDiffers("pot", "pot", Money(4000), Money(4200)),)),
        (seen(), (LineDiffers("pot", "pot", Money(4000), None),)),
        (seen(pot=4000, mug=0), (LineDiffers("mug", "mug", None, Money(0)),)),
    ],
    ids=["another price", "not for sale any more", "a gift came"],
)
def test_lines_that_differ_are_named(after: SeenPrices, lines: tuple[LineDiffers, ...]) -> None:
    found = difference(seen(pot=4000), after)
    assert found == PricesDiffer(Money(4000), after.total, lines)
    assert not found.is_nothing


def test_an_offer_that_ended_is_named_with_what_it_took_off() -> None:
    before = SeenPrices(total=Money(95), offers={"five": Money(5), "kept": Money(1)})
    after = SeenPrices(total=Money(97), offers={"kept": Money(1), "three": Money(3)})
    found = difference(before, after)
    assert found.offers == (
        OfferDiffers("five", Money(5), Money(0)),
        OfferDiffers("three", Money(0), Money(3)),
    )
    assert not difference(
        SeenPrices(offers={"a": Money(1)}), SeenPrices(offers={"b": Money(1)})
    ).is_nothing


@pytest.mark.parametrize(
    ("today", "overnight"), [(date(2026, 11, 21), False), (date(2026, 11, 22), True)],
    ids=["the same day", "the next"],
)  # fmt: skip
def test_a_hold_of_another_business_day_stood_overnight(today: date, overnight: bool) -> None:
    held = HeldSale(
        "basket", 1, date(2026, 11, 21), "li", 2, seen(), OpenBasket(basket_id="b", opened_ms=1)
    )
    assert held.is_overnight(today) is overnight
