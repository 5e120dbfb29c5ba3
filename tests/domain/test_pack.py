"""Paid packs and trials: their days, what holds beside them, and what a pack brings back.

Owns: cases a shopkeeper would reckon on paper. Does not own: the laws of the fold
(test_account_laws.py), the till that sells them (tests/services/test_pack.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec import structs

from app.domain import effects as do
from app.domain.account import FoldItem, fold
from app.domain.basket import Basket
from app.domain.fact_fit import kind_misfit, refund_misfit, sale_misfit
from app.domain.facts import FactTender
from app.domain.money import Money
from app.domain.pack import last_day_with, months_after, periods, was_returned
from app.domain.pricing import price
from app.domain.program import PackRefund, Plan, PointsPrice
from app.domain.quote import Adjustment, Quote
from app.domain.refund import Chosen, RefundCase, RefundQuote, quote_refund
from app.domain.sale_effects import had_of_pack, sale_outcome
from app.domain.tier_desk import due_to_be_told, place_of
from app.domain.view import AccountView, GivenTwice, view
from tests.domain.heart_builders import (
    a_line,
    a_program,
    a_quote,
    a_quote_line,
    a_refund,
    a_sale,
    item,
    of_fact,
    on,
    op,
    seen,
    words,
)
from tests.domain.pack_samples import (
    BOUGHT,
    BOUGHT_ON,
    PACKS,
    YEAR,
    a_pack_refund,
    a_pack_sale,
    a_trial,
)
from tests.domain.pricing_shop import AT, coupon, line, member, program, reason
from tests.domain.pricing_shop import quote as asked


def pack(number: int, day: str, months: int = 12, tier: str = "silver") -> FoldItem:
    bought = do.PackBought(plan=f"{tier}-{months}", tier=tier, months=months)
    return item(number, on(day), bought)


def back(number: int, day: str, sale: int, plan: str = "silver-12") -> FoldItem:
    return item(number, on(day), do.PackBack(sale=op(sale), plan=plan))


def ends(*items: FoldItem) -> list[str]:
    """The last days of all packs, in the order they were bought."""
    return [date.fromordinal(each.last).isoformat() for each in periods(fold(items))]


# ------------------------------------------------------------------ days


@pytest.mark.parametrize(
    ("items", "last"),
    [
        ([pack(1, "2026-11-21")], ["2027-11-20"]),
        ([pack(1, "2024-02-29")], ["2025-02-27"]),
        ([pack(1, "2026-11-21"), pack(2, "2027-11-01")], ["2027-11-20", "2028-11-20"]),
        ([pack(1, "2026-11-21"), pack(2, "2027-11-21")], ["2027-11-20", "2028-11-20"]),
        ([pack(1, "2026-11-21"), pack(2, "2028-01-05")], ["2027-11-20", "2029-01-04"]),
        ([pack(1, "2027-01-31", 1), pack(2, "2027-02-01", 1)], ["2027-02-27", "2027-03-30"]),
        (
            [pack(1, "2026-11-21"), pack(2, "2026-12-01", tier="gold")],
            ["2027-11-20", "2027-11-30"],
        ),
        (
            [pack(1, "2026-11-21"), pack(2, "2027-03-01"), back(3, "2027-05-01", 1)],
            ["2027-04-30", "2028-04-30"],
        ),
        (
            [pack(1, "2026-11-21"), pack(2, "2027-03-01"), back(3, "2027-05-01", 2)],
            ["2027-11-20", "2027-11-20"],
        ),
        ([pack(1, "2026-11-21"), back(3, "2030-05-01", 1)], ["2027-11-20"]),
    ],
    ids=[
        "a year", "leap day", "prolonged from its end", "on the day after", "after a gap",
        "short months do not shorten the next", "two tiers side by side",
        "the second begins when the first comes back", "one not begun comes back", "back too late",
    ],
)  # fmt: skip
def test_how_long_packs_run_whichever_way_they_arrive(
    items: list[FoldItem], last: list[str]
) -> None:
    assert ends(*items) == ends(*reversed(items)) == last


def test_a_prolonged_pack_ends_as_it_is_said_when_it_is_sold() -> None:
    first, day = pack(1, "2027-01-31", 1), on("2027-02-01").toordinal()
    known = periods(fold([first]))
    month = Plan(id="m", name=words("月卡"), sku="S", tier="silver", months=1)
    assert date.fromordinal(last_day_with(known, month, day)) == on("2027-03-30")
    gold = Plan(id="g", name=words("金卡"), sku="G", tier="gold")
    assert date.fromordinal(last_day_with(known, gold, day)) == on("2028-01-31")


def test_the_calendar_has_an_end() -> None:
    assert date.fromordinal(months_after(date(9999, 11, 30).toordinal(), 1200)).year == 9999


# ------------------------------------------------------------------ beside what he earned

CROSSED = item(
    2, on("2027-01-10"), do.Visited(spend_minor=5_100_000),
    do.TierReached(tier="gold", months=12, measure="spend", line=5_000_000, return_days=7),
)  # fmt: skip


def test_the_higher_of_pack_and_spend_holds_and_the_pack_just_ends() -> None:
    bought = pack(1, "2026-11-21")
    now = seen("2026-11-21", bought)
    assert (now.tier, now.tier_source, now.own_tier, now.tier_by) == (
        "silver", "pack", "regular", op(1),
    )  # fmt: skip
    assert (now.tier_until, now.to_keep) == (on("2027-11-20"), ())
    above = seen("2027-06-01", bought, CROSSED)
    assert (above.tier, above.tier_source, above.own_tier) == ("gold", "reached", "gold")
    assert seen("2027-11-21", bought).tier == "regular", "nothing softens its end"
    assert seen("2026-11-20", bought).tier == "regular"


def test_its_end_is_said_ahead_and_what_he_earned_stays_when_it_comes_back() -> None:
    bought = pack(1, "2026-11-21", tier="gold")
    account = fold([bought])
    for day, ahead in (("2027-09-20", None), ("2027-10-01", 60), ("2027-11-01", 30)):
        notice = due_to_be_told(account, PACKS, on(day))
        assert (notice and notice.days_ahead) == ahead
    silver = item(
        5, on("2027-01-10"), do.Visited(spend_minor=2_100_000),
        do.TierReached(tier="silver", months=12, measure="spend", line=2_000_000, return_days=7),
    )  # fmt: skip
    returned = back(6, "2027-03-01", 1, "gold-12")
    assert seen("2027-02-28", bought, silver, returned).tier == "gold"
    after = seen("2027-03-01", bought, silver, returned)
    assert (after.tier, after.tier_source) == ("silver", "reached")
    folded = fold([bought, returned])
    assert [was_returned(folded, each) for each in periods(folded)] == [True]


def test_a_line_is_crossed_under_a_pack_as_without_it() -> None:
    shopper = seen("2027-01-10", pack(1, "2026-11-21", tier="gold"))
    quote = a_quote(a_quote_line(net=2_000_000), tier="gold")
    outcome = sale_outcome(quote, shopper, PACKS, on("2027-01-10"), fresh_coupons=iter(["C1"]))
    assert outcome.reached is not None
    assert outcome.reached.tier == "silver"


# ------------------------------------------------------------------ its price


def rules(**changes: Any) -> Any:
    sold = Plan(id="year", name=words("年卡"), sku="PACK", tier="gold", **changes)
    return program(plans=(sold,))


def priced(by: Any, sku: str = "PACK") -> Quote:
    goods = line("a", "299", sku=sku, member_price="270")
    return price(Basket((goods,)), member("silver"), by, AT)


def test_a_pack_costs_its_price_and_earns_nothing_unless_the_shop_says_otherwise() -> None:
    plain = priced(rules())
    assert (plain.total, plain.points_earned) == (Money(29_900), 0)
    lowered = priced(rules(discounts=True, earns_points=True))
    assert lowered.total < Money(29_900)
    assert lowered.points_earned > 0
    assert priced(rules(), sku="other").total == lowered.total, "other goods as ever"


@pytest.mark.parametrize("inclusive", [True, False])
def test_money_alone_pays_for_a_pack(inclusive: bool) -> None:
    """What comes back by its months is what was paid: no points, no coupon came with it."""
    free = PointsPrice(product="PACK", points=100)
    by = rules()
    by = structs.replace(
        by, offers=(coupon("five", "5"),), points_prices=(free,),
        prices=structs.replace(by.prices, tax_inclusive=inclusive),
    )  # fmt: skip
    goods, milk = line("a", "299", sku="PACK"), line("b", "10", tax_rate="0.13")
    shopper = member("regular", "five", points=50_000)
    alone = asked([goods], by, shopper, redeem_points="max")
    assert (alone.total, alone.points_redeemable) == (Money(29_900), 0)
    assert (reason(alone, "points"), reason(alone, "five")) == ("NOT_FOR_PACKS",) * 2
    beside = asked([goods, milk], by, shopper, redeem_points="max")
    pack_line, milk_line = beside.lines
    assert (pack_line.net, pack_line.points_spent) == (Money(29_900), 0)
    assert (milk_line.net, milk_line.points_spent) == (Money(300), 200), "half of it at most"
    assert beside.coupons_used == ("C0-five",)
    for_points = asked([replace(goods, use_points_price=True)], by, shopper)
    assert reason(for_points, "points_price:PACK") == "NOT_FOR_PACKS"
    assert for_points.total == Money(29_900)


# ------------------------------------------------------------------ had of it


def under_pack(**changes: Any) -> AccountView:
    return replace(seen("2027-01-10", pack(1, "2026-11-21", tier="gold")), **changes)


def test_what_counts_as_had_of_a_pack() -> None:
    level = Adjustment("gold", "2026.1", "tier", Money(-500), ())
    cheaper = a_quote(a_quote_line(adjustments=(level,)), tier="gold")
    nothing = a_quote(a_quote_line(), tier="gold")
    faster = a_program(tiers=(*PACKS.tiers[:2], _quick(PACKS.tiers[2])))
    assert had_of_pack(cheaper, under_pack(), PACKS)
    assert not had_of_pack(nothing, under_pack(), PACKS), "a price and points as without it"
    assert had_of_pack(nothing, under_pack(), faster)
    assert not had_of_pack(a_quote(a_quote_line(points_earned=0)), under_pack(), faster)
    assert not had_of_pack(cheaper, under_pack(tier_source="reached"), PACKS)


def _quick(tier: Any) -> Any:
    return structs.replace(tier, earn_rate="1.5")


# ------------------------------------------------------------------ coming back


def coming_back(sale: Any, day: date, *more: FoldItem, **changes: Any) -> RefundQuote:
    account = fold([of_fact(sale), *more])
    fields: dict[str, Any] = {
        "sale": sale, "sold_on": BOUGHT_ON, "past": (), "program": PACKS, "day": day,
        "account": account, "named": True,
    }  # fmt: skip
    answer = quote_refund(RefundCase(**(fields | changes)), [Chosen("1", 1, "unwanted")],
                          op_id=op(60))  # fmt: skip
    assert isinstance(answer, RefundQuote), answer
    return answer


USED = item(40, on("2026-11-22"), do.PackUsed(sale=op(30)))
TICKED = item(41, on("2026-11-22"), do.EntitlementTicked(entitlement="parking"))
TICKED_LONG_AGO = item(42, on("2026-11-20"), do.EntitlementTicked(entitlement="parking"))

CASES = [
    # day, what happened, terms, given back, why
    pytest.param("2026-11-28", (), {}, 29_900, "unused", id="unused on the last day of grace"),
    pytest.param("2026-11-29", (), {}, 27_410, "months", id="a day later"),
    pytest.param("2026-11-22", (USED,), {}, 27_410, "months", id="used at once"),
    pytest.param("2026-11-22", (TICKED,), {}, 27_410, "months", id="a benefit ticked off"),
    pytest.param("2026-11-22", (TICKED_LONG_AGO,), {}, 29_900, "unused", id="ticked before it"),
    pytest.param("2027-02-20", (), {}, 22_430, "months", id="nine months left"),
    pytest.param("2027-02-21", (), {}, 19_940, "months", id="the fourth has begun"),
    pytest.param("2027-10-20", (), {}, 2_500, "months", id="one left"),
    pytest.param("2027-10-21", (), {}, 0, "months", id="none left"),
    pytest.param("2029-01-01", (), {}, 0, "months", id="long over"),
    pytest.param("2026-11-22", (), {"rest": "none"}, 29_900, "unused", id="no rest, unused"),
    pytest.param("2026-12-22", (), {"rest": "none"}, 0, "none", id="no rest"),
    pytest.param("2026-11-21", (), {"full_days": 0}, 29_900, "unused", id="the same day"),
    pytest.param("2026-11-22", (), {"full_days": 0}, 27_410, "months", id="the next day"),
]


@pytest.mark.parametrize(("day", "more", "terms", "given", "why"), CASES)
def test_what_a_pack_brings_back(
    day: str, more: tuple[FoldItem, ...], terms: dict[str, Any], given: int, why: str
) -> None:
    """299.00 in cash, so what goes back comes in steps of ten fen, in the customer's favour."""
    quote = coming_back(a_pack_sale(terms=terms), on(day), *more)
    (kept,) = quote.packs
    assert (quote.back_minor, kept.why) == (given, why)
    assert quote.kept_of_packs_minor == 29_900 - given == quote.kept_back_minor
    assert do.PackBack(sale=op(30), plan="silver-year") in quote.effects
    assert sum(part.amount_minor for part in quote.parts) == given


def test_by_card_it_is_exact_to_the_fen() -> None:
    card = FactTender(kind="card", amount_minor=29_900, attempt="a-1", reference="77")
    quote = coming_back(a_pack_sale(tenders=(card,)), on("2027-02-21"))
    assert quote.back_minor == 19_933  # 299.00 x 8 / 12, half up


def test_one_that_has_not_begun_brings_all_of_it_back() -> None:
    earlier = item(20, on("2026-01-05"), BOUGHT)
    quote = coming_back(a_pack_sale(), on("2026-12-20"), earlier)
    assert (quote.packs[0].why, quote.back_minor) == ("not_begun", 29_900)


def test_of_somebody_erased_only_the_day_counts() -> None:
    quote = coming_back(a_pack_sale(), on("2026-11-22"), account=None)
    assert (quote.packs[0].why, quote.back_minor, quote.effects) == ("months", 27_410, ())


def test_goods_beside_a_pack_come_back_whole_and_leave_it_alone() -> None:
    lines = (a_pack_sale().lines[0], a_line("2"))
    sale = a_pack_sale(lines=lines)
    account = fold([of_fact(sale)])
    case = RefundCase(sale, BOUGHT_ON, (), PACKS, on("2026-12-30"), account, True)
    quote = quote_refund(case, [Chosen("2", 3, "size")], op_id=op(60))
    assert isinstance(quote, RefundQuote)
    assert (quote.packs, quote.kept_back_minor, quote.back_minor) == ((), 0, 5970)


# ------------------------------------------------------------------ trials


def test_a_trial_counts_once_per_person_and_tier() -> None:
    first, second = of_fact(a_trial(32)), of_fact(a_trial(33), on("2027-03-01"))
    account = fold([second, first])
    trying = view(account, PACKS, on("2026-12-20"))
    assert (trying.tier, trying.tier_source, trying.own_tier) == ("gold", "trial", "regular")
    assert trying.notices[0].last_day == on("2026-12-20")
    assert view(account, PACKS, on("2026-12-21")).tier == "regular"
    assert view(account, PACKS, on("2027-03-02")).tier == "regular", "the second gives nothing"
    assert list(trying.exceptions) == [GivenTwice("trial:gold", (op(32), op(33)))]
    assert view(account, PACKS, on("2026-11-20")).tier == "regular"
    welcomed = fold([item(1, BOUGHT_ON, do.OccasionGain(occasion="w", points=1, expires_in=1))])
    assert view(welcomed, PACKS, BOUGHT_ON).tier == "regular"


def test_the_desk_looks_after_trials_as_they_run_and_packs_as_they_end() -> None:
    trial, bought = fold([of_fact(a_trial())]), fold([pack(1, "2026-11-21")])
    assert place_of(trial, PACKS, BOUGHT_ON).lists == ("lent",)
    assert place_of(trial, PACKS, on("2026-12-21")).lists == ()
    assert place_of(bought, PACKS, on("2027-09-20")).lent is None
    place = place_of(bought, PACKS, on("2027-09-21"))
    assert (place.lent, place.lists) == (on("2027-11-20"), ("lent",))


# ------------------------------------------------------------------ facts


def test_facts_of_packs_fit_what_they_say() -> None:
    sale, refund = a_pack_sale(), a_pack_refund()
    assert sale_misfit(sale.effects, sale) == ""
    assert refund_misfit(refund) == ""
    other = do.PackBack(sale=op(99), plan="silver-year")
    plain = a_refund(2, a_sale(1, BOUGHT_ON), [], BOUGHT_ON, effects=(other,))
    assert refund_misfit(plain) == "sale"
    assert kind_misfit("trial_given.1", a_trial().effects) == ""


def test_terms_are_those_it_was_sold_under() -> None:
    changed = structs.replace(YEAR, refund=PackRefund(full_days=0, rest="none"))
    quote = coming_back(
        a_pack_sale(), BOUGHT_ON + timedelta(days=7), program=a_program(plans=(changed,))
    )
    assert quote.back_minor == 29_900
