"""Conditions and budgets: when a rule may apply, and the reason where it may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.basket import BasketLine
from app.domain.conditions import Context
from app.domain.money import Money
from app.domain.program import (
    AmountOff,
    Budget,
    Conditions,
    ExclusiveProducts,
    Plan,
    Stacking,
)
from app.domain.quote import NotForSale
from app.domain.stored_program import OfferUse
from tests.domain.pricing_shop import (
    AT,
    TODAY,
    coupon,
    coupons,
    flat,
    line,
    member,
    money,
    nets,
    offer,
    only,
    price_list,
    program,
    quote,
    reason,
    refusal,
    text,
)

# ------------------------------------------------------------------ conditions

CONDITIONS: list[tuple[str, Conditions, str | None]] = [
    ("none", Conditions(), None),
    ("members only", Conditions(members_only=True), None),
    ("silver and above", Conditions(tier="silver"), None),
    ("gold and above", Conditions(tier="gold"), "TIER_TOO_LOW"),
    ("not yet", Conditions(starts=TODAY + timedelta(days=1)), "NOT_YET_VALID"),
    ("starts today", Conditions(starts=TODAY), None),
    ("over", Conditions(ends=TODAY - timedelta(days=1)), "EXPIRED"),
    ("last day", Conditions(ends=TODAY), None),
    ("this store", Conditions(stores=("renmin", "east")), None),
    ("another store", Conditions(stores=("east",)), "WRONG_STORE"),
    ("on Fridays", Conditions(weekdays=(5,)), None),
    ("on Mondays", Conditions(weekdays=(1,)), "WRONG_TIME"),
    ("on the 20th", Conditions(month_days=(20,)), None),
    ("on the 1st", Conditions(month_days=(1,)), "WRONG_TIME"),
    ("this hour", Conditions(hours=("18:02", "19:00")), None),
    ("until this minute", Conditions(hours=("09:00", "18:02")), "WRONG_TIME"),
    ("first order", Conditions(first_order=True), "FIRST_ORDER_ONLY"),
    ("birthday month", Conditions(birthday_month=True), None),
]


@pytest.mark.parametrize(
    ("when", "why"), [row[1:] for row in CONDITIONS], ids=[row[0] for row in CONDITIONS]
)
def test_every_condition(when: Conditions, why: str | None) -> None:
    rules = program(
        offers=(offer("r", AmountOff(amount="1"), when=when),),
        price_lists=(price_list("list", "8", "sku-a", when),),
    )
    shopper = member("silver", birthday=(11, 3))
    answer = quote([line("a", "10")], rules, shopper, context=Context(store="renmin"))
    given = {one.rule: one.reason for one in answer.not_applied if one.rule in ("r", "list")}
    assert given == ({} if why is None else {"r": why, "list": why})


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (Conditions(members_only=True), "TIER_TOO_LOW"),
        (Conditions(first_order=True), "FIRST_ORDER_ONLY"),
        (Conditions(birthday_month=True), "WRONG_TIME"),
    ],
)
def test_a_walk_in_has_no_member_rights(when: Conditions, why: str) -> None:
    answer = quote([line("a", "10")], flat(offers=(offer("r", AmountOff(amount="1"), when=when),)))
    assert reason(answer, "r") == why
    assert (answer.tier, answer.tier_after, answer.points_earned) == (None, None, 0)


def test_a_member_without_birthday_has_no_birthday_month() -> None:
    rules = flat(offers=(offer("r", AmountOff(amount="1"), when=Conditions(birthday_month=True)),))
    assert reason(quote([line("a", "10")], rules, member()), "r") == "WRONG_TIME"


def used(uses: int, amount_minor: int) -> Context:
    return Context(uses={"r": OfferUse("r", uses, amount_minor)})


def used_by_member(uses: int) -> Context:
    return Context(member_uses={"r": uses})


BUDGETS: list[tuple[str, Budget, Context, str | None]] = [
    ("uses left", Budget(uses=3), used(2, 0), None),
    ("uses gone", Budget(uses=3), used(3, 0), "BUDGET_USED"),
    ("amount left", Budget(amount="10"), used(9, 999), None),
    ("amount gone", Budget(amount="10"), used(9, 1000), "BUDGET_USED"),
    ("member's share left", Budget(uses_per_member=2), used_by_member(1), None),
    ("member's share gone", Budget(uses_per_member=1), used_by_member(1), "MEMBER_LIMIT"),
    ("blocked", Budget(), Context(blocked={"r": "OFFLINE_NEEDS_ONLINE"}), "OFFLINE_NEEDS_ONLINE"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("budget", "context", "why"), [row[1:] for row in BUDGETS], ids=[row[0] for row in BUDGETS]
)
def test_every_budget(budget: Budget, context: Context, why: str | None) -> None:
    rules = flat(offers=(offer("r", AmountOff(amount="1"), budget=budget),))
    answer = quote([line("a", "10")], rules, member(), context=context)
    assert (reason(answer, "r") if answer.not_applied else None) == why


@pytest.mark.parametrize(
    ("budget", "context"),
    [
        (Budget(uses_per_sale=1), Context()),
        (Budget(uses_per_member=2), Context(member_uses={"c": 1})),
        (Budget(uses=9), Context(uses={"c": OfferUse("c", 8, 0)})),
        (Budget(uses=1), Context()),
    ],
)
def test_only_so_many_coupons_of_one_offer(budget: Budget, context: Context) -> None:
    rules = coupons(coupon("c", "2", budget=budget))
    answer = quote([line("a", "10")], rules, member("regular", "c", "c"), context=context)
    assert answer.total == Money(800)
    assert refusal(answer, "c").reason == "MEMBER_LIMIT"


def test_coupons_out_of_their_dates_or_of_their_program() -> None:
    rules = flat(offers=(coupon("c", "2"), offer("auto", AmountOff(amount="1"))))
    later = AT + timedelta(days=60)
    assert (
        reason(quote([line("a", "9")], rules, member("regular", "c"), at=later), "c") == "EXPIRED"
    )
    early = AT - timedelta(days=60)
    assert (
        reason(quote([line("a", "9")], rules, member("regular", "c"), at=early), "c")
        == "NOT_YET_VALID"
    )
    gone = quote([line("a", "9")], rules, member("regular", "gone"))
    assert reason(gone, "gone") == "EXPIRED"
    blocked = Context(blocked={"C0-c": "ALREADY_USED"})
    answer = quote([line("a", "9")], rules, member("regular", "c"), context=blocked)
    assert reason(answer, "c") == "ALREADY_USED"


def test_an_offer_by_code_needs_its_code() -> None:
    rules = flat(offers=(offer("r", AmountOff(amount="2"), trigger="code", code="LINLI8"),))
    with_code = quote([line("a", "9")], rules, codes=("LINLI8",))
    assert with_code.order_adjustments[0].kind == "code"
    assert quote([line("a", "9")], rules).not_applied == ()
    assert reason(quote([line("a", "9")], rules, codes=("LINLI9",)), "LINLI9") == "UNKNOWN_CODE"
    held = quote([line("a", "9")], rules, member("regular", "r"))
    assert reason(held, "r") == "EXPIRED"


def test_what_no_line_is_in_is_said() -> None:
    rules = flat(
        offers=(offer("r", AmountOff(amount="2"), scope=only("toys")),),
        price_lists=(price_list("list", "1", "sku-none"),),
    )
    answer = quote([line("a", "9")], rules)
    assert [reason(answer, rule) for rule in ("r", "list")] == ["NOT_IN_SCOPE", "NOT_IN_SCOPE"]


def test_an_offer_on_free_goods_takes_nothing_off() -> None:
    answer = quote([line("a", "0")], flat(offers=(offer("r", AmountOff(amount="2")),)))
    assert reason(answer, "r") == "NO_MONEY_EFFECT"


# ------------------------------------------------------------------ goods for some


def test_goods_for_a_tier_are_refused_until_they_open() -> None:
    exclusive = (
        ExclusiveProducts(
            products=("sku-a",), tier="gold", opens_for_all=TODAY + timedelta(days=1)
        ),
        ExclusiveProducts(categories=("first",)),
    )
    rules = program(exclusive=exclusive)
    lines = [line("a", "9"), line("b", "9", category="first")]
    assert quote(lines, rules).not_for_sale == (
        NotForSale("a", "sku-a", "gold"),
        NotForSale("b", "sku-b", None),
    )
    assert [one.line_id for one in quote(lines, rules, member("silver")).not_for_sale] == ["a"]
    assert quote(lines, rules, member("gold")).not_for_sale == ()
    tomorrow = AT + timedelta(days=1)
    assert [one.line_id for one in quote(lines, rules, at=tomorrow).not_for_sale] == ["b"]


@pytest.mark.parametrize(
    ("spend", "sku", "tier"),
    [("19900", "sku-a", "regular"), ("19910", "sku-a", "silver"), ("0", "PACK", "gold")],
)
def test_crossing_a_line_at_the_checkout(spend: str, sku: str, tier: str) -> None:
    rules = program(plans=(Plan(id="pack", name=text("pack"), sku="PACK", tier="gold"),))
    shopper = member("regular", spend_in_window=money(spend))
    assert quote([line("a", "90", sku=sku)], rules, shopper).tier_after == tier


def test_no_coupon_where_the_program_allows_none() -> None:
    rules = flat(offers=(coupon("c", "2"),), stacking=Stacking(coupons_max=0))
    answer = quote([line("a", "9")], rules, member("regular", "c"))
    assert (answer.total, reason(answer, "c")) == (Money(900), "MAX_COUPONS")


def test_a_member_price_above_list_is_not_taken() -> None:
    lines: list[BasketLine] = [line("a", "9", member_price="10"), line("b", "9", member_price="8")]
    assert nets(quote(lines, flat(), member())) == {"a": 900, "b": 800}
    assert nets(quote(lines, flat())) == {"a": 900, "b": 900}
