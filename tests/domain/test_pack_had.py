"""What of a sale counts as had of a paid pack: prices, points, offers and goods of its tier.

Owns: those cases. Does not own: benefits that are ticked off, what a pack brings back
(test_pack.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec import structs

from app.domain import effects as do
from app.domain.money import Money
from app.domain.program import AmountOff, Conditions, ExclusiveProducts, Multiplier, Offer
from app.domain.quote import Adjustment, Quote
from app.domain.sale_effects import had_of_pack
from app.domain.view import AccountView
from tests.domain import pricing_shop as pricing
from tests.domain.heart_builders import (
    a_program,
    a_quote,
    a_quote_line,
    item,
    on,
    op,
    seen,
    words,
)
from tests.domain.pack_samples import PACKS

BOUGHT_GOLD = do.PackBought(plan="gold-12", tier="gold", months=12)


def under_pack(**changes: Any) -> AccountView:
    return replace(seen("2027-01-10", item(1, on("2026-11-21"), BOUGHT_GOLD)), **changes)


def test_what_counts_as_had_of_a_pack() -> None:
    level = Adjustment("gold", "2026.1", "tier", Money(-500), ())
    cheaper = a_quote(a_quote_line(adjustments=(level,)), tier="gold")
    nothing = a_quote(a_quote_line(), tier="gold")
    faster = a_program(tiers=(*PACKS.tiers[:2], _quick(PACKS.tiers[2])))
    day = on("2027-01-10")
    assert had_of_pack(cheaper, under_pack(), PACKS, day)
    assert not had_of_pack(nothing, under_pack(), PACKS, day), "a price and points as without it"
    assert had_of_pack(nothing, under_pack(), faster, day)
    assert not had_of_pack(a_quote(a_quote_line(points_earned=0)), under_pack(), faster, day)
    assert not had_of_pack(cheaper, under_pack(tier_source="reached"), PACKS, day)


def test_offers_and_goods_of_the_packs_tier_count_as_had_of_it() -> None:
    when, effect = Conditions(tier="gold"), AmountOff(amount="5")
    closed = ExclusiveProducts(products=("TEA",), categories=("wine",), tier="gold")
    opened = structs.replace(closed, opens_for_all=on("2027-01-10"))
    rules = structs.replace(
        PACKS, exclusive=(closed,),
        offers=(Offer(id="for-gold", name=words("金"), effect=effect, when=when),
                Offer(id="for-all", name=words("众"), effect=effect)),
    )  # fmt: skip

    def had(quote: Quote, by: Any = rules) -> bool:
        return had_of_pack(quote, under_pack(), by, on("2027-01-10"), {"1": "wine"})

    def off(rule: str) -> Quote:
        whole = Adjustment(rule, "2026.1", "offer", Money(-500), ())
        return replace(a_quote(a_quote_line("2"), tier="gold"), order_adjustments=(whole,))

    assert [had(off(rule)) for rule in ("for-gold", "for-all")] == [True, False]
    wine = a_quote(a_quote_line("1"), tier="gold")
    assert had(wine)
    assert had(a_quote(replace(a_quote_line("2"), sku="TEA"), tier="gold"))
    assert not had(wine, structs.replace(rules, exclusive=(opened,))), "open for all by now"


def test_points_that_only_the_packs_tier_brings_count_as_had_of_it() -> None:
    """A multiplier for gold leaves no trace on the bill, only in the points."""
    ladder = [
        structs.replace(tier, discount="0", earn_rate="1") for tier in pricing.program().tiers
    ]
    goods, day = [pricing.line("a", "59.70")], on("2026-11-20")
    by_pack = pricing.member("gold", tier_source="pack", own_tier="silver", tier_by=op(1))

    def had(*offers: Offer) -> tuple[int, bool]:
        rules = pricing.program(tiers=ladder, offers=offers)
        quote = pricing.quote(goods, rules, by_pack)
        return quote.points_of_pack, had_of_pack(quote, by_pack, rules, day)

    double = Multiplier(factor="2")
    for_gold, for_silver = Conditions(tier="gold"), Conditions(tier="silver")
    assert had(pricing.offer("gold-day", double, when=for_gold)) == (60, True)
    assert had(pricing.offer("day", double, when=for_silver)) == (0, False), "his own has it, too"
    assert had(pricing.offer("day", double, when=for_silver),
               pricing.offer("gold-day", double, when=for_gold)) == (0, False)  # fmt: skip
    own = replace(by_pack, tier_source="reached")
    assert pricing.quote(goods, pricing.program(), own).points_of_pack == 0


def _quick(tier: Any) -> Any:
    return structs.replace(tier, earn_rate="1.5")
