"""The story of the mock-ups, to the cent: milk, apples, towels and oil of a gold member."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from app.domain.basket import BasketLine
from app.domain.money import Money
from app.domain.program import AmountOff, Conditions, Program, Threshold
from app.domain.quote import Quote
from app.domain.tax import due_before_round_off, round_off
from app.domain.view import AccountView
from tests.domain.pricing_shop import line, member, nets, offer, price_list, program, quote, refusal

LINES = (
    line("milk", "59.00", category="dairy", tax_rate="0.09"),
    line("apples", "12.80", "0.842", category="fresh", tax_rate="0.09", weighed=True),
    line("towels", "19.90", "2", category="home"),
    line("oil", "68.00", category="oil", tax_rate="0.09"),
)


def rules() -> Program:
    def coupon(offer_id: str, off: str, from_: str, group: str | None) -> object:
        threshold = Threshold(amount=from_)
        effect = AmountOff(amount=off)
        return offer(offer_id, effect, trigger="coupon", threshold=threshold, group=group)

    return program(
        price_lists=(price_list("member-day", "55.00", "sku-oil", Conditions(members_only=True)),),
        offers=(
            coupon("150-15", "15", "150", "order"),
            coupon("100-8", "8", "100", "order"),
            coupon("200-20", "20", "200", None),
        ),
    )


def gold() -> AccountView:
    return member("gold", "150-15", "100-8", "200-20", points=2340, birthday=(11, 26))


def priced(**choices: Any) -> Quote:
    return quote(LINES, rules(), gold(), **choices)


def test_the_total_and_what_every_line_costs() -> None:
    answer = priced()
    assert answer.list_total == Money(17758)
    assert answer.total == Money(13643)
    assert nets(answer) == {"milk": 4678, "apples": 855, "towels": 3155, "oil": 4955}
    assert answer.points_earned == 409


def test_gold_and_the_special_lower_the_lines() -> None:
    changes = {one.line_id: one.adjustments[0] for one in priced().lines}
    assert {name: change.amount.minor for name, change in changes.items()} == {
        "milk": -708, "apples": -129, "towels": -478, "oil": -1300,
    }  # fmt: skip
    assert [changes[name].kind for name in ("milk", "oil")] == ["tier", "campaign"]


def test_the_coupon_is_shared_by_largest_remainder() -> None:
    (coupon,) = priced().order_adjustments
    assert coupon.rule == "150-15"
    assert dict(coupon.by_line) == {
        "milk": Money(-514), "apples": Money(-94), "towels": Money(-347), "oil": Money(-545),
    }  # fmt: skip


def test_why_the_others_did_not_apply() -> None:
    answer = priced()
    assert refusal(answer, "100-8").reason == "EXCLUSIVE_WITH"
    assert refusal(answer, "100-8").other_rule == "150-15"
    assert refusal(answer, "100-8").missing_amount == Money(700)
    assert refusal(answer, "200-20").missing_amount == Money(4857)
    assert refusal(answer, "gold").line_id == "oil"
    assert refusal(answer, "gold").would_be == Money(5984)


def test_paying_with_points_lowers_tax_base_and_earning() -> None:
    answer = priced(redeem_points=2300)
    assert answer.points_redeemed_amount == Money(2300)
    assert answer.total == Money(11343)
    assert answer.points_earned == 340
    assert [(row.net.minor, row.tax.minor) for row in answer.tax] == [(8720, 720), (2623, 302)]


def test_round_off_happens_at_payment() -> None:
    answer = priced(redeem_points=2300)
    due = due_before_round_off(answer, rules())
    assert round_off(due, rules()) == Money(3)
    assert due - round_off(due, rules()) == Money(11340)


def test_the_order_of_scanning_changes_nothing() -> None:
    expected = nets(priced())
    for order in permutations(LINES):
        assert nets(quote(order, rules(), gold())) == expected


def test_joining_brings_member_price_and_welcome_coupon_at_once() -> None:
    welcome = offer(
        "welcome", AmountOff(amount="5"), trigger="coupon", threshold=Threshold(amount="30")
    )
    shop = program(
        price_lists=(price_list("member-day", "55.00", "sku-oil", Conditions(members_only=True)),),
        offers=(welcome,),
    )
    walk_in = quote(LINES, shop)
    joined = quote(LINES, shop, member("regular", "welcome"))
    assert walk_in.total == Money(17758)
    assert (joined.total, joined.points_earned) == (Money(15958), 159)


def test_an_empty_basket_costs_nothing() -> None:
    lines: tuple[BasketLine, ...] = ()
    answer = quote(lines, rules(), gold())
    assert (answer.total, answer.tax, answer.points_earned) == (Money(0), (), 0)
    assert answer.tier_after == "gold"
